"""A corpus of bad input per form: how each file is made, and what must come of it. Nothing large is kept.

`expect` is part of the error of a file that cannot be used, or (records that go on, reasons of those that do not).
"""

# ruff: noqa: E501 - one line for one file reads as a table
from __future__ import annotations

import gzip
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.engines.files.books import MAIN, TYPES, column, sheet_xml, write_book

Expect = str | tuple[int, tuple[str, ...]]
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One bad file."""

    form: str  # csv | xlsx | json | ndjson | xml | parquet | vcard
    name: str
    make: Callable[[Path], object]
    expect: Expect

    def __str__(self) -> str:
        return f"{self.form}-{self.name}"


def data(content: bytes | str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def zeros(megabytes: int, before: bytes = b"") -> Callable[[Path], object]:
    """A gzip file of so many megabytes of spaces."""

    def make(path: Path) -> None:
        with gzip.open(path, "wb", compresslevel=6) as file:
            file.write(before)
            for _ in range(megabytes):
                file.write(b" " * (1 << 20))

    return make


def book(sheet: str, **parts: str) -> Callable[[Path], object]:
    """A workbook with this XML as its sheet, and these parts in place of its own (`styles=...`)."""

    def make(path: Path) -> None:
        write_book(path, {"S": sheet})
        if not parts:
            return
        with zipfile.ZipFile(path) as old:
            kept = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in (kept | {f"xl/{one}.xml": text.encode() for one, text in parts.items()}).items():
                new.writestr(name, content)

    return make


def cells(*xml: str) -> str:
    rows = "".join(f'<row r="{n}">{one}</row>' for n, one in enumerate(xml, start=1))
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def zip_bomb(path: Path) -> None:
    write_book(path, {"S": cells('<c r="A1"><v>1</v></c>') + " " * (66 << 20)})


def lying_zip(path: Path) -> None:
    """A workbook whose directory says that its sheet is 10 bytes long."""
    write_book(path, {"S": cells('<c r="A1"><v>1</v></c>') + " " * (1 << 20)})
    raw = bytearray(path.read_bytes())
    place = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", raw, place + 24, 10)
    path.write_bytes(raw)


def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(6_000):
            archive.writestr(f"xl/{number}", b"")


def cut(make: Callable[[Path], object], at: float) -> Callable[[Path], object]:
    """The first part of a file."""

    def shortened(path: Path) -> None:
        make(path)
        raw = path.read_bytes()
        path.write_bytes(raw[: int(len(raw) * at)])

    return shortened


def parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": list(range(5_000)), "b": ["tekst"] * 5_000}), path)


def wide_parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({f"c{n}": [1] for n in range(5_000)}), path)


def lines(*rows: str) -> str:
    return "\n".join(rows)


DEEP = 100_000
GOOD = "<r><k><a>1</a></k>"
CORPUS = [
    Case("csv", "mixed encodings", data(b"naam;x\n" + "Zoë;1\n".encode() * 40 + "André;2\n".encode("cp1252")), (40, ("bytes",))),
    Case("csv", "utf-16 cut in half a character", data("naam;x\nZoë;1\n".encode("utf-16")[:-1]), (0, ("bytes",))),
    Case("csv", "ragged rows", data("a;b;c\n1;2;3\n1;2\n1;2;3;4\n1;2;3;;\n4;5;6\n"), (3, ("too_few", "too_many"))),
    Case("csv", "quote never closed", data('a;b\n1;"open\n' + "2;x\n" * 600), (600, ("quote",))),
    Case("csv", "quote bomb", data("a;b\n1;" + '"' * 100_001 + "\n" + "2;x\n" * 9), (9, ("quote",))),
    Case("csv", "quotes that close each other", data("a;b\n" + '1;"x\n2;y"\n' * 6), (6, ())),
    Case("csv", "100,000 columns", data(";".join(map(str, range(100_000))) + "\n1;2\n"), "100000 values"),
    Case("csv", "one line of 9 MB", data("a;b\n1;" + "x" * (9 << 20) + "\n2;y\n"), (1, ("too_long",))),
    Case("csv", "value of 1 MB", data("a;b\n1;" + "x" * (1 << 20) + "\n2;y\n"), (1, ("too_long",))),
    Case("csv", "NUL", data(b"a;b\n1;x\0y\n2;z\n"), (1, ("nul",))),
    Case("csv", "surrogate as bytes", data(b"a;b\n1;\xc3\xab\n2;\xed\xa0\x80\n" + "3;é\n".encode() * 60), (61, ("bytes",))),
    Case("csv", "formulas are text", data("a;b\n1;=1+1\n2;@SUM(A1)\n3;-2+3\n"), (3, ())),
    Case("csv", "line ends of three kinds", data("a;b\r\n1;2\r3;4\n5;6\r\n"), (3, ())),
    Case("csv", "nothing", data(b""), "the file is empty"),
    Case("csv", "only blank lines", data("\n\r\n  \n"), "only blank lines"),
    Case("csv", "gzip bomb", zeros(66, b"a;b\n1;"), "unpacks to more"),
    Case("csv", "gzip cut", cut(lambda path: path.write_bytes(gzip.compress(bytes(range(256)) * 4_000)), 0.6), "damaged"),
    Case("csv", "executable", data(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20), "do not have the 2 values"),
    Case("csv", "web page", data("<!DOCTYPE html><html><body>Log in</body></html>"), "a web page"),
    Case("csv", "pdf", data(b"%PDF-1.7\n"), "a PDF"),
    Case("xlsx", "zip bomb", zip_bomb, "unpacks to more"),
    Case("xlsx", "directory that lies", lying_zip, "damaged"),
    Case("xlsx", "6,000 parts", many_members, "unpacks to more"),
    Case("xlsx", "cut", cut(book(cells('<c r="A1"><v>1</v></c>')), 0.7), "no Excel workbook, or a damaged"),
    Case("xlsx", "billion laughs in the sheet", book(LAUGHS + "<worksheet>&j;</worksheet>"), "document type"),
    Case("xlsx", "billion laughs in the styles", book(cells(), styles=LAUGHS + "<styleSheet/>"), "document type"),
    Case("xlsx", "billion laughs in the workbook", book(cells(), workbook=LAUGHS + "<workbook/>"), "document type"),
    Case("xlsx", "sheet breaks off", book(cells('<c r="A1"><v>1</v></c>')[:-20]), "not XML"),
    Case("xlsx", "no sheets", book(cells(), workbook=f"<workbook {MAIN}/>"), "no Excel workbook with sheets"),
    Case("xlsx", "empty sheet", book(cells()), "is empty"),
    Case("xlsx", "text that is not there", book(cells('<c r="A1" t="s"><v>7</v></c>')), "damaged"),
    Case("xlsx", "number that is none", book(cells('<c r="A1"><v>x</v></c>')), "damaged"),
    Case("xlsx", "column beyond XFD", book(cells('<c r="ZZZ1"><v>1</v></c>')), "damaged"),
    Case("xlsx", "bomb of cells without a place", book(cells("<c><v>1</v></c>" * 2_000_000)), "damaged at cell 16385"),
    Case("xlsx", "rows skipped up to 999,999,999", book(
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="999999999"><c r="A9"><v>1</v></c>'
        '</row></sheetData></worksheet>'), (1, ())),
    Case("xlsx", "two rows with one number", book(
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row></sheetData></worksheet>'), (1, ("out_of_order",))),
    Case("xlsx", "10,000 columns", book(cells("".join(f'<c r="{column(n)}1"><v>{n}</v></c>' for n in range(10_000)))), "10000 columns"),
    Case("xlsx", "cell of 2 MB", book(cells(f'<c r="A1" t="str"><v>{"x" * (2 << 20)}</v></c>')), "more than 1048576"),
    Case("xlsx", "value beyond the header", book(sheet_xml([["a", "b"], [1, 2, 3], [4, 5]], None)), (1, ("too_many",))),
    Case("xlsx", "rows out of order", book(
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="5"><c r="A5"><v>5</v></c>'
        '</row><row r="3"><c r="A3"><v>3</v></c></row></sheetData></worksheet>'), (1, ("out_of_order",))),
    Case("xlsx", "NUL written as _x0000_", book(cells('<c r="A1" t="str"><v>a</v></c>', '<c r="A2" t="str"><v>x_x0000_</v></c>')), (1, ())),
    Case("xlsx", "half a surrogate pair", book(cells('<c r="A1" t="str"><v>a</v></c>', '<c r="A2" t="str"><v>_xD800_</v></c>')), (0, ("surrogate",))),
    Case("xlsx", "dates that are none", book(cells('<c r="A1" t="str"><v>a</v></c>', '<c r="A2" s="1"><v>60</v></c>', '<c r="A3" s="1"><v>-5</v></c>')), (2, ())),
    Case("ndjson", "lines of every wrong kind", data(lines('{"a":1}', "{", '{"a":NaN}', '{"a":-Infinity}', '{"a":1e999}', '{"a":1,"a":2}', "[]", "3", '"x"', "null", '{"a":"\\ud800"}', '{"a":"\\u0000"}', "{'a':1}", '{"a":2}')),
         (2, ("not_json", "not_finite", "not_finite", "not_finite", "duplicate_key", "no_object", "no_object", "no_object", "no_object", "surrogate", "nul", "not_json"))),
    Case("ndjson", "deep", data(lines('{"a":1}', '{"a":' + "[" * DEEP + "]" * DEEP + "}", '{"a":2}')), (2, ("too_deep",))),
    Case("ndjson", "100,000 fields", data(lines('{"a":1}', json.dumps(dict.fromkeys(map(str, range(100_000)), 1)), '{"a":2}')), (2, ("too_many_fields",))),
    Case("ndjson", "line of 20 MB", data(lines('{"a":1}', json.dumps({"a": "x" * (20 << 20)}), '{"a":2}')), (2, ("too_long",))),
    Case("ndjson", "bytes that are no text", data(b'{"a":"\xff"}\n{"a":"\xc3\xa9"}\n' + '{"a":"é"}\n'.encode() * 40), (41, ("bytes",))),
    Case("ndjson", "number of 10,000 digits", data(lines('{"a":1}', '{"a":' + "9" * 10_000 + "}", '{"a":2}')), (2, ("not_json",))),
    Case("json", "breaks off", data('[{"a":1},{"a":2'), "breaks off"),
    Case("json", "text without end", data('[{"a":1},{"a":"2}]'), "no end|not ended"),
    Case("json", "more behind the end", data('[{"a":1}] [{"a":2}]'), "more follows"),
    Case("json", "no comma", data('[{"a":1} {"a":2}]'), "breaks off"),
    Case("json", "deep list around the records", data("[" * DEEP + "]" * DEEP), (0, ("too_deep",))),
    Case("json", "items that are no JSON, no number or no text, between good ones", data(
        b'[{"a":1},{"a":NaN},{"a":1e999},{"a":"\xff"},{"a":"\\ud800"},{"a":123456789012345678901234567890},{"a":"\xc3\xab"}'
        + b',{"a":"\xc3\xab"}' * 40 + b"]"), (43, ("not_finite", "not_finite", "bytes", "surrogate"))),
    Case("json", "item 45 deep", data('[{"a":1},' + '{"a":' * 45 + "1" + "}" * 45 + ',{"a":2}]'), (2, ("too_deep",))),
    Case("json", "bomb of brackets in an item", data('[{"a":' + "[" * DEEP + "]" * DEEP + '},{"a":2}]'), (1, ("too_deep",))),
    Case("json", "item of 20 MB", data(json.dumps([{"a": 1}, {"a": "x" * (20 << 20)}, {"a": 2}])), (2, ("too_long",))),
    Case("json", "gzip bomb", zeros(66, b'[{"a":1},'), "unpacks to more"),
    Case("xml", "billion laughs", data(LAUGHS + "<r><k>&j;</k></r>"), "document type"),
    Case("xml", "file of this machine", data('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><k>&x;</k></r>'), "document type"),
    Case("xml", "document type elsewhere", data('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r><k/></r>'), "document type"),
    Case("xml", "entity without type", data("<r><k>&niets;</k></r>"), "undefined entity"),
    Case("xml", "deep", data(GOOD + "<k>" + "<a>" * DEEP), "nested deeper"),
    Case("xml", "deep outside the records", data("<a>" * DEEP), "nested deeper"),
    Case("xml", "100,000 fields", data(GOOD + "<k>" + "<a/>" * 100_000 + "</k><k><a>2</a></k></r>"), (2, ("too_many_fields",))),
    Case("xml", "100,000 attributes", data(GOOD + "<k><b " + " ".join(f"a{n}=''" for n in range(100_000)) + "/></k></r>"), (1, ("too_many_fields",))),
    Case("xml", "record of 20 MB", data(GOOD + "<k>" + "x" * (20 << 20) + "</k><k><a>2</a></k></r>"), (2, ("too_long",))),
    Case("xml", "breaks off", data(GOOD + "<k><a>2"), "no element found"),
    Case("xml", "tags that cross", data("<r><k><a></k></a></r>"), "mismatched tag"),
    Case("xml", "twice the same attribute", data("<r><k a='1' a='2'/></r>"), "duplicate attribute"),
    Case("xml", "control character", data("<r><k>\x01</k></r>"), "not well-formed"),
    Case("xml", "encoding that lies", data(b"<?xml version='1.0' encoding='utf-8'?><r><k>Zo" + b"\xeb</k></r>"), "not well-formed"),
    Case("xml", "unknown encoding", data("<?xml version='1.0' encoding='klingon'?><r><k/></r>"), "encoding"),
    Case("xml", "gzip bomb", zeros(66, b"<r><k>"), "unpacks to more"),
    Case("parquet", "cut", cut(parquet, 0.9), "damaged"),
    Case("parquet", "only its mark", data(b"PAR1" + b"\0" * 20 + b"PAR1"), "damaged"),
    Case("parquet", "5,000 columns", wide_parquet, "5000 columns"),
    Case("vcard", "no end", data("BEGIN:VCARD\nFN:A\n"), (0, ("not_vcard",))),
    Case("vcard", "card in a card", data("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n"), (1, ("not_vcard",))),
    Case("vcard", "line without a name", data("BEGIN:VCARD\nrommel\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n"), (1, ("not_vcard",))),
    Case("vcard", "folded for 20 MB", data("BEGIN:VCARD\nNOTE:x\n" + (" " + "y" * 70 + "\n") * 300_000 + "END:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n"), (1, ("too_long",))),
    Case("vcard", "NUL", data("BEGIN:VCARD\nFN:A\0\nEND:VCARD\n"), (0, ("nul",))),
    Case("vcard", "unknown charset", data("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=klingon:A=C3=AB\nEND:VCARD\n"), (1, ())),
]  # fmt: skip
