"""What changes in the services while they run: people move, take another number, are removed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Texts
from klantbeeld.demo.systems import Feed
from klantbeeld.demo.world import World
from klantbeeld.demo.world.dwellings import PER_SEGMENT
from klantbeeld.demo.world.reach import mobile

DELETED = "deleted"
"""Name of the column that marks what was removed."""

_SHARES = (0.45, 0.85, 0.95)
"""Cumulative shares of a new telephone number, a move, a mended surname; the rest is removed."""


@dataclass(frozen=True, slots=True)
class ChangingColumns:
    """Which columns of a feed take part in a change; an empty name does not exist there."""

    phone: str
    surname: str
    street: str
    number: str
    addition: str
    postcode: str
    town: str


CHANGING = {
    ("shop", "customers"): ChangingColumns(
        "phone", "lastName", "billingAddress.street", "billingAddress.houseNumber", "billingAddress.addition",
        "billingAddress.zip", "billingAddress.city",
    ),
    ("crm", "contacts"): ChangingColumns(
        "phoneMobile", "lastName", "address.street", "address.houseNumber", "address.addition", "address.postalCode",
        "address.city",
    ),
}  # fmt: skip
"""The feeds whose rows change, by (source, feed)."""


def change(world: World, feed: Feed, row: int, sequence: int) -> dict[str, str | bool]:
    """Give the new values of one row at the sequence-th change; the same for the same world, row and sequence."""
    columns = CHANGING[feed.source, feed.name]
    dice, index = world.dice.within(f"changes/{feed.source}/{sequence}"), np.asarray([row], dtype=np.int64)
    kind = float(dice.share("kind", index)[0])
    if kind < _SHARES[0]:
        slot = 2 * world.size + np.asarray([sequence], dtype=np.int64)
        return {columns.phone: f"06{mobile(slot)[0]}"}
    if kind < _SHARES[1]:
        # Streets beyond the last one in use: nobody of the world lives there.
        dwelling = np.asarray([world.organisations.dwellings_end + PER_SEGMENT * (1 + sequence)], dtype=np.int64)
        found = world.addresses(dwelling)
        return {
            columns.street: found.street[0], columns.number: str(found.number[0]), columns.addition: found.suffix[0],
            columns.postcode: found.postcode[0], columns.town: found.town[0],
        }  # fmt: skip
    if kind < _SHARES[2]:
        names: Texts = feed.render(index)[columns.surname]
        return {columns.surname: mess.by_ear(names[0], sequence)}
    return {DELETED: True}
