"""What profiles gives to the layers above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

CUSTOMER_SAID = "customer_said"
"""The code of our own source that holds what customers said themselves: its values are verified by the customer."""

#: A prefix and its base name come from the same record, or a customer gets a name that nobody has.
COUPLED = {"family_name": "name_prefix", "partner_family_name": "partner_prefix"}


@dataclass(frozen=True, slots=True)
class Projected:
    """What projecting one customer did; `version` is the version in force afterwards."""

    customer_id: int
    uuid: UUID
    version: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A golden value: where it comes from and why it won (a criterion, `only` or `tie`).

    `verified`: the customer said so, whatever else decided.
    """

    value: Any
    record_id: int
    why: str
    role: str = ""
    from_date: str = ""
    to_date: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One customer's golden record, reduced to what the actor may see for the purpose."""

    customer_id: int
    uuid: UUID
    kind: str
    name: str
    addressed: Mapping[str, str]  # language -> as on an envelope
    salutation: Mapping[str, str]  # language -> opening of a letter
    version: int
    values: Mapping[str, Sequence[Value]]
    records: int
    changed_at: datetime
    redirected_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One line of a list or of search results. `score` 0..1 says how well it answers the words searched for."""

    customer_id: int
    uuid: UUID
    kind: str
    name: str
    city: str
    postcode: str
    birth_date: str
    records: int
    sources: tuple[int, ...]
    changed_at: datetime
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list. `next_cursor` is empty at the end; `total` is None where counting would be dear."""

    rows: tuple[ProfileRow, ...]
    next_cursor: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value in the contest for an attribute, with the records that state it."""

    value: Any
    won: bool
    why: str
    sentence: Mapping[str, str]  # language -> why it won or lost
    records: tuple[int, ...]
    sources: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ValueExplained:
    """Why an attribute has its value: the rule that was applied and every candidate, best first."""

    attribute: str
    kind: str
    rule: tuple[str, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """One version of a golden record and what it changed: attribute -> (before, after)."""

    version: int
    name: str
    from_at: datetime
    until_at: datetime | None
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class ProfileMoment:
    """A golden record as it was, reduced to what may be seen: `at`: the moment it speaks of,
    `known_at`: the moment until which klantbeeld had been told (None: now).
    """

    uuid: UUID
    kind: str
    name: str
    values: Mapping[str, Sequence[Value]]
    records: tuple[int, ...]  # internal ids
    at: datetime | None
    known_at: datetime | None
    redirected_from: UUID | None = None


RECORD_ID = b"\0"
"""Stands in an `Alone` where the id of its record will; neither JSON nor any of its texts can hold it."""


class Alone(NamedTuple):
    """The golden record of a customer that has one record only, without the ids: its line for COPY, and its words."""

    line: bytes
    words: str

    def of(self, customer: int, record: int, at: str) -> bytes:
        """The line of this customer, whose only record this is."""
        return b"%d\t%s%s\n" % (customer, self.line.replace(RECORD_ID, b"%d" % record), at.encode())
