"""Files that appear in a folder, here or on a real SFTP server: each is imported once, in order, whatever it holds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from paramiko import Ed25519Key
from tests.domain.sources.servers import SSHD, sshd

from klantbeeld.flows.imports import import_source
from klantbeeld.flows.tasks import start_due_imports
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid, KlantbeeldError, Unavailable
from klantbeeld.sources import actions, queries
from klantbeeld.sources.adapters.network import ForbiddenHost
from klantbeeld.sources.models import Record, Run

ACTOR = Actor.system("test")
DECLARATION = """
schema: 1
code: crm
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: {type: csv, PLACE}
    records:
      - {kind: person, external_id: nr, attributes: {family_name: naam}}
"""
Put = Callable[..., Path]


def declare(place: str) -> None:
    actions.declare(declaration=DECLARATION.replace("PLACE", place), actor=ACTOR)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def put(inbox: Path) -> Put:
    def write(name: str, *rows: str, age: float = 3_600, header: str = "nr;naam") -> Path:
        path = inbox / name
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        moment = time.time() - age
        os.utime(path, (moment, moment))
        return path

    return write


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if not Path(SSHD).exists():
        pytest.skip("openssh-server is not installed (apt-get install openssh-server)")
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def remote(server: dict[str, str], inbox: Path, **other: str) -> str:
    values = {"host": "127.0.0.1", "port": server["port"], "user": server["user"], "host_key": server["host_key"],
              "folder": str(inbox), "pattern": "*.csv", "key": "env:KLANTBEELD_SOURCE_KEY", **other}  # fmt: skip
    return "sftp: {" + ", ".join(f"{k}: {v}" if k == "port" else f"{k}: '{v}'" for k, v in values.items()) + "}"


@pytest.fixture(params=["folder", "sftp"])
def watched(request: pytest.FixtureRequest, db: None, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "folder":
        declare(f"folder: {{path: '{inbox}', pattern: '*.csv'}}")
    else:
        server = request.getfixturevalue("server")
        monkeypatch.setenv("KLANTBEELD_SOURCE_KEY", server["key"])
        declare(remote(server, inbox))
    return str(request.param)


def ids() -> list[str]:
    return sorted(Record.objects.values_list("external_id", flat=True))


def run() -> list[tuple[str, str, int]]:
    return [
        (row.input_name.split(" ")[0], row.state, row.rows) for row in import_source(source_code="crm", actor=ACTOR)
    ]


def test_every_file_is_imported_once_the_oldest_first(watched: str, put: Put, inbox: Path) -> None:
    put("b.csv", "2;B", age=7_200)
    put("a.CSV", "1;A", age=3_600)
    put("new.csv", "9;Still written", age=1)
    put("other.txt", "8;Not meant")
    put(".hidden.csv", "7;Not meant")
    (inbox / "map.csv").mkdir()
    (inbox / "link.csv").symlink_to(inbox / "other.txt")
    assert run() == [("b.csv", "done", 1), ("a.CSV", "done", 1)]
    assert ids() == ["1", "2"]
    assert run() == []
    put("a.CSV", "1;A", "3;C", age=1_800)
    put("c.csv", "4;D")
    assert run() == [("c.csv", "done", 1), ("a.CSV", "done", 2)]
    assert ids() == ["1", "2", "3", "4"]


def test_a_file_that_cannot_be_read_fails_its_own_run_and_the_next_is_read(watched: str, put: Put) -> None:
    put("1.csv", "x", header="PK\x03\x04", age=9_000)
    put("2.csv", "5;E")
    with pytest.raises(KlantbeeldError):
        run()
    assert list(Run.objects.values_list("state", flat=True)) == ["failed"]
    assert "Excel" in Run.objects.get().problem
    assert run() == [("2.csv", "done", 1)]
    assert run() == []
    actions.declare(declaration=queries.get_declaration("crm", actor=ACTOR) | {"owner": "Iemand anders"}, actor=ACTOR)
    with pytest.raises(KlantbeeldError):  # another declaration may be able to read it
        run()


def test_everything_is_read_again_when_that_is_asked(watched: str, put: Put) -> None:
    put("1.csv", "5;E")
    run()
    (again,) = import_source(source_code="crm", actor=ACTOR, full=True)
    assert (again.state, again.rows, again.created, again.unchanged) == ("done", 1, 0, 1)


def test_the_worker_starts_when_a_file_has_appeared(db: None, inbox: Path, put: Put, settings: Any) -> None:
    settings.IMPORT_DIR = inbox.parent
    declare(f"folder: {{path: '{inbox}'}}")
    assert queries.sources_with_new_files([inbox.parent]) == []
    put("1.csv", "5;E")
    assert queries.sources_with_new_files([inbox.parent]) == ["crm"]
    start_due_imports(int(time.time()))
    from procrastinate.contrib.django.models import ProcrastinateJob

    assert list(ProcrastinateJob.objects.filter(task_name="flows.import").values_list("args", flat=True)) == [
        {"feed": "", "full": False, "source_code": "crm"}
    ]
    import_source(source_code="crm", actor=ACTOR)
    assert queries.sources_with_new_files([inbox.parent]) == []


def test_a_folder_elsewhere_is_not_read_by_the_worker(db: None, inbox: Path, put: Put, tmp_path: Path) -> None:
    declare(f"folder: {{path: '{inbox}'}}")
    put("1.csv", "5;E")
    (tmp_path / "allowed").mkdir()
    with pytest.raises(Invalid, match="outside the import folder"):
        import_source(source_code="crm", actor=ACTOR, within=[tmp_path / "allowed"])
    assert queries.sources_with_new_files([tmp_path / "allowed"]) == []


def test_a_server_with_another_key_gets_nothing(
    db: None, server: dict[str, str], inbox: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KLANTBEELD_SOURCE_KEY", server["key"])
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    declare(remote(server, inbox, host_key=other))
    with pytest.raises(Invalid, match="shows another key than `host_key`"):
        run()


@pytest.mark.parametrize("secret", ["none", "other"])
def test_a_login_that_is_refused_is_told_without_the_secret(
    db: None, server: dict[str, str], inbox: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    import io

    text = io.StringIO("not-a-key" if secret == "none" else "")
    if secret == "other":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = Ed25519PrivateKey.generate()
        text.write(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode())
        Ed25519Key.from_private_key(io.StringIO(text.getvalue()))
    monkeypatch.setenv("KLANTBEELD_SOURCE_KEY", text.getvalue())
    declare(remote(server, inbox))
    with pytest.raises(Invalid, match="no private key" if secret == "none" else "refuses the declared user") as error:
        run()
    assert "not-a-key" not in str(error.value)


def test_a_server_of_our_own_network_or_one_that_is_silent_is_told(
    db: None, server: dict[str, str], inbox: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("KLANTBEELD_SOURCE_KEY", server["key"])
    declare(remote(server, inbox, folder=str(inbox / "nowhere")))
    with pytest.raises(Invalid, match="cannot be read"):
        run()
    declare(remote(server, inbox, port="1"))
    with pytest.raises(Unavailable, match="cannot be reached"):
        run()
    settings.SOURCE_PRIVATE_HOSTS = ()
    with pytest.raises(ForbiddenHost):
        run()
