"""Receive: records of a source come in, and customers come out, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.settle import Settled, settle
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.wire import together
from klantbeeld.identity import actions as identity
from klantbeeld.identity.actions import Ready
from klantbeeld.identity.contracts import Resolved
from klantbeeld.interactions import actions as interactions
from klantbeeld.kit.errors import Missing
from klantbeeld.profiles import actions as profiles
from klantbeeld.profiles.contracts import Alone
from klantbeeld.sources import actions as sources
from klantbeeld.sources import queries
from klantbeeld.sources.contracts import Draft, Encoded, Stored, StoredRecord

SCOPE = "records:write"
FEW = 8
"""So many records go to the database without waiting for each answer; more go by COPY, which cannot."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What receiving a batch did: to records, and to customers. `records` are those that changed, as they are now."""

    stored: Stored
    records: tuple[StoredRecord, ...]
    resolved: Resolved
    settled: Settled | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Drafts encoded, with what was made of them beforehand.

    `ready`: their evidence of who somebody is (None: it is made when they are resolved). `alone`: the golden record
    that each would make by itself, or nothing at all.
    """

    drafts: Sequence[Encoded]
    ready: Ready | None
    alone: Sequence[Alone | None] = ()

    def golden(self, records: Sequence[StoredRecord]) -> dict[int, Alone]:
        """Of these records, just stored, what was prepared of their golden records and still holds."""
        places = self.ready.places(records) if self.ready is not None and self.ready.in_force and self.alone else None
        if places is None:
            return {}
        made = ((record.id, self.alone[place]) for record, place in zip(records, places, strict=True))
        return {record: one for record, one in made if one is not None}


def receive(
    *,
    source_code: str,
    drafts: Sequence[Draft],
    actor: Actor,
    purpose: str = "",
    run_id: int | None = None,
    at: datetime | None = None,
    source_id: int | None = None,
) -> Receipt:
    """Store drafts of a source, resolve the parties among them, keep their roles and activities, and settle.

    Everything in one transaction with its audit line and events; it may be part of a larger one. Idempotent: what is
    there already changes nothing and writes nothing. Without `purpose` it is the one the source was declared for.
    `source_id`: the source's internal id, of whoever has looked it up within the actor's reach already.
    Raises Refused (scope), Missing (no such source within the actor's reach), Invalid (a draft that cannot be kept).
    """
    require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    if source_id is None or not purpose:
        source = queries.find_source_purpose(source_code, actor)
        if source is None:
            raise Missing(f"There is no source '{source_code}'.", code="sources.missing", source=source_code)
        source_id, declared = source
        purpose = purpose or declared
    batch = Prepared(sources.encode(drafts), None)
    return receive_prepared(
        source_code=source_code, source_id=source_id, batch=batch, actor=actor, purpose=purpose,
        run_id=run_id, at=moment,
    )  # fmt: skip


def prepare(drafts: Sequence[Draft], preparer: identity.Preparer) -> Prepared:
    """What of receiving drafts needs no database; another thread may do it. Raises Invalid like `receive`."""
    encoded = sources.encode(drafts)
    alone = profiles.prepare(encoded, preparer.source_id, preparer.kinds, timezone.now())
    return Prepared(encoded, preparer.prepare(encoded), alone)


def receive_prepared(
    *,
    source_code: str,
    source_id: int,
    batch: Prepared,
    actor: Actor,
    purpose: str,
    run_id: int | None,
    at: datetime,
) -> Receipt:
    """The rest of `receive`, by an actor that may, for a source that is there."""
    # One record, while somebody waits: nothing waits for the database that need not.
    with transaction.atomic(), together() if len(batch.drafts) <= FEW else nullcontext():
        identity.hold_writer()
        stored, records = sources.store_records(
            source_id=source_id, drafts=batch.drafts, run_id=run_id, actor=actor, at=at
        )
        if not records:
            return Receipt(stored, (), Resolved(), None)
        cause = f"run:{run_id}" if run_id is not None else f"source:{source_id}"
        new = frozenset(stored.created)
        ready = profiles.prepared(batch.golden(records))
        with queries.trust_held(), queries.fresh_records(records), ready:
            resolved = identity.resolve(records=records, cause=cause, actor=actor, at=at, ready=batch.ready, new=new)
            parties = interactions.record_facts(records=records, new=new)
            settled = settle(
                resolved=resolved,
                actor=actor,
                purpose=purpose,
                action="records.receive",
                cause=cause,
                at=at,
                detail={
                    "source": source_code,
                    "new": len(stored.created),
                    "changed_records": len(stored.changed),
                    "gone": len(stored.gone),
                },
                parties=parties,
                targets=[record.id for record in records if not record.kind.is_party],
            )
    return Receipt(stored, tuple(records), resolved, settled)
