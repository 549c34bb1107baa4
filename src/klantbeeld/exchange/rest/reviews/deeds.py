"""Judging a review, and everything else that is done with it; moving records and splitting customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.reviews.shapes import (
    AssignRequest,
    CommentRequest,
    Judged,
    JudgeRequest,
    MoveRequest,
    Placed,
    PutOffRequest,
    ReviewPath,
    ReviewRow,
    SplitRequest,
    show_row,
)
from klantbeeld.exchange.rest.shapes import MERGE, RECORD, CustomerPath, RecordPath, customer_id, parse_customer
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.flows import place as place_flow
from klantbeeld.flows import review as flow
from klantbeeld.flows.merge import Merged
from klantbeeld.foundation.access import Grant
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import REVIEW_ID

router = Router()


@router.post(
    "/reviews/{review}/judge",
    response=Judged,
    operation_id="judge_review",
    **door("customers:merge", 404, 409, also=("customers:find",)),
)
def judge_review(request: HttpRequest, review: ReviewPath, asked: JudgeRequest) -> HttpResponse:
    """Merge, or say for ever that they are different. Above the declared impact two stewards have to agree."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        made = flow.judge(
            review=parse_id(REVIEW_ID, review),
            verdict=asked.verdict,
            version=asked.version,
            customers=[parse_customer(text) for text in asked.customers],
            reason=asked.reason,
            actor=grant.actor,
            purpose=grant.purpose,
        )
        return 200, {
            "outcome": made.outcome,
            "merge": format_id(MERGE, made.act) if made.act else None,
            "customers": [customer_id(uuid) for uuid in made.customers],
            "second": list(made.second),
        }

    return write_once(request, effect)


@router.post(
    "/reviews/{review}/put-off",
    response=ReviewRow,
    operation_id="put_off_review",
    **door("customers:merge", 404, 409, also=("customers:find",)),
)
def put_off_review(request: HttpRequest, review: ReviewPath, asked: PutOffRequest) -> dict[str, Any]:
    """Take a review out of the queue until a moment."""
    grant = grant_of(request)
    actions.put_off(
        review=parse_id(REVIEW_ID, review),
        until=asked.until,
        version=asked.version,
        text=asked.reason,
        actor=grant.actor,
        purpose=grant.purpose,
    )
    return _row(review, grant)


@router.post(
    "/reviews/{review}/resume",
    response=ReviewRow,
    operation_id="resume_review",
    **door("customers:merge", 404, 409, also=("customers:find",)),
)
def resume_review(request: HttpRequest, review: ReviewPath) -> dict[str, Any]:
    """Put a review that was put off back into the queue."""
    grant = grant_of(request)
    actions.resume(review=parse_id(REVIEW_ID, review), actor=grant.actor, purpose=grant.purpose)
    return _row(review, grant)


@router.post(
    "/reviews/{review}/decline",
    response=ReviewRow,
    operation_id="decline_proposal",
    **door("customers:merge", 404, 409, also=("customers:find",)),
)
def decline_proposal(request: HttpRequest, review: ReviewPath) -> dict[str, Any]:
    """Take the proposal of a first steward away."""
    grant = grant_of(request)
    actions.decline(review=parse_id(REVIEW_ID, review), text="", actor=grant.actor, purpose=grant.purpose)
    return _row(review, grant)


@router.post(
    "/reviews/{review}/assign",
    response=ReviewRow,
    operation_id="assign_review",
    **door("customers:merge", 404, also=("customers:find",)),
)
def assign_review(request: HttpRequest, review: ReviewPath, asked: AssignRequest) -> dict[str, Any]:
    """Give a review to an employee, or to nobody."""
    grant = grant_of(request)
    actions.assign(review=parse_id(REVIEW_ID, review), to=asked.to, actor=grant.actor, purpose=grant.purpose)
    return _row(review, grant)


@router.post(
    "/reviews/{review}/comment",
    response=ReviewRow,
    operation_id="comment_review",
    **door("customers:merge", 404, also=("customers:find",)),
)
def comment_review(request: HttpRequest, review: ReviewPath, asked: CommentRequest) -> dict[str, Any]:
    """Write a comment in the stream of a review."""
    grant = grant_of(request)
    actions.comment(review=parse_id(REVIEW_ID, review), text=asked.text, actor=grant.actor, purpose=grant.purpose)
    return _row(review, grant)


@router.post("/records/{record}/move", response=Placed, operation_id="move_record", **door("customers:merge", 404, 409))
def move_record(request: HttpRequest, record: RecordPath, asked: MoveRequest) -> HttpResponse:
    """Move a record to the customer that it belongs to, for good; POST /merges/{merge}/undo takes it back."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        return _placed(
            place_flow.move(
                record=parse_id(RECORD, record),
                to=parse_customer(asked.customer),
                actor=grant.actor,
                purpose=grant.purpose,
                reason=asked.reason,
            )
        )

    return write_once(request, effect)


@router.post(
    "/customers/{customer}/split", response=Placed, operation_id="split_customer", **door("customers:merge", 404, 409)
)
def split_customer(request: HttpRequest, customer: CustomerPath, asked: SplitRequest) -> HttpResponse:
    """Say that some records of a customer are somebody else, for good; POST /merges/{merge}/undo takes it back."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        return _placed(
            place_flow.split(
                customer=parse_customer(customer),
                records=[parse_id(RECORD, text) for text in asked.records],
                actor=grant.actor,
                purpose=grant.purpose,
                reason=asked.reason,
            )
        )

    return write_once(request, effect)


def _row(review: str, grant: Grant) -> dict[str, Any]:
    return show_row(queries.get_item(parse_id(REVIEW_ID, review), actor=grant.actor, purpose=grant.purpose))


def _placed(made: Merged) -> tuple[int, dict[str, Any]]:
    return 200, {
        "merge": format_id(MERGE, made.merge_uuid),
        "customers": [customer_id(uuid) for uuid in made.customers],
    }
