"""Rows of a Parquet file as records with values of their own kind, batch by batch."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.files.errors import Refusals, TableError, Text
from klantbeeld.engines.files.limits import Limits
from klantbeeld.engines.files.packed import check_size
from klantbeeld.engines.files.trees import fault_of

if TYPE_CHECKING:
    import pyarrow.parquet as pq

ROWS = 2_048
GROUP_BYTES = 2 << 30  # of one column in one group of rows, which is read as a whole


def open_checked(path: Path, limits: Limits) -> "pq.ParquetFile":
    """Open a Parquet file whose own figures stay within the limits; raises TableError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_size(path, limits)
    try:
        file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
        metadata = file.metadata
        if len(file.schema_arrow) > limits.columns:
            raise TableError(
                path,
                en=f"the file has {len(file.schema_arrow)} columns; a table may have {limits.columns}",
                nl=f"het bestand heeft {len(file.schema_arrow)} kolommen; een tabel mag er {limits.columns} hebben",
            )
        total = 0
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            total += group.total_byte_size
            if any(group.column(n).total_uncompressed_size > GROUP_BYTES for n in range(group.num_columns)):
                total = limits.unpacked_bytes + 1
        if total > limits.unpacked_bytes:
            raise TableError(
                path,
                en="the file unpacks to more than may be read; write it with smaller groups of rows",
                nl="het bestand wordt uitgepakt groter dan gelezen mag worden; schrijf het met kleinere rijgroepen",
            )
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from error
    return file


def columns_of(path: Path, limits: Limits) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    """The names of the columns; raises TableError when two are the same."""
    names = tuple(open_checked(path, limits).schema_arrow.names)
    if len(set(names)) != len(names) or "" in names:
        raise TableError(
            path,
            en="two columns have the same name, or one has none",
            nl="twee kolommen heten hetzelfde, of één heeft geen naam",
        )
    return names, ()


class ParquetRows:
    """The rows of a file, and how many of them are behind us."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._file = open_checked(path, limits)
        self._done = 0

    @property
    def share(self) -> float:
        """0..1 of the rows."""
        return min(self._done / max(self._file.metadata.num_rows, 1), 1.0)

    def iterate(self, refusals: Refusals) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (number of the row from 1, record); raises TableError when the file is damaged."""
        import pyarrow as pa

        try:
            for batch in self._file.iter_batches(batch_size=ROWS):
                for row in batch.to_pylist():
                    self._done += 1
                    record = {name: plain(value) for name, value in row.items()}
                    if fault := fault_of(record, self._limits):
                        refusals.add(self._done, fault[0], str(record)[:200], fault[1])
                    else:
                        yield self._done, record
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise damaged(self._path, error) from error
        finally:
            self._file.close()


def plain(value: Any) -> Any:
    """A value as JSON can hold it: days and moments as ISO 8601, exact numbers as numbers, bytes as text or hex."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            return float(value)
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(bytes(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, tuple):
        return {"key": plain(value[0]), "value": plain(value[1])} if len(value) == 2 else [plain(one) for one in value]
    return str(value)


def _bytes(value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return value.hex() if "\0" in text else text


def damaged(path: Path, error: Exception) -> TableError:
    """What is said of a file that cannot be read on."""
    return TableError(
        path, en=f"the Parquet file is damaged: {error}", nl=f"het Parquet-bestand is beschadigd: {error}"
    )
