"""Jobs: what was accepted and is done in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange import bulk
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import JOB, JobPath, Text
from klantbeeld.kit.ids import format_id, parse_id

router = Router()


class Refusal(Schema):
    """A record of a delivery that could not be stored; it is in the quarantine of its source."""

    pointer: str = Field(description="Where it stood in the delivery (RFC 6901): `/records/3`.")
    reason: str
    message: Text


class Job(Schema):
    """A bulk delivery on its way: `waiting`, `running`, `done` or `failed`. A job that failed tells its `problem`."""

    id: str
    source: str
    state: str
    records: int = Field(description="How many were delivered.")
    done: int = Field(description="How many are settled: stored and resolved, or refused.")
    created: int
    changed: int
    unchanged: int
    late: int
    superseded: int
    gone: int
    refused: int = Field(description="How many went to quarantine.")
    refusals: list[Refusal] = Field(description="The first hundred of those.")
    problem: str
    accepted_at: datetime
    finished_at: datetime | None


@router.get("/jobs/{job}", response=Job, operation_id="get_job", **door("records:write", 404))
def get_job(request: HttpRequest, job: JobPath) -> dict[str, Any]:
    """How far a bulk delivery is; a key sees its own deliveries only."""
    return show_job(bulk.get_delivery(parse_id(JOB, job), actor=grant_of(request).actor))


def show_job(row: bulk.DeliveryRow) -> dict[str, Any]:
    """A bulk delivery as the API gives it."""
    return {
        "id": format_id(JOB, row.uuid),
        "source": row.source,
        "state": row.state,
        "records": row.records,
        "done": row.done,
        "created": row.created,
        "changed": row.changed,
        "unchanged": row.unchanged,
        "late": row.late,
        "superseded": row.superseded,
        "gone": row.gone,
        "refused": row.refused,
        "refusals": [{"pointer": one.pointer, "reason": one.reason, "message": one.message} for one in row.refusals],
        "problem": row.problem,
        "accepted_at": row.accepted_at,
        "finished_at": row.finished_at,
    }
