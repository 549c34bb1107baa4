"""Persons and the households they live in, in arrays of codes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Weights
from klantbeeld.demo.tables import given
from klantbeeld.demo.world import names
from klantbeeld.demo.world.calendar import TODAY, parts

HEAD, PARTNER, CHILD = 0, 1, 2
OWN, PARTNERS, PARTNER_OWN, OWN_PARTNER = range(4)
"""How a person uses surnames (register code E, P, V, N): own; partner's; partner's-own; own-partner's."""

_SIZES = Weights([0.38, 0.33, 0.12, 0.12, 0.05])
_CULTURES = Weights(given.CULTURE_WEIGHTS)
_NAME_USES = Weights([0.28, 0.38, 0.24, 0.10])


@dataclass(frozen=True, slots=True)
class Persons:
    """One row per person. `family` is the household of birth or marriage, `household` the address people share now."""

    family: Ints
    place: Ints
    role: Ints
    sex: Ints
    culture: Ints
    born: Ints
    died: Ints
    given: Ints
    call: Ints
    surname: Ints
    partner_surname: Ints
    name_use: Ints
    left_home: Ints
    head: Ints
    partner: Ints
    twin: Flags
    junior: Flags

    @property
    def count(self) -> int:
        """Number of persons."""
        return len(self.family)

    @property
    def age(self) -> Ints:
        """Age in whole years, near enough (days / 365.25) for rules about minors and the elderly."""
        return ((TODAY - self.born) * 4) // 1461

    @property
    def families(self) -> int:
        """Number of families."""
        return int(self.family[-1]) + 1


def people(dice: Dice, size: int) -> Persons:
    """Make exactly `size` persons in families of one to five."""
    index = np.arange(size, dtype=np.int64)
    sizes = 1 + dice.choose("family size", index, _SIZES)
    family = np.repeat(index, sizes)[:size]
    first = (np.cumsum(sizes) - sizes)[family]
    place = index - first
    alone = dice.chance("single parent", family, 0.15)
    role = np.where(place == 0, HEAD, np.where((place == 1) & ~alone, PARTNER, CHILD))
    sex = _sexes(dice, index, first, role)
    own_culture = dice.choose("culture", family, _CULTURES)
    mixed = (role == PARTNER) & dice.chance("mixed marriage", index, 0.12)
    culture = np.where(mixed, dice.choose("other culture", index, _CULTURES), own_culture)
    born, twin = _births(dice, index, first, role, place)
    surname = names.draw_surname(dice, index, culture)
    surname = np.where(role == CHILD, surname[first], surname)
    married = (role == PARTNER) & dice.chance("married", index, 0.78)
    use = np.where(married & (sex == 1), dice.choose("name use", index, _NAME_USES), OWN)
    partner = np.full(size, -1, dtype=np.int64)
    couples = np.flatnonzero(role == PARTNER)
    partner[couples], partner[first[couples]] = first[couples], couples
    era = np.digitize(parts(born)[0], given.ERAS).astype(np.int64)
    drawn = names.draw_given(dice, index, culture, era, sex)
    found = Persons(
        family, place, role, sex, culture, born, _deaths(dice, index, born), drawn, drawn, surname,
        np.where(married, surname[first], -1), use, _leavings(dice, index, role, born), first, partner, twin,
        np.zeros(size, dtype=np.bool_),
    )  # fmt: skip
    return _name_alike(dice, found, index)


def _sexes(dice: Dice, index: Ints, first: Ints, role: Ints) -> Ints:
    drawn = dice.below("sex", index, 2)
    other = dice.chance("other sex than head", index, 0.96)
    return np.where((role == PARTNER) & other, 1 - drawn[first], drawn)


def _births(dice: Dice, index: Ints, first: Ints, role: Ints, place: Ints) -> tuple[Ints, Flags]:
    """Draw birth days; a child is 22 to 38 years younger than the head, and now and then a twin of the one before."""
    year = 365
    head_age = (20 + 72 * (dice.share("age a", index) + dice.share("age b", index)) / 2) * year
    age = head_age.astype(np.int64)
    age = np.where(role == PARTNER, age[first] + dice.below("age gap", index, 8 * year) - 4 * year, age)
    gap = 22 * year + dice.below("generation", index, 16 * year)
    child_age = np.maximum(age[first] - gap, dice.below("baby", index, 3 * year))
    age = np.where(role == CHILD, child_age, np.maximum(age, 18 * year))
    born = TODAY - age
    older_sibling = np.zeros(len(index), dtype=np.bool_)
    older_sibling[1:] = (role[1:] == CHILD) & (role[:-1] == CHILD) & (first[1:] == first[:-1])
    twin = older_sibling & dice.chance("twin", index, 0.05)
    twin[1:] &= ~twin[:-1]
    born[twin] = born[np.flatnonzero(twin) - 1]
    return born, twin


def _deaths(dice: Dice, index: Ints, born: Ints) -> Ints:
    """Let some of the elderly have died in the past four years; -1 for the living."""
    old = (TODAY - born) > 76 * 365
    return np.where(old & dice.chance("died", index, 0.09), TODAY - 15 - dice.below("died when", index, 1400), -1)


def _leavings(dice: Dice, index: Ints, role: Ints, born: Ints) -> Ints:
    """Give the day on which a grown-up child got an address of its own; -1 when it still lives at home."""
    age = TODAY - born
    left = (role == CHILD) & (age > 19 * 365) & dice.chance("left", index, np.where(age > 27 * 365, 0.96, 0.55))
    return np.where(left, born + 18 * 365 + dice.below("left when", index, np.maximum(age - 18 * 365 - 30, 1)), -1)


def _name_alike(dice: Dice, persons: Persons, index: Ints) -> Persons:
    """Give juniors the name of their parent, half of the like-sexed twins the same initial, and all a call name."""
    drawn = persons.given.copy()
    table = names.given_table()
    same_sex = (persons.role == CHILD) & (persons.sex == persons.sex[persons.head])
    junior = same_sex & ~persons.twin & dice.chance("junior", index, 0.05)
    drawn[junior] = drawn[persons.head[junior]]
    twins = np.flatnonzero(persons.twin)
    alike = twins[(persons.sex[twins] == persons.sex[twins - 1]) & dice.chance("same initial", twins, 0.5)]
    drawn[alike] = table.alike[drawn[alike - 1]]
    sizes = np.asarray([len(row) for row in table.calls], dtype=np.int64)
    call = dice.below("call name", index, sizes[drawn])
    return replace(persons, given=drawn, call=call, junior=junior)
