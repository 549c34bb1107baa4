"""Sources: connected by declaration; their imports, and what was refused of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.problem import refuse
from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import RUN, CursorQuery, RunPath, SourcePath, Text
from klantbeeld.exchange.rest.writing import check_match, etag, write_once
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.sources import actions, queries
from klantbeeld.sources.contracts import QuarantineRow, RunRow, SourceRow

router = Router()
Limit = Annotated[int, Query(ge=1, le=500)]


class Run(Schema):
    """One import from a source. `share` is how much of the input is settled, 0 to 1.

    Every record is counted once: created, changed, unchanged, late, superseded (by a newer one that came with it) or
    gone. `skipped` rows carried no record; of `refused` rows, the rest of `partial` went on.
    """

    id: str
    source: str
    feed: str
    state: str
    declaration_version: int
    share: float | None
    rows: int
    created: int
    changed: int
    unchanged: int
    late: int
    superseded: int
    gone: int
    skipped: int
    refused: int
    drift: list[dict[str, Any]] = Field(description="In what the columns are others than in the run before.")
    partial: int
    problem: str
    started_at: datetime
    finished_at: datetime | None


class Source(Schema):
    """A system that knows something about customers, with what it holds and how its last import went."""

    code: str
    label: Text
    company: str
    brand: str
    owner: str
    trust_rank: int = Field(description="1 is trusted most.")
    purpose: str
    feeds: list[str]
    schedule: str
    next_run_at: datetime | None
    declaration_version: int
    builtin: bool
    paused_at: datetime | None
    paused_reason: str
    records: int
    quarantined: int
    last_run: Run | None


class RunPage(Schema):
    """A stretch of a list, newest first; `next_cursor` is empty at the end."""

    runs: list[Run]
    next_cursor: str


class Quarantined(Schema):
    """One refusal. `value` is shown to keys that may read records, when the purpose may see the attribute that it was
    for; else a mask stands there. The value of a refused BSN is kept nowhere.
    """

    run: str | None
    feed: str
    position: int
    column: str
    value: str
    reason: str
    message: Text
    count: int
    at: datetime
    settled_at: datetime | None


class QuarantinePage(Schema):
    """A stretch of a list, oldest first; `next_cursor` is empty at the end."""

    refusals: list[Quarantined]
    next_cursor: str


@router.get("/sources", response=list[Source], operation_id="list_sources", **door("sources:read"))
def list_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """All sources, the most trusted first."""
    return [show_source(row) for row in queries.list_sources(actor=grant_of(request).actor)]


@router.get("/sources/{source}", response=Source, operation_id="get_source", **door("sources:read", 404))
def get_source(request: HttpRequest, response: HttpResponse, source: SourcePath) -> dict[str, Any]:
    """One source; its ETag is the version of its declaration."""
    row = queries.get_source(source, actor=grant_of(request).actor)
    response["ETag"] = etag(row.declaration_version)
    return show_source(row)


@router.get(
    "/sources/{source}/declaration",
    response=dict[str, Any],
    operation_id="get_declaration",
    **door("sources:read", 404),
)
def get_declaration(request: HttpRequest, source: SourcePath) -> dict[str, Any]:
    """The declaration as it was given; its format is docs/schema/source.json."""
    return queries.get_declaration(source, actor=grant_of(request).actor)


@router.put(
    "/sources/{source}",
    response={200: Source},
    operation_id="put_source",
    **door("sources:write", 409, 412, also=("sources:read",)),
)
def put_source(
    request: HttpRequest,
    source: SourcePath,
    declaration: Annotated[dict[str, Any], Body(description="A declaration: docs/schema/source.json.")],
) -> HttpResponse:
    """Connect a source, or change its declaration. The same declaration again changes nothing."""
    actor = grant_of(request).actor
    if declaration.get("code") != source:
        raise refuse(
            f"/code: the address says '{source}'.",
            "sources.code_differs",
            errors=[{"pointer": "/code", "message": f"expected '{source}'"}],
        )

    def effect() -> tuple[int, dict[str, Any]]:
        if "HTTP_IF_MATCH" in request.META:
            check_match(request, _version(source, actor))
        return 200, as_json(show_source(actions.declare(declaration=declaration, actor=actor)))

    return write_once(request, effect)


@router.get("/sources/{source}/runs", response=RunPage, operation_id="list_runs", **door("sources:read", 404))
def list_runs(request: HttpRequest, source: SourcePath, cursor: CursorQuery = "", limit: Limit = 50) -> dict[str, Any]:
    """The imports of a source, newest first."""
    actor = grant_of(request).actor
    queries.get_source(source, actor=actor)
    (before,) = cursors.read(cursor, 1)
    rows = queries.list_runs(actor=actor, source_code=source, before_id=before or None, limit=limit)
    return {
        "runs": [show_run(row) for row in rows],
        "next_cursor": cursors.write(rows[-1].id) if len(rows) == limit else "",
    }


@router.get("/runs/{run}", response=Run, operation_id="get_run", **door("sources:read", 404))
def get_run(request: HttpRequest, run: RunPath) -> dict[str, Any]:
    """One import."""
    return show_run(queries.get_run(parse_id(RUN, run), actor=grant_of(request).actor))


@router.get(
    "/sources/{source}/quarantine",
    response=QuarantinePage,
    operation_id="list_quarantine",
    **door("sources:read", 404),
)
def list_quarantine(
    request: HttpRequest, source: SourcePath, cursor: CursorQuery = "", limit: Limit = 100, settled: bool = False
) -> dict[str, Any]:
    """What was refused of a source and why, oldest first; `settled=true` gives what was settled as well.

    A key that may read records has to state a purpose (`X-Purpose`): it sees values, and that is written down.
    """
    grant = grant_of(request)
    queries.get_source(source, actor=grant.actor)
    (after,) = cursors.read(cursor, 1)
    rows = queries.list_quarantine(
        actor=grant.actor,
        purpose=grant.purpose,
        source_code=source,
        after_id=after,
        limit=limit,
        open_only=not settled,
    )
    return {
        "refusals": [_show_refusal(row) for row in rows],
        "next_cursor": cursors.write(rows[-1].id) if len(rows) == limit else "",
    }


def show_source(row: SourceRow) -> dict[str, Any]:
    """A source as the API gives it."""
    return {
        "code": row.code,
        "label": row.label,
        "company": row.company,
        "brand": row.brand,
        "owner": row.owner,
        "trust_rank": row.trust_rank,
        "purpose": row.purpose,
        "feeds": list(row.feeds),
        "schedule": row.schedule,
        "next_run_at": row.next_run_at,
        "declaration_version": row.declaration_version,
        "builtin": row.builtin,
        "paused_at": row.paused_at,
        "paused_reason": row.paused_reason,
        "records": row.records,
        "quarantined": row.quarantined,
        "last_run": show_run(row.last_run) if row.last_run else None,
    }


def show_run(row: RunRow) -> dict[str, Any]:
    """An import as the API gives it."""
    return {
        "id": format_id(RUN, row.uuid),
        "source": row.source,
        "feed": row.feed,
        "state": row.state,
        "declaration_version": row.declaration_version,
        "share": row.share,
        "rows": row.rows,
        "created": row.created,
        "changed": row.changed,
        "unchanged": row.unchanged,
        "late": row.late,
        "superseded": row.superseded,
        "gone": row.gone,
        "skipped": row.skipped,
        "refused": row.refused,
        "drift": list(row.drift),
        "partial": row.partial,
        "problem": row.problem,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def as_json(value: Any) -> Any:
    """Moments and ids as text, so that an answer can be kept for a repeated request."""
    if isinstance(value, dict):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _show_refusal(row: QuarantineRow) -> dict[str, Any]:
    return {
        "run": format_id(RUN, row.run) if row.run else None,
        "feed": row.feed,
        "position": row.position,
        "column": row.column,
        "value": row.value,
        "reason": row.reason,
        "message": row.message,
        "count": row.count,
        "at": row.at,
        "settled_at": row.settled_at,
    }


def _version(source: str, actor: Any) -> int:
    try:
        return queries.get_source(source, actor=actor).declaration_version
    except Missing:
        return 0
