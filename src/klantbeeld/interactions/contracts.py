"""What interactions give to the layers above: roles with their periods, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from klantbeeld.sources.contracts import Kind


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A party's record holds a role in a target, for a period (inclusive; None is open).

    `title`, `number`, `type`, `state` are those of the target; empty while it is only expected.
    """

    role: str
    holder_id: int
    holder_kind: Kind
    target_id: int
    target_kind: Kind
    from_date: date | None
    to_date: date | None
    declared_by: int
    source_id: int
    type: str
    title: str
    number: str
    state: str

    def holds_on(self, day: date) -> bool:
        """Does the role hold on this day?"""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened, and the roles that the records asked for have in it.

    `amount` and `cost` are in `currency` (ISO 4217).
    """

    record_id: int
    source_id: int
    type: str
    at: datetime
    title: str
    number: str
    state: str
    amount: Decimal | None
    cost: Decimal | None
    currency: str
    roles: tuple[str, ...]
    holder_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A stretch of a timeline, the newest first; `before` goes on, None at the end."""

    rows: tuple[TimelineRow, ...]
    before: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class Held:
    """How many activities, contracts and objects records hold a role in."""

    activities: int
    contracts: int
    objects: int
