"""Who meets whom through shared keys: NumPy on whole batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FIND_FROM = 20_000
"""Types of key from here on serve finding by number only; below, they block."""

KIND_STRIDE = 10_000
"""Types of key of organisations come this much after those of persons, so that the two never meet."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Distinct keys: int64 vectors of one length. `net`: holders that came minus holders that went."""

    key: np.ndarray
    type: np.ndarray
    cap: np.ndarray
    net: np.ndarray

    @property
    def limit(self) -> np.ndarray:
        """So many holders must be read to know whether the key is above its cap now, and whether it was before."""
        return self.cap + 1 + np.abs(self.net)


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of records that meet (left < right, each once), and the positions of the keys that closed."""

    left: np.ndarray
    right: np.ndarray
    closed: np.ndarray


def blocks(key_type: int) -> bool:
    """Does a key of this type make candidates?"""
    return key_type < FIND_FROM


def is_blocking(key_type: np.ndarray) -> np.ndarray:
    """The same for many."""
    return key_type < FIND_FROM


def distinct(key: np.ndarray, key_type: np.ndarray) -> np.ndarray:
    """Where each distinct key stands, in the order of key and type."""
    order = np.lexsort((key_type, key))
    key, key_type = key[order], key_type[order]
    first = np.ones(len(order), bool)
    first[1:] = (key[1:] != key[:-1]) | (key_type[1:] != key_type[:-1])
    return order[first]


def find(key: np.ndarray, key_type: np.ndarray, within: np.ndarray, within_type: np.ndarray) -> np.ndarray:
    """The place of each key among distinct ones in the order of key and type; -1 for one that is not there."""
    if not len(within):
        return np.full(len(key), -1, np.int64)
    last = len(within) - 1
    place = np.minimum(np.searchsorted(within, key), last)
    while len(other := np.flatnonzero((within[place] == key) & (within_type[place] < key_type) & (place < last))):
        place[other] += 1  # the same number under several types: next to never, for they are hashes
    return np.where((within[place] == key) & (within_type[place] == key_type), place, -1)


def count_among(place: np.ndarray, size: int) -> np.ndarray:
    """How often each of `size` distinct keys was found; `place` as `find` gives it."""
    return np.bincount(place[place >= 0], minlength=size)


def meet(keys: Keys, row: np.ndarray, record: np.ndarray, changed: np.ndarray) -> Meetings:
    """Pair each changed record with the other holders of its keys; where a key opened, all its holders.

    `row`, `record`: who holds which key, up to `keys.limit` each. `changed`: sorted ids of the live changed records.
    """
    order = np.argsort(row, kind="stable")
    row, record = row[order], record[order]
    count = np.bincount(row, minlength=len(keys.key))
    before = count - keys.net  # where the count was cut off at the limit this is above the cap too
    is_open, was_open = count <= keys.cap, before <= keys.cap
    opened, closed = is_open & ~was_open, np.flatnonzero(was_open & ~is_open)
    start = np.cumsum(count) - count
    place = np.minimum(np.searchsorted(changed, record), max(len(changed) - 1, 0))
    is_changed = changed[place] == record if len(changed) else np.zeros(len(record), bool)
    active = np.flatnonzero((is_changed | opened[row]) & is_open[row] & (count[row] > 1))
    repeat = count[row[active]]
    left = np.repeat(record[active], repeat)
    offset = np.repeat(start[row[active]] - (np.cumsum(repeat) - repeat), repeat)
    right = record[np.arange(len(left)) + offset] if len(left) else left
    return Meetings(*_once(left, right), closed)


def _once(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    other = left != right
    low, high = np.minimum(left, right)[other], np.maximum(left, right)[other]
    ids = np.unique(np.concatenate((low, high)))
    code = np.unique(np.searchsorted(ids, low) * np.int64(len(ids)) + np.searchsorted(ids, high))
    return (ids[code // len(ids)], ids[code % len(ids)]) if len(code) else (low[:0], high[:0])
