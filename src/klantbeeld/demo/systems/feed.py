"""What a system gives: feeds of rows, and the truth of who is behind the rows that are about somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Texts, texts
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import UNKNOWN, iso, parts

Columns = Mapping[str, Texts]

BLOCK = 20_000
"""Rows that are rendered at once when all are wanted."""


@dataclass(frozen=True)
class Feed:
    """One file or endpoint of a system.

    `render` gives the columns of any rows by number; names with dots are nested in JSON. `changed` is the moment of
    each row in seconds since 1970. `external_ids` and `entities` say which record a row is and who is behind it (`P12`
    a person, `O3` an organisation; empty for a row that is about nobody); feeds without parties have none.
    """

    source: str
    name: str
    count: int
    columns: tuple[str, ...]
    render: Callable[[Ints], Columns]
    changed: Ints
    external_ids: Callable[[Ints], Texts] | None = None
    entities: Callable[[Ints], Texts] | None = None

    def blocks(self) -> Iterator[Ints]:
        """Give the numbers of all rows, in blocks."""
        for start in range(0, self.count, BLOCK):
            yield np.arange(start, min(start + BLOCK, self.count), dtype=np.int64)


@dataclass(frozen=True)
class System:
    """One system of the company group. `form` is how it gives its feeds: csv or rest."""

    code: str
    form: str
    feeds: tuple[Feed, ...]

    def feed(self, name: str) -> Feed:
        """Get one feed; KeyError when the system has none of this name."""
        for feed in self.feeds:
            if feed.name == name:
                return feed
        raise KeyError(f"{self.code} has no feed {name}")


def members(dice: Dice, eligible: Ints, share: float, again: float) -> Ints:
    """Choose who is in a system: a share of the eligible, some of them twice, in an order that tells nothing."""
    once = eligible[dice.chance("member", eligible, share)]
    both = np.concatenate([once, once[dice.chance("twice", once, again)]])
    return scramble(dice, both)


def scramble(dice: Dice, values: Ints) -> Ints:
    """Put values in an order that tells nothing."""
    place = np.arange(len(values), dtype=np.int64)
    return values[np.argsort(dice.bits("order", place), kind="stable")]


def persons_aged(world: World, lowest: int) -> Ints:
    """List the persons of at least this age."""
    return np.flatnonzero(world.persons.age >= lowest)


def person_entities(who: Ints) -> Texts:
    """Name the persons of the truth."""
    return texts([f"P{number}" for number in who.tolist()])


def organisation_entities(which: Ints) -> Texts:
    """Name the organisations of the truth; a branch is the organisation it belongs to."""
    return texts([f"O{number}" for number in which.tolist()])


def numbered(prefix: str, first: int, rows: Ints, digits: int = 0) -> Texts:
    """Give ids such as W-100042."""
    return texts([f"{prefix}{first + row:0{digits}d}" for row in rows.tolist()])


def optional_dates(days: Ints, style: str) -> Texts:
    """Write days in a style (iso, dmy with dashes, compact), nothing for an unknown one."""
    if style == "iso":
        return np.where(days == UNKNOWN, "", iso(days))
    rows = zip(*(part.tolist() for part in parts(days)), (days == UNKNOWN).tolist(), strict=True)
    if style == "dmy":
        return texts(["" if unknown else f"{d:02d}-{m:02d}-{y:04d}" for y, m, d, unknown in rows])
    return texts(["" if unknown else f"{y:04d}{m:02d}{d:02d}" for y, m, d, unknown in rows])


def spaced(postcodes: Texts, where: Flags) -> Texts:
    """Write a space in the chosen postcodes."""
    rows = zip(postcodes.tolist(), where.tolist(), strict=True)
    return texts([f"{code[:4]} {code[4:]}" if space and code else code for code, space in rows])


def euros(cents: Ints, decimal: str = ".") -> Texts:
    """Write amounts in cents as euros with two decimals."""
    return texts([f"{value / 100:.2f}".replace(".", decimal) for value in cents.tolist()])


def either(where: Flags, chosen: Texts | str, other: Texts | str) -> Texts:
    """Give per row the one or the other."""
    found: Texts = np.where(where, chosen, other).astype(object)
    return found


def constant(value: str, count: int) -> Texts:
    """Give a column with one value."""
    return texts([value] * count)
