"""What stewardship gives to the layers above: items of the queue, their stream, policy and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

REVIEW_ID, SAMPLE_ID, CHECK_ID = "rvw", "smp", "chk"


class State(IntEnum):
    """Where an item stands. `closed`: there is nothing to judge any more."""

    CLOSED = 0
    REVIEW = 1
    AUTOMATIC = 2
    MANUAL = 3
    REFUSED = 4
    PUT_OFF = 5

    @property
    def code(self) -> str:
        """The state as the API writes it."""
        return self.name.lower()


STATES: Mapping[str, State] = {state.code: state for state in State}


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer of an item, as a list shows it."""

    customer_id: int
    uuid: UUID
    name: str
    city: str
    birth_date: str
    records: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a first steward proposed, above the declared impact; another one has to agree. `customers`: internal ids."""

    verdict: str
    by: str
    at: datetime
    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the queue. `weight` in bits (log2 odds); `chance` 0..1; `priority` in thousandths."""

    id: int
    uuid: UUID
    state: State
    kind: str
    customers: tuple[CustomerLine, ...]
    records: int
    weight: float
    priority: int
    since: datetime
    version: int
    act: UUID | None
    assignee_id: int | None
    assignee: str
    put_off_until: datetime | None
    proposal: Proposal | None

    @property
    def chance(self) -> float:
        """The probability that goes with the weight."""
        return 1 / (1 + 2.0 ** -max(min(self.weight, 60.0), -60.0))


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A stretch of the queue. `next_place` is where the next one begins, None at the end."""

    rows: tuple[Item, ...]
    next_place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the stream. `undone`: its act was taken back."""

    at: datetime
    actor: str
    name: str
    what: str
    act: UUID | None
    text: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """The declared impact: at or above one of these a second steward has to agree. 0 asks for none."""

    customers: int = 5
    records: int = 20
    activities: int = 200
    contracts: int = 10


@dataclass(frozen=True, slots=True)
class StewardRow:
    """What one steward decided in a period."""

    actor: str
    name: str
    merged: int
    refused: int
    put_off: int
    undone: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of automatic joins that is right, by hand-checked random samples, with its interval (0..1).

    `share`, `low` and `high` are None while nothing was answered.
    """

    right: int
    wrong: int
    unsure: int
    waiting: int
    share: float | None
    low: float | None
    high: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of stewardship at one moment. Ages in days; counts up to `most` are exact, beyond it `most` + 1."""

    as_of: datetime
    counts: Mapping[str, int]
    most: int
    ages: Mapping[str, int]  # today, week, month, older
    oldest_at: datetime | None
    waiting_for_second: int
    stewards: tuple[StewardRow, ...]
    days: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of a sample, with its two records. `answer` is empty while nobody answered."""

    uuid: UUID
    record_id: int
    other_id: int
    weight: float
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample and how far it is."""

    uuid: UUID
    size: int
    seed: int
    drawn_at: datetime
    drawn_by: str
    checks: tuple[CheckRow, ...]
