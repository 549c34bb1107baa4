"""Files with records: what of each form is read, and how."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.files.books import write_book

from klantbeeld.engines.files import Refusals, TableError, open_table, read_table
from klantbeeld.engines.files.kinds import kind_of
from klantbeeld.engines.files.limits import Limits
from klantbeeld.engines.files.records import open_records
from klantbeeld.engines.files.workbook.book import is_date
from klantbeeld.engines.files.workbook.cells import moment_of
from klantbeeld.engines.files.xml_records import Shape

PEOPLE = [{"id": n, "name": {"last": f"Naam {n}", "é": "ü"}, "tags": ["a", {"b": None}]} for n in range(1, 8)]


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def records(path: Path, **options: Any) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str]]]:
    refusals = Refusals()
    with open_records(path, **options).read(refusals) as reading:
        found = list(reading)
    return found, [(one.line, one.reason) for one in refusals.rows]


@pytest.mark.parametrize("inline", [True, False], ids=["inline", "shared"])
def test_a_workbook_gives_values_of_their_own_kind(tmp_path: Path, inline: bool) -> None:
    rows = [
        ["Klantnr", "Naam", "Geboren", "Gezien", "Bedrag", "Actief", "Naam"],
        [1001, "Jansen & Zn <é>", ("raw", '<c r="REF" s="1"><v>31106</v></c>'),
         ("raw", '<c r="REF" s="2"><v>46000.5</v></c>'), ("raw", '<c r="REF" s="3"><v>12.5</v></c>'), True, None],
        [],
        [1002.0, None, ("raw", '<c r="REF" t="str"><f>A1&amp;B1</f><v>x_x000A_y</v></c>'), None, None, False, "tweede"],
    ]  # fmt: skip
    found, refused = records(write_book(tmp_path / "a.bin", {"Klanten": rows}, inline=inline))
    assert refused == []
    assert [number for number, _ in found] == [2, 4]
    assert found[0][1] == {
        "Klantnr": 1001, "Naam": "Jansen & Zn <é>", "Geboren": "1985-02-28", "Gezien": "2025-12-09T12:00:00",
        "Bedrag": 12.5, "Actief": True,
    }  # fmt: skip
    assert found[1][1]["Geboren"] == "x\ny"
    assert found[1][1]["Naam_2"] == "tweede"
    assert (type(found[1][1]["Klantnr"]), found[1][1]["Actief"]) == (int, False)


def test_a_workbook_is_read_from_its_first_sheet_that_shows_and_from_its_own_header(tmp_path: Path) -> None:
    table = [["Export van 3 mei"], [], ["nr", "naam", "plaats"], [1, "A", "Delft"], [2, "B", "Gouda"]]
    path = write_book(
        tmp_path / "a.xlsx", {"Geheim": [["x"], [1]], "Klanten": table, "Uitleg": [["y"]]}, hidden=["Geheim"]
    )
    opened = open_records(path)
    assert (opened.place, opened.columns, opened.label) == ("Klanten", ("nr", "naam", "plaats"), "Excel, Klanten")
    assert [note["en"] for note in opened.notes] == [
        "other sheets are not read: Geheim, Uitleg",
        "the names of the columns stand in row 3; what is above it is not read",
    ]
    assert [row["plaats"] for _, row in records(path)[0]] == ["Delft", "Gouda"]
    assert records(path, place="geheim")[0] == [(2, {"x": 1})]
    with pytest.raises(TableError, match="no sheet 'Nee'; there is Geheim, Klanten, Uitleg"):
        open_records(path, place="Nee")
    assert records(path, header=["a", "b", "c"], skip=3)[0] == [
        (4, {"a": 1, "b": "A", "c": "Delft"}),
        (5, {"a": 2, "b": "B", "c": "Gouda"}),
    ]


def test_a_cell_whose_value_is_not_known_is_marked(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], [1, ("raw", '<c r="REF" t="e"><v>#DIV/0!</v></c>'), ("raw", '<c r="REF"><f>A1+1</f></c>')]]
    ((_, row),), _ = records(write_book(tmp_path / "a.xlsx", {"S": rows}))
    assert [(str(row[name]), type(row[name]).__name__) for name in "bc"] == [
        ("#DIV/0!", "ErrorValue"),
        ("=", "ErrorValue"),
    ]


def test_a_row_of_a_workbook_that_is_too_wide_is_refused_alone(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [["a", "b"], [1, 2, 3], [4, 5]]})
    assert records(path) == ([(3, {"a": 4, "b": 5})], [(2, "too_many")])


def test_cells_of_a_row_that_stand_out_of_order_keep_their_columns(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], [("raw", '<c r="C2"><v>3</v></c><c r="A2"><v>1</v></c><c><v>2</v></c>')]]
    assert records(write_book(tmp_path / "a.xlsx", {"S": rows})) == ([(2, {"a": 1, "b": 2, "c": 3})], [])


@pytest.mark.parametrize(
    ("serial", "from_1904", "text"),
    [
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (61, False, "1900-03-01"),
        (0.5, False, "12:00:00"),
        (1, True, "1904-01-02"),
        (45000.999999, False, "2023-03-16"),
        (60, False, "60"),
        (-1, False, "-1"),
        (2958465, False, "9999-12-31"),
        (1e300, False, "1e+300"),
    ],
)
def test_a_number_of_days_is_a_day(serial: float, from_1904: bool, text: str) -> None:
    assert moment_of(serial, from_1904=from_1904) == text


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)))
def test_every_day_comes_back_as_it_was_written(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
    expected = moment.isoformat() if moment.time() != datetime.min.time() else moment.date().isoformat()
    assert moment_of(serial, from_1904=False) == expected


def test_a_format_is_a_date_by_its_code_and_not_by_its_texts() -> None:
    dates = ("dd-mm-yy", "[$-413]d mmmm jjjj;@", "[h]:mm")
    others = ("General", '0.00" dagen"', "[Red]0")
    assert [is_date(code) for code in (*dates, *others)] == [True] * 3 + [False] * 3


def test_a_key_with_a_dot_is_no_path(tmp_path: Path) -> None:
    path = put(tmp_path / "a", '{"a.b": [{"x": 1}], "a": {"b": [{"x": 2}]}}')
    assert records(path, place="a.b")[0] == [(1, {"x": 2})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_lines_of_json_are_read_in_every_encoding(tmp_path: Path, encoding: str, packed: bool) -> None:
    data = "\r\n\n".join(json.dumps(one, ensure_ascii=False) for one in PEOPLE).encode(encoding)
    path = put(tmp_path / "a", gzip.compress(data) if packed else data)
    assert kind_of(path) == ("ndjson", packed)
    found, refused = records(path)
    assert ([one for _, one in found], refused) == (PEOPLE, [])
    assert [number for number, _ in found] == [1, 3, 5, 7, 9, 11, 13]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_is_found_anywhere_in_a_document(tmp_path: Path, indent: int | None) -> None:
    document = {
        "meta": {"total": 7, "x": [1, 2], "text": 'a "]}{[ \\'},
        "leeg": [],
        "data": {"klanten": PEOPLE},
        "more": 1,
    }
    path = put(tmp_path / "a", json.dumps(document, indent=indent))
    opened = open_records(path)
    assert (opened.form, opened.place, opened.label) == ("json", "data.klanten", "JSON, UTF-8, data.klanten")
    assert records(path)[0] == list(enumerate(PEOPLE, start=1))
    assert records(path, place="data.klanten")[0] == list(enumerate(PEOPLE, start=1))
    assert [tree for _, tree in records(path, place="meta")[0]] == [document["meta"]]
    with pytest.raises(TableError, match="no 'nergens' on the way"):
        records(path, place="data.nergens")


KEPT = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(KEPT, max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(KEPT, max_size=8), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(deadline=None)
@given(
    items=st.lists(st.dictionaries(st.text('abc"\\{[é', max_size=5), json_values, max_size=4), max_size=8),
    indent=st.sampled_from([None, 0, 3]),
)
def test_any_list_of_objects_is_read_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, items: list[Any], indent: int | None
) -> None:
    path = put(
        tmp_path_factory.getbasetemp() / "any.json",
        json.dumps({"x": [0, "]"], "d": items}, indent=indent, ensure_ascii=indent is None),
    )
    assert [tree for _, tree in records(path, form="json", place="d")[0]] == items


def test_items_that_are_wrong_are_refused_alone(tmp_path: Path) -> None:
    lines = ['{"a": 1}', '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": 1e999}', "[1]", '{"a": ', '{"a": "\\ud800"}',
             '{"a": "\\u0000"}', '{"a": "💶 \\ud83d\\ude00"}']  # fmt: skip
    reasons = [(2, "duplicate_key"), (3, "not_finite"), (4, "not_finite"), (5, "no_object"), (6, "not_json"),
               (7, "surrogate"), (8, "nul")]  # fmt: skip
    found, refused = records(put(tmp_path / "a", "\n".join(lines)), form="ndjson")
    assert ([number for number, _ in found], refused) == ([1, 9], reasons)
    del lines[5]
    found, refused = records(put(tmp_path / "b", f"[{', '.join(lines)}]"))
    assert ([number for number, _ in found], [reason for _, reason in refused]) == (
        [1, 8], [reason for _, reason in reasons if reason != "not_json"],
    )  # fmt: skip


def test_a_document_that_breaks_off_gives_what_was_whole_and_then_the_error(tmp_path: Path) -> None:
    path = put(tmp_path / "a", json.dumps(PEOPLE)[:-10])
    found = []
    with open_records(path).read(Refusals()) as reading, pytest.raises(TableError, match="breaks off in a value"):
        found.extend(reading)
    with open_records(path).read(Refusals()) as reading:
        assert next(reading.__iter__())[1] == PEOPLE[0]


XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<x:export xmlns:x="urn:x" date="2026-11-01"><head><klant>nee</klant></head><x:klanten>
<x:klant nr="7"><naam taal="nl">Caf\xe9 &amp; Zn</naam><adres soort="post"><straat>Hofweg</straat><nr/></adres>
<tel soort="mobiel">06</tel><tel soort="vast">010</tel><leeg/></x:klant>
<x:klant nr="8"><naam><![CDATA[<b>]]></naam><adres/><tel soort="mobiel">07</tel></x:klant>
</x:klanten></x:export>""".encode("iso-8859-1")


def test_elements_become_trees_whose_shape_does_not_depend_on_what_is_filled(tmp_path: Path) -> None:
    shape = Shape(lists=frozenset({"tel"}), containers=frozenset({"adres"}))
    found, refused = records(put(tmp_path / "a", XML), place="export.klanten.klant", shape=shape)
    assert refused == []
    assert found == [
        (1, {"@nr": "7", "naam": "Café & Zn", "naam@taal": "nl",
             "adres": {"@soort": "post", "straat": "Hofweg", "nr": None},
             "tel": [{"@soort": "mobiel", "#text": "06"}, {"@soort": "vast", "#text": "010"}], "leeg": None}),
        (2, {"@nr": "8", "naam": "<b>", "adres": {}, "tel": [{"@soort": "mobiel", "#text": "07"}]}),
    ]  # fmt: skip


def test_elements_without_a_declared_shape_hide_no_repetition(tmp_path: Path) -> None:
    found, _ = records(put(tmp_path / "a", XML), place="export/klanten/klant")
    assert (found[0][1]["tel"], found[0][1]["tel@soort"]) == (["06", "010"], ["mobiel", "vast"])
    assert (found[1][1]["tel"], found[1][1]["adres"]) == ("07", None)
    assert [list(tree) for _, tree in records(put(tmp_path / "a", XML))[0]] == [["klant"], ["klant"]]
    with pytest.raises(TableError, match="no element export/klant; see `records_at`"):
        records(put(tmp_path / "a", XML), place="export.klant")


def test_parquet_gives_values_that_json_can_hold(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2],
            "born": [date(1985, 2, 28), None],
            "seen": pa.array([datetime(2026, 1, 1, 12, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "amount": [Decimal("12.50"), Decimal("3")],
            "share": [0.5, float("nan")],
            "lines": [[{"sku": "a", "n": 1.0}], []],
            "bytes": [b"\xff\x00", b"text"],
        }
    )
    pq.write_table(table, tmp_path / "a")
    assert [row for _, row in records(tmp_path / "a")[0]] == [
        {"id": 1, "born": "1985-02-28", "seen": "2026-01-01T12:00:00+00:00", "amount": 12.5, "share": 0.5,
         "lines": [{"sku": "a", "n": 1}], "bytes": "ff00"},
        {"id": 2, "born": None, "seen": None, "amount": 3, "share": None, "lines": [], "bytes": "text"},
    ]  # fmt: skip


CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:urn:uuid:1\r\nN:Jansen;Jan\\;Piet;;Dr.;\r\nFN:Dr. Jan Jan\r\n sen\r\n"
    "item1.TEL;TYPE=CELL,VOICE:+31 6 12345678\r\nTEL;TYPE=home:010-1234567\r\nTEL;TYPE=home:010-7654321\r\n"
    "EMAIL;TYPE=INTERNET:jan@example.nl\r\nADR;TYPE=HOME:;;Hofweg 12;Den Haag;;2511 AA;Nederland\r\n"
    "NOTE:een\\ntwee\\, drie\r\nPHOTO;ENCODING=b:AAAA\r\nREV:2026-01-01T00:00:00Z\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:B\nTEL;VALUE=uri;TYPE=\"work,voice\":tel:+31-10-1\nBDAY:19850228\nGENDER:F\n"
    "ORG:Bakker B.V.;Inkoop\nEND:VCARD\n"
    "begin:vcard\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Andr=E9;Ren=\n=E9e\nTEL;HOME:1\nend:vcard\n"
)  # fmt: skip


def test_cards_of_every_version_are_read(tmp_path: Path) -> None:
    found, refused = records(put(tmp_path / "a", CARDS))
    assert refused == []
    assert [number for number, _ in found] == [1, 16, 24]
    assert found[0][1] == {
        "uid": "urn:uuid:1", "family_name": "Jansen", "given_name": "Jan;Piet", "honorific_prefix": "Dr.",
        "full_name": "Dr. Jan Jansen",
        "phone": [{"value": "+31 6 12345678", "type": "mobile"}, {"value": "010-1234567", "type": "home"},
                  {"value": "010-7654321", "type": "home"}],
        "phone_mobile": "+31 6 12345678", "phone_home": "010-1234567", "phone_home_2": "010-7654321",
        "email": [{"value": "jan@example.nl", "type": "other"}], "email_other": "jan@example.nl",
        "address": [{"street": "Hofweg 12", "city": "Den Haag", "postcode": "2511 AA", "country": "Nederland",
                     "type": "home"}],
        "address_home": {"street": "Hofweg 12", "city": "Den Haag", "postcode": "2511 AA", "country": "Nederland"},
        "note": "een\ntwee, drie", "rev": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    assert found[1][1] == {
        "full_name": "B", "phone": [{"value": "+31-10-1", "type": "work"}], "phone_work": "+31-10-1",
        "birth_date": "19850228", "gender": "F", "organisation": "Bakker B.V.", "department": "Inkoop",
    }  # fmt: skip
    assert found[2][1] == {
        "family_name": "André",
        "given_name": "Renée",
        "phone": [{"value": "1", "type": "home"}],
        "phone_home": "1",
    }


def test_a_card_that_is_not_ended_is_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = put(
        tmp_path / "a", "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nrommel\nBEGIN:VCARD\nzonder\nEND:VCARD\n"
    )
    assert records(path) == ([(3, {"full_name": "B"})], [(1, "not_vcard"), (6, "not_vcard"), (7, "not_vcard")])


def test_what_is_declared_must_be_what_the_file_is(tmp_path: Path) -> None:
    path = put(tmp_path / "klanten.xlsx", "a;b\n1;2\n")
    with pytest.raises(TableError, match="this looks like CSV, not like Excel"):
        open_records(path, form="workbook")


@pytest.mark.parametrize("form", ["xlsx", "ndjson", "json", "xml", "vcard"])
def test_resolve_reads_records_as_a_table_of_text(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    if form == "xlsx":
        write_book(path, {"S": [["id", "naam"], [1, "Jansen"], [2, None]]})
    elif form == "vcard":
        put(path, "BEGIN:VCARD\nUID:1\nFN:Jansen\nEND:VCARD\nBEGIN:VCARD\nUID:2\nEND:VCARD\n")
    elif form == "xml":
        put(path, "<r><k id='1'><naam>Jansen</naam></k><k id='2'/></r>")
    else:
        lines = ['{"id": 1, "naam": "Jansen"}', '{"id": 2}']
        put(path, "\n".join(lines) if form == "ndjson" else f"[{','.join(lines)}]")
    opened = open_table(path)
    read = read_table(opened)
    name = {"vcard": "full_name"}.get(form, "naam")
    id_ = {"vcard": "uid", "xml": "@id"}.get(form, "id")
    assert set(opened.columns) == {id_, name}
    assert read.table.to_pydict() == {id_: ["1", "2"], name: ["Jansen", None]}
    assert opened.sample.num_rows == 2


def test_sizes_are_kept_to_while_a_file_is_read(tmp_path: Path) -> None:
    small = Limits(record_bytes=200, depth=5, fields=20, columns=10)
    deep = '{"a":' * 9 + "1" + "}" * 9
    path = put(
        tmp_path / "a",
        "\n".join(['{"a": 1}', json.dumps({"a": "x" * 500}), deep, json.dumps({"a": [1] * 30}), '{"a": 2}']),
    )
    found, refused = records(path, limits=small)
    assert ([tree["a"] for _, tree in found], refused) == (
        [1, 2],
        [(2, "too_long"), (3, "too_deep"), (4, "too_many_fields")],
    )
    path = put(tmp_path / "b", f'[{{"a": 1}}, {json.dumps({"a": "x" * 500})}, {deep}, {{"a": 2}}]')
    found, refused = records(path, limits=small)
    assert ([tree["a"] for _, tree in found], refused) == ([1, 2], [(2, "too_long"), (3, "too_deep")])
    bodies = ["<a>1</a>", f"<a>{'x' * 500}</a>", f"{'<a>' * 9}{'</a>' * 9}", "<a/>" * 30, "<a>2</a>"]
    xml = "<r>" + "".join(f"<k>{body}</k>" for body in bodies) + "</r>"
    found, refused = records(put(tmp_path / "c", xml), limits=small)
    assert ([tree["a"] for _, tree in found], refused) == (
        ["1", "2"], [(2, "too_long"), (3, "too_deep"), (4, "too_many_fields")],
    )  # fmt: skip
