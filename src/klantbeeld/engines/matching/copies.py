"""Masses of identical records: one of them speaks for all, so that a thousand copies cost no more than one record.

Test entries, walk-in customers and loads that ran twice leave one record hundreds or thousands of times. All its keys
are then too common to be used, its values look common, and all pairs of copies are too many to compare. Here copies
take no part in keys and learning beyond the first one; afterwards each is held against the first by the model itself,
which joins them when one record says enough to be known again by its own copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.engines.matching.columns import Encoded

MOST = 20
"""Copies up to this number are ordinary records."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Copies:
    """`kept`: places of the records that speak, ascending; `first` and `copy`: every other record with its speaker."""

    kept: np.ndarray
    first: np.ndarray
    copy: np.ndarray


def find_copies(encoded: Encoded) -> Copies | None:
    """The masses of records that are equal in every atom (source and kind too); None when there are none."""
    mixed = np.zeros(encoded.n, np.uint64)
    for atom in sorted(encoded.atoms):
        mixed = (mixed ^ (encoded.atoms[atom].astype(np.int64) + 2).astype(np.uint64)) * _FACTOR
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    begins = np.flatnonzero(np.append(True, mixed[order][1:] != mixed[order][:-1])) if encoded.n else np.zeros(0, int)
    sizes = np.diff(np.append(begins, encoded.n))
    if not (sizes > MOST).any():
        return None
    speaker = np.repeat(order[begins], sizes)
    many = np.repeat(sizes > MOST, sizes) & (speaker != order)
    copy, first = order[many], speaker[many]
    silent = np.zeros(encoded.n, bool)
    silent[copy] = True
    return Copies(np.flatnonzero(~silent), first, copy)


def without_copies(encoded: Encoded, copies: Copies | None) -> Encoded:
    """The records that speak."""
    if copies is None:
        return encoded
    return Encoded(len(copies.kept), encoded.pool, {a: c[copies.kept] for a, c in encoded.atoms.items()})
