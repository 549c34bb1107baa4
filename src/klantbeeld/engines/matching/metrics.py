"""How good a partition is against known truth: pairwise, exact clusters, B-cubed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares 0..1. Pairwise counts pairs of records in one group; exact counts groups that are right as a whole;
    B-cubed (Bagga and Baldwin 1998) averages over records. `max_group` is the size of the largest group found."""

    precision: float
    recall: float
    f1: float
    exact_precision: float
    exact_recall: float
    exact_f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    groups: int
    true_groups: int
    max_group: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def quality(found: Sequence[Any] | np.ndarray, truth: Sequence[Any] | np.ndarray) -> Quality:
    """Compare two labellings of the same records; labels may be anything that can be compared and sorted.

    Raises ValueError when the lengths differ.
    """
    if len(found) != len(truth):
        raise ValueError(f"{len(found)} labels found, {len(truth)} true ones")
    mine = np.unique(np.asarray(found), return_inverse=True)[1].astype(np.int64)
    true = np.unique(np.asarray(truth), return_inverse=True)[1].astype(np.int64)
    n = len(mine)
    if n == 0:
        return Quality(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0, 0, 0)
    width = int(true.max()) + 1
    cells, sizes = np.unique(mine * width + true, return_counts=True)
    of_mine, of_true = np.bincount(mine)[cells // width], np.bincount(true)[cells % width]
    both, mine_pairs, true_pairs = _pairs(sizes), _pairs(np.bincount(mine)), _pairs(np.bincount(true))
    precision = both / mine_pairs if mine_pairs else 1.0
    recall = both / true_pairs if true_pairs else 1.0
    exact = int(((sizes == of_mine) & (sizes == of_true)).sum())
    groups, true_groups = int(mine.max()) + 1, width
    squares = sizes.astype(float) ** 2
    b_precision, b_recall = float((squares / of_mine).sum() / n), float((squares / of_true).sum() / n)
    return Quality(
        precision,
        recall,
        _harmonic(precision, recall),
        exact / groups,
        exact / true_groups,
        _harmonic(exact / groups, exact / true_groups),
        b_precision,
        b_recall,
        _harmonic(b_precision, b_recall),
        groups,
        true_groups,
        int(np.bincount(mine).max()),
    )


def _pairs(sizes: np.ndarray) -> int:
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
