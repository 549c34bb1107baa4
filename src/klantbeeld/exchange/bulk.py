"""Bulk deliveries: accepted in one transaction with their job, stored by the worker in short ones.

A worker that dies leaves `position` where the last commit was, and the job goes on from there when it is started again.
A record that cannot be stored goes to quarantine with its reason, and the others go on.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from klantbeeld.exchange.drafts import draft_of, referable
from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.flows.receive import receive
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.login import find_actor
from klantbeeld.kit.errors import Conflict, Invalid, KlantbeeldError, Missing, Refused
from klantbeeld.kit.labels import Label
from klantbeeld.sources import actions as sources
from klantbeeld.sources import queries
from klantbeeld.sources.contracts import Draft, Kind, Refusal, Stored

AT_ONCE = 500
#: So many refusals are told with the job; all of them are in quarantine.
TOLD = 100
#: Errors that are ours rather than the sender's: of more than so many in one stretch, the fault is not in the records.
MOST_OURS = 20
TASK = "exchange.store_delivery"
#: What one record may do to a stretch. An error of another kind is no record's: it goes up, and the job is tried again.
_OF_THE_RECORD = (Invalid, Conflict)
_OURS = (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """How far a delivery is. `refusals`: the first of those that went to quarantine, by place in the delivery."""

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
    refused: int
    refusals: tuple[RefusalRow, ...]
    problem: str
    accepted_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """One record of a delivery that is in quarantine: `pointer` is where it stood in the request, `reason` a code."""

    pointer: str
    reason: str
    message: Label


@transaction.atomic
def accept(*, source_code: str, rows: Sequence[Mapping[str, Any]], actor: Actor, purpose: str) -> DeliveryRow:
    """Keep checked rows (rest.records.BulkRecord, dumped) and have them stored; nothing of them is lost from here on.

    Raises Invalid with every fault of the first record that has any, and keeps nothing then.
    """
    require(actor, "records:write", purpose)
    known = referable(rows, actor)
    for number, row in enumerate(rows):
        pointer = f"/records/{number}"
        draft = draft_of(Kind[row["kind"].upper()], row["external_id"], row, known=known, pointer=pointer)
        _check_storable(draft, pointer)
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

    The key must still be in force, and reach the source: else the delivery ends as failed, with the reason; what was
    stored before stays, and delivering it all again changes nothing.
    """
    try:
        with transaction.atomic():
            row = BulkDelivery.objects.select_for_update().get(uuid=delivery)
            if row.state in (BulkDelivery.State.DONE, BulkDelivery.State.FAILED):
                return False
            _store_stretch(row)
            row.save()
            return row.state == BulkDelivery.State.RUNNING
    except (Refused, Missing) as error:
        fail(delivery, f"{error.code}: {error.message}")
        return False


@transaction.atomic
def fail(delivery: uuid.UUID, problem: str) -> None:
    """End a delivery that is not done, with a reason for its sender; its records are not kept here any longer."""
    row = BulkDelivery.objects.select_for_update().get(uuid=delivery)
    if row.state in (BulkDelivery.State.DONE, BulkDelivery.State.FAILED):
        return
    row.state, row.problem, row.finished_at, row.body = BulkDelivery.State.FAILED, problem, timezone.now(), None
    row.save(update_fields=["state", "problem", "finished_at", "body"])
    audit.write(
        actor=Actor.system("bulk"),
        action="records.delivery_failed",
        purpose=row.purpose,
        subject_kind="delivery",
        subject_id=row.pk,
        detail={"source": row.source, "records": row.records, "done": row.position},
    )


def fail_abandoned() -> int:
    """End the deliveries whose job came to its end without them: the database was away when it gave up; how many."""
    tried = ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing"))
    going_on = {str(arguments.get("delivery")) for arguments in tried.values_list("args", flat=True)}
    unfinished = BulkDelivery.objects.filter(state__in=(BulkDelivery.State.WAITING, BulkDelivery.State.RUNNING))
    # What was accepted after the jobs were read is not abandoned: its job came with it.
    left = [
        one
        for one in unfinished.values_list("uuid", flat=True)
        if str(one) not in going_on and not tried.filter(args__delivery=str(one)).exists()
    ]
    for one in left:
        fail(one, GAVE_UP)
    return len(left)


GAVE_UP = "jobs.gave_up: Storing failed again and again; what `done` counts is stored. Deliver the records once more."


def _check_storable(draft: Draft, pointer: str) -> None:
    """Raise Invalid, with its place in the request, for what storing would refuse."""
    try:
        sources.encode([draft])
    except Invalid as error:
        faults = error.where.get("errors") or [{"pointer": "", "message": error.message}]
        errors = [{**fault, "pointer": f"{pointer}{fault['pointer']}"} for fault in faults]
        place = errors[0]["pointer"]
        raise Invalid(f"{place}: {errors[0]['message']}", code=error.code, place=place, errors=errors) from error


def _store_stretch(row: BulkDelivery) -> None:
    actor = find_actor(row.key)
    if actor is None:
        raise Refused("The key was revoked or has expired since.", code="access.unknown")
    require(actor, "records:write", row.purpose)
    source_id = queries.sources_in_reach(actor).get(row.source)
    if source_id is None:
        raise Missing(f"There is no source '{row.source}'.", code="sources.missing", source=row.source)
    body: list[dict[str, Any]] = row.body or []
    stretch = body[row.position : row.position + AT_ONCE]
    drafts, refused = _drafts(stretch, row.position, actor)
    for stored in _store(drafts, row, actor, refused):
        row.created += len(stored.created)
        row.changed += len(stored.changed)
        row.gone += len(stored.gone)
        row.unchanged += stored.unchanged
        row.late += stored.late
        row.superseded += stored.superseded
    _refuse(row, source_id, stretch, refused)
    row.position += len(stretch)
    row.state = BulkDelivery.State.RUNNING
    if row.position >= row.records:
        row.state, row.finished_at, row.body = BulkDelivery.State.DONE, timezone.now(), None


def _drafts(stretch: Sequence[dict[str, Any]], before: int, actor: Actor) -> tuple[list[Draft], list[Refusal]]:
    """The drafts in a stretch, and what the catalogue or the sources as they are now refuse of it."""
    known = referable(stretch, actor)
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    for position, one in enumerate(stretch, start=before + 1):
        kind, external_id = Kind[one["kind"].upper()], one["external_id"]
        try:
            drafts.append(draft_of(kind, external_id, _parsed(one), known=known, position=position))
        except Invalid as error:
            refused.append(sources.refusal_of(Draft(kind, external_id, position=position), error))
    good, unusable = sources.sift(drafts)
    return good, refused + unusable


def _store(drafts: Sequence[Draft], row: BulkDelivery, actor: Actor, refused: list[Refusal]) -> Iterator[Stored]:
    """Store drafts together; when that cannot be, by halves, until the ones that are to blame stand alone."""
    if not drafts:
        return
    try:
        with transaction.atomic():
            stored = receive(source_code=row.source, drafts=drafts, actor=actor, purpose=row.purpose).stored
    except (*_OF_THE_RECORD, *_OURS) as error:
        if len(drafts) == 1:
            _blame(drafts[0], error, refused)
            return
        half = len(drafts) // 2
        yield from _store(drafts[:half], row, actor, refused)
        yield from _store(drafts[half:], row, actor, refused)
    else:
        yield stored


def _blame(draft: Draft, error: Exception, refused: list[Refusal]) -> None:
    refused.append(sources.refusal_of(draft, error))
    if isinstance(error, KlantbeeldError):
        return
    # The kind of error only: its text may hold values.
    _logger.error("A record of a bulk delivery could not be stored: %s", type(error).__name__)
    if sum(one.reason == refused[-1].reason for one in refused) > MOST_OURS:
        raise RuntimeError("Too many records of one stretch cannot be stored: the fault is not in them.") from error


def _refuse(row: BulkDelivery, source_id: int, stretch: Sequence[Any], refused: Sequence[Refusal]) -> None:
    """Put records in quarantine, as they came, and tell the sender which they are."""
    if not refused:
        return
    kept = [
        one if one.reason == "bsn.refused" else replace(one, raw=stretch[one.position - row.position - 1])
        for one in refused
    ]
    sources.quarantine(source_id=source_id, run_id=None, refusals=kept, at=timezone.now())
    row.refused += len(refused)
    told = [
        {"pointer": f"/records/{one.position - 1}", "reason": one.reason, "message": one.message}
        for one in sorted(refused, key=lambda one: one.position)
    ]
    row.refusals = [*row.refusals, *told][:TOLD]


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
        refused=row.refused,
        refusals=tuple(RefusalRow(one["pointer"], one["reason"], one["message"]) for one in row.refusals),
        problem=row.problem,
        accepted_at=row.accepted_at,
        finished_at=row.finished_at,
    )
