"""The batch road of the normaliser: Arrow columns to integer codes of atoms, each distinct value read once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.engines.matching.fields import DateOrder, FieldType, Schema
from klantbeeld.engines.matching.normalise.dates import reads_month_first
from klantbeeld.engines.matching.normalise.record import Bulk, Column, Join, plan_of
from klantbeeld.engines.matching.normalise.text import clean
from klantbeeld.engines.matching.pool import FEW, Codes, Pool


@dataclass(slots=True)
class Encoded:
    """A table as codes: one int32 array per atom of the plan."""

    n: int
    pool: Pool
    atoms: dict[str, Codes]

    def of(self, atom: str) -> Codes:
        found = self.atoms.get(atom)
        return found if found is not None else np.full(self.n, -1, np.int32)

    def slots(self, stem: str) -> list[str]:
        """The atoms of one kind with several slots, in order: "phones#0", "phones#1"."""
        return sorted(a for a in self.atoms if a.startswith(f"{stem}#"))


def distinct(column: pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """The distinct values of a column and per row the place in them (-1 for null)."""
    kind = column.type
    if pa.types.is_null(kind):
        return pa.array([], pa.string()), np.full(len(column), -1, np.int32)
    if pa.types.is_nested(kind):
        column = pa.chunked_array([pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())])
    encoded = column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else pa.array([], kind)
    if not pa.types.is_dictionary(encoded.type):
        encoded = pc.dictionary_encode(encoded)
    elif encoded.dictionary.null_count or len(pc.unique(encoded.dictionary)) != len(encoded.dictionary):
        encoded = pc.dictionary_encode(encoded.dictionary_decode())
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return encoded.dictionary, indices


def values_of(dictionary: pa.Array) -> list[object]:
    """The distinct values as Python has them; text where Python has nothing for them."""
    try:
        values: list[object] = dictionary.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):  # bytes that are not text, dates beyond Python's
        binary = dictionary.cast(pa.binary()) if pa.types.is_string(dictionary.type) else dictionary.cast(pa.string())
        values = binary.to_pylist()
    return values


def encode(table: pa.Table, schema: Schema, order: np.ndarray | None = None) -> Encoded:
    """Read a table by the plan of its schema, its rows in this order.

    Raises KeyError naming a column that the table does not have.
    """
    plan = plan_of(schema)
    pool = Pool()
    n = table.num_rows
    atoms: dict[str, Codes] = {}
    for column in plan.columns:
        if column.name not in table.column_names:
            raise KeyError(f"The table has no column {column.name!r}; it has {', '.join(table.column_names)}")
        dictionary, indices = distinct(table.column(column.name))
        if order is not None:
            indices = indices[order]
        for atom, parts in zip(column.atoms, _read(column, dictionary), strict=True):
            codes = np.append(pool.codes(parts), np.int32(-1))[indices].astype(np.int32, copy=False)
            mine = atoms.get(atom)
            atoms[atom] = codes if mine is None else np.where(mine >= 0, mine, codes)
    for join in plan.joins:
        atoms[join.atom] = _join(join, atoms, pool, n)
    return Encoded(n, pool, {a: c for a, c in atoms.items() if not a.startswith("~")})


def _read(column: Column, dictionary: pa.Array) -> list[list[str]]:
    """What the distinct values of a column say: a list of texts for every atom that it fills."""
    text = pa.types.is_string(dictionary.type) or pa.types.is_large_string(dictionary.type)
    if column.bulk and text and len(dictionary) >= FEW:
        return [_read_in_bulk(column, column.bulk, dictionary)]
    parsed: list[list[str]] = [[] for _ in column.atoms]
    nothing = ("",) * len(column.atoms)
    parse = column.parse
    for value in values_of(dictionary):
        text = clean(value)
        for into, part in zip(parsed, parse(text) if text else nothing, strict=True):
            into.append(part)
    return parsed


def _read_in_bulk(column: Column, way: Bulk, dictionary: pa.Array) -> list[str]:
    """Usual notations compiled, the others one by one."""
    from klantbeeld.engines.matching.normalise.bulk import read_column

    large = dictionary.cast(pa.large_string())
    _, starts, data = large.buffers()
    start = np.frombuffer(starts, np.int64)[large.offset : large.offset + len(large) + 1]
    found = read_column(np.frombuffer(data or b"\0", np.uint8), start, way.mail, way.country)
    buffers = [None, pa.py_buffer(found[1]), pa.py_buffer(found[0])]
    read: list[str] = pa.Array.from_buffers(pa.large_string(), len(large), buffers).to_pylist()
    unusual = np.flatnonzero(~found[2])
    for place, value in zip(unusual.tolist(), values_of(large.take(pa.array(unusual))), strict=True):
        text = clean(value)
        read[place] = column.parse(text)[0] if text else ""
    return read


def _join(join: Join, atoms: dict[str, Codes], pool: Pool, n: int) -> Codes:
    """Make an atom of several others, once per distinct combination."""
    inputs = [atoms.get(i) for i in join.inputs]
    present = [c for c in inputs if c is not None]
    if not present:
        return np.full(n, pool.code(join.make(*("" for _ in inputs))), np.int32)
    combination = present[0].astype(np.int64) + 1
    for codes in present[1:]:  # renumber at every step, so that the product never overflows
        combination = combination * (len(pool.texts) + 1) + codes + 1
        combination = distinct(pa.chunked_array([pa.array(combination)]))[1].astype(np.int64)
    first, inverse = _firsts(combination)
    texts = pool.texts
    made = []
    for row in first.tolist():
        made.append(join.make(*("" if c is None or c[row] < 0 else texts[c[row]] for c in inputs)))
    return pool.codes(made)[inverse]


def _firsts(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place where each distinct number is first met, and per number the place of its own in them."""
    inverse = distinct(pa.chunked_array([pa.array(numbers)]))[1]
    first = np.full(int(inverse.max(initial=-1)) + 1, len(numbers), np.int64)
    np.minimum.at(first, inverse, np.arange(len(numbers)))
    return first, inverse


def with_date_order(table: pa.Table, schema: Schema) -> Schema:
    """The schema with an open order of dates decided by the unambiguous dates of its columns; day first when none."""
    if schema.date_order is not DateOrder.OPEN:
        return schema
    shown: list[str] = []
    for found in schema.of_type(FieldType.BIRTH_DATE):
        if found.name in table.column_names:
            shown += [text for text in map(clean, values_of(distinct(table.column(found.name))[0])) if text]
    month_first = reads_month_first(shown)
    return replace(schema, date_order=DateOrder.MONTH_FIRST if month_first else DateOrder.DAY_FIRST)
