"""How often values occur: the frequency class of a value, from counts that a model keeps.

Only values above the first edge are kept (the top), so a model stays small; every other value is rare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from klantbeeld.engines.matching.columns import Codes, Pool, used_codes
from klantbeeld.engines.matching.levels import COUNT_EDGES, SHARE_EDGES

SEPARATOR = "|"


def bin_of(count: int, total: int, local: bool) -> int:
    """The class 0 (rare) .. 4 (very common) of a value that `count` of `total` values have."""
    edges: Sequence[float] = COUNT_EDGES if local else SHARE_EDGES
    size = float(count) if local else count / max(total, 1)
    return sum(size > edge for edge in edges)


@dataclass(slots=True)
class Frequencies:
    """Counts of common values per comparison: `values[name][text]` of `totals[name]`; `local` counts, not shares."""

    totals: dict[str, int] = field(default_factory=dict)
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    local: frozenset[str] = frozenset()

    def bin(self, name: str, text: str) -> int:
        count = self.values.get(name, {}).get(text, 0)
        return bin_of(count, self.totals.get(name, 0), name in self.local) if count else 0

    def bins(self, name: str, codes: Codes, pool: Pool) -> Codes:
        """The class of the value behind every code; 0 for missing."""
        table = np.zeros(len(pool.texts) + 1, np.int32)
        known = self.values.get(name)
        if known:
            if len(known) < len(codes):
                for text in known:
                    code = pool.index.get(text)
                    if code is not None:
                        table[code] = self.bin(name, text)
            else:
                for code in used_codes(codes, len(pool.texts)).tolist():
                    table[code] = self.bin(name, pool.texts[code])
        return table[codes]

    def pair_bins(self, name: str, left: Codes, right: Codes, pool: Pool) -> Codes:
        """The same for values made of two texts (postcode and house number)."""
        out = np.zeros(len(left), np.int32)
        known = self.values.get(name)
        if not known:
            return out
        packed = (left.astype(np.int64) << 32) | right
        packed[(left < 0) | (right < 0)] = -1
        if len(left) < 64:
            for i, code in enumerate(packed.tolist()):
                if code >= 0:
                    out[i] = self.bin(name, pool.texts[code >> 32] + SEPARATOR + pool.texts[code & 0xFFFFFFFF])
            return out
        keys, classes = [], []
        for text in known:
            a, _, b = text.partition(SEPARATOR)
            ca, cb = pool.index.get(a), pool.index.get(b)
            if ca is not None and cb is not None:
                keys.append(ca << 32 | cb)
                classes.append(self.bin(name, text))
        if keys:
            order = np.argsort(keys)
            sorted_keys = np.array(keys, np.int64)[order]
            place = np.minimum(np.searchsorted(sorted_keys, packed), len(keys) - 1)
            out = np.where(sorted_keys[place] == packed, np.array(classes, np.int32)[order][place], 0).astype(np.int32)
        return out

    def to_dict(self) -> dict[str, Any]:
        return {"totals": self.totals, "values": self.values, "local": sorted(self.local)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Frequencies:
        return cls(dict(data["totals"]), {n: dict(v) for n, v in data["values"].items()}, frozenset(data["local"]))


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one comparison, for training: per class the chance that two random records share a value of it, and
    the share of records that have one."""

    chance_equal: np.ndarray
    share: np.ndarray
    filled: float


def count_codes(codes: Iterable[Codes], size: int) -> np.ndarray:
    """How often each code occurs, missing left out."""
    counts = np.zeros(size, np.int64)
    for one in codes:
        counts += np.bincount(one[one >= 0], minlength=size)
    return counts


def summarise(counts: np.ndarray, total: int, n: int, local: bool) -> Counted:
    """Chance of equality and share of records per frequency class, from counts per value."""
    counts = counts[counts > 0]
    size = counts.astype(float) if local else counts / max(total, 1)
    edges = np.array(COUNT_EDGES if local else SHARE_EDGES, float)
    classes = np.searchsorted(edges, size, side="left")
    pairs = counts * (counts - 1.0)
    chance = np.bincount(classes, pairs, minlength=len(edges) + 1) / max(total * (total - 1.0), 1.0)
    share = np.bincount(classes, counts, minlength=len(edges) + 1) / max(total, 1)
    return Counted(chance, share, total / max(n, 1))
