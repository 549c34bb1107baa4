"""How much an act on customers touches, and whether one steward may do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantbeeld.foundation.access import Actor
from klantbeeld.interactions import queries as interactions
from klantbeeld.kit.errors import Refused
from klantbeeld.stewardship import queries as stewardship


@dataclass(frozen=True, slots=True)
class Touched:
    """What comes together; `second` names the declared limits that are reached: another steward has to agree."""

    customers: int
    records: int
    activities: int
    contracts: int
    objects: int
    second: tuple[str, ...]


def touched_by(records: Sequence[int], customers: int) -> Touched:
    """What an act on these records of so many customers touches."""
    held = interactions.count_held(records)
    second = stewardship.second_needed(
        customers=customers, records=len(records), activities=held.activities, contracts=held.contracts
    )
    return Touched(customers, len(records), held.activities, held.contracts, held.objects, tuple(second))


def check_alone(records: Sequence[int], customers: int, actor: Actor) -> None:
    """Raise Refused when an act with this impact takes two stewards: outside of the queue nobody can agree.

    klantbeeld itself (a demo, a repair from the command line) is held to no limit.
    """
    if actor.kind != "system" and touched_by(records, customers).second:
        raise Refused(
            "This reaches the declared impact; a second steward has to agree. Decide it in the review queue.",
            code="reviews.second_needed",
        )
