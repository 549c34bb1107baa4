"""What requests and answers about reviews look like."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import AwareDatetime, Field

from klantbeeld.exchange.rest.explanations import Pair
from klantbeeld.exchange.rest.shapes import MERGE, CustomerText, Plain, RecordRef, RecordText, Said, customer_id
from klantbeeld.flows.impact import Touched
from klantbeeld.kit.ids import format_id
from klantbeeld.stewardship.contracts import REVIEW_ID, Item

StateText = Literal["review", "automatic", "manual", "refused", "put_off"]
ReviewText = Annotated[str, Field(pattern="^rvw_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
ReviewPath = Annotated[str, Path(pattern="^rvw_[0-7][0-9a-hjkmnp-tv-z]{25}$", description="The id of a review.")]
Reason = Annotated[str, Plain, Field(max_length=1000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The one that was looked at; 409 when it has changed.")]


class ReviewCustomer(Schema):
    """A customer of a review, as a list shows it."""

    id: CustomerText
    name: str
    city: str
    birth_date: str
    records: int


class Proposal(Schema):
    """What a first steward wants; another one who says the same carries it out."""

    verdict: Literal["merge", "refuse"]
    by: str
    at: datetime


class ReviewRow(Schema):
    """One thing to judge, or that was judged."""

    id: ReviewText
    state: Literal["closed", "review", "automatic", "manual", "refused", "put_off"]
    kind: Literal["person", "organisation"]
    customers: list[ReviewCustomer] = Field(description="At most eight of them.")
    records: int
    weight: float = Field(description="Log2 odds of the link that decides it.")
    priority: int = Field(description="What teaches and matters most is highest; thousandths.")
    since: datetime
    version: int
    merge: str | None = Field(description="Of a refusal: the act, which POST /merges/{merge}/undo takes back.")
    assignee: str
    put_off_until: datetime | None
    proposal: Proposal | None


class ReviewPage(Schema):
    """A stretch of the queue. `next_cursor` is empty at the end."""

    reviews: list[ReviewRow]
    next_cursor: str


class ReviewValue(Schema):
    """A golden value and the record it comes from; `why` is the rule by which it won."""

    value: Any
    record: RecordRef | None
    why: str


class ReviewSide(Schema):
    """One side of the comparison: a customer, or (customer null) a record of the one that they were joined into."""

    customer: CustomerText | None
    records: list[RecordRef]
    values: dict[str, list[ReviewValue]]


class ReviewEntry(Schema):
    """One line of what happened. `merge` names the act; `undone`: it was taken back."""

    at: datetime
    by: str
    what: str
    merge: str | None
    text: str
    undone: bool


class ReviewFull(ReviewRow):
    """A review with everything to judge by."""

    sides: list[ReviewSide]
    more: int = Field(description="Sides that are not shown.")
    together: dict[str, list[ReviewValue]] = Field(description="What they say together, as one customer.")
    pairs: list[Pair]
    stream: list[ReviewEntry]


class PreviewRequest(Said):
    """Which customers of the review; none: all of them."""

    customers: list[CustomerText] = Field([], max_length=20)


class ValueChange(Schema):
    """A golden value of one of the customers that merging would change."""

    customer: CustomerText
    attribute: str
    before: list[Any]
    after: list[Any]


class Preview(Schema):
    """What merging would do. `second`: the declared limits it reaches; not empty: two stewards have to agree."""

    customers: int
    records: int
    activities: int
    contracts: int
    objects: int
    second: list[str]
    changes: list[ValueChange]


class JudgeRequest(PreviewRequest):
    """merge: they are one customer. refuse: they are different ones, for ever."""

    verdict: Literal["merge", "refuse"]
    version: Version
    reason: Reason = ""


class Judged(Schema):
    """`done`: carried out, and `merge` takes it back. `proposed`: another steward has to say the same."""

    outcome: Literal["done", "proposed"]
    merge: str | None
    customers: list[CustomerText]
    second: list[str]


class PutOffRequest(Said):
    """Until when it leaves the queue; it comes back earlier when its records change."""

    until: AwareDatetime
    version: Version
    reason: Reason = ""


class AssignRequest(Said):
    """To whom, by e-mail address; empty: to nobody."""

    to: Annotated[str, Plain, Field(max_length=254)]


class CommentRequest(Said):
    """What colleagues should know."""

    text: Annotated[str, Plain, Field(min_length=1, max_length=2000)]


class MoveRequest(Said):
    """The customer that the record belongs to."""

    customer: CustomerText
    reason: Reason = ""


class SplitRequest(Said):
    """The records that are somebody else than the rest."""

    records: list[RecordText] = Field(min_length=1, max_length=100)
    reason: Reason = ""


class Placed(Schema):
    """What came of it; `merge` takes it back."""

    merge: str
    customers: list[CustomerText]


def show_row(item: Item) -> dict[str, Any]:
    """A review as a list gives it."""
    proposal = item.proposal
    return {
        "id": format_id(REVIEW_ID, item.uuid),
        "state": item.state.code,
        "kind": item.kind,
        "customers": [
            {
                "id": customer_id(line.uuid),
                "name": line.name,
                "city": line.city,
                "birth_date": line.birth_date,
                "records": line.records,
            }
            for line in item.customers
        ],
        "records": item.records,
        "weight": item.weight,
        "priority": item.priority,
        "since": item.since,
        "version": item.version,
        "merge": format_id(MERGE, item.act) if item.act else None,
        "assignee": item.assignee,
        "put_off_until": item.put_off_until,
        "proposal": {"verdict": proposal.verdict, "by": proposal.by, "at": proposal.at} if proposal else None,
    }


def show_touched(touched: Touched) -> dict[str, Any]:
    """What an act touches."""
    return {**asdict(touched), "second": list(touched.second)}
