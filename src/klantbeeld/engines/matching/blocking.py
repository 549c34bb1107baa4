"""Candidate pairs from keys: every pair once, oversize blocks left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit

CAPS = (2000, 1000, 500, 250, 120, 60, 40, 25, 15, 10, 6)
"""Block sizes tried from large to small until the pairs of a template fit its budget."""
TEMPLATE_BITS = 8


@dataclass(slots=True)
class Block:
    """One template laid over a table: keys that two or more records share, sorted, and their records.

    `generic`: keys above the cap, which make no pairs, and `holders`: one record of each.
    """

    template: str
    cap: int
    pairs: int
    values: np.ndarray
    records: np.ndarray
    generic: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))
    holders: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))


def shared_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The keys uint64[records, slots] that stand in the table twice or more, sorted, with their records."""
    flat = keys.ravel()
    some = np.flatnonzero(flat)
    bits = np.uint64(max(len(flat).bit_length(), 1))
    # The place goes into the low bits, so that a plain sort does; keys that are then alike are told apart below.
    packed = (flat[some] >> bits << bits) | some.astype(np.uint64)
    packed.sort()
    place = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    alike = packed[1:] >> bits == packed[:-1] >> bits
    near = np.zeros(len(packed), bool)
    near[1:] |= alike
    near[:-1] |= alike
    place = place[near]
    values = flat[place]
    order = np.argsort(values, kind="stable")  # nearly sorted already
    values, place = values[order], place[order]
    equal = values[1:] == values[:-1]
    shared = np.zeros(len(values), bool)
    shared[1:] |= equal
    shared[:-1] |= equal
    return values[shared], (place[shared] // max(keys.shape[1], 1)).astype(np.int32)


def runs_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where every run of equal values begins, and how long it is."""
    first = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.zeros(0, np.int64)
    return first, np.diff(np.append(first, len(values)))


def fitting_cap(sizes: np.ndarray, budget: float) -> tuple[int, int]:
    """The largest cap at which blocks of these sizes make at most `budget` pairs, and how many that are."""
    pairs = sizes * (sizes - 1) // 2
    cap, total = CAPS[-1], 0
    for cap in CAPS:
        total = int(pairs[sizes <= cap].sum())
        if total <= budget:
            break
    return cap, total


def lay_block(template: str, keys: np.ndarray, budget: float, cap: int | None = None) -> Block:
    """Lay a template: choose the cap that fits the budget (or take this one), leave out the keys above it."""
    values, records = shared_keys(keys)
    first, sizes = runs_of(values)
    if cap is None:
        cap, total = fitting_cap(sizes, budget)
    else:
        total = int((sizes * (sizes - 1) // 2)[sizes <= cap].sum())
    small = sizes <= cap
    kept = np.repeat(small, sizes)
    large = first[~small]
    return Block(template, cap, total, values[kept], records[kept], values[large], records[large])


def lay_frozen(template: str, keys: np.ndarray, generic: np.ndarray) -> Block:
    """Lay a template of a model: its generic keys (sorted) are left out, every other key counts whatever its size."""
    values, records = shared_keys(keys)
    if len(generic):
        place = np.minimum(np.searchsorted(generic, values), len(generic) - 1)
        kept = generic[place] != values
        values, records = values[kept], records[kept]
    _, sizes = runs_of(values)
    return Block(template, 0, int((sizes * (sizes - 1) // 2).sum()), values, records)


@njit(cache=True, nogil=True)
def _pairs_of(keys, records, kinds, low, high, last, out, fill):
    """Count or write the pairs of records that share a key: left above bit `high`, right above `low`, then `last`."""
    n = 0
    first = 0
    while first < len(keys):
        end = first + 1
        while end < len(keys) and keys[end] == keys[first]:
            end += 1
        for a in range(first, end):
            for b in range(a + 1, end):
                i, j = records[a], records[b]
                if i == j or kinds[i] != kinds[j]:
                    continue
                if fill:
                    if i > j:
                        i, j = j, i
                    out[n] = (np.uint64(i) << high) | (np.uint64(j) << low) | last
                n += 1
        first = end
    return n


@dataclass(slots=True)
class Candidates:
    """Distinct pairs left < right, sorted; `found_by`: per template its cap, its pairs and those it found first."""

    left: np.ndarray
    right: np.ndarray
    found_by: list[dict[str, Any]]


def candidate_pairs(blocks: Iterable[Block], kinds: np.ndarray) -> Candidates:
    """All pairs that share a key, each once: a pair belongs to the first template that finds it."""
    bits = max(len(kinds).bit_length(), 1)
    low, high = np.uint64(TEMPLATE_BITS), np.uint64(TEMPLATE_BITS + bits)
    none = np.zeros(0, np.uint64)
    parts, told = [none], []
    for number, block in enumerate(blocks):
        last = np.uint64(number)
        count = _pairs_of(block.values, block.records, kinds, low, high, last, none, False)
        made = np.empty(count, np.uint64)
        _pairs_of(block.values, block.records, kinds, low, high, last, made, True)
        parts.append(made)
        told.append({"template": block.template, "cap": block.cap, "pairs": block.pairs, "generic": len(block.generic)})
    packed = np.concatenate(parts)
    del parts
    packed.sort()
    fresh = np.ones(len(packed), bool)
    fresh[1:] = packed[1:] >> low != packed[:-1] >> low
    packed = packed[fresh]
    by = np.bincount((packed & np.uint64((1 << TEMPLATE_BITS) - 1)).astype(np.int64), minlength=len(told))
    right = ((packed >> low) & np.uint64((1 << bits) - 1)).astype(np.int32)
    left = (packed >> high).astype(np.int32)
    return Candidates(left, right, [{**t, "new_pairs": int(n)} for t, n in zip(told, by.tolist(), strict=False)])
