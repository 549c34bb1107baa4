"""Levels of names of organisations, of numbers, categories and other texts."""

from __future__ import annotations

from numba import njit

from klantbeeld.engines.matching.distances import ends_with, latin, length, similarity, starts_with, typos
from klantbeeld.engines.matching.kernel.layout import CODE_WIDTH, ORGANISATION_WIDTH, TEXT_WIDTH, WORDS


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
