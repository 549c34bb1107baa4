"""Sources, their runs and their quarantine, for screens and the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter  # type: ignore[import-untyped]
from django.db.models import Count, QuerySet
from django.utils import timezone

from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.wire import run
from klantbeeld.kit.errors import Missing
from klantbeeld.sources.contracts import RunRow, SourceRow, State
from klantbeeld.sources.declaration import Declaration, declaration_of
from klantbeeld.sources.models import Quarantine, Record, Run, Source
from klantbeeld.sources.queries.reach import within_reach

PAGE_LIMIT = 500
_PURPOSE = """
SELECT id, purpose FROM sources_source
WHERE code = %s AND (%s::bigint IS NULL OR company_id = %s::bigint AND NOT builtin)
"""


def list_sources(actor: Actor) -> list[SourceRow]:
    """Every source, the most trusted first."""
    require(actor, "sources:read")
    sources = within_reach(Source.objects.select_related("company", "brand"), actor)
    return _rows(sources.order_by("builtin", "trust_rank", "code"))


def get_source(code: str, actor: Actor) -> SourceRow:
    """One source; raises Missing."""
    require(actor, "sources:read")
    rows = _rows(within_reach(Source.objects.select_related("company", "brand").filter(code=code), actor))
    if not rows:
        raise _missing(code)
    return rows[0]


def get_declaration(code: str, *, actor: Actor) -> dict[str, Any]:
    """The declaration of a source as it was given; raises Missing."""
    require(actor, "sources:read")
    source = within_reach(Source.objects.filter(code=code), actor).first()
    if source is None:
        raise _missing(code)
    return dict(source.declaration)


def load_declaration(code: str) -> tuple[int, Declaration, int]:
    """Id, declaration and its version of a source, for the flows; raises Missing (also for a built-in source)."""
    source = _source(code)
    if source.builtin:
        raise Missing(f"'{code}' is built in and has no declaration.", code="sources.builtin", source=code)
    return source.id, declaration_of(source.declaration), source.declaration_version


def find_source_id(code: str) -> int | None:
    """The internal id of a source."""
    return Source.objects.filter(code=code).values_list("id", flat=True).first()


def find_source_purpose(code: str, actor: Actor) -> tuple[int, str] | None:
    """Internal id and declared purpose of a source within the actor's reach, for the flows."""
    company = actor.bound_to
    row = run(_PURPOSE, (code, company, company)).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def list_runs(*, actor: Actor, source_code: str = "", before_id: int | None = None, limit: int = 50) -> list[RunRow]:
    """Runs, the newest first; of one source or of all; `before_id` goes on after an earlier page."""
    require(actor, "sources:read")
    runs = within_reach(Run.objects.select_related("source").order_by("-id"), actor, "source__")
    if source_code:
        runs = runs.filter(source__code=source_code)
    if before_id is not None:
        runs = runs.filter(id__lt=before_id)
    return [_run(run) for run in runs[: min(limit, PAGE_LIMIT)]]


def get_run(run_uuid: Any, *, actor: Actor) -> RunRow:
    """One run by its public id; raises Missing."""
    require(actor, "sources:read")
    run = within_reach(Run.objects.select_related("source").filter(uuid=run_uuid), actor, "source__").first()
    if run is None:
        raise Missing("There is no such run.", code="sources.run_missing")
    return _run(run)


def due_sources(since: datetime, until: datetime) -> list[str]:
    """Codes of the sources whose schedule has a moment in (since, until]; paused ones are left out."""
    due = []
    for source in Source.objects.filter(paused_at=None, builtin=False):
        declaration = declaration_of(source.declaration)
        moment = next_run(declaration.schedule, declaration.timezone, since)
        if moment is not None and moment <= until:
            due.append(source.code)
    return due


def next_run(schedule: str, zone: str, after: datetime) -> datetime | None:
    """The first moment of a cron text after a moment, in the time zone of the source; None without schedule."""
    if not schedule:
        return None
    moment = croniter(schedule, after.astimezone(ZoneInfo(zone))).get_next(datetime)
    return moment if isinstance(moment, datetime) else None


def last_complete(source_code: str, feed: str) -> datetime | None:
    """When the last complete run of a feed began: what changed since is all that has to be asked for."""
    done = Run.objects.filter(source__code=source_code, feed=feed, state=Run.State.DONE)
    run = done.order_by("-started_at").first()
    return run.started_at if run else None


def last_observed(source_code: str, feed: str) -> dict[str, Any] | None:
    """What the columns of a feed looked like in its last complete run that could tell."""
    done = Run.objects.filter(source__code=source_code, feed=feed, state=Run.State.DONE, observed__isnull=False)
    found = done.order_by("-started_at").values_list("observed", flat=True).first()
    return dict(found) if found else None


def _source(code: str) -> Source:
    source = Source.objects.filter(code=code).first()
    if source is None:
        raise _missing(code)
    return source


def _missing(code: str) -> Missing:
    return Missing(f"There is no source '{code}'.", code="sources.missing", source=code)


def _rows(sources: QuerySet[Source]) -> list[SourceRow]:
    found = list(sources)
    ids = [source.id for source in found]
    live = Record.objects.filter(source_id__in=ids, state=State.LIVE)
    records = dict(live.values_list("source_id").annotate(n=Count("id")).order_by())
    open_ = Quarantine.objects.filter(source_id__in=ids, settled_at=None)
    quarantined = dict(open_.values_list("source_id").annotate(n=Count("id")).order_by())
    last = _last_runs(ids)
    return [_row(one, records.get(one.id, 0), quarantined.get(one.id, 0), last.get(one.id)) for one in found]


def _last_runs(ids: Sequence[int]) -> dict[int, RunRow]:
    runs: Iterable[Run] = (
        Run.objects.select_related("source")
        .filter(source_id__in=ids)
        .order_by("source_id", "-id")
        .distinct("source_id")
    )
    return {run.source_id: _run(run) for run in runs}


def _row(source: Source, records: int, quarantined: int, last: RunRow | None) -> SourceRow:
    declared = declaration_of(source.declaration) if source.declaration else None
    schedule = declared.schedule if declared else ""
    return SourceRow(
        id=source.id,
        code=source.code,
        label=source.label,
        company=source.company.code,
        brand=source.brand.code if source.brand else "",
        owner=source.owner,
        trust_rank=source.trust_rank,
        purpose=source.purpose,
        feeds=tuple(feed.name for feed in declared.feeds) if declared else (),
        schedule=schedule,
        next_run_at=next_run(schedule, declared.timezone, timezone.now())
        if declared and not source.paused_at
        else None,
        declaration_version=source.declaration_version,
        builtin=source.builtin,
        paused_at=source.paused_at,
        paused_reason=source.paused_reason,
        changed_at=source.changed_at,
        records=records,
        quarantined=quarantined,
        last_run=last,
    )


def _run(run: Run) -> RunRow:
    return RunRow(
        id=run.id,
        uuid=run.uuid,
        source=run.source.code,
        feed=run.feed,
        state=run.state,
        declaration_version=run.declaration_version,
        input_name=run.input_name,
        position=run.position,
        share=run.share,
        rows=run.rows,
        created=run.created,
        changed=run.changed,
        unchanged=run.unchanged,
        late=run.late,
        superseded=run.superseded,
        gone=run.gone,
        skipped=run.skipped,
        refused=run.refused,
        partial=run.partial,
        problem=run.problem,
        started_by=run.started_by,
        started_at=run.started_at,
        finished_at=run.finished_at,
        drift=tuple(run.drift),
    )
