"""What sources give to the rest of the house: kinds, drafts of records, and the records as stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from klantbeeld.kit.labels import Label

AHEAD = timedelta(hours=24)
"""A version from further in the future has a wrong clock or a wrong column: everything later would be late for ever."""


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


class Encoded(NamedTuple):
    """A draft with its content as it is stored, and that content read back: all that needs no database.

    `data` is canonical JSON, `digest` names the version, `raw` is the row as JSON. `attributes`, `identifiers` and
    `roles` are what the stored record will say.
    """

    kind: Kind
    external_id: str
    source_at: datetime | None
    gone: bool
    position: int | None
    data: bytes
    digest: bytes
    raw: bytes | None
    attributes: dict[str, Any]
    identifiers: tuple[Identifier, ...]
    roles: tuple[RoleDraft, ...]


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
    """What storing a batch of drafts did; ids of records whose current version changed, per kind of change.

    `superseded`: versions that a newer one in the same batch took over from at once; they are kept. Every draft is in
    exactly one of the counts.
    """

    created: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    unchanged: int = 0
    late: int = 0
    superseded: int = 0

    @property
    def drafts(self) -> int:
        """How many drafts that were."""
        return len(self.touched) + self.unchanged + self.late + self.superseded

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused of one row, and why. `whole`: nothing of the row (or of one of its records) goes on.

    `position` is the row's place in its input: the line of a file, the number of an item.
    """

    position: int
    reason: str
    message: Label
    column: str = ""
    value: str = ""
    raw: Any = None
    whole: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as screens and the API list it, with the counts of what it holds and how its last run went.

    `records`: live records; `quarantined`: what is in quarantine and not settled.
    """

    id: int
    code: str
    label: Label
    company: str
    brand: str
    owner: str
    trust_rank: int
    purpose: str
    feeds: tuple[str, ...]
    schedule: str
    next_run_at: datetime | None
    declaration_version: int
    builtin: bool
    paused_at: datetime | None
    paused_reason: str
    changed_at: datetime
    records: int
    quarantined: int
    last_run: RunRow | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One import: its state and counts. `share`: 0..1 of the input that is settled, None when that cannot be told.

    Records are counted once: created, changed, unchanged, late, superseded or gone. Of the rows, `skipped` carried no
    record by declaration; `refused` had something that was refused, and of `partial` of these the rest went on. So of a
    feed with one record a row: rows = the counts of records + skipped + refused - partial.
    """

    id: int
    uuid: uuid.UUID
    source: str
    feed: str
    state: str  # running | done | failed | paused
    declaration_version: int
    input_name: str
    position: int
    share: float | None
    rows: int
    created: int
    changed: int
    unchanged: int
    late: int
    superseded: int
    gone: int
    skipped: int
    refused: int
    partial: int
    problem: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    drift: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One thing in quarantine. `count` is more than 1 for BSNs: they are counted per column, and kept nowhere."""

    id: int
    source: str
    run: uuid.UUID | None
    feed: str
    position: int
    column: str
    value: str
    reason: str
    message: Label
    count: int
    raw: Any
    at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunBegun:
    """A run that was begun, or found again after it was killed: where it goes on."""

    id: int
    uuid: uuid.UUID
    source_id: int
    is_resumed: bool
    cursor: dict[str, Any] | None
    rows: int
    refused: int
