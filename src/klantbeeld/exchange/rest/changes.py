"""The feed of changes: what happened to whom, in an order without gaps; ids only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import CursorQuery, customer_id
from klantbeeld.flows import changes
from klantbeeld.foundation import outbox
from klantbeeld.foundation.contracts import PublishedEvent

router = Router()


class Change(Schema):
    """One event. `id` is the same at every delivery, so that taking it twice can be noticed."""

    id: str
    at: datetime
    type: str = Field(examples=["customer.merged"])
    customer: str | None = Field(None, description="The customer it is about.")
    version: int | None = Field(None, description="The version of the golden record afterwards.")
    data: dict[str, Any] = Field(
        default_factory=dict,
        description="Public ids that belong to the event: `into` and `from` are customers; `cause` is what brought it"
        " about: `run_...`, `rec_...`, `mrg_...` (`undo:mrg_...` when taken back), `source:crm` or `rebuild`.",
    )


class ChangePage(Schema):
    """A stretch of the feed. Ask again with `next_cursor`, also when `at_end` is true: then for what comes later."""

    changes: list[Change]
    next_cursor: str
    at_end: bool


@router.get("/changes", response=ChangePage, operation_id="list_changes", **door("changes:read"))
def list_changes(
    request: HttpRequest,
    cursor: CursorQuery = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    start: Annotated[str, Query(pattern="^(beginning|now)$", description="Where to begin without a cursor.")] = (
        "beginning"
    ),
) -> dict[str, Any]:
    """Which customers were created, changed, merged, split, revived or emptied, oldest first.

    Every change is given at least once and never out of order: keep `next_cursor` together with what you did. A key of
    one company is told of the customers that have a current record of that company.
    """
    place = outbox.head() if start == "now" and not cursor else cursors.read_place(cursor)
    page = changes.read_changes(place, limit, actor=grant_of(request).actor)
    return {
        "changes": [_change(event) for event in page.events],
        "next_cursor": cursors.write_place(page.cursor),
        "at_end": page.is_last,
    }


def _change(event: PublishedEvent) -> dict[str, Any]:
    return {
        "id": f"evt_{event.id}",
        "at": event.at,
        "type": event.type,
        "customer": customer_id(event.subject_uuid) if event.subject_uuid else None,
        "version": event.version,
        "data": event.payload,
    }
