"""What sources give to the rest of the house: kinds, drafts of records, and the records as stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any


class Kind(IntEnum):
    """What a record is about."""

    PERSON = 1
    ORGANISATION = 2
    CONTRACT = 3
    OBJECT = 4
    ACTIVITY = 5

    @property
    def code(self) -> str:
        """The kind as it is written in declarations and answers: `person`."""
        return self.name.lower()

    @property
    def is_party(self) -> bool:
        """Can it be a customer?"""
        return self in (Kind.PERSON, Kind.ORGANISATION)


class State(StrEnum):
    """Where a record stands: named by another record only, present in its source, or taken away there."""

    EXPECTED = "expected"
    LIVE = "live"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that a record carries. `of` says what it numbers; only a party's number is evidence of identity."""

    scheme: str  # customer_number, loyalty, iban, kvk, policy, order, parcel ...
    value: str  # as the source writes it
    of: str = "person"  # person | organisation | contract | object | activity


@dataclass(frozen=True, slots=True)
class Reference:
    """A record pointed to by its own source's id; `source` empty means the same source."""

    kind: Kind
    external_id: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """Someone has a role in something, for a period (both ends inclusive, open when None)."""

    role: str  # customer, receiver, payer, policyholder, insured, tenant, guardian, employee, caller ...
    holder: Reference
    target: Reference
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One mapped record, ready to be stored.

    `attributes` maps catalogue codes to a value or, for `many` attributes, to a list of
    {"value": ..., "role": ..., "from": ..., "to": ...}; an address's value is a mapping with street, house_number,
    house_suffix, postcode, city, country. Everything in it can be written as JSON.
    `source_at` is the version's moment in the source, when the source tells it: it orders versions.
    """

    kind: Kind
    external_id: str
    attributes: dict[str, Any] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    roles: tuple[RoleDraft, ...] = ()
    source_at: datetime | None = None
    gone: bool = False
    raw: Any = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record in its current version, as the layers above read it."""

    id: int
    uuid: uuid.UUID
    source_id: int
    kind: Kind
    external_id: str
    state: State
    attributes: dict[str, Any]
    identifiers: tuple[Identifier, ...]
    roles: tuple[RoleDraft, ...]
    source_at: datetime | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a batch of drafts did; ids of records whose current version changed, per kind of change."""

    created: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    unchanged: int = 0
    late: int = 0

    @property
    def touched(self) -> tuple[int, ...]:
        """Every record whose current version is another one now."""
        return self.created + self.changed + self.gone


@dataclass(frozen=True, slots=True)
class SourceTrust:
    """How far a source is trusted: `rank` 1 is most; `builtin` holds what our own employees establish."""

    id: int
    code: str
    label: dict[str, str]
    rank: int
    builtin: bool
