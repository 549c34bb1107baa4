"""Finding customers: by any number in any notation, or by a name with a typo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.customers import Row, show_row
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import Plain, RecordRef, Said, record_refs, source_codes
from klantbeeld.flows import find as find_flow

router = Router()


class Via(Schema):
    """Through what a number led to the customer."""

    scheme: str
    value: str
    kind: str = Field(description="What it numbers: the person itself, or a contract, object or activity.")
    how: str = Field(description="How it was read: `exact`, `notation`, `without_suffix`, `leading_zeros`.")
    role: str = Field(description="The customer's role in that; empty for a number of its own.")
    from_date: date | None
    to_date: date | None
    record: RecordRef | None


class Hit(Schema):
    """A customer that was found, and why."""

    customer: Row
    found_by: str = Field(description="number or name")
    score: float = Field(description="0 to 1; 1 for a number.")
    via: list[Via]


class Found(Schema):
    """What was found, best first."""

    hits: list[Hit]


class FindRequest(Said):
    """Any number in any notation, or a name with a typo."""

    text: Annotated[str, Plain, Field(min_length=1, max_length=200, examples=["06-12 34 56 78", "3512 AB 12"])]
    limit: int = Field(20, ge=1, le=100)


@router.post("/customers/find", response=Found, operation_id="find_customers", **door("customers:find"))
def find_customers(request: HttpRequest, asked: FindRequest) -> dict[str, Any]:
    """Customers by any number they or their contracts, objects and orders carry, or by name. A POST, so that what is
    searched for stands in no address and no log.
    """
    grant = grant_of(request)
    result = find_flow.find(asked.text, actor=grant.actor, purpose=grant.purpose, limit=asked.limit)
    records = record_refs((via.record_id for hit in result.hits for via in hit.via), grant.actor)
    codes = source_codes(grant.actor)
    return {"hits": [_show_hit(hit, records, codes) for hit in result.hits]}


def _show_hit(hit: find_flow.Hit, records: Mapping[int, dict[str, Any]], codes: Mapping[int, str]) -> dict[str, Any]:
    return {
        "customer": show_row(hit.customer, codes),
        "found_by": hit.found_by,
        "score": hit.score,
        "via": [
            {
                "scheme": via.scheme,
                "value": via.value,
                "kind": via.kind,
                "how": via.how,
                "role": via.role,
                "from_date": via.from_date,
                "to_date": via.to_date,
                "record": records.get(via.record_id),
            }
            for via in hit.via
        ],
    }
