"""A value is corrected: it becomes a record of our own source, tied to the customer, that outlives the feed.

Who stated it decides which of our sources keeps it: what an employee established, or what the customer said (verified
by the customer, AVG article 16). About one attribute one of the two speaks: the last word replaces the other. Of an
attribute that may have several values each keeps its own list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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
from klantbeeld.profiles.contracts import COUPLED, CUSTOMER_SAID
from klantbeeld.sources.actions import ensure_builtin_source, store
from klantbeeld.sources.contracts import Draft, Kind, StoredRecord
from klantbeeld.sources.queries import find_record_ids, load_records
from klantbeeld.sources.queries.said import said_of
from klantbeeld.sources.queries.trust import trust_of_sources

SCOPE = "customers:correct"
Voice = Literal["employee", "customer"]
SOURCES: Mapping[Voice, str] = {"employee": "desk", "customer": CUSTOMER_SAID}
LABELS: Mapping[Voice, Label] = {
    "employee": {"nl": "Klantenservice", "en": "Customer desk"},
    "customer": {"nl": "De klant zelf", "en": "The customer"},
}


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
    stated_by: Voice = "employee",
    at: datetime | None = None,
) -> Corrected:
    """Say what a value of a customer is; None takes back what was said before, by whomever it was stated.

    The value is kept as a version of a record of one of our own sources, tied to the record that gave the value until
    now, and goes where that record goes through merges and splits. An attribute that may have several values takes a
    list of {"value": ..., "role": ...}. What the customer stated counts as verified, and wins where the attribute's
    declared order says so.
    Raises Refused, Missing for an unknown customer, Invalid for an attribute that the actor cannot see or a value that
    is not of its form, Conflict when the customer has no live records.
    """
    grant = require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        identity.hold_writer()
        ref = queries.follow(customer, actor)
        kind = Kind(ref.kind)
        value = _read(grant, kind, attribute, value)
        members = queries.members_of([ref.id]).get(ref.id, ())
        if not members:
            raise Conflict("This customer has no live records; there is nothing to correct.", code="customers.empty")
        source_id = ensure_builtin_source(
            code=SOURCES[stated_by], label=LABELS[stated_by], purpose="service", trust_rank=1, actor=actor
        )
        records = load_records(members)
        ours = {number for number, one in trust_of_sources().items() if one.builtin and one.code in SOURCES.values()}
        held = [record for record in records if record.source_id in ours]
        told = _told(held, attribute)
        before = told
        if told and value is not None and attributes(kind.code)[attribute].many:
            told = _told([record for record in held if record.source_id == source_id], attribute)
        if told is None and value is None:
            raise Conflict(
                f"Nothing was said about {attribute} before.", code="corrections.nothing", attribute=attribute
            )
        near = told or before or _anchor(records, held, attribute)
        external_id = near.external_id if near.source_id in ours else str(near.uuid)
        word = _Word(kind, external_id, attribute, reason, actor, moment)
        kept = []
        if told and (value is None or told.source_id != source_id):
            kept.append(_keep(told.source_id, word, None))
        if value is not None:
            kept.append(_keep(source_id, word, value))
        resolved = _tie(kept, near, records, actor, moment)
        settled = settle(
            resolved=resolved,
            actor=actor,
            purpose=purpose,
            action="customers.correct",
            cause=f"record:{kept[-1].id}",
            at=moment,
            detail={"attribute": attribute, "taken_back": value is None, "stated_by": stated_by},
        )
    version = next(one.version for one in settled.customers if one.uuid == ref.uuid)
    return Corrected(ref.uuid, version, kept[-1].id, settled)


@dataclass(frozen=True, slots=True)
class _Word:
    """What is said about one attribute, about which of a source's records, by whom, when and why."""

    kind: Kind
    external_id: str
    attribute: str
    reason: str
    actor: Actor
    at: datetime


def _read(grant: Grant, kind: Kind, attribute: str, value: Any) -> Any:
    """The value as it is kept, of the form that the catalogue asks; None stays None."""
    spec = attributes(kind.code).get(attribute)
    if spec is None or attribute not in grant.attributes(kind.code):
        raise Invalid(
            f"'{attribute[:60]}' is not an attribute of a {kind.code} that you can correct.",
            code="corrections.attribute",
            attribute=attribute,
        )
    leader = next((name for name, prefix in COUPLED.items() if prefix == attribute), "")
    if leader:
        raise Invalid(
            f"{attribute} goes with {leader}: correct that, prefix and name in one.",
            code="corrections.prefix",
            attribute=attribute,
            leader=leader,
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


def _keep(source_id: int, word: _Word, value: Any) -> StoredRecord:
    """Store the value beside what this source says of the same record already; None leaves the attribute out."""
    before = _find(source_id, word)
    attributes = dict(before.attributes) if before else {}
    said = said_of([before.id]).get(before.id, {}) if before else {}
    attributes.pop(word.attribute, None)
    said.pop(word.attribute, None)
    if value is not None:
        attributes[word.attribute] = value
        said[word.attribute] = {"by": word.actor.ref, "at": word.at.isoformat(), "reason": word.reason}
    raw = {"by": word.actor.ref, "reason": word.reason, "said": said}
    draft = Draft(kind=word.kind, external_id=word.external_id, attributes=attributes, source_at=word.at, raw=raw)
    stored = store(source_id=source_id, drafts=[draft], actor=word.actor, at=word.at)
    record = _find(source_id, word)
    if record is None:
        raise RuntimeError(f"The correction was not stored: {stored}")
    return record


def _find(source_id: int, word: _Word) -> StoredRecord | None:
    found = find_record_ids([(source_id, word.kind, word.external_id)])
    return load_records(list(found.values()))[0] if found else None


def _tie(
    kept: Sequence[StoredRecord], near: StoredRecord, records: Sequence[StoredRecord], actor: Actor, at: datetime
) -> Resolved:
    """Resolve our records, and tie a new one to the record it is about; the customer's others stand in when it goes."""
    members = {one.id for one in records}
    others = [near.id, *(one.id for one in records if one.id != near.id)]
    ties = [(record.id, other) for record in kept if record.id not in members for other in others]
    return identity.resolve(records=kept, cause=f"record:{kept[-1].id}", actor=actor, at=at, ties=ties)
