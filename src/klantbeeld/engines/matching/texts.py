"""Many texts as bytes behind one another, and what keys and comparisons derive from them, compiled by numba.

Text x is the bytes from `start[x]` to `start[x + 1]` of `data`. Every operation is the twin of a plain Python function
in `derived` and is only used on texts of ASCII letters; other texts take the plain road.
"""

from __future__ import annotations

import numpy as np
from numba import njit

WORD, SOUND_OF_WORD, HEAD, JOINED, TAIL, USER, DOMAIN, LONG_USER, SOUND_JOINED, FIRST = range(10)
MOST = 256
"""Bytes that one text may have; `normalise.text` cuts values at as many characters."""


def _sounds() -> tuple[np.ndarray, np.ndarray]:
    from klantbeeld.engines.matching.normalise.names import SOUNDS

    table = np.zeros((len(SOUNDS), 6), np.uint8)
    for place, (old, new) in enumerate(SOUNDS):
        table[place, : len(old)] = list(old.encode())
        table[place, 4 : 4 + len(new)] = list(new.encode())
    return table, np.array([[len(old), len(new)] for old, new in SOUNDS], np.int64)


_SOUND_TABLE, _SOUND_LENGTHS = _sounds()


@njit(cache=True)
def hash_bytes(data, first, last):
    """A 64-bit hash of bytes; 0 only for none. For grouping inside one run: no secret, so never stored."""
    if last <= first:
        return np.uint64(0)
    mixed = np.uint64(14695981039346656037)
    for k in range(first, last):
        mixed = (mixed ^ np.uint64(data[k])) * np.uint64(1099511628211)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return mixed if mixed != 0 else np.uint64(1)


@njit(cache=True)
def hash_texts(data, start, out):
    """Fill `out` with the hash of every text."""
    for x in range(out.shape[0]):
        out[x] = hash_bytes(data, start[x], start[x + 1])


@njit(cache=True)
def plain_texts(data, start, out):
    """Fill `out` with whether a text is ASCII and short enough for the operations."""
    for x in range(out.shape[0]):
        out[x] = start[x + 1] - start[x] <= MOST
        for k in range(start[x], start[x + 1]):
            if data[k] >= 128:
                out[x] = False
                break


@njit(cache=True)
def _copy_word(data, first, last, place, out, at):
    """Copy the word with this number to `out`; gives the place behind it."""
    number = 0
    for k in range(first, last):
        if data[k] == 32:
            number += 1
            if number > place:
                break
        elif number == place:
            out[at] = data[k]
            at += 1
    return at


@njit(cache=True)
def _copy_joined(data, first, last, most, out, at):
    taken = 0
    for k in range(first, last):
        if data[k] != 32:
            if taken == most:
                break
            out[at] = data[k]
            at += 1
            taken += 1
    return at


@njit(cache=True)
def _last_at(data, first, last):
    for k in range(last - 1, first - 1, -1):
        if data[k] == 64:
            return k
    return -1


@njit(cache=True)
def _is_vowel(c):
    """a, e, i, o, u, y or j."""
    return c == 97 or c == 101 or c == 105 or c == 111 or c == 117 or c == 121 or c == 106


@njit(cache=True)
def _to_sound(out, first, last, table, lengths, scratch):
    """Turn the word in `out` from `first` to `last` into its sound, in place; gives its new end."""
    n = last - first
    if n == 0:
        return last
    for rule in range(table.shape[0]):
        size, put = lengths[rule, 0], lengths[rule, 1]
        i = m = 0
        while i < n:
            hit = i + size <= n
            if hit:
                for k in range(size):
                    if out[first + i + k] != table[rule, k]:
                        hit = False
                        break
            if hit:
                for k in range(put):
                    scratch[m + k] = table[rule, 4 + k]
                m += put
                i += size
            else:
                scratch[m] = out[first + i]
                m += 1
                i += 1
        for k in range(m):
            out[first + k] = scratch[k]
        n = m
    if _is_vowel(out[first]):
        out[first] = 97
    m = 1
    for k in range(1, n):
        c = out[first + k]
        if _is_vowel(c) or c == 104:
            continue
        if c != out[first + m - 1]:
            out[first + m] = c
            m += 1
    return first + m


@njit(cache=True)
def _derive_one(data, first, last, operation, argument, out, at, table, lengths, scratch):
    if operation == WORD:
        return _copy_word(data, first, last, argument, out, at)
    if operation == SOUND_OF_WORD:
        return _to_sound(out, at, _copy_word(data, first, last, argument, out, at), table, lengths, scratch)
    if operation == HEAD:
        return _copy_joined(data, first, last, argument, out, at)
    if operation == JOINED:
        return _copy_joined(data, first, last, MOST, out, at)
    if operation == SOUND_JOINED:
        return _to_sound(out, at, _copy_joined(data, first, last, MOST, out, at), table, lengths, scratch)
    low, high = first, last
    if operation == TAIL:
        low = last - argument if last - first >= argument else last
    elif operation == FIRST:
        high = min(last, first + 1)
    elif operation == DOMAIN:
        low = _last_at(data, first, last) + 1
        if low == 0:
            low = first
    else:
        high = _last_at(data, first, last)
        if high < 0 or (operation == LONG_USER and high - first < argument):
            high = first
    for k in range(low, high):
        out[at] = data[k]
        at += 1
    return at


@njit(cache=True)
def derive_texts(data, start, codes, operation, argument, table, lengths):
    """What one operation makes of the texts with these codes: (bytes, starts)."""
    size = 0
    for code in codes:
        size += start[code + 1] - start[code]
    out = np.empty(size + MOST, np.uint8)
    begin = np.zeros(codes.shape[0] + 1, np.int64)
    scratch = np.empty(2 * MOST + 8, np.uint8)
    at = 0
    for place in range(codes.shape[0]):
        first, last = start[codes[place]], start[codes[place] + 1]
        at = _derive_one(data, first, last, operation, argument, out, at, table, lengths, scratch)
        begin[place + 1] = at
    return out[:at], begin


def derive(
    data: np.ndarray, start: np.ndarray, codes: np.ndarray, way: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """What an operation (with its argument) makes of the texts with these codes: their bytes and where each starts."""
    made: tuple[np.ndarray, np.ndarray] = derive_texts(data, start, codes, *way, _SOUND_TABLE, _SOUND_LENGTHS)
    return made
