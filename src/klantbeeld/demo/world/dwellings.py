"""Dwellings: an address each, and who lived there from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Texts, Weights, by_rank, texts
from klantbeeld.demo.tables import places
from klantbeeld.demo.world.calendar import TODAY

PER_SEGMENT = 12
"""Dwellings that share a street, a postcode and a row of house numbers."""

FOREVER = 2**31
"""A day that never comes: the end of what goes on."""


@cache
def town_columns() -> tuple[Ints, Ints, Texts, Texts, Weights]:
    """Give lowest and highest postcode number, name and area code per town, and the weights of the towns."""
    rows = places.towns()
    return (
        np.asarray([row.low for row in rows], dtype=np.int64),
        np.asarray([row.high for row in rows], dtype=np.int64),
        texts([row.name for row in rows]),
        texts([row.area for row in rows]),
        Weights([row.weight for row in rows]),
    )


_STREETS = texts(places.streets())
_STREET_WEIGHTS = Weights(by_rank(len(_STREETS), 40.0))
_LETTERS = texts(places.letter_pairs())
_SUFFIXES = texts(["", "A", "B", "C", "1", "2", "bis", "III", "rd", "H"])


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses in columns: street, house number, suffix, postcode (1234AB), town, area code of the telephone."""

    street: Texts
    number: Ints
    suffix: Texts
    postcode: Texts
    town: Texts
    area: Texts


def addresses(dice: Dice, dwelling: Ints) -> Addresses:
    """Give the addresses of dwellings; a dwelling's number is all there is to know."""
    low, high, names, areas, _ = town_columns()
    segment, place = dwelling // PER_SEGMENT, dwelling % PER_SEGMENT
    town = town_of(dice, dwelling)
    digits = low[town] + dice.below("postcode", segment, high[town] - low[town] + 1)
    letters = _LETTERS[dice.below("letters", segment, len(_LETTERS))]
    stacked = dice.chance("stacked", segment, 0.16)
    base = 1 + dice.below("base", segment, 160)
    floor_suffix = 1 + place % 9
    own_suffix = np.where(dice.chance("suffix", dwelling, 0.06), 1 + dice.below("which", dwelling, 3), 0)
    return Addresses(
        street=_STREETS[dice.choose("street", segment, _STREET_WEIGHTS)],
        number=np.where(stacked, base + 2 * (place // 9), base + 2 * place),
        suffix=_SUFFIXES[np.where(stacked, floor_suffix, own_suffix)],
        postcode=texts([f"{d}{pair}" for d, pair in zip(digits.tolist(), letters.tolist(), strict=True)]),
        town=names[town],
        area=areas[town],
    )


def town_of(dice: Dice, dwelling: Ints) -> Ints:
    """Give the code of the town in which dwellings stand."""
    return dice.choose("town", dwelling // PER_SEGMENT, town_columns()[4])


def object_ids(dwelling: Ints) -> Texts:
    """Give 16-digit numbers of dwellings in the form of the Dutch address register (municipality, type 01, rank)."""
    return texts([f"{9000 + d % 7:04d}01{d:010d}" for d in dwelling.tolist()])


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Where households live and lived: dwellings per household and the day of their last move (-1: never moved)."""

    current: Ints
    previous: Ints
    moved: Ints
    count: int
    """Dwellings in use so far; later ones are free to give out."""

    @property
    def movers(self) -> Flags:
        """Say per household whether it moved in the years the world remembers."""
        return np.asarray(self.moved >= 0)


def settle(dice: Dice, households: int) -> Occupancy:
    """Let households live somewhere, and let some move into the dwelling which another one just left.

    Within a town the movers stand in order of their day; each left the dwelling into which the next one moved, some
    days later. So one dwelling has successive occupants whose periods do not overlap.
    """
    index = np.arange(households, dtype=np.int64)
    current = index.copy()
    mover = np.flatnonzero(dice.chance("mover", index, 0.22))
    moved = np.full(households, -1, dtype=np.int64)
    moved[mover] = TODAY - 20 - dice.below("moved", mover, 3200)
    town = town_of(dice, current)
    chain = mover[np.lexsort((mover, moved[mover], town[mover]))]
    previous = np.full(households, -1, dtype=np.int64)
    following = np.roll(chain, -1)
    handed_on = (town[chain] == town[following]) & (moved[following] > moved[chain])
    spare = households + np.cumsum(~handed_on) - 1
    previous[chain] = np.where(handed_on, current[following], spare)
    return Occupancy(current, previous, moved, households + int(np.sum(~handed_on)))
