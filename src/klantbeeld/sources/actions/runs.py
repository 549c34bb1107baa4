"""The runs of imports: begun, moved on with every batch, done, paused or failed; found again after a kill."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from klantbeeld.foundation import audit, outbox
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import Event
from klantbeeld.kit.errors import Conflict, Missing
from klantbeeld.sources.contracts import Refusal, RunBegun, Stored
from klantbeeld.sources.models import Quarantine, Run, Source
from klantbeeld.sources.rules.content import raw_json

IMPORT_LOCK = 0x6B62_0002  # class of the session locks that let one import of a source run at a time
CLAIM_SECONDS = 3.0
COUNTED = (
    "rows", "created", "changed", "unchanged", "late", "superseded", "gone", "skipped", "refused", "partial"
)  # fmt: skip

_QUARANTINE = """
INSERT INTO sources_quarantine (source_id, run_id, position, "column", value, reason, message, count, raw, at)
SELECT %s, %s, k.position, k.col, k.value, k.reason, k.message, k.count, k.raw, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::bigint[], %s::jsonb[])
  AS k(position, col, value, reason, message, count, raw)
ON CONFLICT (run_id, position, "column", reason)
DO UPDATE SET count = CASE WHEN excluded.position = 0 THEN sources_quarantine.count + excluded.count
  ELSE sources_quarantine.count END
"""


def claim_import(source_id: int) -> None:
    """Let this connection be the only one that imports this source, until `release_import` or its end.

    The database may take a moment to notice that an importer was killed; that is waited for. Raises Conflict when
    another one is really at it.
    """
    deadline = time.monotonic() + CLAIM_SECONDS
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [IMPORT_LOCK, source_id])
            row = cursor.fetchone()
        if row is not None and row[0]:
            return
        if time.monotonic() > deadline:
            raise Conflict(
                "Another import of this source is running; wait for it, or look at its progress.",
                code="sources.importing",
            )
        time.sleep(0.2)


def release_import(source_id: int) -> None:
    """Give the claim back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [IMPORT_LOCK, source_id])


@transaction.atomic
def begin_run(
    *, source_code: str, feed: str, input_name: str, input_sha256: bytes | None, actor: Actor, at: datetime
) -> RunBegun:
    """Begin a run, or find the one that was killed over the same input under the same declaration.

    Call it under `claim_import`: what is `running` then is dead. A dead run over another input becomes `failed`.
    Raises Missing (no such source) and Conflict (the source is paused).
    """
    require(actor, "records:write")
    source = Source.objects.filter(code=source_code).first()
    if source is None:
        raise Missing(f"There is no source '{source_code}'.", code="sources.missing", source=source_code)
    if source.paused_at is not None:
        raise Conflict(
            f"'{source_code}' is paused: {source.paused_reason} Resume it first.",
            code="sources.paused",
            source=source_code,
        )
    for run in Run.objects.filter(source=source, feed=feed, state=Run.State.RUNNING).order_by("-id"):
        same = run.input_name == input_name and (run.input_sha256 and bytes(run.input_sha256)) == input_sha256
        if same and run.declaration_version == source.declaration_version:
            return RunBegun(run.id, run.uuid, source.id, True, run.cursor, run.rows, run.refused)
        _end(run, Run.State.FAILED, "The importer stopped before the end, and a new import began.", at)
    run = Run.objects.create(
        source=source,
        feed=feed,
        declaration_version=source.declaration_version,
        input_name=input_name,
        input_sha256=input_sha256,
        started_by=actor.ref,
        started_at=at,
    )
    audit.write(
        actor=actor,
        action="sources.run_begun",
        purpose=source.purpose,
        subject_kind="source",
        subject_id=source.id,
        detail={"run": run.id, "feed": feed},
    )
    return RunBegun(run.id, run.uuid, source.id, False, None, 0, 0)


def advance_run(
    *,
    run_id: int,
    stored: Stored,
    read: int,
    refused: int,
    partial: int,
    skipped: int,
    cursor: dict[str, Any],
    share: float | None,
) -> None:
    """Move a run on by one batch, in the transaction that stores the batch."""
    with connection.cursor() as db:
        db.execute(
            "UPDATE sources_run SET position = position + %s, rows = rows + %s, created = created + %s,"
            " changed = changed + %s, unchanged = unchanged + %s, late = late + %s, superseded = superseded + %s,"
            " gone = gone + %s, refused = refused + %s, partial = partial + %s, skipped = skipped + %s,"
            " cursor = %s, share = %s WHERE id = %s",
            [
                read,
                read,
                len(stored.created),
                len(stored.changed),
                stored.unchanged,
                stored.late,
                stored.superseded,
                len(stored.gone),
                refused,
                partial,
                skipped,
                json.dumps(cursor),
                share,
                run_id,
            ],
        )


def note_columns(*, run_id: int, observed: dict[str, Any] | None, drift: Sequence[dict[str, Any]]) -> None:
    """Keep with a run what its columns looked like, and in what they were others than in the run before."""
    Run.objects.filter(id=run_id).update(observed=observed, drift=list(drift))


@transaction.atomic
def finish_run(*, run_id: int, actor: Actor, at: datetime) -> None:
    """The input was read to its end."""
    run = Run.objects.select_related("source").get(id=run_id)
    run.total, run.share = run.rows, 1.0
    _end(run, Run.State.DONE, "", at)
    _tell(run, "done", actor)


@transaction.atomic
def fail_run(*, run_id: int, problem: str, actor: Actor, at: datetime) -> None:
    """The input could not be read to its end; what was committed stays, and a new run starts over it."""
    run = Run.objects.select_related("source").get(id=run_id)
    _end(run, Run.State.FAILED, problem, at)
    _tell(run, "failed", actor)


@transaction.atomic
def pause_run(*, run_id: int, problem: str, actor: Actor, at: datetime) -> None:
    """Too much was refused: stop the run, and the source until a person has looked."""
    run = Run.objects.select_related("source").get(id=run_id)
    _end(run, Run.State.PAUSED, problem, at)
    Source.objects.filter(id=run.source_id).update(paused_at=at, paused_reason=problem)
    _tell(run, "paused", actor)


def quarantine(*, source_id: int, run_id: int | None, refusals: Sequence[Refusal], at: datetime) -> None:
    """Keep what was refused, once per run, position, column and reason; counts at position 0 add up."""
    if not refusals:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _QUARANTINE,
            [
                source_id,
                run_id,
                at,
                *(list(column) for column in zip(*map(_columns, _once(refusals)), strict=True)),
            ],
        )


@transaction.atomic
def settle_quarantine(*, ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Mark things in quarantine as dealt with; returns how many were open."""
    require(actor, "sources:write")
    settled = Quarantine.objects.filter(id__in=ids, settled_at=None).update(settled_at=at)
    if settled:
        audit.write(actor=actor, action="sources.quarantine_settled", detail={"count": settled})
    return settled


def _once(refusals: Sequence[Refusal]) -> list[Refusal]:
    """One per key: a statement may touch a row once."""
    found: dict[tuple[int, str, str], Refusal] = {}
    for one in refusals:
        found.setdefault((one.position, one.column, one.reason), one)
    return list(found.values())


def _columns(one: Refusal) -> tuple[Any, ...]:
    value = one.value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return one.position, one.column[:200], value, one.reason, json.dumps(one.message), one.count, _raw(one.raw)


def _raw(raw: Any) -> str | None:
    data = raw_json(raw)
    return None if data is None else data.decode()


def _end(run: Run, state: Run.State, problem: str, at: datetime) -> None:
    run.state, run.problem, run.finished_at = state, problem, at
    run.save(update_fields=["state", "problem", "finished_at", "total", "share"])


def _tell(run: Run, what: str, actor: Actor) -> None:
    counts = {name: getattr(run, name) for name in COUNTED}
    detail = {"run": run.id, "feed": run.feed, **counts}
    audit.write(
        actor=actor,
        action=f"sources.run_{what}",
        purpose=run.source.purpose,
        subject_kind="source",
        subject_id=run.source_id,
        detail=detail,
    )
    outbox.publish([Event(f"run.{what}", "source", run.source_id, payload=detail)])
