"""Which templates of keys to use on this data: those that find matches which others miss, for the pairs they cost.

All templates are laid over a sample of their keys (whole blocks, so counts are unbiased), pairs are drawn from each and
scored, a first model is learned from the draw, and templates are chosen greedily by expected new matches per new pair
until the next one is not worth its pairs. A pair found by m templates counts 1/m in each (multiplicity weighting).
"""

from __future__ import annotations

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
SAMPLE_RECORDS = 60_000
"""From this size on only a share of the keys is laid to choose templates."""


def choose_blocks(
    encoded: Encoded, rows: Rows, comparisons: tuple[Comparison, ...], chance: Chance, key: bytes, seed: int
) -> list[Block]:
    """The blocks of the templates worth their pairs, the most fruitful first."""
    budget = max(SMALLEST_BUDGET, int(PAIRS_PER_RECORD * encoded.n))
    table = KeyTable(encoded, key)
    thinning = max(1, encoded.n // SAMPLE_RECORDS)
    laid: list[Block] = []
    for template in templates_for(list(encoded.atoms)):
        block = lay_block(template, thinned(table.keys(template), thinning), max(budget // thinning, 1))
        if block.pairs:
            laid.append(block)
    if not laid:
        return []
    kinds = rows.rows[:, kernel.KIND]
    chosen = _choose(laid, rows, comparisons, chance, kinds, encoded.n, thinning, seed)
    return [b for b in (lay_block(laid[t].template, table.keys(laid[t].template), budget) for t in chosen) if b.pairs]


def thinned(keys: np.ndarray, thinning: int) -> np.ndarray:
    """Keep one key in `thinning`, chosen by the key itself, so that blocks stay whole."""
    if thinning == 1:
        return keys
    return np.where((keys >> np.uint64(7)) % np.uint64(thinning) == 0, keys, np.uint64(0))


def _choose(
    laid: list[Block],
    rows: Rows,
    comparisons: tuple[Comparison, ...],
    chance: Chance,
    kinds: np.ndarray,
    n: int,
    thinning: int,
    seed: int,
) -> list[int]:
    rng = np.random.default_rng(seed)
    lefts, rights, weights = [], [], []
    for block in laid:
        left, right = draw_pairs(block, rng)
        fine = (left != right) & (kinds[left] == kinds[right])
        left, right = left[fine], right[fine]
        lefts.append(np.minimum(left, right))
        rights.append(np.maximum(left, right))
        weights.append(np.full(len(left), block.pairs * thinning / max(len(fine), 1)))
    left, right = np.concatenate(lefts).astype(np.int32), np.concatenate(rights).astype(np.int32)
    if not len(left):
        return list(range(len(laid)))
    edges = np.cumsum([0] + [b.keys.shape[1] for b in laid]).astype(np.int64)
    member = shared_templates(np.concatenate([b.keys for b in laid], axis=1), left, right, edges)
    weight = np.concatenate(weights) / np.maximum(member.sum(axis=1), 1)
    levels = kernel.score_levels(rows.rows, left, right, *rows.args())
    patterns, inverse, _ = estimation.patterns_of(levels)
    counts = np.bincount(inverse, weight, minlength=len(patterns))
    estimate = estimation.learn(patterns, counts, comparisons, chance, n, iterations=25)
    matches = estimate.posteriors[inverse, estimation.MATCH] * weight
    return cover(member, matches, weight, least_yield(n))


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
        best = int(np.argmax(rates))
        if rates[best] < least or gains[best] < 0.5:
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
def shared_templates(matrix, left, right, edges):
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
