"""Phone numbers and e-mail addresses of a whole column at once, compiled: the usual notations, the others one by one.

Most distinct values of a customer file are these two. What is read here is read exactly as `contact` reads it, which
tests hold together; every notation out of the ordinary is left to `contact`.
"""

# ruff: noqa: SIM108, SIM110 - what numba compiles well

from __future__ import annotations

import numpy as np
from numba import njit

LONGEST = 64
"""Longer values are not usual."""


@njit(cache=True)
def _trimmed(data, first, last):
    while first < last and data[first] == 32:
        first += 1
    while last > first and data[last - 1] == 32:
        last -= 1
    return first, last


@njit(cache=True)
def _put(out, at, digits, low, high):
    """Write "+" and digits; gives the place behind them."""
    out[at] = 43
    at += 1
    for k in range(low, high):
        out[at] = digits[k]
        at += 1
    return at


@njit(cache=True)
def _phone(data, first, last, dutch, out, at, digits):
    """Write the number; gives the place behind it, -1 when the notation is not usual."""
    n = 0
    plus = True
    signed = False
    alike = True
    for k in range(first, last):
        letter = data[k]
        if 48 <= letter <= 57:
            digits[n] = letter
            alike = alike and letter == digits[0]
            n += 1
            plus = False
        elif letter == 43:  # +
            signed = signed or plus
            plus = False
        elif letter == 32 or letter == 40:  # space, (
            continue
        elif letter == 41 or letter == 45 or letter == 46 or letter == 47:  # ) - . /
            plus = False
        else:
            return -1
    if n < 5 or alike:
        return at
    low = 0
    if not signed:
        if n > 10 and digits[0] == 48 and digits[1] == 48:
            low = 2
        elif not dutch:
            return -1
        elif n == 10 and digits[0] == 48:
            return _national(out, at, digits, 1, 10)
        elif n == 9 and digits[0] == 54:
            return _national(out, at, digits, 0, 9)
        elif n == 11 and digits[0] == 51 and digits[1] == 49:
            return _put(out, at, digits, 0, 11)
        else:
            return -1
    if n - low >= 3 and digits[low] == 51 and digits[low + 1] == 49 and digits[low + 2] == 48:
        return _national(out, at, digits, low + 3, min(n, low + 16))  # +31 (0)6 ...
    return _put(out, at, digits, low, min(n, low + 15))


@njit(cache=True)
def _national(out, at, digits, low, high):
    """Write "+31" and digits."""
    out[at] = 43
    out[at + 1] = 51
    out[at + 2] = 49
    at += 3
    for k in range(low, high):
        out[at] = digits[k]
        at += 1
    return at


@njit(cache=True)
def _lower(letter):
    return letter + 32 if 65 <= letter <= 90 else letter


@njit(cache=True)
def _is_gmail(data, first, last):
    if last - first != 9:
        return False
    for k, letter in enumerate((103, 109, 97, 105, 108, 46, 99, 111, 109)):
        if _lower(data[first + k]) != letter:
            return False
    return True


@njit(cache=True)
def _email(data, first, last, out, at):
    """Write the address; gives the place behind it, -1 when the notation is not usual."""
    mark = -1
    for k in range(first, last):
        letter = _lower(data[k])
        if letter == 64:
            if mark >= 0:
                return -1
            mark = k
        elif not (97 <= letter <= 122 or 48 <= letter <= 57 or letter == 46 or letter == 45 or letter == 95):
            return -1
    if mark <= first or mark + 1 >= last or data[mark + 1] == 46 or data[last - 1] == 46:
        return -1
    if last - mark - 1 == 14 and _lower(data[mark + 1]) == 103:  # may be googlemail.com
        return -1
    gmail = _is_gmail(data, mark + 1, last)
    begin = at
    for k in range(first, last):
        if gmail and data[k] == 46 and k < mark:
            continue
        out[at] = _lower(data[k])
        at += 1
    return at if out[begin] != 64 else -1


@njit(cache=True)
def _read(data, start, mail, dutch):
    """Bytes and starts of what was read, and whether each value was."""
    n = start.shape[0] - 1
    out = np.empty(data.shape[0] + 4 * n + 8, np.uint8)
    begin = np.zeros(n + 1, np.int64)
    usual = np.zeros(n, np.bool_)
    digits = np.empty(LONGEST + 2, np.uint8)
    at = 0
    for x in range(n):
        first, last = _trimmed(data, start[x], start[x + 1])
        behind = -1
        if last - first <= LONGEST:
            if mail:
                behind = _email(data, first, last, out, at)
            else:
                behind = _phone(data, first, last, dutch, out, at, digits)
        usual[x] = behind >= 0
        if behind >= 0:
            at = behind
        begin[x + 1] = at
    return out[:at], begin, usual


def read_column(
    data: np.ndarray, start: np.ndarray, mail: bool, country: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read many values as bytes: (bytes, starts, whether each was read); `mail`: e-mail addresses, else phones."""
    made: tuple[np.ndarray, np.ndarray, np.ndarray] = _read(data, start, mail, country == "NL")
    return made
