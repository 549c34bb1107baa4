"""Which templates of keys to use on this data: those that find matches which others miss, for the pairs they cost.

Pairs are drawn from every template and scored, a first model is learned from the draw, and templates are chosen
greedily by expected new matches per new pair until the next one is not worth its pairs. A pair found by m templates
counts 1/m in each (multiplicity weighting). The drawn pairs that no chosen template finds still take part in the
estimation, with their weight: without them the model would see too few of the pairs that are not matches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from klantbeeld.engines.matching import estimation, kernel
from klantbeeld.engines.matching.blocking import Block, lay_block, sorted_keys
from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.estimation import Chance
from klantbeeld.engines.matching.keys import KeyTable, templates_for
from klantbeeld.engines.matching.levels import Comparison
from klantbeeld.engines.matching.rows import Rows

PAIRS_PER_RECORD = 1.5
SMALLEST_BUDGET = 100_000
DRAWN = 4_000
"""Pairs drawn from one template."""
HOUSEHOLD_WORTH = 0.1
"""What finding a household pair is worth against finding a match."""


@dataclass(slots=True)
class Choice:
    """The blocks to use, the most fruitful first, and drawn pairs beyond them: levels and the pairs each stands for."""

    blocks: list[Block]
    levels: np.ndarray
    weights: np.ndarray


def choose_blocks(
    encoded: Encoded, rows: Rows, comparisons: tuple[Comparison, ...], chance: Chance, key: bytes, seed: int
) -> Choice:
    """The blocks of the templates worth their pairs."""
    budget = max(SMALLEST_BUDGET, int(PAIRS_PER_RECORD * encoded.n))
    table = KeyTable(encoded, key)
    laid = [b for b in (lay_block(t, table.keys(t), budget) for t in templates_for(list(encoded.atoms))) if b.pairs]
    left, right, weight = _draw(laid, rows.rows[:, kernel.KIND], np.random.default_rng(seed))
    levels = kernel.score_levels(rows.rows, left, right, *rows.args())
    if not len(left):
        return Choice(laid, levels, weight)
    edges = np.cumsum([0] + [b.keys.shape[1] for b in laid]).astype(np.int64)
    member = shared_templates(np.concatenate([b.keys for b in laid], axis=1), left, right, edges)
    weight = weight / np.maximum(member.sum(axis=1), 1)
    patterns, inverse, _ = estimation.patterns_of(levels)
    counts = np.bincount(inverse, weight, minlength=len(patterns))
    found = estimation.learn(patterns, counts, comparisons, chance, encoded.n, iterations=25).posteriors[inverse]
    match, household = found[:, estimation.MATCH], found[:, estimation.HOUSEHOLD]
    worth = np.where(match >= 0.5, match, 0.0) + HOUSEHOLD_WORTH * np.where(household >= 0.5, household, 0.0)
    chosen = cover(member, worth * weight, weight, least_yield(encoded.n))
    beyond = ~member[:, chosen].any(axis=1)
    return Choice([laid[t] for t in chosen], levels[beyond], weight[beyond])


def _draw(laid: list[Block], kinds: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs drawn from every block and how many of its pairs each stands for."""
    lefts, rights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    weights = [np.zeros(0)]
    for block in laid:
        left, right = draw_pairs(block, rng)
        fine = (left != right) & (kinds[left] == kinds[right])
        lefts.append(np.minimum(left, right)[fine].astype(np.int32))
        rights.append(np.maximum(left, right)[fine].astype(np.int32))
        weights.append(np.full(int(fine.sum()), block.pairs / max(len(fine), 1)))
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(weights)


def least_yield(n: int) -> float:
    """Expected new matches per new pair below which a template is not used: small tables can afford to look wider."""
    return float(np.clip(n / 2e8, 1 / 20_000, 1 / 150))


def cover(member: np.ndarray, matches: np.ndarray, weight: np.ndarray, least: float) -> list[int]:
    """Greedy weighted set cover: places of templates in the order chosen.

    `member` bool[pairs, templates]; `matches` and `weight`: expected matches and pairs that each drawn pair stands for.
    """
    open_pairs = np.ones(len(member), bool)
    left = list(range(member.shape[1]))
    chosen: list[int] = []
    while left:
        gains = np.array([matches[open_pairs & member[:, t]].sum() for t in left])
        costs = np.array([weight[open_pairs & member[:, t]].sum() for t in left])
        rates = gains / np.maximum(costs, 1.0)
        rates[gains < 0.5] = 0.0
        best = int(np.argmax(rates))
        if rates[best] < least:
            break
        t = left.pop(best)
        chosen.append(t)
        open_pairs &= ~member[:, t]
    return chosen


def draw_pairs(block: Block, rng: np.random.Generator, count: int = DRAWN) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a block drawn uniformly with replacement; all of them when there are no more than that."""
    values, records = sorted_keys(block)
    if not len(values):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    first = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    sizes = np.diff(np.append(first, len(values)))
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    picked = np.arange(ends[-1]) if ends[-1] <= count else rng.integers(0, ends[-1], count)
    group = np.searchsorted(ends, picked, side="right")
    size, start = sizes[group], first[group]
    if ends[-1] <= count:
        return _all_pairs(first, sizes, records)
    a = rng.integers(0, size)
    b = rng.integers(0, size - 1)
    b += b >= a
    return records[start + a], records[start + b]


def _all_pairs(first: np.ndarray, sizes: np.ndarray, records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lefts, rights = [], []
    for start, size in zip(first.tolist(), sizes.tolist(), strict=True):
        a, b = np.triu_indices(size, 1)
        lefts.append(records[start + a])
        rights.append(records[start + b])
    return np.concatenate(lefts), np.concatenate(rights)


@njit(cache=True)
def shared_templates(matrix: Any, left: Any, right: Any, edges: Any) -> Any:
    """bool[pairs, templates]: which templates give both records a key in common."""
    templates = edges.shape[0] - 1
    out = np.zeros((left.shape[0], templates), np.bool_)
    for k in range(left.shape[0]):
        for t in range(templates):
            for a in range(edges[t], edges[t + 1]):
                x = matrix[left[k], a]
                if x == 0:
                    continue
                for b in range(edges[t], edges[t + 1]):
                    if x == matrix[right[k], b]:
                        out[k, t] = True
    return out
