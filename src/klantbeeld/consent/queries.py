"""Every read of consent: the register, and `allowed(...)`."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from django.utils import timezone

from klantbeeld.consent.contracts import Act, Answer, PurposeRow
from klantbeeld.consent.models import ConsentEvent, Purpose
from klantbeeld.consent.rules.decide import Asked, decide, reason
from klantbeeld.consent.rules.starter import BASES
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import PurposeSpec

#: Another process sees a changed register after at most so many seconds.
FRESH_SECONDS = 15.0


class _Kept(NamedTuple):
    register: Mapping[str, PurposeSpec]
    until: float


_kept: _Kept | None = None


def purposes() -> Mapping[str, PurposeSpec]:
    """The register of purposes, kept in memory for a short while: every request asks it."""
    global _kept
    kept = _kept
    if kept is None or kept.until <= time.monotonic():
        register = {
            row.code: PurposeSpec(row.code, row.label, row.basis, row.reads_profiles)
            for row in Purpose.objects.order_by("id")
        }
        kept = _kept = _Kept(MappingProxyType(register), time.monotonic() + FRESH_SECONDS)
    return kept.register


def forget() -> None:
    """Read the register again at the next question: after a change in this process."""
    global _kept
    _kept = None


def list_purposes(*, actor: Actor) -> list[PurposeRow]:
    """The register for people: every employee and machine may know why data is used."""
    return [
        PurposeRow(row.code, row.label, row.basis, BASES[row.basis], row.reads_profiles, tuple(row.kinds))
        for row in Purpose.objects.order_by("id")
    ]


def allowed(
    subject_records: Collection[int],
    purpose: str,
    recipient: str = "",
    channel: str = "",
    at: datetime | None = None,
) -> Answer:
    """May data of the customer who has these records be used for `purpose`, now or at another moment?

    `recipient` is a third party that would get the data (empty: the controller itself), `channel` how the customer
    would be reached. The most restrictive of the records decides. No door: for the layers above, at use and again
    just before sending; it reads the database, never a memory.
    """
    row = Purpose.objects.filter(code=purpose).first()
    if row is None:
        return Answer(False, (reason("unknown_purpose"),))
    events = ConsentEvent.objects.filter(record_id__in=list(subject_records), purpose=row)
    acts = [
        Act(event.pk, event.record_id, event.act, event.at, event.channel, event.recipient, event.expires_at)
        for event in events
    ]
    return decide(acts, Asked(row.basis, recipient, channel, at or timezone.now()))


def list_events(*, record_ids: Collection[int], actor: Actor, purpose: str) -> list[tuple[Act, str]]:
    """What was recorded for these records, newest first, each with the purpose it is about."""
    require(actor, "consent:read", purpose)
    events = (
        ConsentEvent.objects.filter(record_id__in=list(record_ids)).select_related("purpose").order_by("-at", "-id")
    )
    return [
        (
            Act(event.pk, event.record_id, event.act, event.at, event.channel, event.recipient, event.expires_at),
            event.purpose.code,
        )
        for event in events
    ]
