"""Levels of what a person keeps: given names, initials, family name, birth date."""

# ruff: noqa: SIM109 - what numba compiles well

from __future__ import annotations

import numpy as np
from numba import njit

from klantbeeld.engines.matching.distances import first_letter, latin, length, similarity, starts_with, typos
from klantbeeld.engines.matching.kernel.layout import (
    BIRTH,
    BIRTH_BIN,
    FAMILY,
    FAMILY_1,
    FAMILY_2,
    FAMILY_BIN,
    FAMILY_SOUND,
    GIVEN,
    GIVEN_BIN,
    GIVEN_SOUND,
    INITIALS,
    OTHER_GIVEN,
)


@njit(cache=True)
def _are_variants(variants, x, y):
    """Whether two given names stand on one line of the table of variants."""
    numbers, related = variants
    p, q = numbers[x], numbers[y]
    return p > 0 and q > 0 and related[p, q]


@njit(cache=True)
def _are_two_names(variants, x, y):
    """Whether both are established names that no line of the table of variants joins."""
    numbers, related = variants
    p, q = numbers[x], numbers[y]
    return p > 0 and q > 0 and not related[p, q]


@njit(cache=True)
def swapped_names(r, s, data, start):
    """Whether given and family name changed places: both ways, one of them up to a typing error."""
    g, h, e, f = r[GIVEN], s[GIVEN], r[FAMILY_1], s[FAMILY_1]
    if g < 0 or h < 0 or e < 0 or f < 0 or g == h or e == f:
        return False
    if g == f:
        return h == e or _word_typo(data, start, h, e)
    return h == e and _word_typo(data, start, g, f)


@njit(cache=True, inline="never")
def given_level(r, s, data, start, variants):
    g, h = r[GIVEN], s[GIVEN]
    if g >= 0 and h >= 0:
        if g == h:
            return 1 + r[GIVEN_BIN]
        if latin(data, start, g) != latin(data, start, h):
            return 0
        if swapped_names(r, s, data, start):
            return 10
        if _are_variants(variants, g, h):
            return 6
        long = length(start, g) >= 4 and length(start, h) >= 4
        if long and typos(data, start, g, h, 1):
            return 7
        if g == s[OTHER_GIVEN] or h == r[OTHER_GIVEN]:
            return 8
        if not _are_two_names(variants, g, h):
            if r[GIVEN_SOUND] == s[GIVEN_SOUND] or starts_with(data, start, g, h):
                return 11
            if similarity(data, start, g, h) >= 0.8:
                return 12
        first = first_letter(data, start, g)
        if first and first == first_letter(data, start, h):
            return 13
        return 14
    i, j = r[INITIALS] & 31, s[INITIALS] & 31
    if i == 0 or j == 0:
        return 0
    if i == j or (g >= 0 and first_letter(data, start, g) == j) or (h >= 0 and first_letter(data, start, h) == i):
        return 9
    return 15


@njit(cache=True)
def initials_level(r, s):
    i, j = r[INITIALS] >> 5, s[INITIALS] >> 5
    if i == 0 or j == 0:
        return 0
    if i == j:
        return 1
    while i and j:
        if (i & 31) != (j & 31):
            return 3
        i >>= 5
        j >>= 5
    return 2


@njit(cache=True, inline="never")
def family_level(r, s, data, start):
    f, g = r[FAMILY], s[FAMILY]
    if f < 0 or g < 0:
        return 0
    if f == g:
        return 1 + r[FAMILY_BIN]
    if latin(data, start, f) != latin(data, start, g) or swapped_names(r, s, data, start):
        return 0  # a swap is told once, by the given name
    if length(start, f) >= 4 and length(start, g) >= 4 and typos(data, start, f, g, 1):
        return 6
    close = similarity(data, start, f, g)
    if close >= 0.92:
        return 7
    a, b, c, d = r[FAMILY_1], r[FAMILY_2], s[FAMILY_1], s[FAMILY_2]
    if b >= 0 or d >= 0:
        if a == c or a == d or (b >= 0 and (b == c or b == d)):
            return 8
        if b < 0 and (_word_typo(data, start, a, c) or _word_typo(data, start, a, d)):
            return 8
        if d < 0 and (_word_typo(data, start, c, a) or _word_typo(data, start, c, b)):
            return 8
    if r[FAMILY_SOUND] == s[FAMILY_SOUND] and length(start, r[FAMILY_SOUND]) >= 2:
        return 9
    if close >= 0.84 or starts_with(data, start, f, g):
        return 10
    return 11


@njit(cache=True)
def _word_typo(data, start, x, y):
    return length(start, x) >= 5 and length(start, y) >= 5 and typos(data, start, x, y, 1)


@njit(cache=True, inline="never")
def birth_level(r, s):
    a, b = r[BIRTH], s[BIRTH]
    if a == 0 or b == 0:
        return 0
    ya, ma, da = a // 10000, a // 100 % 100, a % 100
    yb, mb, db = b // 10000, b // 100 % 100, b % 100
    if ya == 0 or yb == 0 or ma == 0 or mb == 0 or da == 0 or db == 0:
        if (ya and yb and ya != yb) or (ma and mb and ma != mb) or (da and db and da != db):
            return 12
        return 9 if (ya and yb) or (ma and mb and da and db) else 0
    if a == b:
        return 1 + r[BIRTH_BIN]
    if ya == yb and ma == db and da == mb:
        return 6
    typos = _digit_typos(a, b)
    if typos <= 1:
        return 7
    if (ya == yb) + (ma == mb) + (da == db) == 2:
        return 8
    if ya == yb and ((ma == 1 and da == 1) or (mb == 1 and db == 1)):
        return 9
    if typos <= 2:
        return 10
    return 11 if ya == yb else 12


@njit(cache=True, inline="never")
def _digit_typos(a, b):
    """Optimal string alignment of two dates of eight digits, without insertions: 0, 1, 2 or 3 for more."""
    x = np.empty(8, np.int8)
    y = np.empty(8, np.int8)
    for k in range(7, -1, -1):
        x[k], y[k] = a % 10, b % 10
        a //= 10
        b //= 10
    typos = 0
    k = 0
    while k < 8:
        if x[k] != y[k]:
            if k < 7 and x[k] == y[k + 1] and x[k + 1] == y[k]:
                k += 1
            typos += 1
        k += 1
    return min(typos, 3)
