"""Figures of stewardship, the declared impact, and random samples of what was joined automatically."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import RecordRef, Said, record_refs
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.foundation.access import Grant
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import CHECK_ID, SAMPLE_ID
from klantbeeld.stewardship.contracts import Limits as DeclaredLimits

router = Router()
SamplePath = Annotated[str, Path(pattern="^smp_[0-7][0-9a-hjkmnp-tv-z]{25}$", description="The id of a sample.")]
CheckPath = Annotated[str, Path(pattern="^chk_[0-7][0-9a-hjkmnp-tv-z]{25}$", description="The id of a check.")]
Limit = Annotated[int, Field(ge=0, le=1_000_000, description="0: off.")]


class StewardFigures(Schema):
    """What one steward decided."""

    steward: str
    name: str
    merged: int
    refused: int
    put_off: int
    undone: int
    last_at: datetime


class Precision(Schema):
    """The share of automatic joins that is right, 0..1, by checked random samples, with Wilson's interval."""

    right: int
    wrong: int
    unsure: int
    waiting: int
    share: float | None
    low: float | None
    high: float | None
    confidence: float


class ReviewFigures(Schema):
    """The state of stewardship. Counts are exact up to `most`; when there are more they are `most` + 1."""

    as_of: datetime
    counts: dict[str, int]
    most: int
    ages: dict[str, int] = Field(description="How many wait since today, this week, this month, longer.")
    oldest_at: datetime | None
    waiting_for_second: int
    days: int
    stewards: list[StewardFigures]
    precision: Precision


class Limits(Said):
    """The declared impact: an act that reaches one of these takes two stewards."""

    customers: Limit
    records: Limit
    activities: Limit
    contracts: Limit


class SampleRequest(Said):
    """How many records; with a seed the same draw from the same records."""

    size: int = Field(50, ge=1, le=1000)
    seed: int | None = Field(None, ge=0, le=2**62)


class Check(Schema):
    """Is this record in the right customer? `other` is the record of that customer that it is most like."""

    id: str
    record: RecordRef | None
    other: RecordRef | None
    weight: float
    answer: Literal["", "right", "wrong", "unsure"]


class Sample(Schema):
    """A random sample of records that were joined automatically."""

    id: str
    size: int
    seed: str
    drawn_at: datetime
    checks: list[Check]


class DrawnSample(Schema):
    """The id of the sample that was drawn."""

    sample: str


class AnswerRequest(Said):
    """What somebody found who looked."""

    answer: Literal["right", "wrong", "unsure"]


class Answered(Schema):
    """The answer that counts now."""

    check: str
    answer: str


@router.get("/reviews/figures", response=ReviewFigures, operation_id="get_review_figures", **door("quality:read"))
def get_review_figures(request: HttpRequest, days: Annotated[int, Query(ge=1, le=366)] = 30) -> dict[str, Any]:
    """Backlog, age, decisions per steward, and the precision of what was merged automatically."""
    found = queries.figures(actor=grant_of(request).actor, days=days)
    shown = asdict(found)
    shown["stewards"] = [{"steward": row.actor, **asdict(row)} for row in found.stewards]
    return shown


@router.get("/reviews/limits", response=Limits, operation_id="get_review_limits", **door("quality:read"))
def get_review_limits(request: HttpRequest) -> dict[str, Any]:
    """The declared impact that is in force."""
    return asdict(queries.get_limits(actor=grant_of(request).actor))


@router.put("/reviews/limits", response=Limits, operation_id="put_review_limits", **door("settings:write"))
def put_review_limits(request: HttpRequest, asked: Limits) -> HttpResponse:
    """Declare the impact above which two stewards have to agree; it holds from now on."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        actions.declare_limits(limits=DeclaredLimits(**asked.model_dump()), actor=grant.actor)
        return 200, asked.model_dump()

    return write_once(request, effect)


@router.post("/reviews/samples", response=DrawnSample, operation_id="draw_sample", **door("customers:merge", 409))
def draw_sample(request: HttpRequest, asked: SampleRequest) -> HttpResponse:
    """Draw a random sample of records that were joined automatically, to be checked by hand."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        made = actions.draw_sample(size=asked.size, seed=asked.seed, actor=grant.actor, purpose=grant.purpose)
        return 200, {"sample": format_id(SAMPLE_ID, made)}

    return write_once(request, effect)


@router.get("/reviews/samples/{sample}", response=Sample, operation_id="get_sample", **door("customers:merge", 404))
def get_sample(request: HttpRequest, sample: SamplePath) -> dict[str, Any]:
    """A sample with its checks; POST /customers/compare and GET /records tell more of a pair."""
    grant = grant_of(request)
    return _show_sample(sample, grant)


@router.post(
    "/reviews/checks/{check}/answer", response=Answered, operation_id="answer_check", **door("customers:merge", 404)
)
def answer_check(request: HttpRequest, check: CheckPath, asked: AnswerRequest) -> HttpResponse:
    """Say whether the record of a check is in the right customer; a second answer replaces the first."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        actions.answer_check(
            check=parse_id(CHECK_ID, check), answer=asked.answer, actor=grant.actor, purpose=grant.purpose
        )
        return 200, {"check": check, "answer": asked.answer}

    return write_once(request, effect)


def _show_sample(sample: str, grant: Grant) -> dict[str, Any]:
    row = queries.get_sample(parse_id(SAMPLE_ID, sample), actor=grant.actor, purpose=grant.purpose)
    refs = record_refs((record for check in row.checks for record in (check.record_id, check.other_id)), grant.actor)
    return {
        "id": sample,
        "size": row.size,
        "seed": str(row.seed),
        "drawn_at": row.drawn_at,
        "checks": [
            {
                "id": format_id(CHECK_ID, check.uuid),
                "record": refs.get(check.record_id),
                "other": refs.get(check.other_id),
                "weight": check.weight,
                "answer": check.answer,
            }
            for check in row.checks
        ],
    }
