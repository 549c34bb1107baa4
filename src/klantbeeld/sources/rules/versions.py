"""Which version of a record is the current one, whatever the order of arrival.

Current is the version with the highest (source_at, digest): a total order, so that the answer is a function of the set
of versions. Where the source tells no moment, the moment of receipt stands in, and content equal to the current one is
no new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Key = tuple[datetime, bytes]
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One draft as far as ordering goes. `number` is its place in the batch."""

    number: int
    digest: bytes
    source_at: datetime | None


@dataclass(slots=True)
class Ruling:
    """What deliveries do to one record: versions to keep as (number of the delivery, moment), and which is current."""

    kept: list[tuple[int, datetime]] = field(default_factory=list)
    late: list[tuple[int, datetime]] = field(default_factory=list)
    current: int | None = None  # number of the delivery that is current now; None: nothing changed
    unchanged: int = 0

    @property
    def superseded(self) -> int:
        """How many of the kept were current for as long as the batch lasts."""
        return max(len(self.kept) - 1, 0)


def rule(current: Key | None, deliveries: Iterable[Delivery], at: datetime) -> Ruling:
    """Decide for one record, in the order of delivery. `late` versions may be known already; the store finds out.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> rule(None, [Delivery(0, b"a", day), Delivery(1, b"a", day)], day).unchanged
    1
    """
    ruling = Ruling()
    seen: set[Key] = set()
    top = current
    received = at
    for delivery in deliveries:
        moment = delivery.source_at
        if moment is None:
            if top is not None and top[1] == delivery.digest:
                ruling.unchanged += 1
                continue
            # Rows of one batch are received one after the other: the last one wins.
            moment, received = received, received + TICK
        key = (moment, delivery.digest)
        if key == current or key in seen:
            ruling.unchanged += 1
        elif top is None or key > top:
            ruling.kept.append((delivery.number, moment))
            ruling.current = delivery.number
            top = key
        else:
            ruling.late.append((delivery.number, moment))
        seen.add(key)
    return ruling
