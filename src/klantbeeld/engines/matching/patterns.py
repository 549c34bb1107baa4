"""Distinct level patterns: a million pairs have some thousands of them, and everything after scoring works on those."""

from __future__ import annotations

import numpy as np
from numba import njit


def patterns_of(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct rows of a level matrix: (patterns, which pattern a pair has, counts); the order is that of `pack`."""
    packed = pack(levels)
    first, inverse, counts = _distinct(packed)
    order = np.argsort(packed[first])
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return levels[first[order]], rank[inverse], counts[order]


def pack(levels: np.ndarray) -> np.ndarray:
    """One number per row: four bits a level for up to sixteen comparisons, a 64-bit mix beyond that."""
    packed = np.zeros(len(levels), np.uint64)
    _pack(levels, packed)
    return packed


@njit(cache=True, nogil=True)
def _pack(levels, out):
    width = levels.shape[1]
    for k in range(levels.shape[0]):
        packed = np.uint64(0)
        for f in range(width):
            if width <= 16:
                packed = (packed << np.uint64(4)) | np.uint64(levels[k, f])
            else:
                packed = (packed ^ np.uint64(levels[k, f])) * np.uint64(0x9E3779B97F4A7C15)
                packed ^= packed >> np.uint64(29)
        out[k] = packed


@njit(cache=True, nogil=True)
def _distinct(packed):
    """Where each distinct number is first met, which one every place has, and how many have it."""
    n = packed.shape[0]
    mask = np.uint64(4095)
    table = np.full(4096, -1, np.int32)
    first = np.empty(1024, np.int64)
    inverse = np.empty(n, np.int32)
    counts = np.zeros(1024, np.int64)
    found = 0
    for k in range(n):
        mixed = packed[k] * np.uint64(0x9E3779B97F4A7C15)
        place = (mixed >> np.uint64(32)) & mask
        while table[place] >= 0 and packed[first[table[place]]] != packed[k]:
            place = (place + np.uint64(1)) & mask
        if table[place] < 0:
            if found == first.shape[0]:  # grow: four places of the table per number
                first = np.concatenate((first, np.empty(found, np.int64)))
                counts = np.concatenate((counts, np.zeros(found, np.int64)))
                mask = np.uint64(8 * found - 1)
                table = np.full(8 * found, -1, np.int32)
                for x in range(found):
                    other = (packed[first[x]] * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)) & mask
                    while table[other] >= 0:
                        other = (other + np.uint64(1)) & mask
                    table[other] = x
                place = (mixed >> np.uint64(32)) & mask
                while table[place] >= 0:
                    place = (place + np.uint64(1)) & mask
            table[place] = found
            first[found] = k
            found += 1
        inverse[k] = table[place]
        counts[table[place]] += 1
    return first[:found], inverse, counts[:found]


@njit(cache=True, nogil=True)
def posteriors_of(patterns, log_levels, log_totals, out):
    """Fill `out` with the share of every class per pattern, summed in the order of the comparisons."""
    for k in range(patterns.shape[0]):
        top = -1e300
        for c in range(4):
            joint = log_totals[c]
            for f in range(patterns.shape[1]):
                joint += log_levels[c, f, patterns[k, f]]
            out[k, c] = joint
            top = max(top, joint)
        whole = 0.0
        for c in range(4):
            out[k, c] = np.exp2(out[k, c] - top)
            whole += out[k, c]
        for c in range(4):
            out[k, c] /= whole


@njit(cache=True, nogil=True)
def expected_levels(patterns, expected, out):
    """Add up the expected pairs [pattern, class] per class, comparison and level."""
    for k in range(patterns.shape[0]):
        for c in range(3):
            mass = expected[k, c]
            for f in range(patterns.shape[1]):
                out[c, f, patterns[k, f]] += mass
