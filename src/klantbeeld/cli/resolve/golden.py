"""Golden values: which of the values of a customer's records is shown, and why.

Values that belong together are chosen together from one record: prefix with family name, the parts of an address.
What a person keeps for life goes by how many records agree; what changes goes by the newest record, where files tell.
Ties fall by completeness, then by the order of record keys, so the result does not depend on the order of input.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.cli.resolve.combine import FILE, RECORD_ID, RECORD_KEY, UPDATED_AT, Combined
from klantbeeld.engines.matching import Field, FieldType
from klantbeeld.engines.matching.fields import ADDRESS_TYPES

CHANGING = ADDRESS_TYPES | {
    FieldType.PHONE,
    FieldType.EMAIL,
    FieldType.WEBSITE,
    FieldType.FAMILY_NAME,
    FieldType.NAME_PREFIX,
    FieldType.FULL_NAME,
    FieldType.PARTNER_NAME,
}
SURNAME = frozenset({FieldType.NAME_PREFIX, FieldType.FAMILY_NAME})
RULES = ("only", "agreed", "frequency", "recency", "completeness", "order")
PROVENANCE = pa.list_(
    pa.struct(
        [
            ("field", pa.dictionary(pa.int32(), pa.string())),
            ("file", pa.dictionary(pa.int32(), pa.string())),
            ("record_id", pa.string()),
            ("rule", pa.dictionary(pa.int32(), pa.string())),
            ("agreeing", pa.int32()),
            ("values", pa.int32()),
        ]
    )
)


Distinct = tuple[pa.Array, np.ndarray]
"""The distinct values of a column and per row the place in them, -1 for none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The values of one unit (one field, or fields that belong together) for the customers that have any.

    All arrays have one entry per such customer: its number, the winning row, the rule that decided (position in
    RULES), how many records agree with it, and how many different values there were.
    """

    fields: tuple[str, ...]
    customers: np.ndarray
    rows: np.ndarray
    rule: np.ndarray
    agreeing: np.ndarray
    values: np.ndarray


def golden_table(combined: Combined, customer: np.ndarray, suggested: np.ndarray, household: np.ndarray) -> pa.Table:
    """Return one row per customer: ids, number of records, files, golden values, and where each came from.

    `customer`, `suggested`, `household`: int64[n] from the matching engine. `provenance` is null for a customer with
    one record: every value is from that record.
    """
    first = np.flatnonzero(customer == np.arange(len(customer)))  # a group is named by its smallest row
    ids = customer[first]
    dense = np.searchsorted(ids, customer)
    counts = np.bincount(dense, minlength=len(ids))
    columns: dict[str, pa.Array] = {
        "customer_id": pa.array(ids + 1),
        "suggested_id": pa.array(suggested[first] + 1),
        "household_id": pa.array(household[first] + 1),
        "records": pa.array(counts.astype(np.int32)),
        "files": _files_of(combined, dense, len(ids)),
    }
    choices = list(_choices(combined, dense))
    for choice in choices:
        rows = np.full(len(ids), -1, dtype=np.int64)
        rows[choice.customers] = choice.rows
        taken = pa.array(rows, mask=rows < 0)
        for field in choice.fields:
            columns[field] = combined.table[field].combine_chunks().take(taken)
    columns["provenance"] = _provenance(combined, choices, counts)
    return pa.table(columns)


def _files_of(combined: Combined, dense: np.ndarray, customers: int) -> pa.Array:
    pairs = np.unique(dense * len(combined.inputs) + combined.file_index)
    owner, file = np.divmod(pairs, len(combined.inputs))
    offsets = np.searchsorted(owner, np.arange(customers + 1)).astype(np.int32)
    names = pa.array([i.name for i in combined.inputs], pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), names.take(pa.array(file)))


def _units(fields: Sequence[Field]) -> Iterator[tuple[Field, ...]]:
    """Yield the fields that are chosen together: surname, each address; every other field alone."""
    done: set[str] = set()
    for field in fields:
        if field.name in done or field.type == FieldType.RECORD_KIND:
            continue
        if field.type in SURNAME:
            suffix = field.name.removeprefix(field.type.value)
            unit = tuple(f for f in fields if f.type in SURNAME and f.name.removeprefix(f.type.value) == suffix)
        elif field.type in ADDRESS_TYPES:
            unit = tuple(f for f in fields if f.type in ADDRESS_TYPES and f.group == field.group)
        else:
            unit = (field,)
        done.update(f.name for f in unit)
        yield unit


def _choices(combined: Combined, dense: np.ndarray) -> Iterator[Choice]:
    key_rank = _rank(combined.table[RECORD_KEY])
    recency = _recency(combined.table[UPDATED_AT])
    alone = np.bincount(dense)[dense] == 1
    for unit in _units(combined.schema.fields):
        names = tuple(field.name for field in unit)
        columns = [_distinct(combined.table[name]) for name in names]
        filled = np.logical_or.reduce([place >= 0 for _values, place in columns])
        present = np.flatnonzero(filled & ~alone)
        columns = [(values, place[present]) for values, place in columns]
        choice = _choose(
            names,
            dense[present],
            present,
            _codes(unit, columns),
            recency[present],
            _complete(columns),
            key_rank[present],
            unit[0].type in CHANGING,
        )
        choice = _with_single(choice, dense, np.flatnonzero(filled & alone))
        if len(choice.customers):
            yield choice


def _with_single(choice: Choice, dense: np.ndarray, rows: np.ndarray) -> Choice:
    """Add the customers with one record, whose values are not contested."""
    one = np.ones(len(rows), dtype=np.int64)
    return Choice(
        choice.fields,
        np.concatenate([choice.customers, dense[rows]]),
        np.concatenate([choice.rows, rows]),
        np.concatenate([choice.rule, RULES.index("only") * one]),
        np.concatenate([choice.agreeing, one]),
        np.concatenate([choice.values, one]),
    )


def _choose(
    names: tuple[str, ...],
    owner: np.ndarray,
    row: np.ndarray,
    code: np.ndarray,
    recency: np.ndarray,
    complete: np.ndarray,
    key: np.ndarray,
    changing: bool,
) -> Choice:
    """Choose one row per owner by the order of rules, and find the rule that set it apart from other values."""
    span = int(code.max(initial=0)) + 1
    _pairs, inverse, counts = np.unique(owner * span + code, return_inverse=True, return_counts=True)
    frequency = counts[inverse]
    newest = np.full(len(counts), -1, dtype=np.int64)
    np.maximum.at(newest, inverse, recency)
    ranked = (newest[inverse], frequency) if changing else (frequency, newest[inverse])
    order = np.lexsort((key, -complete, -ranked[1], -ranked[0], owner))
    starts = np.flatnonzero(np.r_[len(order) > 0, owner[order][1:] != owner[order][:-1]][: len(order)])
    winner = order[starts]
    customers = owner[winner]
    values = np.bincount(np.searchsorted(customers, _pairs // span), minlength=len(customers))
    rule = _rules(owner, code, winner, customers, values, frequency, newest[inverse], complete, changing)
    return Choice(names, customers, row[winner], rule, frequency[winner], values)


def _rules(
    owner: np.ndarray,
    code: np.ndarray,
    winner: np.ndarray,
    customers: np.ndarray,
    values: np.ndarray,
    frequency: np.ndarray,
    newest: np.ndarray,
    complete: np.ndarray,
    changing: bool,
) -> np.ndarray:
    """Name the first criterion, in the order they were applied, by which the winner beats every other value."""
    place = np.searchsorted(customers, owner)
    other = code != code[winner][place]
    rule = np.full(len(customers), RULES.index("order"))
    criteria = [("recency", newest), ("frequency", frequency)]
    criteria = [*(criteria if changing else criteria[::-1]), ("completeness", complete)]
    for name, measure in reversed(criteria):
        best = np.full(len(customers), -(2**40), dtype=np.int64)
        np.maximum.at(best, place[other], measure[other])
        rule[measure[winner] > best] = RULES.index(name)
    rule[values == 1] = RULES.index("agreed")
    rule[(values == 1) & (frequency[winner] == 1)] = RULES.index("only")
    return rule


def _distinct(column: pa.ChunkedArray) -> Distinct:
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary, pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)


def _codes(unit: Sequence[Field], columns: Sequence[Distinct]) -> np.ndarray:
    """Number the values so that notations of one value are equal: case, spaces and punctuation do not count."""
    types = [field.type for field in unit]
    if types == [FieldType.PHONE]:
        ((values, place),) = columns
        # The last nine digits are the same in 06-12345678, +31612345678 and 0031 6 12345678.
        digits = pc.replace_substring_regex(values, r"\D+", "")
        return _numbered(pc.utf8_slice_codeunits(digits, -9))[place]
    plain = [np.append(_numbered(_plain(values)) + 1, 0)[place] for values, place in columns]
    whole = _combined(plain)
    if {FieldType.POSTCODE, FieldType.HOUSE_NUMBER} <= set(types):
        # Postcode and number are an address; a street spelled differently is not another one.
        strict = [p for p, t in zip(plain, types, strict=True) if t in {FieldType.POSTCODE, FieldType.HOUSE_NUMBER}]
        full = np.logical_and.reduce([p > 0 for p in strict])
        whole = np.where(full, _combined(strict), whole + len(whole))
    return whole


def _plain(values: pa.Array) -> pa.Array:
    return pc.utf8_lower(pc.replace_substring_regex(values, r"[\s\p{P}]+", ""))


def _combined(numbers: Sequence[np.ndarray]) -> np.ndarray:
    """Number the combinations of several numberings, from 0 and below the number of rows."""
    whole = numbers[0]
    for other in numbers[1:]:
        whole = _numbered(pa.array(whole * (int(other.max(initial=0)) + 1) + other))
    return _numbered(pa.array(whole))


def _numbered(values: pa.Array) -> np.ndarray:
    return np.asarray(values.dictionary_encode().indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _complete(columns: Sequence[Distinct]) -> np.ndarray:
    """Measure how much a value tells: parts filled, then mixed case over one case only, then length."""
    total = np.zeros(len(columns[0][1]), dtype=np.int64)
    for values, place in columns:
        length = np.minimum(pc.utf8_length(values).to_numpy(), 255)
        one_case = pc.or_(pc.equal(values, pc.utf8_upper(values)), pc.equal(values, pc.utf8_lower(values)))
        merit = (length > 0) * 100_000 + ~one_case.to_numpy(False) * 1_000 + length
        total += np.append(merit, 0)[place]
    return total


def _rank(values: pa.ChunkedArray) -> np.ndarray:
    order = pc.sort_indices(values).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _recency(values: pa.ChunkedArray) -> np.ndarray:
    """Number moments (ISO text) by age, equal for equal ones; -1 where it is not known."""
    coded = values.combine_chunks().dictionary_encode()
    words = np.array(coded.dictionary.to_pylist(), dtype=str)
    rank = np.argsort(np.argsort(words))
    index = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.where(index >= 0, rank[index] if len(rank) else -1, -1).astype(np.int64)


def _provenance(combined: Combined, choices: Sequence[Choice], counts: np.ndarray) -> pa.Array:
    """List per customer of several records where each golden value came from and by which rule."""
    names = [name for choice in choices for name in choice.fields]
    parts: list[tuple[np.ndarray, ...]] = []
    position = 0
    for choice in choices:
        several = counts[choice.customers] > 1
        for name in choice.fields:
            rows = choice.rows[several]
            filled = pc.is_valid(combined.table[name].combine_chunks().take(pa.array(rows))).to_numpy(False)
            kept = (choice.customers, choice.rows, choice.rule, choice.agreeing, choice.values)
            owner, row, rule, agreeing, values = (array[several][filled] for array in kept)
            parts.append((owner, np.full(len(owner), position), row, rule, agreeing, values))
            position += 1
    joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)] if parts else [np.zeros(0, int)] * 6
    order = np.lexsort((joined[1], joined[0]))
    owner, field, row, rule, agreeing, values = (array[order] for array in joined)
    offsets = np.searchsorted(owner, np.arange(len(counts) + 1)).astype(np.int32)
    taken = pa.array(row)
    entries = pa.StructArray.from_arrays(
        [
            pa.DictionaryArray.from_arrays(pa.array(field, pa.int32()), pa.array(names, pa.string())),
            combined.table[FILE].combine_chunks().take(taken).dictionary_encode(),
            combined.table[RECORD_ID].combine_chunks().take(taken),
            pa.DictionaryArray.from_arrays(pa.array(rule, pa.int32()), pa.array(RULES, pa.string())),
            pa.array(agreeing, pa.int32()),
            pa.array(values, pa.int32()),
        ],
        fields=list(PROVENANCE.value_type),
    )
    mask = pa.array(counts <= 1)
    return pa.ListArray.from_arrays(pa.array(offsets), entries, type=PROVENANCE, mask=mask)
