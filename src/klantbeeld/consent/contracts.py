"""What consent gives to the layers above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from klantbeeld.kit.labels import Label


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of an answer, for machines (`code`) and for people (`label`)."""

    code: str
    label: Label
    record_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """May it? With every reason that counted, the deciding one first."""

    allowed: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """A consent event as the rules weigh it; empty channel or recipient means: every channel, the controller itself."""

    id: int
    record_id: int
    act: str
    at: datetime
    channel: str = ""
    recipient: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """A purpose of the register as people see it."""

    code: str
    label: Label
    basis: str
    basis_label: Label
    reads_profiles: bool
    kinds: tuple[str, ...] = field(default_factory=tuple)


Acts = Sequence[Act]
