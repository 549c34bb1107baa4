"""How often values occur: the frequency class of a value, from counts that a model keeps.

Only values above the first edge are kept (the top), so a model stays small; every other value is rare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from klantbeeld.engines.matching.levels import BINS, COMMON_SHARE, COUNT_EDGES
from klantbeeld.engines.matching.pool import Codes, Pool, used_codes

SEPARATOR = "|"


def edges_for(total: int, local: bool) -> tuple[float, ...]:
    """The counts above which a value belongs to the next class, among `total` values.

    Local values by fixed counts. Others by shares in equal steps of the logarithm, from four records up to a share that
    is very common everywhere, so that a large table tells rare from very rare.
    """
    if local:
        return tuple(float(e) for e in COUNT_EDGES)
    low = min(max(4.0 / max(total, 1), 2.0**-16), 2.0**-9)
    edges = np.geomspace(low, COMMON_SHARE, BINS - 1) * total
    return tuple(float(e) for e in edges)


@dataclass(slots=True)
class Frequencies:
    """Counts of common values per comparison: `values[name][text]` of `totals[name]`, classed by `edges[name]`."""

    totals: dict[str, int] = field(default_factory=dict)
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    edges: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def bin(self, name: str, text: str) -> int:
        """The class 0 (rare) .. 4 (very common) of a value."""
        count = self.values.get(name, {}).get(text, 0)
        return sum(count > edge for edge in self.edges[name]) if count else 0

    def keep(self, name: str, counts: Iterable[tuple[str, int]], total: int, local: bool) -> None:
        """Take over the counts of the values above the first edge."""
        edges = edges_for(total, local)
        self.totals[name], self.edges[name] = total, edges
        self.values[name] = {text: count for text, count in counts if count > edges[0]}

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
        return {"totals": self.totals, "values": self.values, "edges": {n: list(e) for n, e in self.edges.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Frequencies:
        values = {n: dict(v) for n, v in data["values"].items()}
        return cls(dict(data["totals"]), values, {n: tuple(e) for n, e in data["edges"].items()})


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


def summarise(counts: np.ndarray, total: int, n: int, edges: Sequence[float]) -> Counted:
    """Chance of equality and share of records per frequency class, from counts per value."""
    counts = counts[counts > 0]
    classes = np.searchsorted(np.array(edges), counts.astype(float), side="left")
    pairs = counts * (counts - 1.0)
    chance = np.bincount(classes, pairs, minlength=len(edges) + 1) / max(total * (total - 1.0), 1.0)
    share = np.bincount(classes, counts, minlength=len(edges) + 1) / max(total, 1)
    return Counted(chance, share, total / max(n, 1))
