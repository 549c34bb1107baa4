"""Every write of consent: the register of purposes, and what customers allowed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from klantbeeld.consent import queries
from klantbeeld.consent.models import ConsentEvent, Purpose
from klantbeeld.consent.rules.starter import STARTER
from klantbeeld.foundation import audit, outbox
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import Event
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label


@transaction.atomic
def install_purposes() -> int:
    """Add the starter purposes that are not there yet; returns how many. What a company changed is left alone."""
    known = set(Purpose.objects.values_list("code", flat=True))
    made = Purpose.objects.bulk_create(
        Purpose(code=row.code, label=dict(row.label), basis=row.basis, reads_profiles=row.reads_profiles)
        for row in STARTER
        if row.code not in known
    )
    if made:
        audit.write(actor=Actor.system("install"), action="purposes.installed", detail={"purposes": len(made)})
        queries.forget()
    return len(made)


@transaction.atomic
def define_purpose(*, code: str, label: Label, basis: str, reads_profiles: bool, actor: Actor) -> None:
    """Add a purpose to the register, or change the one with this code."""
    require(actor, "settings:write")
    if basis not in Purpose.Basis.values:
        raise Invalid(f"basis: '{basis}' is none of {', '.join(Purpose.Basis.values)}.", code="purposes.basis_unknown")
    row, _ = Purpose.objects.update_or_create(
        code=code, defaults={"label": dict(label), "basis": basis, "reads_profiles": reads_profiles}
    )
    audit.write(actor=actor, action="purpose.defined", subject_kind="purpose", subject_id=row.pk, detail={"code": code})
    queries.forget()
    transaction.on_commit(queries.forget)


@transaction.atomic
def record(
    *,
    record_id: int,
    purpose: str,
    act: str,
    at: datetime,
    actor: Actor,
    stated_purpose: str,
    channel: str = "",
    recipient: str = "",
    expires_at: datetime | None = None,
    text: str = "",
    text_version: str = "",
    language: str = "",
    method: str = "",
    evidence: bytes = b"",
) -> int:
    """Write down one act of a person on the record through which it reached us; returns the event's id.

    `purpose` is what was allowed or refused; `stated_purpose` is why the actor may write here. Of the evidence (the
    form, the recording) only the SHA-256 is kept.
    """
    require(actor, "consent:write", stated_purpose)
    row = Purpose.objects.filter(code=purpose).first()
    if row is None:
        raise Invalid(f"There is no purpose '{purpose}'.", code="consent.purpose_unknown")
    if act not in ConsentEvent.Act.values:
        raise Invalid(f"act: '{act}' is none of {', '.join(ConsentEvent.Act.values)}.", code="consent.act_unknown")
    now = timezone.now()
    if at > now:
        raise Invalid("at: the moment of the act lies in the future.", code="consent.future")
    event = ConsentEvent.objects.create(
        record_id=record_id,
        purpose=row,
        act=act,
        at=at,
        recorded_at=now,
        channel=channel,
        recipient=recipient,
        expires_at=expires_at,
        text=text,
        text_version=text_version,
        language=language,
        method=method,
        evidence_sha256=hashlib.sha256(evidence).digest() if evidence else None,
        actor=actor.ref,
    )
    detail = {"event": event.pk, "purpose": purpose, "act": act, "channel": channel}
    audit.write(
        actor=actor,
        action="consent.recorded",
        purpose=stated_purpose,
        subject_kind="record",
        subject_id=record_id,
        detail=detail,
    )
    outbox.publish([Event(f"consent.{act}", "record", record_id, payload=detail)])
    return event.pk
