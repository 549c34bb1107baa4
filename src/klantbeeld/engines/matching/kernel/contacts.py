"""Levels of where somebody can be reached: addresses, phone numbers, e-mail addresses."""

# ruff: noqa: SIM108, SIM110 - what numba compiles well

from __future__ import annotations

from numba import njit

from klantbeeld.engines.matching.distances import length, similarity, starts_with, typos
from klantbeeld.engines.matching.kernel.layout import ADDRESS_WIDTH, EMAIL_WIDTH, FAMILY_1, FAMILY_2, PHONE_WIDTH


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
