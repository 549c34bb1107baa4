"""The batch road of the normaliser: Arrow columns to integer codes of atoms, each distinct value read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.engines.matching.fields import DateOrder, FieldType, Schema
from klantbeeld.engines.matching.normalise.dates import reads_month_first
from klantbeeld.engines.matching.normalise.record import Join, Plan, plan_of
from klantbeeld.engines.matching.normalise.text import clean

Codes = np.ndarray
"""int32, -1 for missing."""


@dataclass(slots=True)
class Pool:
    """All texts of a run, once; a code is a place in the list. Empty text is missing: code -1."""

    texts: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)

    def code(self, text: str) -> int:
        if not text:
            return -1
        found = self.index.get(text)
        if found is None:
            found = self.index[text] = len(self.texts)
            self.texts.append(text)
        return found

    def codes(self, texts: Iterable[str]) -> Codes:
        code = self.code
        return np.array([code(t) for t in texts], dtype=np.int32)

    def derive(self, codes: Codes, function: Callable[[str], str]) -> Codes:
        """Apply a function of text to every distinct value behind the codes."""
        table = np.full(len(self.texts) + 1, -1, np.int32)
        used = used_codes(codes, len(self.texts))
        texts = self.texts
        table[used] = self.codes([function(texts[c]) for c in used.tolist()])
        return table[codes]

    def derive_number(self, codes: Codes, function: Callable[[str], int], missing: int = 0) -> Codes:
        """The same for functions that give a number."""
        table = np.full(len(self.texts) + 1, missing, np.int32)
        used = used_codes(codes, len(self.texts))
        texts = self.texts
        table[used] = np.array([function(texts[c]) for c in used.tolist()], dtype=np.int32)
        return table[codes]


def used_codes(codes: Codes, size: int) -> np.ndarray:
    """The distinct codes that occur, without the missing one."""
    seen = np.zeros(size + 1, bool)
    seen[codes.ravel()] = True
    seen[-1] = False
    return np.flatnonzero(seen[:size])


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


def distinct(column: pa.ChunkedArray) -> tuple[list[object], np.ndarray]:
    """The distinct values of a column and per row the place in them (-1 for null)."""
    kind = column.type
    if pa.types.is_null(kind):
        return [], np.full(len(column), -1, np.int32)
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    elif pa.types.is_nested(kind):
        column = pa.chunked_array([pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())])
    encoded = pc.dictionary_encode(column.combine_chunks())
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return _values(encoded.dictionary), indices


def _values(dictionary: pa.Array) -> list[object]:
    try:
        values: list[object] = dictionary.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):  # bytes that are not text, dates beyond Python's
        binary = dictionary.cast(pa.binary()) if pa.types.is_string(dictionary.type) else dictionary.cast(pa.string())
        values = binary.to_pylist()
    return values


def encode(table: pa.Table, schema: Schema) -> Encoded:
    """Read a table by the plan of its schema. Raises KeyError naming a column that the table does not have."""
    plan = plan_of(schema)
    pool = Pool()
    n = table.num_rows
    atoms: dict[str, Codes] = {}
    for column in plan.columns:
        if column.name not in table.column_names:
            raise KeyError(f"The table has no column {column.name!r}; it has {', '.join(table.column_names)}")
        values, indices = distinct(table.column(column.name))
        parsed: list[list[str]] = [[] for _ in column.atoms]
        nothing = ("",) * len(column.atoms)
        parse = column.parse
        for value in values:
            text = clean(value)
            for into, part in zip(parsed, parse(text) if text else nothing, strict=True):
                into.append(part)
        for atom, parts in zip(column.atoms, parsed, strict=True):
            codes = np.append(pool.codes(parts), np.int32(-1))[indices].astype(np.int32, copy=False)
            mine = atoms.get(atom)
            atoms[atom] = codes if mine is None else np.where(mine >= 0, mine, codes)
    for join in plan.joins:
        atoms[join.atom] = _join(join, atoms, pool, n)
    return Encoded(n, pool, {a: c for a, c in atoms.items() if not a.startswith("~")})


def _join(join: Join, atoms: dict[str, Codes], pool: Pool, n: int) -> Codes:
    """Make an atom of several others, once per distinct combination."""
    inputs = [atoms.get(i) for i in join.inputs]
    present = [c for c in inputs if c is not None]
    if not present:
        return np.full(n, pool.code(join.make(*("" for _ in inputs))), np.int32)
    combination = np.zeros(n, np.int64)
    for codes in present:  # renumber at every step, so that the product never overflows
        _, combination = np.unique(combination * (len(pool.texts) + 1) + codes + 1, return_inverse=True)
    _, first, inverse = np.unique(combination, return_index=True, return_inverse=True)
    texts = pool.texts
    made = []
    for row in first.tolist():
        made.append(join.make(*("" if c is None or c[row] < 0 else texts[c[row]] for c in inputs)))
    return pool.codes(made)[inverse]


def with_date_order(table: pa.Table, schema: Schema) -> Schema:
    """The schema with an open order of dates decided by the unambiguous dates of its columns; day first when none."""
    if schema.date_order is not DateOrder.OPEN:
        return schema
    shown: list[str] = []
    for found in schema.of_type(FieldType.BIRTH_DATE):
        if found.name in table.column_names:
            shown += [text for text in map(clean, distinct(table.column(found.name))[0]) if text]
    month_first = reads_month_first(shown)
    return replace(schema, date_order=DateOrder.MONTH_FIRST if month_first else DateOrder.DAY_FIRST)


def features_plan(schema: Schema) -> Plan:
    """The plan that both roads share."""
    return plan_of(schema)
