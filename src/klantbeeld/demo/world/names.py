"""The tables of names as arrays, with the weights to draw from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from klantbeeld.demo.dice import Dice, Ints, Texts, Weights, by_rank, texts
from klantbeeld.demo.tables import given, surnames


@dataclass(frozen=True, slots=True)
class GivenTable:
    """All given names in one row of codes; `groups` tells per (culture, era, sex) the first code and the weights."""

    official: Texts
    calls: tuple[tuple[str, ...], ...]
    groups: dict[tuple[int, int, int], tuple[int, Weights]]
    alike: Ints
    """Per code another name of the same group with the same first letter (itself when there is none): for twins."""


@dataclass(frozen=True, slots=True)
class SurnameTable:
    """All surnames in one row of codes; `groups` gives per culture the codes and their weights."""

    prefix: Texts
    base: Texts
    full: Texts
    groups: dict[int, tuple[Ints, Weights]]


@cache
def given_table() -> GivenTable:
    """Build the table of given names."""
    official: list[str] = []
    calls: list[tuple[str, ...]] = []
    groups: dict[tuple[int, int, int], tuple[int, Weights]] = {}
    alike: list[int] = []
    for culture, code in enumerate(given.CULTURES):
        for era in range(3):
            for sex in range(2):
                rows = given.given_names(code, era, "MF"[sex])
                start = len(official)
                groups[culture, era, sex] = (start, Weights(by_rank(len(rows), 9.0)))
                official += [row.official for row in rows]
                calls += [row.calls for row in rows]
                for here, row in enumerate(rows):
                    others = (*range(here + 1, len(rows)), *range(here))
                    alike.append(start + next((o for o in others if rows[o].official[0] == row.official[0]), here))
    return GivenTable(texts(official), tuple(calls), groups, np.asarray(alike, dtype=np.int64))


@cache
def surname_table() -> SurnameTable:
    """Build the table of surnames; the composed tail has a fixed share of the Dutch ones."""
    rows: list[surnames.Surname] = []
    groups: dict[int, tuple[Ints, Weights]] = {}
    for culture, code in enumerate(given.CULTURES):
        head = surnames.frequent(code)
        tail = {"nl": surnames.composed(), "fy": surnames.frisian()}.get(code, ())
        weights = by_rank(len(head))
        share = surnames.TAIL_SHARE if code == "nl" else 0.7
        if tail:
            weights += [sum(weights) * share / (1 - share) / len(tail)] * len(tail)
        codes = np.arange(len(rows), len(rows) + len(head) + len(tail), dtype=np.int64)
        rows += [*head, *tail]
        groups[culture] = (codes, Weights(weights))
    prefix, base, full = zip(*((row.prefix, row.base, row.full) for row in rows), strict=True)
    return SurnameTable(texts(prefix), texts(base), texts(full), groups)


def draw_given(dice: Dice, index: Ints, culture: Ints, era: Ints, sex: Ints) -> Ints:
    """Draw codes of given names for persons of these cultures, eras and sexes."""
    table, found = given_table(), np.zeros(len(index), dtype=np.int64)
    for (group_culture, group_era, group_sex), (start, weights) in table.groups.items():
        mine = np.flatnonzero((culture == group_culture) & (era == group_era) & (sex == group_sex))
        found[mine] = start + dice.choose("given", index[mine], weights)
    return found


def draw_surname(dice: Dice, index: Ints, culture: Ints) -> Ints:
    """Draw codes of surnames for these cultures."""
    found = np.zeros(len(index), dtype=np.int64)
    for group, (codes, weights) in surname_table().groups.items():
        mine = np.flatnonzero(culture == group)
        found[mine] = codes[dice.choose("surname", index[mine], weights)]
    return found
