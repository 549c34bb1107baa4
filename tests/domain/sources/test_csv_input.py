"""Delimited files as input: encodings, ragged rows, quote bombs, groups, and going on after a cursor."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.adapters.csv_file import CsvInput
from klantbeeld.sources.contracts import Draft, Refusal
from klantbeeld.sources.declaration import Feed, Reading

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERSON: dict[str, Any] = {"kind": "person", "external_id": "nr", "attributes": {"family_name": "naam"}}


def feed(*records: dict[str, Any], empty: tuple[str, ...] = (), **form: Any) -> Feed:
    return Feed("all", {"type": "csv", **form}, Reading(decimal=",", empty=frozenset(empty)), records or (PERSON,))


def read(given: CsvInput, size: int = 1000, after: Any = None) -> tuple[list[Draft], list[Refusal], list[Any]]:
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    cursors = []
    for chunk in given.chunks(after, lambda: size):
        refusals += chunk.refusals
        for row in chunk.rows:
            made, refused = given.mapper.map(row, NOW)
            drafts += made
            refusals += refused
        cursors.append(chunk.cursor)
    return drafts, refusals, cursors


def write(folder: Path, data: bytes) -> Path:
    path = folder / "in.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1252", {"encoding": "windows-1252"}),
        ("utf-8", {}),
        ("utf-8-sig", {}),
        ("utf-16", {}),
        ("iso-8859-15", {"encoding": "iso-8859-15"}),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, declared: dict[str, str], delimiter: str) -> None:
    rows = [["nr", "naam", "plaats"], ["1", "Ågren", "Zoë"], ["2", "Müller", "Curaçao"]]
    path = write(tmp_path, "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    drafts, refusals, _ = read(CsvInput(path, feed(**declared)))
    assert [one.attributes["family_name"] for one in drafts] == ["Ågren", "Müller"]
    assert refusals == []


def test_decomposed_text_becomes_nfc_and_space_is_trimmed(tmp_path: Path) -> None:
    path = write(tmp_path, "nr;naam\n 1 ;  Zoe\u0308 \n2;-\n".encode())
    drafts, _, _ = read(CsvInput(path, feed(empty=("-",))))
    assert [(one.external_id, one.attributes) for one in drafts] == [("1", {"family_name": "Zo\u00eb"}), ("2", {})]
    assert drafts[0].raw == {"nr": "1", "naam": "Zo\u00eb"}


def test_bad_rows_are_refused_with_their_line_and_the_others_go_on(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        b"nr;naam;opm\n"
        b"1;Bos;\n"  # 2
        b"2;Te weinig\n"  # 3
        b"3;Vos;x;y\n"  # 4
        b"4;Leeg achteraan;;;\n"  # 5: only empty values too many
        b'5;Twee;"regel een\nregel twee"\n'  # 6 and 7
        b'6;"nooit gesloten;\n'  # 8
        b"7;Na de bom;\n"  # 9
        b"8;N\x00ul;\n"  # 10
        b"9;\x81\x8d;\n",  # 11: not in Windows-1252
    )
    drafts, refusals, _ = read(CsvInput(path, feed(delimiter=";", encoding="windows-1252")))
    assert [one.external_id for one in drafts] == ["1", "4", "5", "7"]
    assert {one.external_id: one.position for one in drafts} == {"1": 2, "4": 5, "5": 6, "7": 9}
    assert [(one.position, one.reason) for one in refusals] == [
        (3, "row.too_few"),
        (4, "row.too_many"),
        (8, "row.quote"),
        (10, "row.nul"),
        (11, "row.bytes"),
    ]
    assert refusals[0].raw == "2;Te weinig"
    assert all(one.whole for one in refusals)


def test_quote_bomb_refuses_its_line_and_stays_within_memory(tmp_path: Path) -> None:
    rows = "".join(f"{n};Naam {n}\n" for n in range(40_000))
    path = write(tmp_path, f'nr;naam\n99999;"bom\n{rows}'.encode())
    given = CsvInput(path, feed(delimiter=";", encoding="utf-8"))
    tracemalloc.start()
    seen = refused = 0
    for chunk in given.chunks(None, lambda: 500):
        seen += len(chunk.rows)
        refused += len(chunk.refusals)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (seen, refused) == (40_000, 1)
    assert peak < 8 << 20


def test_value_that_is_too_long_is_refused_alone(tmp_path: Path) -> None:
    path = write(tmp_path, b"nr;naam;opm\n1;" + b"x" * 50_000 + b";ok\n2;Bos;\n")
    drafts, refusals, _ = read(CsvInput(path, feed(delimiter=";", encoding="utf-8")))
    assert [(one.external_id, one.attributes) for one in drafts] == [("1", {}), ("2", {"family_name": "Bos"})]
    assert [(one.position, one.column, one.reason) for one in refusals] == [(2, "naam", "text.too_long")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_going_on_after_any_cursor_gives_every_row_once(tmp_path: Path, size: int) -> None:
    lines = [f"{n};Naam" for n in range(20)]
    lines[4] = lines[5] = lines[19] = "slecht"
    lines[9] = '9;"twee\nregels"'
    path = write(tmp_path, "\n".join(["nr;naam", *lines, ""]).encode())
    whole_drafts, whole_refusals, cursors = read(CsvInput(path, feed(delimiter=";", encoding="utf-8")), size)
    assert len(whole_drafts) == 17
    for place, cursor in enumerate(cursors):
        before: list[Any] = []
        for number, chunk in enumerate(CsvInput(path, feed(delimiter=";")).chunks(None, lambda: size)):
            if number > place:
                break
            before += [row.position for row in chunk.rows] + [one.position for one in chunk.refusals]
        drafts, refusals, _ = read(CsvInput(path, feed(delimiter=";", encoding="utf-8")), 4, cursor)
        after = [one.position for one in drafts] + [one.position for one in refusals]
        everything = [one.position for one in whole_drafts] + [one.position for one in whole_refusals]
        assert sorted(before + after) == sorted(everything)


ORDER: dict[str, Any] = {
    "kind": "activity",
    "external_id": "bon",
    "attributes": {"lines": {"each": "rows", "fields": {"sku": "sku", "amount": {"column": "prijs", "as": "money"}}}},
}


@pytest.mark.parametrize("size", [1, 2, 50])
def test_rows_that_follow_each_other_are_grouped(tmp_path: Path, size: int) -> None:
    path = write(tmp_path, b"bon;sku;prijs\n1;a;1,50\n1;b;2\n2;c;3\nkapot\n2;d;duur\n3;e;5\n")
    given = CsvInput(path, feed(ORDER, delimiter=";", encoding="utf-8", group_by=["bon"]))
    drafts, refusals, _ = read(given, size)
    assert [(one.external_id, one.attributes["lines"]) for one in drafts] == [
        ("1", [{"sku": "a", "amount": "1.50"}, {"sku": "b", "amount": "2"}]),
        ("2", [{"sku": "c", "amount": "3"}, {"sku": "d"}]),
        ("3", [{"sku": "e", "amount": "5"}]),
    ]
    assert sorted((one.position, one.reason) for one in refusals) == [(4, "money.unreadable"), (5, "row.too_few")]


def test_header_in_the_declaration(tmp_path: Path) -> None:
    path = write(tmp_path, b"1;Bos\n2;Vos\n")
    drafts, _, _ = read(CsvInput(path, feed(delimiter=";", header=["nr", "naam"])))
    assert [one.external_id for one in drafts] == ["1", "2"]
    with pytest.raises(Invalid, match="has 2 columns, and the declaration names 3"):
        CsvInput(path, feed(delimiter=";", header=["nr", "naam", "x"]))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04 a workbook"])
def test_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Invalid):
        CsvInput(write(tmp_path, data), feed())


def test_column_that_turns_out_to_hold_bsns_later_is_refused_before_its_rows_are_used(tmp_path: Path) -> None:
    from klantbeeld.sources.rules.bsn import passes_eleven_test

    numbers = [str(n) for n in range(100_000_000, 990_000_000, 104_729) if passes_eleven_test(str(n))][:300]
    rows = "".join(f"{n};Naam;\n" for n in range(6_000)) + "".join(f"9{n};Naam;{x}\n" for n, x in enumerate(numbers))
    given = CsvInput(write(tmp_path, f"nr;naam;extra\n{rows}".encode()), feed(delimiter=";"))
    assert given.refused_columns == []
    counted = 0
    for chunk in given.chunks(None, lambda: 1000):
        counted += chunk.bsn.get("extra", 0)
        assert not any("extra" in row.raw for row in chunk.rows)
    assert counted == 300


def test_long_rows_make_short_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klantbeeld.sources.adapters.batches.CHARACTERS", 100_000)
    path = write(tmp_path, b"nr;naam\n" + b"".join(b"%d;%s\n" % (n, b"x" * 15_000) for n in range(40)))
    given = CsvInput(path, feed(delimiter=";", encoding="utf-8"))
    sizes = [len(chunk.rows) for chunk in given.chunks(None, lambda: 1000)]
    assert sum(sizes) == 40
    assert max(sizes) == 7
