"""Bring the rows of all files into one table with one column per meaning, ready for the matching engine."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.cli.language import Text
from klantbeeld.cli.resolve.mapping import ColumnMapping, FileMapping, Mapping, MappingError, guess_kind
from klantbeeld.engines.files import Refusals, TableFile, TableRead, read_table
from klantbeeld.engines.matching import DateOrder, Field, FieldType, Kind, Schema

FILE, SOURCE, RECORD_ID, RECORD_KEY, UPDATED_AT = "_file", "_source", "_record_id", "_record_key", "_updated_at"
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})(?:[T\s].*)?")
COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(\d\d)(\d\d)")
YEAR_MONTH_DAY = re.compile(r"(1[0-9]\d\d|20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(.*)")
# A whole is used only in rows where its parts are not: else the same evidence would count twice.
WHOLES = {FieldType.FULL_NAME: (FieldType.FAMILY_NAME,), FieldType.ADDRESS: (FieldType.STREET,)}


@dataclass(frozen=True, slots=True)
class Input:
    """One file as it was read: rows, refused rows, its columns by field name, and what was noticed."""

    name: str
    path: Path
    opened: TableFile
    mapping: FileMapping
    rows: int
    refusals: Refusals
    fields: dict[str, str]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """All records: `table` has a text column per field, and _file, _source, _record_id, _record_key and
    _updated_at.

    `truth`: int64[n], equal numbers mean the same entity, -1 unknown; None when no truth column was asked for.
    """

    table: pa.Table
    schema: Schema
    inputs: tuple[Input, ...]
    file_index: np.ndarray
    truth: np.ndarray | None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the field columns."""
        return tuple(field.name for field in self.schema.fields)


def combine(
    opened: Sequence[TableFile],
    mapping: Mapping,
    *,
    given: Path | None,
    truth: str | None,
    progress: Callable[[str, float], None],
) -> Combined:
    """Read all files by their mapping. `given` is the mapping file, None when the mapping was guessed.

    Raises MappingError or TableError.
    """
    names = file_names([file.path for file in opened])
    sources = _source_names(names)
    order = _common_order(mapping)
    specs: dict[str, Field] = {}
    inputs: list[Input] = []
    parts: list[pa.Table] = []
    truths: list[pa.ChunkedArray] = []
    for name, file in zip(names, opened, strict=True):
        found = mapping.find(file.path)
        assert found is not None  # noqa: S101  # the caller made or checked one per file
        placed = _place(found, specs)
        wanted = [column.column for column in found.used()]
        wanted += [c for c in (found.record_id, found.source_column, found.updated_at, truth) if c]
        read = read_table(file, list(dict.fromkeys(wanted)), partial(progress, name))
        ids, notes = _record_ids(found, read, given)
        source = found.source or sources[name]
        parts.append(_part(name, source, found, read, ids, placed, order))
        if truth:
            truths.append(read.table[truth])
        inputs.append(
            Input(name, file.path, file, found, len(read.lines), read.refusals, placed, (*file.notes, *notes))
        )
    table = pa.concat_tables(parts, promote_options="default")
    specs = dict(sorted(specs.items(), key=lambda item: (TYPE_ORDER[item[1].type], item[1].group, item[0])))
    table = _with_all(table, specs)
    index = np.repeat(np.arange(len(inputs)), [i.rows for i in inputs])
    return Combined(table, _schema(mapping, specs, order), tuple(inputs), index, _truth(truths) if truth else None)


def file_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """Name each file by as little of its path as tells them apart."""
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        names = [path.as_posix() for path in paths]
    return tuple(names)


def _source_names(names: Sequence[str]) -> dict[str, str]:
    """Call the system of a file after the file: without its ending where that stays clear."""
    stems = {name: re.sub(r"(\.(csv|tsv|txt|parquet|gz))+$", "", name) or name for name in names}
    return stems if len(set(stems.values())) == len(names) else {name: name for name in names}


def _place(file: FileMapping, specs: dict[str, Field]) -> dict[str, str]:
    """Give each column of a file its field, the second phone of a file `phone_2`; remember the fields of all files."""
    placed: dict[str, str] = {}
    for column in file.used():
        base = _field_name(column)
        name, number = base, 2
        while name in placed:
            name, number = f"{base}_{number}", number + 1
        placed[name] = column.column
        # The second value of an identifier or category is compared with the first: same scheme.
        scheme = column.scheme or (base if FieldType(column.type) in SCHEMED else "")
        specs.setdefault(name, Field(name, FieldType(column.type), scheme, column.group, column.evidence))
    return placed


TYPE_ORDER = {type_: place for place, type_ in enumerate(FieldType)}
FIELD_TYPES = frozenset(type_.value for type_ in FieldType)
SCHEMED = frozenset({FieldType.IDENTIFIER, FieldType.CATEGORY, FieldType.TEXT})


def _field_name(column: ColumnMapping) -> str:
    if FieldType(column.type) in SCHEMED:
        name = _plain_name(column.scheme or column.column)
        return f"{column.type}_{name}" if name in FIELD_TYPES else name
    return column.type + (f"_{_plain_name(column.group)}" if column.group else "")


def _plain_name(text: str) -> str:
    return re.sub(r"\W+", "_", text.lower()).strip("_") or "value"


def _record_ids(file: FileMapping, read: TableRead, given: Path | None) -> tuple[pa.Array, tuple[Text, ...]]:
    """Return the id of every record: the column mapped as such when it is unique, else the row number from 1."""
    numbers = pa.array(read.numbers()).cast(pa.string())
    if not file.record_id:
        return numbers, ()
    ids = read.table[file.record_id].combine_chunks()
    missing = ids.null_count
    double = len(ids) - missing - pc.count_distinct(ids, mode="only_valid").as_py()
    if not missing and not double:
        return ids, ()
    en = f"{file.record_id}: {double} values stand there more than once and {missing} are empty"
    nl = f"{file.record_id}: {double} waarden komen vaker voor en {missing} zijn leeg"
    if given is not None:
        line = next((c.line for c in file.columns if c.column == file.record_id), file.line)
        raise MappingError(
            given,
            line,
            f"{file.name} › record_id",
            en=f"{en}; a record id must be unique. Leave record_id out to use row numbers",
            nl=f"{nl}; een record-id moet uniek zijn. Laat record_id weg om regelnummers te gebruiken",
        )
    note: Text = {"en": f"{en}, so row numbers are used", "nl": f"{nl}; daarom worden regelnummers gebruikt"}
    return numbers, (note,)


def _part(
    name: str, source: str, file: FileMapping, read: TableRead, ids: pa.Array, placed: dict[str, str], order: DateOrder
) -> pa.Table:
    own_order = DateOrder(file.date_order) if file.date_order else order
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    types = {column.column: FieldType(column.type) for column in file.used()}
    for field, column in placed.items():
        values = read.table[column]
        columns[field] = iso_dates(values, own_order) if types[column] == FieldType.BIRTH_DATE else values
    for field, column in placed.items():
        for part in WHOLES.get(types[column], ()):
            group = field.removeprefix(types[column].value)
            if (beside := f"{part.value}{group}") in columns:
                columns[field] = pc.if_else(pc.is_valid(columns[beside]), pa.scalar(None, pa.string()), columns[field])
    rows = len(read.lines)
    columns[FILE] = pa.array([name] * rows, pa.string())
    columns[SOURCE] = pa.array([source] * rows, pa.string())
    if file.source_column:
        columns[SOURCE] = pc.coalesce(read.table[file.source_column].combine_chunks(), columns[SOURCE])
    columns[RECORD_ID] = ids
    columns[RECORD_KEY] = pc.binary_join_element_wise(pa.scalar(name), ids, "#")
    if file.updated_at:
        columns[UPDATED_AT] = iso_dates(read.table[file.updated_at], own_order, only=True)
    else:
        columns[UPDATED_AT] = pa.nulls(rows, pa.string())
    return pa.table(columns)


def iso_dates(values: pa.ChunkedArray, order: DateOrder, *, only: bool = False) -> pa.Array:
    """Write dates with a four-digit year as ISO 8601, so that text order is time order; leave others as they are.

    `only`: make what is not such a date null.
    """
    coded = values.combine_chunks().dictionary_encode()
    written = [_iso(value, order, only) for value in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(written, pa.string())).dictionary_decode()


def _iso(value: str | None, order: DateOrder, only: bool) -> str | None:
    if value is None:
        return None
    rest = ""
    if found := DAY_MONTH_YEAR.fullmatch(value):
        first, second, year = found.groups()
        day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
        if int(month) > 12:
            day, month = month, day
    elif found := COMPACT.fullmatch(value):
        year, month, day = found.groups()
    elif found := YEAR_MONTH_DAY.fullmatch(value):
        year, month, day, rest = found.groups()
    else:
        return None if only else value
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None if only else value
    date = f"{year}-{int(month):02d}-{int(day):02d}"
    return date + rest if only else date


def _with_all(table: pa.Table, specs: dict[str, Field]) -> pa.Table:
    for name in specs:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def _common_order(mapping: Mapping) -> DateOrder:
    """Return the order that most files show; day first when none does, month first in the United States."""
    shown = [file.date_order for file in mapping.files if file.date_order]
    default = DateOrder.MONTH_FIRST if mapping.country == "US" else DateOrder.DAY_FIRST
    return DateOrder(max(set(shown), key=lambda o: (shown.count(o), o))) if shown else default


def _schema(mapping: Mapping, specs: dict[str, Field], order: DateOrder) -> Schema:
    kinds = {file.kind or guess_kind(file.columns) for file in mapping.files}
    kind = Kind(kinds.pop()) if len(kinds) == 1 else Kind.MIXED
    return Schema(
        tuple(specs.values()), kind, source=SOURCE, record_key=RECORD_KEY, country=mapping.country, date_order=order
    )


def _truth(truths: Sequence[pa.ChunkedArray]) -> np.ndarray:
    """Number the values of the truth column over all files; -1 where it is empty."""
    chunks = [chunk for column in truths for chunk in column.chunks]
    codes = pa.chunked_array(chunks, pa.string()).combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(codes, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
