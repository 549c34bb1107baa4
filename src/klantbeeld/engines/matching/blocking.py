"""Candidate pairs from match keys: every pair once, oversize blocks left out, templates chosen by what they yield."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit

from klantbeeld.engines.matching.keys import KeyTable

CAPS = (2000, 1000, 500, 250, 120, 60, 40, 25, 15, 10, 6)
"""Block sizes tried from large to small until the pairs of a template fit its budget."""


@dataclass(slots=True)
class Block:
    """One template laid over a table: keys with generic ones zeroed, the order that brings equal keys together."""

    template: str
    keys: np.ndarray
    cap: int
    pairs: int
    generic: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))


def lay_block(template: str, keys: np.ndarray, budget: int) -> Block:
    """Choose the largest cap at which the template makes at most `budget` pairs, and zero the keys above it."""
    flat = keys.ravel()
    some = np.flatnonzero(flat)
    values, counts = np.unique(flat[some], return_counts=True)
    sizes = counts * (counts - 1) // 2
    cap, total = CAPS[-1], 0
    for cap in CAPS:
        total = int(sizes[counts <= cap].sum())
        if total <= budget:
            break
    generic = values[counts > cap]
    if len(generic):
        place = np.minimum(np.searchsorted(generic, flat[some]), len(generic) - 1)
        flat = flat.copy()
        flat[some[generic[place] == flat[some]]] = 0
    return Block(template, flat.reshape(keys.shape), cap, total, generic)


@njit(cache=True)
def _shares_earlier(matrix, i, j, edges, upto):
    """Whether two records share a key of one of the first `upto` templates."""
    for t in range(upto):
        for a in range(edges[t], edges[t + 1]):
            x = matrix[i, a]
            if x == 0:
                continue
            for b in range(edges[t], edges[t + 1]):
                if x == matrix[j, b]:
                    return True
    return False


@njit(cache=True, nogil=True)
def _pairs_of(keys, records, matrix, edges, t, kinds, left, right, fill):
    """Count or write the new pairs of the sorted keys of template `t`."""
    n = 0
    first = 0
    while first < len(keys):
        last = first + 1
        while last < len(keys) and keys[last] == keys[first]:
            last += 1
        for a in range(first, last):
            for b in range(a + 1, last):
                i, j = records[a], records[b]
                if i == j or kinds[i] != kinds[j]:
                    continue
                if i > j:
                    i, j = j, i
                if _shares_earlier(matrix, i, j, edges, t):
                    continue
                if fill:
                    left[n] = i
                    right[n] = j
                n += 1
        first = last
    return n


def sorted_keys(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """The keys that at least two records share, sorted, with their records."""
    flat = block.keys.ravel()
    some = np.flatnonzero(flat)
    values = flat[some]
    order = np.argsort(values, kind="stable")
    values, records = values[order], (some[order] // block.keys.shape[1]).astype(np.int32)
    shared = np.zeros(len(values), bool)
    if len(values) > 1:
        equal = values[1:] == values[:-1]
        shared[1:] |= equal
        shared[:-1] |= equal
    return values[shared], records[shared]


@dataclass(slots=True)
class Candidates:
    """Distinct pairs left < right, grouped by the first template that found them (`bounds[t]` .. `bounds[t + 1]`)."""

    left: np.ndarray
    right: np.ndarray
    bounds: list[int]


def candidate_pairs(blocks: list[Block], kinds: np.ndarray) -> Candidates:
    """All pairs that share a key, each once: a pair belongs to the first template that finds it."""
    n = len(kinds)
    matrix = np.concatenate([b.keys for b in blocks], axis=1) if blocks else np.zeros((n, 0), np.uint64)
    edges = np.cumsum([0] + [b.keys.shape[1] for b in blocks]).astype(np.int64)
    none = np.zeros(0, np.int32)
    lefts, rights, bounds = [none], [none], [0]
    for t, block in enumerate(blocks):
        values, records = sorted_keys(block)
        # A repeat inside one template (two shared keys of several slots) is found by looking at its own columns too.
        count = _pairs_of(values, records, matrix, edges, t, kinds, none, none, False)
        left, right = np.empty(count, np.int32), np.empty(count, np.int32)
        _pairs_of(values, records, matrix, edges, t, kinds, left, right, True)
        if block.keys.shape[1] > 1 and count:
            packed = np.unique((left.astype(np.int64) << 32) | right)
            left, right = (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32)
        lefts.append(left)
        rights.append(right)
        bounds.append(bounds[-1] + len(left))
    return Candidates(np.concatenate(lefts), np.concatenate(rights), bounds)


def lay_blocks(table: KeyTable, templates: tuple[str, ...], budget: int) -> list[Block]:
    """Lay every template with the same budget of pairs; templates without a pair are left out."""
    laid = [lay_block(t, table.keys(t), budget) for t in templates]
    return [b for b in laid if b.pairs]


def lay_frozen(table: KeyTable, templates: tuple[str, ...], generic: frozenset[int]) -> list[Block]:
    """Lay the templates of a model: its generic keys are left out, every other key counts whatever its size now."""
    unwanted = np.array(sorted(k & 0xFFFFFFFFFFFFFFFF for k in generic), np.uint64)
    laid = []
    for template in templates:
        keys = table.keys(template).copy()
        if len(unwanted):
            place = np.minimum(np.searchsorted(unwanted, keys), len(unwanted) - 1)
            keys[unwanted[place] == keys] = 0
        laid.append(Block(template, keys, 0, 0))
    return laid
