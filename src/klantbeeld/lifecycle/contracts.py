"""What the lifecycle gives to the layers above: states, reasons, transitions, flows, and what a policy would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from klantbeeld.kit.labels import Label

EVENT = "lifecycle.changed"
POLICY_EVENT = "lifecycle.policy_changed"


class How(StrEnum):
    """Why a customer's state changed. Only FACTS and TIME are people coming and going: inflow and outflow."""

    FACTS = "facts"  # records, orders, contracts came, changed or went
    TIME = "time"  # nothing was said; a period went by
    MERGED = "merged"  # customers were joined: one goes up in the other, which inherits what made it a customer
    SPLIT = "split"  # customers were taken apart again
    POLICY = "policy"  # the definition changed, not the customer


@dataclass(frozen=True, slots=True)
class CompanyRef:
    """A company of the group."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact that a policy looked at; `value` None is unknown."""

    name: str
    label: Label
    value: Any


@dataclass(frozen=True, slots=True)
class Judged:
    """One state of the policy, judged for a customer: its criterion as a sentence; `holds` None is unknown."""

    state: str
    label: Label
    sentence: Label
    holds: bool | None


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Where a customer stands at a company."""

    company: CompanyRef
    state: str
    label: Label
    since: datetime
    step: int


@dataclass(frozen=True, slots=True)
class StandingView:
    """A standing with its reasons: the facts now, and the states in the order in which they were tried.

    `worth_recording`: the criterion of the policy's minimum holds, or that of a state tried before it.
    `policy_version` is that of `policy_company` ("" is the group's default).
    """

    row: StandingRow
    facts: tuple[FactValue, ...]
    tried: tuple[Judged, ...]
    worth_recording: bool
    minimum: Judged | None
    policy_version: int
    policy_company: str


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """A transition of a customer, with the sentence and the facts that made it so."""

    at: datetime
    company: CompanyRef
    was: str
    becomes: str
    was_label: Label
    becomes_label: Label
    how: How
    since: datetime | None
    sentence: Label
    facts: tuple[FactValue, ...]
    cause: str


@dataclass(frozen=True, slots=True)
class CustomerLifecycle:
    """A customer at every company that knows it.

    `joint`: several companies keep data of this customer, and answer for it together (GDPR, article 26).
    """

    customer: UUID
    as_of: datetime
    standings: tuple[StandingView, ...]
    history: tuple[TransitionRow, ...]
    more_history: bool

    @property
    def joint(self) -> bool:
        """Do several companies keep data of this customer?"""
        return len(self.standings) > 1


@dataclass(frozen=True, slots=True)
class StateInfo:
    """A state as a policy names it; `sentence` is its criterion, `when` the text of it."""

    code: str
    label: Label
    step: int
    when: str
    sentence: Label
    since: str = ""
    since_sentence: Label | None = None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy in force at a company; `own` tells whether it is the company's or the group's default."""

    company: CompanyRef
    own: bool
    version: int
    made_by: str
    made_at: datetime
    states: tuple[StateInfo, ...]
    minimum: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """How many customers go from one state to another, with some of them as an example."""

    was: str
    becomes: str
    count: int
    examples: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a policy would do at a company now. `judged` of `total` customers were looked at: a random part when less.

    `moves` counts customers among those judged, also those that stay (was == becomes).
    """

    company: CompanyRef
    as_of: datetime
    total: int
    judged: int
    moves: tuple[Move, ...]
    states: tuple[StateInfo, ...]

    @property
    def moving(self) -> int:
        """How many of those judged would go to another state."""
        return sum(move.count for move in self.moves if move.was != move.becomes)


@dataclass(frozen=True, slots=True)
class Cell:
    """One state of one company in one period: opening + came - left + regrouped + redefined = closing.

    `came` and `left` are people (How.FACTS, How.TIME); `regrouped` is the net of merges and splits, `redefined` the
    net of a changed policy.
    """

    company_id: int
    state: str
    opening: int
    came: int
    left: int
    regrouped: int
    redefined: int
    closing: int


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, the last one not included."""

    from_date: date
    until_date: date
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class LifecycleFigures:
    """Customers per company and state now, and what came and went per period, oldest first."""

    as_of: datetime
    companies: tuple[CompanyRef, ...]
    states: tuple[StateInfo, ...]
    counts: Mapping[tuple[int, str], int]
    periods: tuple[Period, ...]
    joint: int
    known: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A way through all customers that is under way or done."""

    id: int
    how: How
    started_at: datetime
    done_at: datetime | None
    judged: int
    moved: int


@dataclass(frozen=True, slots=True)
class Found:
    """A customer behind a figure: since when it stands there, or when it moved."""

    customer_id: int
    uuid: UUID
    at: datetime
    was: str = ""
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Customers behind a figure, the newest first; `next_place` asks for the next page."""

    rows: tuple[Found, ...]
    next_place: tuple[datetime, int] | None
