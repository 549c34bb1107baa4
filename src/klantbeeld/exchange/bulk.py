"""Bulk deliveries: accepted in one transaction with their job, stored by the worker in short ones.

A worker that dies leaves `position` where the last commit was, and the job goes on from there when it is started again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from klantbeeld.exchange.drafts import draft_of
from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.flows.receive import receive
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.login import find_actor
from klantbeeld.kit.errors import KlantbeeldError, Missing, Refused
from klantbeeld.sources.contracts import Kind

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """How far a delivery is."""

    uuid: uuid.UUID
    source: str
    state: str
    records: int
    done: int
    created: int
    changed: int
    unchanged: int
    late: int
    superseded: int
    gone: int
    problem: str
    accepted_at: datetime
    finished_at: datetime | None


@transaction.atomic
def accept(*, source_code: str, rows: Sequence[Mapping[str, Any]], actor: Actor, purpose: str) -> DeliveryRow:
    """Keep checked rows (rest.records.BulkRecord, dumped) and have them stored; nothing of them is lost from here on.

    Raises Invalid with every fault in any of them, and keeps nothing then.
    """
    require(actor, "records:write", purpose)
    for number, row in enumerate(rows):
        draft_of(Kind[row["kind"].upper()], row["external_id"], row, pointer=f"/records/{number}")
    delivery = BulkDelivery.objects.create(
        source=source_code,
        client=actor.ref,
        key=actor.id,
        purpose=purpose,
        body=[_plain(row) for row in rows],
        records=len(rows),
        accepted_at=timezone.now(),
    )
    audit.write(
        actor=actor,
        action="records.accepted",
        purpose=purpose,
        subject_kind="delivery",
        subject_id=delivery.pk,
        detail={"source": source_code, "records": len(rows)},
    )
    from klantbeeld.exchange.tasks import store_delivery

    store_delivery.configure(lock=f"delivery:{source_code}").defer(delivery=str(delivery.uuid))
    return _row(delivery)


def get_delivery(delivery: uuid.UUID, *, actor: Actor) -> DeliveryRow:
    """How far a delivery of this very client is; raises Missing, also for one of somebody else."""
    require(actor, "records:write")
    row = BulkDelivery.objects.filter(uuid=delivery, client=actor.ref).first()
    if row is None:
        raise Missing("There is no job with this id.", code="jobs.missing")
    return _row(row)


def store_next(delivery: uuid.UUID) -> bool:
    """Store the next stretch of a delivery in one transaction with its position; False when there is nothing left.

    The key must still be in force. What cannot be stored ends the delivery as failed, with the reason; what was stored
    before stays, and delivering it all again changes nothing.
    """
    try:
        with transaction.atomic():
            row = BulkDelivery.objects.select_for_update().get(uuid=delivery)
            if row.state in (BulkDelivery.State.DONE, BulkDelivery.State.FAILED):
                return False
            _store_stretch(row)
            row.save()
            return row.state == BulkDelivery.State.RUNNING
    except KlantbeeldError as error:
        BulkDelivery.objects.filter(uuid=delivery).update(
            state=BulkDelivery.State.FAILED, problem=f"{error.code}: {error.message}", finished_at=timezone.now()
        )
        return False


def _store_stretch(row: BulkDelivery) -> None:
    actor = find_actor(row.key)
    if actor is None:
        raise Refused("The key was revoked or has expired since.", code="access.unknown")
    body: list[dict[str, Any]] = row.body or []
    stretch = body[row.position : row.position + AT_ONCE]
    drafts = [
        draft_of(Kind[one["kind"].upper()], one["external_id"], _parsed(one), position=row.position + number)
        for number, one in enumerate(stretch, start=1)
    ]
    stored = receive(source_code=row.source, drafts=drafts, actor=actor, purpose=row.purpose).stored
    row.created += len(stored.created)
    row.changed += len(stored.changed)
    row.gone += len(stored.gone)
    row.unchanged += stored.unchanged
    row.late += stored.late
    row.superseded += stored.superseded
    row.position += len(stretch)
    row.state = BulkDelivery.State.RUNNING
    if row.position >= row.records:
        row.state, row.finished_at, row.body = BulkDelivery.State.DONE, timezone.now(), None


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON."""
    roles = [{**role, "from_date": _iso(role["from_date"]), "to_date": _iso(role["to_date"])} for role in row["roles"]]
    return {**row, "source_at": _iso(row["source_at"]), "roles": roles}


def _parsed(row: Mapping[str, Any]) -> dict[str, Any]:
    """The way back from `_plain`."""

    def day(text: str | None) -> Any:
        return datetime.fromisoformat(text).date() if text else None

    roles = [{**role, "from_date": day(role["from_date"]), "to_date": day(role["to_date"])} for role in row["roles"]]
    at = row["source_at"]
    return {**row, "source_at": datetime.fromisoformat(at) if at else None, "roles": roles}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _row(row: BulkDelivery) -> DeliveryRow:
    return DeliveryRow(
        uuid=row.uuid,
        source=row.source,
        state=row.state,
        records=row.records,
        done=row.position,
        created=row.created,
        changed=row.changed,
        unchanged=row.unchanged,
        late=row.late,
        superseded=row.superseded,
        gone=row.gone,
        problem=row.problem,
        accepted_at=row.accepted_at,
        finished_at=row.finished_at,
    )
