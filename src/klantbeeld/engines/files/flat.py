"""Records of any form as a table of text, for those who work with columns."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.files.errors import Refusals, TableError, Text
from klantbeeld.engines.files.records import columns_of, open_records
from klantbeeld.engines.files.tables import BATCH_ROWS, Progress, TableFile, TableRead, clean
from klantbeeld.engines.files.trees import ErrorValue, flatten

if TYPE_CHECKING:
    import pyarrow as pa


def open_flat(path: Path, *, encoding: str | None, sample_rows: int) -> TableFile:
    """Look at a file with records: its columns are the paths in them. Raises TableError."""
    records = open_records(path, encoding=encoding)
    columns = columns_of(records, flatten)
    if not columns:
        raise TableError(path, en="the file holds no records", nl="het bestand bevat geen records")
    notes: tuple[Text, ...] = records.notes
    if records.place:
        notes = ({"en": f"records at {records.place}", "nl": f"records bij {records.place}"}, *notes)
    opened = TableFile(
        path,
        records.form,
        columns,
        _empty(columns),
        records.encoding,
        compressed=records.compressed,
        notes=notes,
        records=records,
    )
    if not sample_rows:
        return opened
    return replace(opened, sample=_collect(opened, columns, Refusals(), None, sample_rows)[0])


def read_flat(opened: TableFile, columns: Sequence[str], progress: Progress | None) -> TableRead:
    """Read these columns as text; what cannot become a record is counted."""
    refusals = Refusals()
    table, lines = _collect(opened, columns, refusals, progress, None)
    return TableRead(table, lines, refusals)


def _collect(
    opened: TableFile, columns: Sequence[str], refusals: Refusals, progress: Progress | None, most: int | None
) -> "tuple[pa.Table, pa.Array]":
    import pyarrow as pa

    assert opened.records is not None  # noqa: S101 - only files with records come here
    chunks: list[list[Any]] = [[] for _ in columns]
    waiting: list[list[str | None]] = [[] for _ in columns]
    numbers: list[int] = []

    def pack() -> None:
        for chunk, values in zip(chunks, waiting, strict=True):
            chunk.append(pa.array(values, pa.string()))
            values.clear()

    with opened.records.read(refusals) as reading:
        for number, record in reading:
            if most is not None and len(numbers) >= most:
                break
            flat = flatten({k: v for k, v in record.items() if not isinstance(v, ErrorValue)})
            for values, name in zip(waiting, columns, strict=True):
                values.append(flat.get(name))
            numbers.append(number)
            if len(numbers) % BATCH_ROWS == 0:
                pack()
                if progress and reading.share is not None:
                    progress(reading.share)
    pack()
    if progress:
        progress(1.0)
    table = pa.table({n: clean(pa.chunked_array(c, pa.string())) for n, c in zip(columns, chunks, strict=True)})
    return table, pa.array(numbers, pa.int64())


def _empty(columns: Sequence[str]) -> "pa.Table":
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.string()) for name in columns})
