"""The fused kernel: levels of many pairs in one pass over rows of integers, compiled by numba.

A record is one row of int32 (see `rows`): header columns, then slots of several columns for addresses, phones, e-mail,
numbers, categories, organisation names and texts. Text is compared on UTF-8 bytes from one shared pool (`data`,
`start`), and only when codes differ. `compare` is the reference in plain Python; both give identical levels.
"""

# ruff: noqa: SIM108, SIM109, SIM110 - what numba compiles well

from __future__ import annotations

import numpy as np
from numba import njit

from klantbeeld.engines.matching.distances import (
    ends_with,
    first_letter,
    latin,
    length,
    similarity,
    starts_with,
    typos,
)

# Header columns of a row. 0 = missing for numbers, -1 = missing for codes.
KIND, SOURCE, GENDER, GENERATION, GIVEN, OTHER_GIVEN, GIVEN_BIN, INITIALS = 0, 1, 2, 3, 4, 5, 6, 7
FAMILY, FAMILY_1, FAMILY_2, FAMILY_SOUND, FAMILY_BIN, BIRTH, BIRTH_BIN = 8, 9, 10, 11, 12, 13, 14
GIVEN_SOUND = 15
HEADER = 16
# Columns of one slot.
ADDRESS_WIDTH, PHONE_WIDTH, EMAIL_WIDTH, CODE_WIDTH, ORGANISATION_WIDTH, TEXT_WIDTH = 7, 3, 5, 2, 11, 16
WORDS = 8


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


@njit(cache=True, inline="never")
def address_level(r, s, at, slots, data, start):
    best = 0
    for p in range(at, at + slots * ADDRESS_WIDTH, ADDRESS_WIDTH):
        for q in range(at, at + slots * ADDRESS_WIDTH, ADDRESS_WIDTH):
            level = _address_pair(r, s, p, q, data, start)
            if level and (best == 0 or level < best):
                best = level
    return best


@njit(cache=True, inline="never")
def _address_pair(r, s, p, q, data, start):
    pc, hn, sx, st, ci, area = r[p], r[p + 1], r[p + 2], r[p + 3], r[p + 4], r[p + 5]
    pd, ho, sy, su, cj, areb = s[q], s[q + 1], s[q + 2], s[q + 3], s[q + 4], s[q + 5]
    has_pc = pc >= 0 and pd >= 0
    has_st = st >= 0 and su >= 0
    has_ci = ci >= 0 and cj >= 0
    if not has_pc and not has_st and not has_ci:
        return 0
    same_pc = has_pc and pc == pd
    has_hn = hn >= 0 and ho >= 0
    same_hn = has_hn and hn == ho
    same_st = has_st and st == su
    same_area = (area >= 0 and area == areb) or (has_ci and ci == cj)
    if same_pc and same_hn:
        return 7 if sx >= 0 and sy >= 0 and sx != sy else 1 + r[p + 6]
    away = (has_pc or has_ci) and not same_area
    if same_st and same_hn and not away:
        return 6
    alike = has_st and not same_st and _street_alike(data, start, st, su)
    if alike and same_hn and (same_pc or same_area):
        return 8
    if (same_st or alike) and (same_pc or (same_area and not has_hn)):
        return 9
    if same_pc:
        return 10
    if has_pc and same_hn and typos(data, start, pc, pd, 1):
        return 11
    if same_st and (same_hn or not away):
        return 12
    return 13 if same_area else 14


@njit(cache=True)
def _street_alike(data, start, st, su):
    if length(start, st) < 4 or length(start, su) < 4:
        return False
    return typos(data, start, st, su, 1) or similarity(data, start, st, su) >= 0.88 or starts_with(data, start, st, su)


@njit(cache=True, inline="never")
def phone_level(r, s, at, slots, data, start):
    best = 0
    for p in range(at, at + slots * PHONE_WIDTH, PHONE_WIDTH):
        x = r[p]
        if x < 0:
            continue
        for q in range(at, at + slots * PHONE_WIDTH, PHONE_WIDTH):
            y = s[q]
            if y < 0:
                continue
            if x == y:
                if r[p + 2] == 1:
                    level = 6 if r[p + 1] < 2 else 7
                else:
                    level = 1 + r[p + 1]
            elif _same_tail(data, start, x, y):
                level = 8
            elif typos(data, start, x, y, 1):
                level = 9
            else:
                level = 10
            if best == 0 or level < best:
                best = level
    return best


@njit(cache=True)
def _same_tail(data, start, x, y):
    """Whether the shorter number, of at least six digits, ends the longer one: the area code was left out."""
    lx, ly = length(start, x), length(start, y)
    if lx == ly:
        return False
    n = min(lx, ly)
    if n < 6:
        return False
    for k in range(1, n + 1):
        if data[start[x] + lx - k] != data[start[y] + ly - k]:
            return False
    return True


@njit(cache=True)
def _users_alike(data, start, x, y):
    return length(start, x) >= 4 and length(start, y) >= 4 and similarity(data, start, x, y) >= 0.92


@njit(cache=True, inline="never")
def _follows_from_names(r, s, data, start, user):
    """Whether the user of an e-mail address holds a family name, so that a namesake could have it too."""
    for word in (r[FAMILY_1], r[FAMILY_2], s[FAMILY_1], s[FAMILY_2]):
        if word >= 0 and length(start, word) >= 4:
            n = length(start, word)
            for place in range(start[user], start[user + 1] - n + 1):
                k = 0
                while k < n and data[place + k] == data[start[word] + k]:
                    k += 1
                if k == n:
                    return True
    return False


@njit(cache=True, inline="never")
def email_level(r, s, at, slots, data, start):
    best = 0
    for p in range(at, at + slots * EMAIL_WIDTH, EMAIL_WIDTH):
        x = r[p]
        if x < 0:
            continue
        for q in range(at, at + slots * EMAIL_WIDTH, EMAIL_WIDTH):
            y = s[q]
            if y < 0:
                continue
            if x == y:
                level = 1 + r[p + 3]
            elif r[p + 1] == s[q + 1] and length(start, r[p + 1]) >= 4:
                level = 8 if _follows_from_names(r, s, data, start, r[p + 1]) else 6
            elif length(start, x) >= 8 and length(start, y) >= 8 and typos(data, start, x, y, 2):
                level = 7
            elif _users_alike(data, start, r[p + 1], s[q + 1]):
                level = 8
            elif r[p + 2] == s[q + 2] and r[p + 4] == 1:
                level = 9
            else:
                level = 10
            if best == 0 or level < best:
                best = level
    return best


@njit(cache=True, inline="never")
def code_level(r, s, at, slots, data, start, category):
    best = 0
    for p in range(at, at + slots * CODE_WIDTH, CODE_WIDTH):
        x = r[p]
        if x < 0:
            continue
        for q in range(at, at + slots * CODE_WIDTH, CODE_WIDTH):
            y = s[q]
            if y < 0:
                continue
            if x == y:
                level = 1 + r[p + 1]
            elif category:
                near = length(start, x) >= 4 and length(start, y) >= 4
                if near and (typos(data, start, x, y, 1) or similarity(data, start, x, y) >= 0.9):
                    level = 6
                elif near and (starts_with(data, start, x, y) or ends_with(data, start, x, y)):
                    level = 7
                else:
                    level = 8
            elif length(start, x) >= 5 and length(start, y) >= 5 and typos(data, start, x, y, 1):
                level = 6
            else:
                level = 7
            if best == 0 or level < best:
                best = level
    return best


@njit(cache=True, inline="never")
def organisation_level(r, s, at, slots, data, start):
    best = 0
    for p in range(at, at + slots * ORGANISATION_WIDTH, ORGANISATION_WIDTH):
        if r[p] < 0:
            continue
        for q in range(at, at + slots * ORGANISATION_WIDTH, ORGANISATION_WIDTH):
            if s[q] < 0:
                continue
            level = _organisation_pair(r, s, p, q, data, start)
            if level and (best == 0 or level < best):
                best = level
    return best


@njit(cache=True, inline="never")
def _organisation_pair(r, s, p, q, data, start):
    if r[p] == s[q]:
        return 1 + r[p + 2]
    if latin(data, start, r[p]) != latin(data, start, s[q]):
        return 0
    if r[p + 1] == s[q + 1]:
        return 6
    if length(start, r[p]) >= 6 and length(start, s[q]) >= 6 and typos(data, start, r[p], s[q], 2):
        return 7
    close = similarity(data, start, r[p], s[q])
    if close >= 0.94:
        return 7
    n = m = 0
    for k in range(WORDS):
        n += r[p + 3 + k] >= 0
        m += s[q + 3 + k] >= 0
    shared = min(_shared_words(r, s, p, q, n, m, data, start), _shared_words(s, r, q, p, m, n, data, start))
    if shared == min(n, m):
        return 8
    if 2 * shared >= max(n, m):
        return 9
    if r[p + 3] == s[q + 3] or close >= 0.88:
        return 10
    return 11


@njit(cache=True, inline="never")
def _shared_words(r, s, p, q, n, m, data, start):
    """How many words of the first name stand in the second, nearly alike counted too."""
    shared = 0
    for k in range(n):
        x = r[p + 3 + k]
        for other in range(m):
            y = s[q + 3 + other]
            if x == y or (length(start, x) >= 5 and length(start, y) >= 5 and similarity(data, start, x, y) >= 0.92):
                shared += 1
                break
    return shared


@njit(cache=True, inline="never")
def text_level(r, s, at):
    n = m = shared = 0
    for k in range(TEXT_WIDTH):
        n += r[at + k] >= 0
        m += s[at + k] >= 0
    if n == 0 or m == 0:
        return 0
    for k in range(n):
        for other in range(m):
            if r[at + k] == s[at + other]:
                shared += 1
                break
    union = n + m - shared
    if 10 * shared >= 9 * union:
        return 1
    if 10 * shared >= 6 * union:
        return 2
    if 20 * shared >= 7 * union:
        return 3
    return 4 if 20 * shared >= 3 * union else 5


@njit(cache=True, inline="never")
def pair_levels(r, s, spec, data, start, variants, out):
    """Fill `out` with one level per comparison; `spec` rows are (op, first column, slots)."""
    named = 0
    for f in range(spec.shape[0]):
        op, at, slots = spec[f, 0], spec[f, 1], spec[f, 2]
        if op == 1:
            level = named = given_level(r, s, data, start, variants)
        elif op == 2:
            level = initials_level(r, s)
        elif op == 3:
            level = family_level(r, s, data, start)
        elif op == 4:
            level = 0 if r[GENERATION] == 0 or s[GENERATION] == 0 else (1 if r[GENERATION] == s[GENERATION] else 2)
        elif op == 5:
            level = 0 if r[GENDER] == 0 or s[GENDER] == 0 else (1 if r[GENDER] == s[GENDER] else 2)
            if level == 1 and 1 <= named <= 7:
                level = 0  # the given name has told it
        elif op == 6:
            level = birth_level(r, s)
        elif op == 7:
            level = address_level(r, s, at, slots, data, start)
        elif op == 8:
            level = phone_level(r, s, at, slots, data, start)
        elif op == 9:
            level = email_level(r, s, at, slots, data, start)
        elif op == 10:
            level = code_level(r, s, at, slots, data, start, False)
        elif op == 11:
            level = organisation_level(r, s, at, slots, data, start)
        elif op == 12:
            level = code_level(r, s, at, slots, data, start, True)
        elif op == 13:
            level = text_level(r, s, at)
        else:
            level = 0 if r[SOURCE] < 0 or s[SOURCE] < 0 else (1 if r[SOURCE] == s[SOURCE] else 2)
        out[f] = level


@njit(cache=True, nogil=True)
def score_levels(rows, left, right, spec, data, start, variants):
    """Levels uint8[pairs, comparisons] of the pairs (left[k], right[k])."""
    out = np.zeros((left.shape[0], spec.shape[0]), np.uint8)
    for k in range(left.shape[0]):
        pair_levels(rows[left[k]], rows[right[k]], spec, data, start, variants, out[k])
    return out
