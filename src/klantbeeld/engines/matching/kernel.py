"""The fused kernel: levels of many pairs in one pass over rows of integers, compiled by numba.

A record is one row of int32 (see `rows`): header columns, then slots of several columns for addresses, phones, e-mail,
numbers, categories, organisation names and texts. Text is compared on UTF-8 bytes from one shared pool (`data`,
`start`), and only when codes differ. `compare` is the reference in plain Python; both give identical levels.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# Header columns of a row. 0 = missing for numbers, -1 = missing for codes.
KIND, SOURCE, GENDER, GENERATION, GIVEN, OTHER_GIVEN, GIVEN_BIN, INITIALS = 0, 1, 2, 3, 4, 5, 6, 7
FAMILY, FAMILY_1, FAMILY_2, FAMILY_SOUND, FAMILY_BIN, BIRTH, BIRTH_BIN = 8, 9, 10, 11, 12, 13, 14
HEADER = 15
# Columns of one slot.
ADDRESS_WIDTH, PHONE_WIDTH, EMAIL_WIDTH, CODE_WIDTH, ORGANISATION_WIDTH, TEXT_WIDTH = 7, 3, 5, 2, 11, 16
WORDS = 8
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
    similarity = (m / la + m / lb + (m - moved // 2) / m) / 3.0
    if similarity > 0.7:
        prefix = 0
        while prefix < 4 and prefix < la and data[a + prefix] == data[b + prefix]:
            prefix += 1
        similarity += prefix * 0.1 * (1.0 - similarity)
    return similarity


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
def _similarity(data, start, x, y):
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
def _typos(data, start, x, y, limit):
    return within_typos(data, start[x], start[x + 1] - start[x], start[y], start[y + 1] - start[y], limit)


@njit(cache=True)
def _length(start, x):
    return start[x + 1] - start[x]


@njit(cache=True)
def _latin(data, start, x):
    return data[start[x]] < 128


@njit(cache=True)
def _starts_with(data, start, x, y):
    """Whether the shorter of two values of at least 4 bytes starts the longer."""
    n = min(_length(start, x), _length(start, y))
    if n < 4:
        return False
    for k in range(n):
        if data[start[x] + k] != data[start[y] + k]:
            return False
    return True


@njit(cache=True)
def _are_variants(variants, x, y):
    """Whether two given names stand on one line of the table of variants."""
    numbers, related = variants
    p, q = numbers[x], numbers[y]
    return p > 0 and q > 0 and related[p, q]


@njit(cache=True)
def _first_letter(data, start, x):
    letter = data[start[x]]
    return letter - 96 if 97 <= letter <= 122 else 0


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
        if _latin(data, start, g) != _latin(data, start, h):
            return 0
        if swapped_names(r, s, data, start):
            return 10
        if _are_variants(variants, g, h):
            return 6
        long = _length(start, g) >= 4 and _length(start, h) >= 4
        if long and _typos(data, start, g, h, 1):
            return 7
        if g == s[OTHER_GIVEN] or h == r[OTHER_GIVEN]:
            return 8
        if _starts_with(data, start, g, h) or _similarity(data, start, g, h) >= 0.8:
            return 11
        first = _first_letter(data, start, g)
        if first and first == _first_letter(data, start, h):
            return 12
        return 13
    i, j = r[INITIALS] & 31, s[INITIALS] & 31
    if i == 0 or j == 0:
        return 0
    if i == j or (g >= 0 and _first_letter(data, start, g) == j) or (h >= 0 and _first_letter(data, start, h) == i):
        return 9
    return 14


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
    if _latin(data, start, f) != _latin(data, start, g) or swapped_names(r, s, data, start):
        return 0  # a swap is told once, by the given name
    if _length(start, f) >= 4 and _length(start, g) >= 4 and _typos(data, start, f, g, 1):
        return 6
    similarity = _similarity(data, start, f, g)
    if similarity >= 0.92:
        return 7
    a, b, c, d = r[FAMILY_1], r[FAMILY_2], s[FAMILY_1], s[FAMILY_2]
    if b >= 0 or d >= 0:
        if a == c or a == d or (b >= 0 and (b == c or b == d)):
            return 8
        if b < 0 and (_word_typo(data, start, a, c) or _word_typo(data, start, a, d)):
            return 8
        if d < 0 and (_word_typo(data, start, c, a) or _word_typo(data, start, c, b)):
            return 8
    if r[FAMILY_SOUND] == s[FAMILY_SOUND] and _length(start, r[FAMILY_SOUND]) >= 2:
        return 9
    if similarity >= 0.84 or _starts_with(data, start, f, g):
        return 10
    return 11


@njit(cache=True)
def _word_typo(data, start, x, y):
    return _length(start, x) >= 5 and _length(start, y) >= 5 and _typos(data, start, x, y, 1)


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
    if (same_st or alike) and same_pc:
        return 9
    if same_pc:
        return 10
    if has_pc and same_hn and _typos(data, start, pc, pd, 1):
        return 11
    if same_st and (same_hn or not away):
        return 12
    return 13 if same_area else 14


@njit(cache=True)
def _street_alike(data, start, st, su):
    if _length(start, st) < 4 or _length(start, su) < 4:
        return False
    return (
        _typos(data, start, st, su, 1) or _similarity(data, start, st, su) >= 0.88 or _starts_with(data, start, st, su)
    )


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
            elif _typos(data, start, x, y, 1):
                level = 9
            else:
                level = 10
            if best == 0 or level < best:
                best = level
    return best


@njit(cache=True)
def _same_tail(data, start, x, y):
    """Whether the shorter number, of at least six digits, ends the longer one: the area code was left out."""
    lx, ly = _length(start, x), _length(start, y)
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
    return _length(start, x) >= 4 and _length(start, y) >= 4 and _similarity(data, start, x, y) >= 0.92


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
            elif r[p + 1] == s[q + 1] and _length(start, r[p + 1]) >= 4:
                level = 6
            elif _length(start, x) >= 8 and _length(start, y) >= 8 and _typos(data, start, x, y, 2):
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
                near = _length(start, x) >= 4 and _length(start, y) >= 4
                if near and (_typos(data, start, x, y, 1) or _similarity(data, start, x, y) >= 0.9):
                    level = 6
                elif near and (_starts_with(data, start, x, y) or _ends_with(data, start, x, y)):
                    level = 7
                else:
                    level = 8
            elif _length(start, x) >= 5 and _length(start, y) >= 5 and _typos(data, start, x, y, 1):
                level = 6
            else:
                level = 7
            if best == 0 or level < best:
                best = level
    return best


@njit(cache=True)
def _ends_with(data, start, x, y):
    lx, ly = _length(start, x), _length(start, y)
    n = min(lx, ly)
    for k in range(1, n + 1):
        if data[start[x] + lx - k] != data[start[y] + ly - k]:
            return False
    return True


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
    if _latin(data, start, r[p]) != _latin(data, start, s[q]):
        return 0
    if r[p + 1] == s[q + 1]:
        return 6
    if _length(start, r[p]) >= 6 and _length(start, s[q]) >= 6 and _typos(data, start, r[p], s[q], 2):
        return 7
    similarity = _similarity(data, start, r[p], s[q])
    if similarity >= 0.94:
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
    if r[p + 3] == s[q + 3] or similarity >= 0.88:
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
            if x == y or (_length(start, x) >= 5 and _length(start, y) >= 5 and _similarity(data, start, x, y) >= 0.92):
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
    for f in range(spec.shape[0]):
        op, at, slots = spec[f, 0], spec[f, 1], spec[f, 2]
        if op == 1:
            level = given_level(r, s, data, start, variants)
        elif op == 2:
            level = initials_level(r, s)
        elif op == 3:
            level = family_level(r, s, data, start)
        elif op == 4:
            level = 0 if r[GENERATION] == 0 or s[GENERATION] == 0 else (1 if r[GENERATION] == s[GENERATION] else 2)
        elif op == 5:
            level = 0 if r[GENDER] == 0 or s[GENDER] == 0 else (1 if r[GENDER] == s[GENDER] else 2)
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
