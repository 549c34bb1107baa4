"""`klantbeeld resolve` from files to folder: what is written, said and refused."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from tests.surfaces.cli.people import people, write_crm, write_shop

from klantbeeld.cli.resolve import resolve
from klantbeeld.cli.resolve.outputs import NAMES

PEOPLE = people(60)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    return write_crm(tmp_path / "crm.csv", PEOPLE[:50])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop.parquet", PEOPLE[20:])


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(resolve, [str(argument) for argument in arguments])


def _partition(out: Path, column: str = "customer_id") -> set[frozenset[tuple[str, str]]]:
    groups: dict[int, set[tuple[str, str]]] = {}
    for row in pq.read_table(out / "membership.parquet").to_pylist():
        groups.setdefault(row[column], set()).add((row["file"], row["record_id"]))
    return {frozenset(group) for group in groups.values()}


def test_resolve_writes_the_whole_folder_and_joins_two_files(crm: Path, shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = _run(crm, shop, "--out", out, "--truth", "Persoon")
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.iterdir()} == set(NAMES)
    membership = pq.read_table(out / "membership.parquet")
    assert membership.column_names == ["file", "record_id", "customer_id", "suggested_id", "weight"]
    assert membership.num_rows == 90
    assert set(membership["record_id"].to_pylist()[:2]) == {"K0000", "K0001"}
    figures = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert figures["quality"]["customer_id"]["pairwise"]["precision"] == 1.0
    assert figures["quality"]["suggested_id"]["pairwise"]["f1"] > 0.95
    assert figures["counts"]["records"] == 90
    # Every customer lies inside one suggested customer.
    pairs = {(row["customer_id"], row["suggested_id"]) for row in membership.to_pylist()}
    assert len(pairs) == len({customer for customer, _suggested in pairs})


def test_customers_and_links_agree_with_membership(crm: Path, shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _run(crm, shop, "--out", out).exit_code == 0
    membership = pq.read_table(out / "membership.parquet").to_pylist()
    customers = {row["customer_id"]: row for row in pq.read_table(out / "customers.parquet").to_pylist()}
    assert set(customers) == {row["customer_id"] for row in membership}
    for number, customer in customers.items():
        mine = [row for row in membership if row["customer_id"] == number]
        assert customer["records"] == len(mine)
        assert customer["files"] == sorted({row["file"] for row in mine})
        assert (customer["provenance"] is None) == (len(mine) == 1)
    known = {(row["file"], row["record_id"]) for row in membership}
    links = pq.read_table(out / "links.parquet").to_pylist()
    assert links
    for link in links:
        assert {(link[f"file_{side}"], link[f"record_id_{side}"]) for side in ("left", "right")} <= known
        assert link["class"] in {"match", "household", "namesake", "random"}
        assert 0 <= link["probability"] <= 1


def test_truth_is_never_evidence(tmp_path: Path) -> None:
    crm = write_crm(tmp_path / "crm.csv", PEOPLE[:50])
    assert _run(crm, "--out", tmp_path / "out", "--truth", "Achternaam").exit_code == 0
    figures = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    used = {c["column"]: c["type"] for c in figures["files"][0]["columns"]}
    assert "Achternaam" not in used
    assert "family_name" not in figures["sources"][0]["filled"]
    given = tmp_path / "map.yaml"
    given.write_text("files:\n  crm.csv:\n    columns: {Achternaam: family_name, Voornaam: given_name}\n")
    assert _run(crm, "--out", tmp_path / "b", "--mapping", given, "--truth", "Achternaam").exit_code == 0
    figures = json.loads((tmp_path / "b" / "report.json").read_text(encoding="utf-8"))
    assert list(figures["sources"][0]["filled"]) == ["given_name"]


def test_edited_mapping_gives_the_same_result_again(crm: Path, shop: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert _run(crm, shop, "--out", first).exit_code == 0
    result = _run(crm, shop, "--out", second, "--mapping", first / "mapping.yaml")
    assert result.exit_code == 0, result.output
    for name in ("membership", "customers", "links"):
        assert pq.read_table(first / f"{name}.parquet").equals(pq.read_table(second / f"{name}.parquet"))
    assert (first / "mapping.yaml").read_bytes() == (second / "mapping.yaml").read_bytes()


def test_order_of_rows_does_not_change_who_is_who(shop: Path, tmp_path: Path) -> None:
    lines = write_crm(tmp_path / "crm.csv", PEOPLE[:50]).read_bytes().splitlines(keepends=True)
    assert _run(tmp_path / "crm.csv", shop, "--out", tmp_path / "a").exit_code == 0
    (tmp_path / "crm.csv").write_bytes(b"".join([lines[0], *reversed(lines[1:])]))
    assert _run(shop, tmp_path / "crm.csv", "--out", tmp_path / "b").exit_code == 0
    for column in ("customer_id", "suggested_id"):
        assert _partition(tmp_path / "a", column) == _partition(tmp_path / "b", column)


def test_json_is_alone_on_stdout(crm: Path, tmp_path: Path) -> None:
    result = _run(crm, "--out", tmp_path / "out", "--json")
    figures = json.loads(result.stdout)
    assert figures == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert "Customers" in result.stderr


def test_quiet_says_nothing(crm: Path, tmp_path: Path) -> None:
    result = _run(crm, "--out", tmp_path / "out", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_guessed_mapping_is_printed_in_the_language_asked_for(crm: Path, tmp_path: Path) -> None:
    result = _run(crm, "--out", tmp_path / "out", "--language", "nl")
    assert "Windows-1252, scheidingsteken ;" in result.output
    assert "Achternaam" in result.output
    assert "family_name" in result.output
    assert "Niet gebruikt: Persoon (niet herkend)" in result.output
    assert '<html lang="nl">' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_failed_run_leaves_the_earlier_result_and_no_rubbish(crm: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _run(crm, "--out", out).exit_code == 0
    before = (out / "membership.parquet").read_bytes()
    result = _run(crm, "--out", out, "--truth", "nosuch")
    assert result.exit_code == 1
    assert "crm.csv: has no column 'nosuch' for --truth" in result.output
    assert (out / "membership.parquet").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"crm.csv", "out"}


def test_folder_with_other_files_is_left_alone(crm: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("precious")
    result = _run(crm, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "holds other files (thesis.txt)" in result.output
    assert (tmp_path / "out" / "thesis.txt").read_text() == "precious"


def test_earlier_result_is_replaced_as_a_whole(crm: Path, shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _run(crm, shop, "--out", out).exit_code == 0
    assert _run(crm, "--out", out).exit_code == 0
    assert pq.read_table(out / "membership.parquet").num_rows == 50
    assert {path.name for path in tmp_path.iterdir()} == {"crm.csv", "shop.parquet", "out"}


def test_refused_rows_are_counted_said_and_reported(crm: Path, tmp_path: Path) -> None:
    with crm.open("ab") as file:
        file.write(b"K9998;too;few\r\n")
    result = _run(crm, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "crm.csv: 1 rows refused (too few values: 1); first at line 52" in " ".join(result.output.split())
    figures = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert figures["counts"]["refused"] == 1
    assert figures["files"][0]["refused"]["first"][0]["line"] == 52
    assert "K9998;too;few" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_record_id_that_is_not_unique_gives_row_numbers_and_says_so(tmp_path: Path) -> None:
    # The sample that guessing sees is unique; the double stands far down.
    rows = [f"{i};naam{i};jan{i}@example.nl" for i in range(6000)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id;achternaam;email", *rows, "0;dubbel;dubbel@example.nl"]), encoding="utf-8")
    result = _run(path, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "so row numbers are used" in " ".join(result.output.split())
    assert pq.read_table(tmp_path / "out" / "membership.parquet")["record_id"].to_pylist()[:2] == ["1", "2"]
    mapping = tmp_path / "map.yaml"
    mapping.write_text("files:\n  a.csv:\n    record_id: id\n    columns: {achternaam: family_name, email: email}\n")
    result = _run(path, "--out", tmp_path / "out", "--mapping", mapping)
    assert result.exit_code == 1
    assert "map.yaml:2: a.csv › record_id: id: 1 values stand there more than once" in result.output


def test_file_without_anything_to_go_by_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("amount;status\n12;open\n13;closed\n")
    result = _run(tmp_path / "a.csv", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "no column is recognised" in result.output
    assert not (tmp_path / "out").exists()


def test_one_record_is_one_customer(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("voornaam;achternaam;email\nJan;Bos;jan@example.nl\n")
    result = _run(tmp_path / "a.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert pq.read_table(tmp_path / "out" / "membership.parquet").to_pylist() == [
        {"file": "a.csv", "record_id": "1", "customer_id": 1, "suggested_id": 1, "weight": None}
    ]


def test_files_with_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder, part in (("north", PEOPLE[:30]), ("south", PEOPLE[20:50])):
        (tmp_path / folder).mkdir()
        write_crm(tmp_path / folder / "crm.csv", part)
    paths = [tmp_path / "north" / "crm.csv", tmp_path / "south" / "crm.csv"]
    result = _run(*paths, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    files = set(pq.read_table(tmp_path / "out" / "membership.parquet")["file"].to_pylist())
    assert files == {str(path) for path in paths}
    again = _run(*paths, "--out", tmp_path / "again", "--mapping", tmp_path / "out" / "mapping.yaml")
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nosuch.csv"], 2, "does not exist"),
        ([], 2, "Missing argument"),
        (["{crm}", "--precision", "1.5"], 2, "--precision"),
        (["{crm}", "--country", "Nederland"], 2, "--country"),
        (["{crm}", "--out", "{crm}"], 1, "expected a folder"),
        (["{crm}", "--out", "{crm}/below"], 1, "cannot be written"),
        (["{crm}", "{crm}"], 1, "crm.csv: this file is given twice"),
    ],
)
def test_wrong_use_has_its_exit_code_and_a_sentence(crm: Path, arguments: list[str], code: int, words: str) -> None:
    result = _run(*(argument.format(crm=crm) for argument in arguments))
    assert result.exit_code == code
    assert words in result.output


def test_mapping_without_one_of_the_files_is_an_error(crm: Path, shop: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("files:\n  crm.csv: {columns: {Achternaam: family_name}}\n")
    result = _run(crm, shop, "--mapping", mapping, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "shop.parquet: this file is not in the mapping; it has: crm.csv" in result.output
