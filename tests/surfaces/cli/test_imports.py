"""`klantbeeld sources` and `klantbeeld import`, as people call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from klantbeeld.cli import imports
from klantbeeld.cli.root import root
from klantbeeld.sources.models import Record, Source

DECLARATION = """schema: 1
code: crm
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: {type: csv, path: customers.csv}
    records:
      - {kind: person, external_id: nr, attributes: {family_name: naam, birth_date: geboren}}
"""


@pytest.fixture(autouse=True)
def _prepared(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs already here, and everything is said in English."""
    monkeypatch.setattr(imports, "set_up", lambda: None)
    monkeypatch.setenv("KLANTBEELD_LANGUAGE", "en")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crm.yaml").write_text(DECLARATION, encoding="utf-8")
    rows = ["nr;naam;geboren", *(f"{n};Naam {n};1980-01-{n:02d}" for n in range(1, 31)), "31;Bos;gisteren"]
    (tmp_path / "customers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_declare_import_and_look(folder: Path) -> None:
    assert "No sources yet" in run("sources").output
    declared = run("sources", "declare", folder / "crm.yaml")
    assert (declared.exit_code, declared.output) == (0, "crm: version 1\n")
    done = run("import", "crm")  # the path in the declaration starts at its folder
    assert done.exit_code == 0, done.output
    assert "crm/customers: done; 31 rows, 31 new, 1 refused" in done.output
    listed = run("sources").output
    assert "crm" in listed
    assert "31 records" in listed
    assert "1 in quarantine" in listed
    refused = run("sources", "quarantine", "crm").output
    assert "customers:32  geboren 'gisteren': not a date written as iso, dd-mm-yyyy" in refused


def test_import_as_json_tells_every_count(folder: Path) -> None:
    run("sources", "declare", folder / "crm.yaml")
    (run_,) = json.loads(run("import", "crm", folder / "customers.csv", "--json").output)
    assert {name: run_[name] for name in ("state", "rows", "created", "refused", "share")} == {
        "state": "done",
        "rows": 31,
        "created": 31,
        "refused": 1,
        "share": 1.0,
    }


def test_declare_tells_all_errors_with_file_and_line_and_stores_nothing(folder: Path) -> None:
    (folder / "bad.yaml").write_text(DECLARATION.replace("owner", "ownr").replace("nr,", "1,"), encoding="utf-8")
    done = run("sources", "declare", folder / "bad.yaml", folder / "crm.yaml")
    assert done.exit_code == 1
    assert f"{folder / 'bad.yaml'}: line 5, ownr: unknown key; did you mean `owner`?" in done.output
    assert list(Source.objects.values_list("code", flat=True)) == ["crm"]


def test_declare_check_stores_nothing(folder: Path) -> None:
    assert run("sources", "declare", "--check", folder / "crm.yaml").exit_code == 0
    assert Source.objects.count() == 0


def test_import_of_a_paused_source_says_so_until_it_is_resumed(folder: Path) -> None:
    run("sources", "declare", folder / "crm.yaml")
    bad = folder / "bad.csv"
    bad.write_text("nr;naam;geboren\n" + "".join(f"{n};Bos;gisteren\n" for n in range(10)), encoding="utf-8")
    assert run("import", "crm", bad).exit_code == 1
    refused = run("import", "crm")
    assert refused.exit_code == 1
    assert "is paused: 10 of 10 rows were refused" in refused.output
    assert run("sources", "resume", "crm").exit_code == 0
    assert run("import", "crm").exit_code == 0
    assert Record.objects.count() == 32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import", "nowhere"), "There is no source 'nowhere'"),
        (("import", "crm", "--feed", "orders"), "Name the feed of 'crm': customers"),
        (("import", "crm", "nofile.csv"), "does not exist"),
    ],
)
def test_import_that_cannot_be_says_what_to_do(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    run("sources", "declare", folder / "crm.yaml")
    done = run(*arguments)
    assert done.exit_code in (1, 2)
    assert message in done.output


def test_dutch_is_spoken_when_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLANTBEELD_LANGUAGE", "nl")
    assert "Nog geen bronnen" in run("sources").output
    (folder / "bad.yaml").write_text(DECLARATION.replace("owner: Verkoop\n", ""), encoding="utf-8")
    assert "regel 1, owner: ontbreekt" in run("sources", "declare", folder / "bad.yaml").output
