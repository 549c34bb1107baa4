"""The world as one value: persons, families, dwellings, organisations and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Texts
from klantbeeld.demo.world import dwellings, reach
from klantbeeld.demo.world.organisations import Organisations, found_organisations
from klantbeeld.demo.world.persons import Persons, people

MINIMUM = 200
"""Persons below which a world has too few organisations and moves to be one."""


@dataclass(frozen=True)
class World:
    """Everything that is true in the invented world; what systems know of it is in `demo.systems`."""

    seed: int
    size: int
    dice: Dice
    persons: Persons
    occupancy: dwellings.Occupancy
    organisations: Organisations

    @cached_property
    def household(self) -> Ints:
        """Number of the household in which each person lives now: the family, or an own one after leaving home."""
        own = self.persons.left_home >= 0
        return np.where(own, self.persons.families + np.cumsum(own) - 1, self.persons.family)

    @cached_property
    def dwelling(self) -> Ints:
        """Number of the dwelling of each person now."""
        own = self.persons.left_home >= 0
        return np.where(own, self.occupancy.count + np.cumsum(own) - 1, self.occupancy.current[self.persons.family])

    @cached_property
    def previous_dwelling(self) -> Ints:
        """Number of the dwelling before the last move (-1: never moved); that of the parents for who left home."""
        own = self.persons.left_home >= 0
        family = self.persons.family
        return np.where(own, self.occupancy.current[family], self.occupancy.previous[family])

    @cached_property
    def moved(self) -> Ints:
        """Day of the last move of each person, -1 for who never moved."""
        return np.where(self.persons.left_home >= 0, self.persons.left_home, self.occupancy.moved[self.persons.family])

    @cached_property
    def shared_mail(self) -> Flags:
        """Say per family whether its adults use one e-mail address."""
        return self.dice.chance("shared mail", np.arange(self.persons.families, dtype=np.int64), 0.13)

    @cached_property
    def email(self) -> Texts:
        """The e-mail address of each person."""
        return reach.emails(self.dice.within("mail"), self.persons, self.shared_mail, "now")

    @cached_property
    def old_email(self) -> Texts:
        """The address that each person used before; never anybody else's present one."""
        nobody = np.zeros(self.persons.families, dtype=np.bool_)
        drawn = reach.emails(self.dice.within("mail"), self.persons, nobody, "before")
        drawn[:] = ["oud-" + address if address in self._emails_in_use else address for address in drawn.tolist()]
        return drawn

    @cached_property
    def _emails_in_use(self) -> frozenset[str]:
        return frozenset(self.email.tolist())

    @cached_property
    def mobile(self) -> Ints:
        """The eight digits after 06; one in 200 has a number that belonged to somebody else before."""
        index = np.arange(self.size, dtype=np.int64)
        recycled = self.dice.chance("recycled number", index, 0.005) & (index >= 17)
        return reach.mobile(np.where(recycled, 2 * (index - 17) + 1, 2 * index))

    @cached_property
    def old_mobile(self) -> Ints:
        """The number that each person had before."""
        return reach.mobile(2 * np.arange(self.size, dtype=np.int64) + 1)

    def landline(self, who: Ints) -> Texts:
        """Give the landline of the household of persons, ten digits."""
        area = dwellings.town_columns()[3][dwellings.town_of(self.dice, self.dwelling[who])]
        return reach.subscriber(self.household[who], area)

    def addresses(self, dwelling: Ints) -> dwellings.Addresses:
        """Give the addresses of dwellings."""
        return dwellings.addresses(self.dice, dwelling)

    def seat(self, organisation: Ints) -> Ints:
        """Give the dwelling number of the seat of organisations; that of the owner's home for who works there."""
        own = self.organisations.first_dwelling[organisation]
        owner = self.organisations.contacts[organisation, 0]
        return np.where(self.organisations.at_home[organisation], self.dwelling[owner], own)


def build_world(size: int = 5000, seed: int = 1) -> World:
    """Build the world of so many persons; the same (size, seed) is the same world everywhere."""
    if size < MINIMUM:
        raise ValueError(f"A demo world of {size} persons is too small: ask for {MINIMUM} or more.")
    dice = Dice(seed)
    persons = people(dice.within("persons"), size)
    occupancy = dwellings.settle(dice, persons.families)
    own_dwellings = int(np.sum(persons.left_home >= 0))
    organisations = found_organisations(dice.within("organisations"), persons, occupancy.count + own_dwellings)
    return World(seed, size, dice, persons, occupancy, organisations)
