"""Opening and reading tables: encodings, delimiters, and rows that cannot be read."""

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantbeeld.engines.files import TableError, TableFile, open_table, read_table
from klantbeeld.engines.files.delimited import RECORD_LINES
from klantbeeld.engines.files.tables import clean

ROWS = [("José Müller", "'s-Gravenhage"), ("Zoë de Vriès", "Curaçao"), ("Daniël Ören", "Lœuvre Šibenik €12")]
TEXT = "naam;plaats\n" + "".join(f"{name};{place}\n" for name, place in ROWS * 20)


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "windows-1252"),
        ("iso-8859-15", "iso-8859-15"),
    ],
)
def test_read_table_in_each_encoding_gives_the_same_text(tmp_path: Path, encoding: str, found: str) -> None:
    opened = open_table(_write(tmp_path / "a.csv", TEXT, encoding))
    assert opened.encoding is not None
    assert opened.encoding.name == found
    read = read_table(opened)
    assert read.table.column_names == ["naam", "plaats"]
    assert [tuple(row.values()) for row in read.table.slice(0, 3).to_pylist()] == ROWS
    assert read.refusals.count == 0


def test_encoding_beyond_the_sample_is_seen(tmp_path: Path) -> None:
    text = "naam;plaats\n" + "jan;utrecht\n" * 200_000 + "José;Curaçao\n"
    opened = open_table(_write(tmp_path / "late.csv", text, "cp1252"))
    assert opened.encoding is not None
    assert opened.encoding.name == "windows-1252"
    assert read_table(opened).table["naam"][-1].as_py() == "José"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^", "\x1f"])
def test_delimiter_of_any_kind_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["name", "amount", "city"], ["Jan", "12.50", "Ede"], ["Piet", "3.75", "Urk"]]
    opened = open_table(_write(tmp_path / "a.csv", "\n".join(delimiter.join(row) for row in rows)))
    assert opened.dialect is not None
    assert opened.dialect.delimiter == delimiter
    assert opened.columns == ("name", "amount", "city")


def test_delimiter_is_not_taken_from_decimal_commas(tmp_path: Path) -> None:
    opened = open_table(_write(tmp_path / "a.csv", "naam;bedrag;plaats\n" + "Jan;12,50;Ede, Gld\n" * 5))
    assert opened.dialect is not None
    assert opened.dialect.delimiter == ";"


def test_line_that_names_the_delimiter_is_obeyed_and_left_out(tmp_path: Path) -> None:
    opened = open_table(_write(tmp_path / "a.csv", "sep=|\nname|city\nJan|Ede\n"))
    assert opened.columns == ("name", "city")
    read = read_table(opened)
    assert read.table.to_pylist() == [{"name": "Jan", "city": "Ede"}]
    assert read.lines.to_pylist() == [3]


def test_file_without_header_gets_numbered_columns_and_says_so(tmp_path: Path) -> None:
    opened = open_table(_write(tmp_path / "a.csv", "Jan,jan@example.nl,1980-01-02\nPiet,piet@example.nl,1970-03-04\n"))
    assert opened.columns == ("column_1", "column_2", "column_3")
    assert [note["en"][:15] for note in opened.notes] == ["the first row l"]
    assert read_table(opened).table.num_rows == 2


def test_header_with_known_names_is_a_header_whatever_else_it_holds(tmp_path: Path) -> None:
    text = "naam;naam;email;email;2019\nJan;Jan B;a@example.nl;c@example.nl;7\n"
    opened = open_table(_write(tmp_path / "a.csv", text))
    assert opened.columns == ("naam", "naam_2", "email", "email_2", "2019")
    assert opened.notes == ()


def test_quoted_values_may_hold_delimiters_lines_and_quotes(tmp_path: Path) -> None:
    text = 'name,note\r\n"Vries, Jan de","said ""hi""\r\nand left"\r\nPiet,plain\r\n'
    read = read_table(open_table(_write(tmp_path / "a.csv", text)))
    assert read.table.to_pylist() == [
        {"name": "Vries, Jan de", "note": 'said "hi"\r\nand left'},
        {"name": "Piet", "note": "plain"},
    ]
    assert read.lines.to_pylist() == [2, 4]


def test_ragged_rows_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,11,12,,\n13,14,15\n"
    read = read_table(_opened(tmp_path, text))
    assert read.table["a"].to_pylist() == ["1", "10", "13"]
    assert [(row.line, row.reason, row.column) for row in read.refusals.rows] == [
        (3, "too_few", "c"),
        (5, "too_many", None),
    ]
    # Row numbers count the refused rows too, so that they stay what they are when those are mended.
    assert read.numbers().tolist() == [1, 4, 5]


def _opened(tmp_path: Path, text: str) -> TableFile:
    return open_table(_write(tmp_path / "b.csv", text), header=True)


def test_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    lines = ["name,city", "Jan,Ede", 'Piet,"Urk', *(f"n{i},c{i}" for i in range(RECORD_LINES * 3))]
    read = read_table(open_table(_write(tmp_path / "a.csv", "\n".join(lines) + "\n")))
    assert [(row.line, row.reason) for row in read.refusals.rows] == [(3, "quote")]
    assert read.table.num_rows == 1 + RECORD_LINES * 3
    assert read.lines[1].as_py() == 4


def test_quote_open_at_the_end_of_the_file_costs_one_row(tmp_path: Path) -> None:
    read = read_table(open_table(_write(tmp_path / "a.csv", 'name,city\nJan,Ede\nPiet,"Urk\nKees,Epe\n')))
    assert [(row.line, row.reason) for row in read.refusals.rows] == [(3, "quote")]
    assert read.table["name"].to_pylist() == ["Jan", "Kees"]


def test_nul_and_broken_bytes_are_refused_with_their_column(tmp_path: Path) -> None:
    good = "".join(f"José{i},Curaçao\n" for i in range(60)).encode()
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,city\n" + good + b"Ja\x00n,Ede\nPiet,Ep\xe9\n" + good)
    read = read_table(open_table(path))
    assert [(row.line, row.reason, row.column) for row in read.refusals.rows] == [
        (62, "nul", "name"),
        (63, "bytes", "city"),
    ]
    assert read.table.num_rows == 120


def test_too_long_value_is_refused_and_reading_goes_on(tmp_path: Path) -> None:
    text = "name,city\nJan,Ede\n" + "x" * 200_000 + ",Urk\nPiet,Epe\n"
    read = read_table(open_table(_write(tmp_path / "a.csv", text)))
    assert [(row.line, row.reason) for row in read.refusals.rows] == [(3, "too_long")]
    assert read.table["name"].to_pylist() == ["Jan", "Piet"]


def test_table_of_a_hundred_thousand_columns_is_an_error(tmp_path: Path) -> None:
    header = ",".join(f"c{i}" for i in range(100_000))
    with pytest.raises(TableError, match="100000 values") as caught:
        open_table(_write(tmp_path / "wide.csv", header + "\n"))
    assert caught.value.sentence("nl").startswith("wide.csv:1: ")


def test_file_whose_rows_do_not_fit_the_header_is_an_error(tmp_path: Path) -> None:
    opened = open_table(_write(tmp_path / "a.csv", "a;b;c\n" + "1;2\n" * 50), delimiter=";", header=True)
    with pytest.raises(TableError, match="50 of 50 rows"):
        read_table(opened)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "blank"),
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1 but not really", "damaged"),
        (b"\x1f\x8b\x08 not gzip", "damaged"),
    ],
)
def test_what_is_not_a_table_is_a_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        open_table(path)


def test_compressed_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode("cp1252")))
    assert read_table(open_table(path)).table.num_rows == 60


def test_parquet_values_become_the_text_people_write(tmp_path: Path) -> None:
    table = pa.table(
        {
            "number": pa.array([2119.0, None, 3.0]),
            "share": pa.array([0.5, 1.0, float("nan")]),
            "day": pa.array([0, 1, None], pa.timestamp("us")),
            "born": pa.array([0, 1, 2], pa.date32()),
            "label": pa.array(["a", " NULL", ""]).dictionary_encode(),
            "list": pa.array([[1], [2], [3]]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    opened = open_table(tmp_path / "a.parquet")
    read = read_table(opened)
    assert read.table["number"].to_pylist() == ["2119", None, "3"]
    assert read.table["share"].to_pylist() == ["0.5", "1", None]
    assert read.table["born"].to_pylist() == ["1970-01-01", "1970-01-02", "1970-01-03"]
    assert read.table["label"].to_pylist() == ["a", None, None]
    assert "list" not in opened.columns
    assert "list" in opened.notes[0]["en"]


LETTERS = st.characters(codec="utf-8", exclude_characters="\0\ufffd\ufeff", exclude_categories=("Cs",))
CELLS = st.text(LETTERS, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=20))
def test_read_table_gives_back_what_a_csv_writer_wrote(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow(["alpha", "beta", "gamma"])
    writer.writerows(rows)
    path = tmp_path / "round.csv"
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    read = read_table(open_table(path, encoding="utf-8", delimiter=";", quote='"', header=True))
    assert read.refusals.count == 0
    for position, name in enumerate(["alpha", "beta", "gamma"]):
        written = pa.array([row[position] for row in rows], pa.string())
        assert read.table[name].to_pylist() == clean(written).to_pylist()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        read = read_table(open_table(path))
    except TableError as error:
        sentences = {error.sentence("nl"), error.sentence("en")}
    else:
        sentences = set()
        assert read.table.num_rows == len(read.lines)
    assert all(sentence.startswith("any.csv") for sentence in sentences)
