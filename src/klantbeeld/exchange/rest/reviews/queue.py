"""The review queue: what waits for a person, and one review in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.explanations import show_pair
from klantbeeld.exchange.rest.reviews.shapes import (
    Preview,
    PreviewRequest,
    ReviewFull,
    ReviewPage,
    ReviewPath,
    StateText,
    show_row,
    show_touched,
)
from klantbeeld.exchange.rest.shapes import MERGE, CursorQuery, customer_id, parse_customer, record_refs
from klantbeeld.flows import review as flow
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.profiles.contracts import Value
from klantbeeld.sources.contracts import Kind
from klantbeeld.stewardship import queries
from klantbeeld.stewardship.contracts import REVIEW_ID, STATES
from klantbeeld.stewardship.queries import Asked, Side

router = Router()


@router.get(
    "/reviews", response=ReviewPage, operation_id="list_reviews", **door("customers:merge", also=("customers:find",))
)
def list_reviews(
    request: HttpRequest,
    state: StateText = "review",
    kind: Literal["", "person", "organisation"] = "",
    assigned: Annotated[Literal["", "nobody"], Query(description="nobody: what nobody took on.")] = "",
    order: Literal["priority", "oldest", "newest"] = "priority",
    cursor: CursorQuery = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The queue, what teaches and matters most first."""
    grant = grant_of(request)
    asked = Asked(state=STATES[state], kind=kind, assigned=assigned, order=order)
    first, second = cursors.read(cursor, 2)
    place = (first, second) if cursor else None
    page = queries.list_items(asked, actor=grant.actor, purpose=grant.purpose, place=place, limit=limit)
    return {
        "reviews": [show_row(item) for item in page.rows],
        "next_cursor": cursors.write(*page.next_place) if page.next_place else "",
    }


@router.get(
    "/reviews/{review}",
    response=ReviewFull,
    operation_id="get_review",
    **door("customers:merge", 404, also=("customers:find", "customers:read")),
)
def get_review(request: HttpRequest, review: ReviewPath) -> dict[str, Any]:
    """One review: its sides next to each other, the winner per value, the evidence, and what happened to it."""
    grant = grant_of(request)
    view = queries.get_review(parse_id(REVIEW_ID, review), actor=grant.actor, purpose=grant.purpose)
    wanted = {record for side in view.sides for record in side.records}
    wanted |= {record for pair in view.pairs for record in (pair.left_id, pair.right_id)}
    refs = record_refs(wanted, grant.actor)
    kind = Kind.PERSON if view.item.kind == Kind.PERSON.code else Kind.ORGANISATION
    return {
        **show_row(view.item),
        "sides": [_show_side(side, refs) for side in view.sides],
        "more": view.more,
        "together": {code: _show_values(values, refs) for code, values in view.together.items()},
        "pairs": [show_pair(pair, refs, grant, kind) for pair in view.pairs],
        "stream": [
            {
                "at": row.at,
                "by": row.name or row.actor,
                "what": row.what,
                "merge": format_id(MERGE, row.act) if row.act else None,
                "text": row.text,
                "undone": row.undone,
            }
            for row in view.stream
        ],
    }


@router.post(
    "/reviews/{review}/preview",
    response=Preview,
    operation_id="preview_review",
    **door("customers:merge", 404, also=("customers:find", "customers:read")),
)
def preview_review(request: HttpRequest, review: ReviewPath, asked: PreviewRequest) -> dict[str, Any]:
    """What merging the customers of a review would do; nothing is changed."""
    grant = grant_of(request)
    uuid = parse_id(REVIEW_ID, review)
    chosen = [parse_customer(text) for text in asked.customers]
    impact = flow.preview(review=uuid, customers=chosen, actor=grant.actor, purpose=grant.purpose)
    item = queries.get_item(uuid, actor=grant.actor, purpose=grant.purpose)
    names = {line.customer_id: customer_id(line.uuid) for line in item.customers}
    return {
        **show_touched(impact.touched),
        "changes": [
            {
                "customer": names[change.customer_id],
                "attribute": change.attribute,
                "before": [value.value for value in change.before],
                "after": [value.value for value in change.after],
            }
            for change in impact.changes
        ],
    }


def _show_side(side: Side, refs: Any) -> dict[str, Any]:
    return {
        "customer": customer_id(side.customer.uuid) if side.customer else None,
        "records": [refs[record] for record in side.records if record in refs],
        "values": {code: _show_values(values, refs) for code, values in side.values.items()},
    }


def _show_values(values: Sequence[Value], refs: Any) -> list[dict[str, Any]]:
    return [{"value": one.value, "record": refs.get(one.record_id), "why": one.why} for one in values]
