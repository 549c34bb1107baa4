"""An employee corrects a value: it becomes a record of our own source, tied to the customer, that outlives the feed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.settle import Settled, settle
from klantbeeld.foundation.access import Actor, Grant, require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.rules.values import Faulty, read_attribute
from klantbeeld.identity import actions as identity
from klantbeeld.identity import queries
from klantbeeld.identity.contracts import Resolved
from klantbeeld.kit.errors import Conflict, Invalid
from klantbeeld.kit.labels import Label
from klantbeeld.sources.actions import ensure_builtin_source, store
from klantbeeld.sources.contracts import Draft, Kind, StoredRecord
from klantbeeld.sources.queries import find_record_ids, load_records

SCOPE = "customers:correct"
SOURCE = "desk"
LABEL: Label = {"nl": "Klantenservice", "en": "Customer desk"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as it was kept: the customer that stands, the version of its golden record, and our record."""

    uuid: uuid.UUID
    version: int
    record_id: int
    settled: Settled


def correct(
    *,
    customer: uuid.UUID,
    attribute: str,
    value: Any,
    actor: Actor,
    purpose: str,
    reason: str = "",
    at: datetime | None = None,
) -> Corrected:
    """Say what a value of a customer is; None takes back what was said before.

    The value is kept as a version of a record of built-in source `desk`, tied to the record that gave the value until
    now, and goes where that record goes through merges and splits. An attribute that may have several values takes a
    list of {"value": ..., "role": ...}.
    Raises Refused, Missing for an unknown customer, Invalid for an attribute that the actor cannot see or a value that
    is not of its form, Conflict when the customer has no live records.
    """
    grant = require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        identity.hold_writer()
        ref = queries.follow(customer)
        kind = Kind(ref.kind)
        value = _read(grant, kind, attribute, value)
        members = queries.members_of([ref.id]).get(ref.id, ())
        if not members:
            raise Conflict("This customer has no live records; there is nothing to correct.", code="customers.empty")
        source_id = ensure_builtin_source(code=SOURCE, label=LABEL, purpose="service", trust_rank=1, actor=actor)
        records = load_records(members)
        held = [record for record in records if record.source_id == source_id]
        told = _told(held, attribute)
        if told is None and value is None:
            raise Conflict(f"Nothing was said about {attribute} before.", code="corrections.nothing")
        anchor = None if told else _anchor(records, held, attribute)
        record = _keep(source_id, kind, told, anchor, attribute, value, reason, actor, moment)
        resolved = _tie(record, anchor, records, actor, moment)
        settled = settle(
            resolved=resolved,
            actor=actor,
            purpose=purpose,
            action="customers.correct",
            cause=f"record:{record.id}",
            at=moment,
            detail={"attribute": attribute, "taken_back": value is None},
        )
    version = next(one.version for one in settled.customers if one.uuid == ref.uuid)
    return Corrected(ref.uuid, version, record.id, settled)


def _read(grant: Grant, kind: Kind, attribute: str, value: Any) -> Any:
    """The value as it is kept, of the form that the catalogue asks; None stays None."""
    spec = attributes(kind.code).get(attribute)
    if spec is None or attribute not in grant.attributes(kind.code):
        raise Invalid(
            f"'{attribute[:60]}' is not an attribute of a {kind.code} that you can correct.",
            code="corrections.attribute",
            attribute=attribute,
        )
    if value is None:
        return None
    if spec.many and not (
        isinstance(value, list) and value and all(isinstance(one, dict) and "value" in one for one in value)
    ):
        raise Invalid(
            f'{attribute} may have several values: give a list of {{"value": ..., "role": ...}}.',
            code="corrections.form",
            attribute=attribute,
        )
    try:
        return read_attribute(spec, value)
    except Faulty as fault:
        raise Invalid(f"{attribute}: {fault}.", code="corrections.value", attribute=attribute) from fault


def _told(held: Sequence[StoredRecord], attribute: str) -> StoredRecord | None:
    """Our own record that speaks of this attribute already, the newest of them."""
    told = [record for record in held if attribute in record.attributes]
    return max(told, key=lambda record: (record.source_at or record.received_at, record.id), default=None)


def _anchor(records: Sequence[StoredRecord], held: Sequence[StoredRecord], attribute: str) -> StoredRecord:
    """The record that the correction is about: the one that states the attribute, newest first, else the oldest."""
    outside = [record for record in records if record not in held] or list(records)
    stating = [record for record in outside if record.attributes.get(attribute)]
    if stating:
        return max(stating, key=lambda record: (record.source_at or record.received_at, -record.id))
    return min(outside, key=lambda record: record.id)


def _keep(
    source_id: int,
    kind: Kind,
    told: StoredRecord | None,
    anchor: StoredRecord | None,
    attribute: str,
    value: Any,
    reason: str,
    actor: Actor,
    at: datetime,
) -> StoredRecord:
    """Store the correction beside what was said before about the same record."""
    external_id = told.external_id if told else str(anchor.uuid) if anchor else ""
    before = told or _find(source_id, kind, external_id)
    said = dict(before.attributes) if before else {}
    said.pop(attribute, None)
    if value is not None:
        said[attribute] = value
    draft = Draft(
        kind=kind, external_id=external_id, attributes=said, source_at=at, raw={"by": actor.ref, "reason": reason}
    )
    stored = store(source_id=source_id, drafts=[draft], actor=actor, at=at)
    record = _find(source_id, kind, external_id)
    if record is None:
        raise RuntimeError(f"The correction was not stored: {stored}")
    return record


def _find(source_id: int, kind: Kind, external_id: str) -> StoredRecord | None:
    found = find_record_ids([(source_id, kind, external_id)])
    return load_records(list(found.values()))[0] if found else None


def _tie(
    record: StoredRecord, anchor: StoredRecord | None, records: Sequence[StoredRecord], actor: Actor, at: datetime
) -> Resolved:
    """Resolve our record, and tie a new one to the record it is about; the customer's others stand in when it goes."""
    ties: list[tuple[int, int]] = []
    if anchor is not None and record.id not in {one.id for one in records}:
        others = [one.id for one in records if one.id != anchor.id]
        ties = [(record.id, other) for other in (anchor.id, *others)]
    return identity.resolve(records=[record], cause=f"record:{record.id}", actor=actor, at=at, ties=ties)
