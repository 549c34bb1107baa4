"""Open a file of any usual kind as a table of text, and read it.

`open_table` looks at a file: what kind, which encoding and delimiter, which columns, and a sample of its rows.
`read_table` reads it whole, or only some columns, into Arrow. All values are text, trimmed; empty ones are null.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.files.delimited import LINE_LIMIT, iterate_rows
from klantbeeld.engines.files.dialect import Dialect, detect_dialect
from klantbeeld.engines.files.encoding import Encoding
from klantbeeld.engines.files.errors import Refusals, TableError, Text
from klantbeeld.engines.files.kinds import Form, kind_of
from klantbeeld.engines.files.names import unique_names
from klantbeeld.engines.files.texts import encoding_of, open_text

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from klantbeeld.engines.files.records import RecordFile

SAMPLE_ROWS = 5_000
DIALECT_LINES = 500
COLUMN_LIMIT = 4_096
BLOCK = 1 << 20
BATCH_ROWS = 16_384
# What programs write where a value is missing. People's names such as Null are written with small letters.
MISSING = (
    "NULL",
    "\\N",
    "NaN",
    "nan",
    "NA",
    "N/A",
    "n/a",
    "#N/A",
    "#N/B",
    "#NV",
    "None",
    "<NA>",
    "NaT",
    "(null)",
    "n.v.t.",
)
Progress = Callable[[float], None]
"""Called now and then with the share of the file that was read, 0..1."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that was looked at: how it is written, its columns, a sample of its rows (text), and what was noticed."""

    path: Path
    form: Form
    columns: tuple[str, ...]
    sample: "pa.Table"
    encoding: Encoding | None = None
    dialect: Dialect | None = None
    compressed: bool = False
    rows: int | None = None
    notes: tuple[Text, ...] = ()
    records: "RecordFile | None" = None  # of the other forms


@dataclass(frozen=True, slots=True)
class TableRead:
    """A file that was read: the table (text), the line (or row) number of each row from 1, and the refused rows."""

    table: "pa.Table"
    lines: "pa.Array"
    refusals: Refusals = field(default_factory=Refusals)

    def numbers(self) -> "np.ndarray":
        """Return the number of every row among all rows of the file, from 1; refused rows have a number too."""
        import numpy as np

        before = np.searchsorted(np.sort(np.array(self.refusals.lines, dtype=np.int64)), self.lines.to_numpy())
        return np.arange(1, len(self.lines) + 1) + before


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    quote: str | None = None,
    header: bool | None = None,
    sample_rows: int = SAMPLE_ROWS,
) -> TableFile:
    """Look at a file and say how it is written; what is given is not guessed. Raises TableError."""
    form, compressed = kind_of(path)
    if form == "parquet":
        from klantbeeld.engines.files.parquet import open_parquet

        return open_parquet(path, sample_rows=sample_rows)
    if form != "delimited" and delimiter is None:
        from klantbeeld.engines.files.flat import open_flat

        return open_flat(path, encoding=encoding, sample_rows=sample_rows)
    found = encoding_of(path, compressed=compressed, declared=encoding)
    first = _first_lines(path, compressed, found)
    dialect = detect_dialect(first, delimiter=delimiter, quote=quote, header=header)
    columns, notes = _columns(path, first, dialect)
    opened = TableFile(path, "delimited", columns, _no_rows(columns), found, dialect, compressed, None, notes)
    return replace(opened, sample=_sample(opened, sample_rows))


def read_table(opened: TableFile, columns: Sequence[str] | None = None, progress: Progress | None = None) -> TableRead:
    """Read a file, or only these of its columns, into text; rows that cannot be read are counted, not lost silently.

    Raises TableError when more than half of the rows would be refused: then the file is not what it was taken for.
    """
    wanted = tuple(columns) if columns is not None else opened.columns
    if opened.form == "parquet":
        from klantbeeld.engines.files.parquet import read_parquet

        return read_parquet(opened, wanted, progress)
    if opened.records is not None:
        from klantbeeld.engines.files.flat import read_flat

        return read_flat(opened, wanted, progress)
    refusals = Refusals()
    table, lines = _collect(opened, wanted, refusals, _with_progress(opened, progress))
    if refusals.count > 20 and refusals.count > len(lines):
        first, total, width = refusals.rows[0], refusals.count + len(lines), len(opened.columns)
        raise TableError(
            opened.path,
            line=first.line,
            en=f"{refusals.count} of {total} rows do not have the {width} values of "
            "the header; name the right delimiter, quote and encoding in the mapping file",
            nl=f"{refusals.count} van {total} regels hebben niet de {width} waarden van "
            "de kopregel; noem het juiste scheidingsteken, aanhalingsteken en de codering in het mappingbestand",
        )
    return TableRead(table, lines, refusals)


def clean(column: "pa.ChunkedArray | pa.Array") -> "pa.ChunkedArray | pa.Array":
    """Trim text and make empty values and the usual marks for a missing value null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column)
    gone = pc.is_in(trimmed, value_set=pa.array(["", *MISSING], pa.string()))
    return pc.if_else(gone, pa.scalar(None, pa.string()), trimmed)


def _first_lines(path: Path, compressed: bool, encoding: Encoding) -> list[str]:
    with open_text(path, encoding, compressed=compressed) as text:
        lines: list[str] = []
        size = 0
        while len(lines) < DIALECT_LINES and size < 4 * BLOCK:
            line = text.readline(LINE_LIMIT)
            if not line:
                break
            lines.append(line)
            size += len(line)
    if not any(line.strip() for line in lines):
        raise TableError(path, en="the file holds only blank lines", nl="het bestand bevat alleen lege regels")
    return lines


def _columns(path: Path, first: list[str], dialect: Dialect) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    import csv

    notes: list[Text] = []
    line = dialect.skip + 1
    try:
        reader = csv.reader(first[dialect.skip :], **dialect.reader_options())  # type: ignore[arg-type]
        cells = [_readable(cell).strip().lstrip("\ufeff") for cell in next(row for row in reader if row)]
    except (csv.Error, StopIteration) as error:
        raise TableError(
            path,
            line=line,
            en=f"the first row cannot be read: {error}",
            nl=f"de eerste regel is niet te lezen: {error}",
        ) from error
    if len(cells) > COLUMN_LIMIT:
        raise TableError(
            path,
            line=line,
            en=f"the first row has {len(cells)} values with delimiter {dialect.delimiter_label!r}; "
            f"a table may have {COLUMN_LIMIT} columns",
            nl=f"de eerste regel heeft {len(cells)} waarden met scheidingsteken {dialect.delimiter_label!r}; "
            f"een tabel mag {COLUMN_LIMIT} kolommen hebben",
        )
    if not dialect.header:
        notes.append(
            {
                "en": "the first row looks like data, so the columns are called column_1, column_2 and so on",
                "nl": "de eerste regel lijkt een gegevensregel; de kolommen heten daarom column_1, column_2 enzovoort",
            }
        )
        cells = [""] * len(cells)
    return unique_names(cells), tuple(notes)


def _readable(cell: str) -> str:
    """Replace what cannot be part of a column name: undecodable bytes and NUL."""
    return cell.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def _no_rows(columns: Sequence[str]) -> "pa.Table":
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.string()) for name in columns})


def _rows(opened: TableFile, refusals: Refusals, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    dialect = opened.dialect
    assert dialect is not None  # noqa: S101  # only delimited files come here
    for _line in range(dialect.skip + (1 if dialect.header else 0)):
        text.readline()
    return iterate_rows(text, dialect, opened.columns, refusals)


def _sample(opened: TableFile, rows: int) -> "pa.Table":
    return _collect(opened, opened.columns, Refusals(), lambda rows_, _text: islice(rows_, rows))[0]


Feed = Callable[[Iterator[tuple[int, list[str]]], io.TextIOWrapper], Iterator[tuple[int, list[str]]]]


def _with_progress(opened: TableFile, progress: Progress | None) -> Feed:
    size = os.path.getsize(opened.path)

    def feed(rows: Iterator[tuple[int, list[str]]], text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        raw: Any = getattr(getattr(text.buffer, "raw", None), "fileobj", None) or text.buffer
        for position, row in enumerate(rows):
            if progress and position % BATCH_ROWS == 0:
                progress(min(raw.tell() / size, 1.0))
            yield row
        if progress:
            progress(1.0)

    return feed


def _collect(opened: TableFile, wanted: Sequence[str], refusals: Refusals, feed: Feed) -> "tuple[pa.Table, pa.Array]":
    """Read rows in batches and turn the wanted columns into Arrow, batch by batch."""
    import pyarrow as pa

    assert opened.encoding is not None  # noqa: S101  # only delimited files come here
    places = [opened.columns.index(name) for name in wanted]
    chunks: list[list[pa.Array]] = [[] for _ in wanted]
    numbers: list[int] = []
    with open_text(opened.path, opened.encoding, compressed=opened.compressed) as text:
        rows = feed(_rows(opened, refusals, text), text)
        while batch := list(islice(rows, BATCH_ROWS)):
            numbers.extend(map(itemgetter(0), batch))
            columns = list(zip(*map(itemgetter(1), batch), strict=True))
            for chunk, place in zip(chunks, places, strict=True):
                chunk.append(pa.array(columns[place], pa.string()))
    table = pa.table({name: clean(pa.chunked_array(c, pa.string())) for name, c in zip(wanted, chunks, strict=True)})
    return table, pa.array(numbers, pa.int64())
