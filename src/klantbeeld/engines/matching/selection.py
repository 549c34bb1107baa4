"""Which templates of keys to use on this data: those that find matches which others miss, for the pairs they cost.

Pairs are drawn from every template and scored, a first model is learned from the draw, and templates are chosen
greedily by expected new matches per new pair until the next one is not worth its pairs. A pair found by m templates
counts 1/m in each (multiplicity weighting). The drawn pairs that no chosen template finds still take part in the
estimation, with their weight: without them the model would see too few of the pairs that are not matches.

A large table is looked at through a sample of its keys, not of its records: every key is in it or not, with all its
records, so sizes of blocks are those of the whole and pairs are counted by multiplying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from klantbeeld.engines.matching import estimation, kernel
from klantbeeld.engines.matching.blocking import Block, lay_block, runs_of
from klantbeeld.engines.matching.estimation import Chance
from klantbeeld.engines.matching.keys.working import WorkingKeys
from klantbeeld.engines.matching.levels import Comparison
from klantbeeld.engines.matching.patterns import patterns_of
from klantbeeld.engines.matching.rows import Rows

PAIRS_PER_RECORD = 1.5
SMALLEST_BUDGET = 100_000
DRAWN = 4_000
"""Pairs drawn from one template."""
HOUSEHOLD_WORTH = 0.1
"""What finding a household pair is worth against finding a match."""
ENOUGH = 125_000
"""Records that show what a template yields; of a larger table a share of the keys is looked at."""


@dataclass(slots=True)
class Choice:
    """The templates to use, the most fruitful first, and drawn pairs beyond them: levels and what each stands for."""

    templates: list[str]
    levels: np.ndarray
    weights: np.ndarray


def budget_of(n: int) -> float:
    """Pairs that one template may make."""
    return max(SMALLEST_BUDGET, PAIRS_PER_RECORD * n)


def choose_templates(
    keys: WorkingKeys,
    templates: tuple[str, ...],
    rows: Rows,
    comparisons: tuple[Comparison, ...],
    chance: Chance,
    seed: int,
) -> Choice:
    """The templates worth their pairs."""
    n = len(rows.rows)
    one_in = 1 << max((n // ENOUGH).bit_length() - 1, 0)
    laid = [b for b in (_lay_sample(keys, t, budget_of(n), one_in) for t in templates) if b.pairs]
    left, right, weight = _draw(laid, rows.rows[:, kernel.KIND], one_in, np.random.default_rng(seed))
    levels = kernel.score_levels(rows.rows, left, right, *rows.args())
    if not len(left):
        return Choice([b.template for b in laid], levels, weight)
    member = np.stack([_finds(keys, block, left, right, one_in) for block in laid], axis=1)
    weight = weight / np.maximum(member.sum(axis=1), 1)
    patterns, inverse, _ = patterns_of(levels)
    counts = np.bincount(inverse, weight, minlength=len(patterns))
    found = estimation.learn(patterns, counts, comparisons, chance, n, iterations=25).posteriors[inverse]
    match, household = found[:, estimation.MATCH], found[:, estimation.HOUSEHOLD]
    worth = np.where(match >= 0.5, match, 0.0) + HOUSEHOLD_WORTH * np.where(household >= 0.5, household, 0.0)
    chosen = cover(member, worth * weight, weight, least_yield(n))
    beyond = ~member[:, chosen].any(axis=1)
    return Choice([laid[t].template for t in chosen], levels[beyond], weight[beyond])


def _lay_sample(keys: WorkingKeys, template: str, budget: float, one_in: int) -> Block:
    """Lay a template over one key in so many."""
    made = keys.keys(template)
    if one_in > 1:
        made = np.where(made & np.uint64(one_in - 1) == 0, made, np.uint64(0))
    return lay_block(template, made, budget / one_in)


def _finds(keys: WorkingKeys, block: Block, left: np.ndarray, right: np.ndarray, one_in: int) -> np.ndarray:
    """bool[pairs]: whether the template finds a pair, by a key that is not above its cap."""
    mine, theirs = keys.keys(block.template, left), keys.keys(block.template, right)
    shared = _shared(mine, theirs)
    found = shared != 0
    generic = block.generic
    if one_in > 1 and len(generic) and found.any():  # the sample tells that some are too common, not which
        asked = np.unique(shared[found])
        counts = np.zeros(len(asked), np.int64)
        _count(keys.keys(block.template), asked, counts)
        generic = asked[counts > block.cap]
    if len(generic):
        place = np.minimum(np.searchsorted(generic, shared), len(generic) - 1)
        found &= generic[place] != shared
    any_key: np.ndarray = np.logical_or.reduce(found, axis=1)
    return any_key


@njit(cache=True)
def _shared(mine: Any, theirs: Any) -> Any:
    """The keys of the left record that the right one has too; 0 elsewhere."""
    out = np.zeros(mine.shape, np.uint64)
    for k in range(mine.shape[0]):
        for a in range(mine.shape[1]):
            for b in range(theirs.shape[1]):
                if mine[k, a] != 0 and mine[k, a] == theirs[k, b]:
                    out[k, a] = mine[k, a]
    return out


@njit(cache=True)
def _count(keys: Any, asked: Any, counts: Any) -> None:
    """How often each of the asked keys (sorted) stands in a table of keys."""
    bits = 1
    while (1 << bits) < 4 * asked.shape[0]:
        bits += 1
    mask = np.uint64((1 << bits) - 1)
    table = np.full(1 << bits, -1, np.int64)
    for x in range(asked.shape[0]):
        place = asked[x] & mask
        while table[place] >= 0:
            place = (place + np.uint64(1)) & mask
        table[place] = x
    for i in range(keys.shape[0]):
        for s in range(keys.shape[1]):
            key = keys[i, s]
            place = key & mask
            while table[place] >= 0:
                if asked[table[place]] == key:
                    counts[table[place]] += 1
                    break
                place = (place + np.uint64(1)) & mask


def _draw(
    laid: list[Block], kinds: np.ndarray, one_in: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs drawn from every block and how many of its pairs each stands for."""
    lefts, rights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    weights = [np.zeros(0)]
    for block in laid:
        left, right = draw_pairs(block, rng)
        fine = (left != right) & (kinds[left] == kinds[right])
        lefts.append(np.minimum(left, right)[fine].astype(np.int32))
        rights.append(np.maximum(left, right)[fine].astype(np.int32))
        weights.append(np.full(int(fine.sum()), one_in * block.pairs / max(len(fine), 1)))
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(weights)


def least_yield(n: int) -> float:
    """Expected new matches per new pair below which a template is not used: small tables can afford to look wider."""
    return float(np.clip(n / 2e8, 1 / 20_000, 1 / 150))


def cover(member: np.ndarray, matches: np.ndarray, weight: np.ndarray, least: float) -> list[int]:
    """Greedy weighted set cover: places of templates in the order chosen.

    `member` bool[pairs, templates]; `matches` and `weight`: expected matches and pairs that each drawn pair stands for.
    """
    left = list(range(member.shape[1]))
    chosen: list[int] = []
    while left:
        open_pairs = member[:, left]
        gains, costs = matches @ open_pairs, weight @ open_pairs
        rates = gains / np.maximum(costs, 1.0)
        rates[gains < 0.5] = 0.0
        best = int(np.argmax(rates))
        if rates[best] < least:
            break
        t = left.pop(best)
        chosen.append(t)
        missed = ~member[:, t]
        member, matches, weight = member[missed], matches[missed], weight[missed]
    return chosen


def draw_pairs(block: Block, rng: np.random.Generator, count: int = DRAWN) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a block drawn uniformly with replacement; all of them when there are no more than that."""
    first, sizes = runs_of(block.values)
    if not len(first):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    if ends[-1] <= count:
        return _all_pairs(first, sizes, block.records)
    group = np.searchsorted(ends, rng.integers(0, ends[-1], count), side="right")
    size, start = sizes[group], first[group]
    a = rng.integers(0, size)
    b = rng.integers(0, size - 1)
    b += b >= a
    return block.records[start + a], block.records[start + b]


def _all_pairs(first: np.ndarray, sizes: np.ndarray, records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lefts, rights = [], []
    for start, size in zip(first.tolist(), sizes.tolist(), strict=True):
        a, b = np.triu_indices(size, 1)
        lefts.append(records[start + a])
        rights.append(records[start + b])
    return np.concatenate(lefts), np.concatenate(rights)
