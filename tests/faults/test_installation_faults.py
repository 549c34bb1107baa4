"""`klantbeeld up` from outside: it starts, says where it is, survives what dies, and stops in order."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core import signing
from tests.faults.installation import Installation

from klantbeeld.config.processes.live import TICKET_SALT


@pytest.fixture(scope="module")
def installation(run_folder: Path) -> Iterator[Installation]:
    """One installation for all tests of this module; each leaves it running."""
    made = Installation(run_folder / f"home-{secrets.token_hex(4)}")
    try:
        made.up()
        yield made
    finally:
        made.clear()


def test_every_process_answers(installation: Installation) -> None:
    for offset in range(3):
        installation.wait_until(lambda offset=offset: _answers(installation, offset))
    assert set(installation.children) == {"web", "intake", "live", "worker", "bulk"}
    installation.wait_until(lambda: _listens(installation))


def _listens(installation: Installation) -> bool:
    with contextlib.suppress(OSError):
        return bool(installation.get("/healthz", offset=2)[1]["listening"])
    return False


def _answers(installation: Installation, offset: int) -> bool:
    with contextlib.suppress(OSError):
        return installation.get("/healthz", offset=offset)[0] == 200
    return False


def test_second_supervisor_is_refused_and_told_where_the_first_is(installation: Installation) -> None:
    made = installation.run("up", "--port", str(installation.port))
    assert made.returncode == 1
    assert "klantbeeld runs already" in made.stderr
    assert f"http://127.0.0.1:{installation.port}" in made.stderr


@pytest.mark.parametrize("name", ["web", "live", "worker"])
def test_killed_child_is_started_again(installation: Installation, name: str) -> None:
    before = installation.children[name]
    os.kill(before, signal.SIGKILL)
    installation.wait_for_line("ended with signal SIGKILL; starting again in")
    installation.wait_until(lambda: installation.children[name] != before)
    installation.wait_until(lambda: _answers(installation, 2 if name == "live" else 0))


def test_killed_database_comes_back_and_health_answers_meanwhile(installation: Installation) -> None:
    installation.psql("INSERT INTO django_session VALUES ('kept', '', now()) ON CONFLICT DO NOTHING")
    pid = int((installation.folder / "database" / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    assert installation.get("/healthz")[0] == 200
    status, _, headers = installation.get("/readyz")
    assert status == 200 or (status, headers["retry-after"]) == (503, "2")
    installation.wait_for_line("PostgreSQL is back")
    assert installation.psql("SELECT count(*) FROM django_session WHERE session_key = 'kept'") == "1"
    installation.wait_until(lambda: installation.get("/readyz")[0] == 200)
    installation.wait_until(lambda: _listens(installation))


def test_change_reaches_the_page_that_watches_and_no_other(installation: Installation) -> None:
    installation.wait_until(lambda: _listens(installation))
    key = json.loads((installation.folder / "secrets.json").read_text(encoding="utf-8"))["secret_key"]
    claims = {"actor": "user:1", "purpose": "service", "topics": ["customer:a"]}
    ticket = signing.dumps(claims, key=key, salt=TICKET_SALT)
    connection = http.client.HTTPConnection("127.0.0.1", installation.port + 2, timeout=30)
    connection.request("GET", f"/events?ticket={ticket}")
    stream = connection.getresponse()
    assert (stream.status, stream.getheader("Content-Type")) == (200, "text/event-stream")
    assert stream.readline() == b"retry: 2000\n"
    for topic in ("customer:b", "customer:a"):
        installation.psql(f"SELECT pg_notify('klantbeeld_live', '{json.dumps({'topic': topic, 'version': 2})}')")
    lines = [stream.readline() for _ in range(4)]
    assert lines == [b": welcome\n", b"\n", b"event: changed\n", b'data: {"topic": "customer:a", "version": 2}\n']
    connection.close()
    assert installation.get("/events?ticket=forged", offset=2)[0] == 403


def test_low_disk_refuses_writes_and_goes_on_reading(installation: Installation) -> None:
    flag = installation.folder / "low-disk"
    flag.touch()
    status, problem, headers = installation.get("/account/login/", method="POST")
    assert (status, problem["status"], headers["retry-after"]) == (503, 503, "60")
    assert installation.get("/healthz")[0] == 200
    # There is room, so the supervisor takes the flag away by itself.
    installation.wait_for_line("writes are taken")
    assert not flag.exists()


def test_killed_supervisor_leaves_nothing_in_the_way_of_the_next(installation: Installation) -> None:
    installation.psql("INSERT INTO django_session VALUES ('stays', '', now()) ON CONFLICT DO NOTHING")
    left = installation.children
    installation.signal(signal.SIGKILL)
    installation.wait()
    assert any(_lives(pid) for pid in left.values()), "a killed supervisor cannot end its children"
    installation.up()
    assert not set(left.values()) & set(installation.children.values())
    assert not any(_lives(pid) for pid in left.values())
    assert installation.psql("SELECT count(*) FROM django_session WHERE session_key = 'stays'") == "1"


def _lives(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_backup_is_put_back(installation: Installation) -> None:
    installation.psql("INSERT INTO django_session VALUES ('in-the-dump', '', now()) ON CONFLICT DO NOTHING")
    made = installation.run("backup")
    dump = made.stdout.strip()
    assert made.returncode == 0, made.stderr
    assert Path(dump).stat().st_mode & 0o777 == 0o600
    installation.psql("DELETE FROM django_session")
    assert "stop it first" in installation.run("restore", "--yes", dump).stderr
    assert installation.down() == 0
    restored = installation.run("restore", "--yes", dump)
    assert (restored.returncode, restored.stderr) == (0, "")
    installation.up()
    assert installation.psql("SELECT count(*) FROM django_session WHERE session_key = 'in-the-dump'") == "1"
    may = [f"has_table_privilege('foundation_outboxevent', '{action}')" for action in ("INSERT", "UPDATE")]
    assert installation.psql(f"SELECT {', '.join(may)}") == "t|f", "what append-only tables took away stays away"


def test_stop_ends_everything_in_order(installation: Installation) -> None:
    children = installation.children
    assert installation.down() == 0
    assert installation.lines[-1] == "database   | stopped"
    assert not [line for line in installation.lines if "did not finish in time" in line]
    assert not any(_lives(pid) for pid in children.values())
    assert not (installation.folder / "up.json").exists()
    assert installation.run("status").returncode == 1
    installation.up()


def test_port_in_use_is_told_with_a_way_out(run_folder: Path) -> None:
    other = Installation(run_folder / f"home-{secrets.token_hex(4)}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port + 1))
        taken.listen()
        made = other.run("up", "--port", str(other.port))
    assert made.returncode == 1
    assert f"KLANTBEELD_INTAKE_PORT={other.port + 1}: 127.0.0.1 port {other.port + 1} cannot be used" in made.stderr
    assert "klantbeeld up --port " in made.stderr
    assert not (other.folder / "database").exists(), "nothing is made before the ports are known to be free"


@pytest.fixture
def elsewhere(run_folder: Path, database_server: Any) -> Iterator[Installation]:
    """An installation whose database is an empty one on the tests' server."""
    name = f"klantbeeld_up_{secrets.token_hex(4)}"
    with database_server.connect() as admin:
        admin.execute(f'CREATE DATABASE "{name}" OWNER kb_owner TEMPLATE template0')
    url = database_server.address(name, "owner").url
    made = Installation(run_folder / f"home-{secrets.token_hex(4)}", DATABASE_URL=url)
    yield made
    made.clear()
    database_server.drop(name)


def test_database_url_takes_the_place_of_the_embedded_database(elsewhere: Installation) -> None:
    elsewhere.up()
    assert elsewhere.psql("SELECT current_user, count(*) > 10 FROM django_migrations GROUP BY 1") == "kb_owner|t"
    assert not (elsewhere.folder / "database").exists()
    assert elsewhere.down() == 0
    refused = elsewhere.run("database", "start")
    assert refused.returncode == 1
    assert "DATABASE_URL is set: that database is looked after elsewhere." in refused.stderr


def test_other_keys_than_the_database_was_filled_with_are_refused(elsewhere: Installation) -> None:
    elsewhere.up()
    assert elsewhere.down() == 0
    (elsewhere.folder / "secrets.json").unlink()
    refused = elsewhere.run("up", "--port", str(elsewhere.port), "--no-demo")
    assert refused.returncode == 1
    assert "are not the ones this database was filled with" in refused.stdout


def test_dump_is_made_before_a_database_with_data_is_migrated(elsewhere: Installation) -> None:
    elsewhere.up()
    assert elsewhere.down() == 0
    assert list((elsewhere.folder / "backups").iterdir()) == [], "a new database holds nothing to lose"
    # As a database that was made by an earlier version: a migration of some app is not there yet.
    elsewhere.psql("DELETE FROM django_migrations WHERE app = 'sessions'; DROP TABLE django_session")
    elsewhere.up()
    assert elsewhere.down() == 0
    dumps = [path.name.split("-", 2)[2] for path in (elsewhere.folder / "backups").iterdir()]
    assert dumps == ["before-migration.dump"]
    assert elsewhere.psql("SELECT count(*) FROM django_session") == "0"
