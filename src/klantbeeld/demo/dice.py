"""Repeatable chance by position: a draw is a hash of (seed, name of the draw, index), so any slice can be drawn alone.

A stream of random numbers ties each value to all draws before it; a hash of the index does not. That is why a record
can be rendered by itself, in blocks or in a page of the demo service, and always has the same bytes. The arithmetic is
64-bit integers plus one exact conversion, so it does not depend on the version of NumPy or of the processor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class Weights:
    """Cumulative weights of a table of choices, for drawing with unequal shares."""

    __slots__ = ("cumulative",)

    def __init__(self, weights: Sequence[float]) -> None:
        """Take positive weights; they need not sum to one."""
        total = np.cumsum(np.asarray(weights, dtype=np.float64))
        self.cumulative = total / total[-1]


def by_rank(count: int, offset: float = 12.0) -> list[float]:
    """Give Zipf-like weights 1 / (rank + offset), by division alone so that they are the same on every machine."""
    return [1.0 / (rank + offset) for rank in range(count)]


class Dice:
    """Draws that depend only on (seed, scope, name, index)."""

    __slots__ = ("_scope",)

    def __init__(self, seed: int, scope: str = "") -> None:
        """Start dice for a whole number as seed."""
        self._scope = f"{seed}/{scope}"

    def within(self, scope: str) -> Dice:
        """Give dice of their own for a part of the world."""
        part = Dice.__new__(Dice)
        part._scope = f"{self._scope}/{scope}"
        return part

    def bits(self, name: str, index: Ints) -> Bits:
        """Give 64 well-mixed bits per index (finaliser of SplitMix64, Steele et al. 2014)."""
        key = hashlib.blake2b(f"{self._scope}:{name}".encode(), digest_size=8).digest()
        x = index.astype(np.uint64) * _STEP + np.frombuffer(key, dtype="<u8").astype(np.uint64)
        x = (x ^ (x >> np.uint64(30))) * _MIX_1
        x = (x ^ (x >> np.uint64(27))) * _MIX_2
        return x ^ (x >> np.uint64(31))

    def share(self, name: str, index: Ints) -> Shares:
        """Give a uniform number in [0, 1) per index."""
        return (self.bits(name, index) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, name: str, index: Ints, share: float | Shares) -> Flags:
        """Say per index whether something with this share happens."""
        return np.asarray(self.share(name, index) < share)

    def below(self, name: str, index: Ints, limit: int | Ints) -> Ints:
        """Give a whole number in 0 .. limit-1 per index; limits are far below 2**40, so the bias is nothing."""
        return ((self.bits(name, index) >> np.uint64(11)).astype(np.int64)) % limit

    def choose(self, name: str, index: Ints, weights: Weights) -> Ints:
        """Give a position in a weighted table per index."""
        found = np.searchsorted(weights.cumulative, self.share(name, index), side="right")
        return np.minimum(found, len(weights.cumulative) - 1).astype(np.int64)


def texts(values: Sequence[str]) -> Texts:
    """Give a table of texts that can be indexed by an array of codes."""
    table = np.empty(len(values), dtype=object)
    table[:] = list(values)
    return table
