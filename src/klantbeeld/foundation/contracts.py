"""What the ground gives to the rest of the house."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from klantbeeld.kit.labels import Label

DEFAULT_SURVIVORSHIP = ("steward", "verified", "rank", "recent", "frequent", "complete")


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute of the catalogue, frozen. `choices` pairs a code with its label."""

    kind: str
    code: str
    label: Label
    type: str
    choices: tuple[tuple[str, Label], ...] = ()
    many: bool = False
    sensitivity: str = "ordinary"
    purposes: tuple[str, ...] = ()
    survivorship: tuple[str, ...] = DEFAULT_SURVIVORSHIP
    matching: str = ""
    position: int = 0
    custom: bool = False


@dataclass(frozen=True, slots=True)
class PurposeSpec:
    """One purpose as access needs it: may a request state it to read profiles?"""

    code: str
    label: Label
    basis: str
    reads_profiles: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A past-tense fact with ids: `customer.merged`. `payload` holds ids and codes, never personal values."""

    type: str
    subject_kind: str
    subject_id: int
    subject_uuid: uuid.UUID | None = None
    version: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the outbox: after the event `id` of the transaction `xid`."""

    xid: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event as readers get it; `id` is the same at every delivery."""

    id: int
    at: datetime
    xid: int
    type: str
    subject_kind: str
    subject_id: int
    subject_uuid: uuid.UUID | None
    version: int | None
    payload: Mapping[str, Any]

    @property
    def cursor(self) -> Cursor:
        """The place right after this event."""
        return Cursor(self.xid, self.id)


@dataclass(frozen=True, slots=True)
class EventPage:
    """A stretch of the outbox. `cursor` is where to go on, also when `events` is empty."""

    events: tuple[PublishedEvent, ...]
    cursor: Cursor
    is_last: bool


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Where the sealed audit log is not what it was: `kind` is lines, chain, gap or anchor."""

    kind: str
    seal_id: int
    message: Label


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What checking the audit log found. `unsealed` lines are younger than the last seal and not yet guarded."""

    seals: int
    lines: int
    unsealed: int
    problems: tuple[AuditProblem, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A machine's key as administrators see it; the secret is not kept."""

    id: int
    key_id: str
    name: str
    company: str
    scopes: tuple[str, ...]
    purposes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_date: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """An employee as administrators see him."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    is_active: bool
    is_demo: bool
