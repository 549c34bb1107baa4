"""Parquet files as tables of text."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from klantbeeld.engines.files.errors import TableError, Text
from klantbeeld.engines.files.limits import LIMITS
from klantbeeld.engines.files.names import unique_names
from klantbeeld.engines.files.parquet_records import damaged, open_checked
from klantbeeld.engines.files.tables import Progress, TableFile, TableRead, clean

if TYPE_CHECKING:
    import pyarrow as pa


def open_parquet(path: Path, *, sample_rows: int) -> TableFile:
    """Look at a Parquet file: its columns and the first rows. Columns that hold lists or structures are left out."""
    import pyarrow as pa

    file = open_checked(path, LIMITS)
    schema = file.schema_arrow
    flat = [field.name for field in schema if not pa.types.is_nested(field.type) and not _is_bytes(field.type)]
    left_out = [field.name for field in schema if field.name not in set(flat)]
    notes: tuple[Text, ...] = ()
    if left_out:
        names = ", ".join(left_out)
        notes = (
            {"en": f"left out, not plain values: {names}", "nl": f"overgeslagen, geen enkelvoudige waarden: {names}"},
        )
    if not flat:
        raise TableError(path, en="no column holds plain values", nl="geen enkele kolom bevat enkelvoudige waarden")
    if unique_names(flat) != tuple(flat):
        raise TableError(
            path,
            en="two columns have the same name, or one has none",
            nl="twee kolommen heten hetzelfde, of één heeft geen naam",
        )
    try:
        batch = next(file.iter_batches(batch_size=sample_rows, columns=flat), None)
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from error
    table = pa.table({name: pa.array([], pa.string()) for name in flat})
    if batch is not None:
        table = pa.table({name: _as_text(batch.column(name)) for name in flat})
    return TableFile(path, "parquet", tuple(flat), table, rows=file.metadata.num_rows, notes=notes)


def read_parquet(opened: TableFile, columns: Sequence[str], progress: Progress | None) -> TableRead:
    """Read these columns as text, one batch of rows at a time."""
    import pyarrow as pa

    chunks: list[list[pa.Array]] = [[] for _ in columns]
    done, rows = 0, max(opened.rows or 0, 1)
    try:
        for batch in open_checked(opened.path, LIMITS).iter_batches(batch_size=131_072, columns=list(columns)):
            for chunk, name in zip(chunks, columns, strict=True):
                chunk.append(_as_text(batch.column(name)))
            done += batch.num_rows
            if progress:
                progress(min(done / rows, 1.0))
    except (pa.ArrowException, OSError) as error:
        raise damaged(opened.path, error) from error
    table = pa.table({name: pa.chunked_array(c, pa.string()) for name, c in zip(columns, chunks, strict=True)})
    return TableRead(table, pa.array(range(1, done + 1), pa.int64()))


def _is_bytes(type_: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_binary(type_) or pa.types.is_large_binary(type_) or pa.types.is_fixed_size_binary(type_))


def _as_text(column: "pa.Array") -> "pa.Array":
    """Turn values into text as a person would write them: 2119.0 of a column of whole numbers becomes 2119."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
        whole = pc.all(pc.or_kleene(pc.is_null(column), pc.equal(pc.floor(column), column))).as_py()
        largest = pc.max(pc.abs(column)).as_py() or 0
        if whole is not False and largest < 2**53:
            column = column.cast(pa.int64())
    if pa.types.is_timestamp(column.type):
        midnight = pc.all(pc.equal(pc.floor_temporal(column, unit="day"), column)).as_py()
        if midnight is not False:
            column = column.cast(pa.date32(), safe=False)
    text = clean(column.cast(pa.string()))
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
