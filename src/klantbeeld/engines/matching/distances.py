"""Comparing two short texts on UTF-8 bytes, compiled by numba: what the levels of `kernel` are made of.

Texts lie behind one another in `data`; text x is the bytes from `start[x]` to `start[x + 1]`.
"""

# ruff: noqa: SIM110 - what numba compiles well

from __future__ import annotations

import numpy as np
from numba import njit

LONGEST = 64
"""Bytes of a value that are compared."""


@njit(cache=True, inline="never")
def jaro_winkler(data, a, la, b, lb):
    """Jaro-Winkler similarity (Winkler 1990; prefix weight .1 above .7) of two byte strings of at most 64."""
    if la == 0 or lb == 0:
        return 0.0
    if la > lb:
        a, b = b, a
        la, lb = lb, la
    window = lb // 2 - 1
    if window < 0:
        window = 0
    taken_a = np.uint64(0)
    taken_b = np.uint64(0)
    one = np.uint64(1)
    matches = 0
    for i in range(la):
        low = i - window
        if low < 0:
            low = 0
        high = i + window + 1
        if high > lb:
            high = lb
        letter = data[a + i]
        for j in range(low, high):
            bit = one << np.uint64(j)
            if data[b + j] == letter and (taken_b & bit) == 0:
                taken_b |= bit
                taken_a |= one << np.uint64(i)
                matches += 1
                break
    if matches == 0:
        return 0.0
    moved = 0
    j = 0
    for i in range(la):
        if taken_a & (one << np.uint64(i)):
            while not (taken_b & (one << np.uint64(j))):
                j += 1
            if data[a + i] != data[b + j]:
                moved += 1
            j += 1
    m = float(matches)
    score = (m / la + m / lb + (m - moved // 2) / m) / 3.0
    if score > 0.7:
        prefix = 0
        while prefix < 4 and prefix < la and data[a + prefix] == data[b + prefix]:
            prefix += 1
        score += prefix * 0.1 * (1.0 - score)
    return score


@njit(cache=True, inline="never")
def within_typos(data, a, la, b, lb, limit):
    """Whether the optimal string alignment distance is at most `limit` (1 or 2)."""
    if abs(la - lb) > limit:
        return False
    while la > 0 and lb > 0 and data[a] == data[b]:
        a += 1
        b += 1
        la -= 1
        lb -= 1
    while la > 0 and lb > 0 and data[a + la - 1] == data[b + lb - 1]:
        la -= 1
        lb -= 1
    if la <= 1 and lb <= 1:
        return True
    if la == 2 and lb == 2 and data[a] == data[b + 1] and data[a + 1] == data[b]:
        return True
    if limit < 2:
        return False
    if la == 0 or lb == 0:
        return la + lb <= limit
    before = np.zeros(LONGEST + 2, np.int16)
    last = np.arange(LONGEST + 2).astype(np.int16)
    now = np.zeros(LONGEST + 2, np.int16)
    for i in range(1, la + 1):
        now[0] = i
        best = i
        for j in range(1, lb + 1):
            cost = 0 if data[a + i - 1] == data[b + j - 1] else 1
            value = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
            if i > 1 and j > 1 and data[a + i - 1] == data[b + j - 2] and data[a + i - 2] == data[b + j - 1]:
                value = min(value, before[j - 2] + 1)
            now[j] = value
            best = min(best, value)
        if best > limit:
            return False
        before, last, now = last, now, before
    return last[lb] <= limit


@njit(cache=True, inline="never")
def similarity(data, start, x, y):
    """Jaro-Winkler in an order that does not depend on which record comes first: it is not quite symmetric."""
    a, b = start[x], start[y]
    la, lb = start[x + 1] - a, start[y + 1] - b
    if la == lb:
        for k in range(la):
            if data[a + k] != data[b + k]:
                if data[a + k] > data[b + k]:
                    a, b = b, a
                break
    return jaro_winkler(data, a, la, b, lb)


@njit(cache=True, inline="never")
def typos(data, start, x, y, limit):
    return within_typos(data, start[x], start[x + 1] - start[x], start[y], start[y + 1] - start[y], limit)


@njit(cache=True)
def length(start, x):
    return start[x + 1] - start[x]


@njit(cache=True)
def latin(data, start, x):
    return data[start[x]] < 128


@njit(cache=True)
def starts_with(data, start, x, y):
    """Whether the shorter of two values of at least 4 bytes starts the longer."""
    n = min(length(start, x), length(start, y))
    if n < 4:
        return False
    for k in range(n):
        if data[start[x] + k] != data[start[y] + k]:
            return False
    return True


@njit(cache=True)
def first_letter(data, start, x):
    letter = data[start[x]]
    return letter - 96 if 97 <= letter <= 122 else 0


@njit(cache=True)
def ends_with(data, start, x, y):
    lx, ly = length(start, x), length(start, y)
    n = min(lx, ly)
    for k in range(1, n + 1):
        if data[start[x] + lx - k] != data[start[y] + ly - k]:
            return False
    return True
