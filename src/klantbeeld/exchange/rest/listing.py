"""The list of customers: filtered, by name or the last changed first, page by page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.customers import Row, show_row
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.records import source_id_of
from klantbeeld.exchange.rest.shapes import Plain, Said, source_codes
from klantbeeld.foundation import audit
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.queries import Filters

router = Router()


class ListRequest(Said):
    """What the list is narrowed to; what is left out narrows nothing."""

    kind: Literal["", "person", "organisation"] = ""
    source: Annotated[str, Field(pattern="^([a-z][a-z0-9_-]{0,59})?$")] = Field("", description="Known to this source.")
    city: Annotated[str, Plain, Field(max_length=80)] = ""
    several: bool = Field(False, description="Only customers that were joined from several records.")
    order: Literal["name", "changed"] = Field("name", description="`changed`: the last changed first.")
    cursor: Annotated[str, Plain, Field(max_length=2000, description="`next_cursor` of the page before.")] = ""
    limit: int = Field(50, ge=1, le=200)


class CustomerPage(Schema):
    """A stretch of the list. `next_cursor` is empty at the end; it holds a name: keep it out of logs."""

    customers: list[Row]
    next_cursor: str
    total: int | None = Field(description="How many there are, exact up to 10,000; null when there are more.")


@router.post("/customers/list", response=CustomerPage, operation_id="list_customers", **door("customers:find", 404))
def list_customers(request: HttpRequest, asked: ListRequest) -> dict[str, Any]:
    """All customers that stand and have records. A POST, because the place of a page in it is a name."""
    grant = grant_of(request)
    source = source_id_of(asked.source, grant.actor, builtin=True) if asked.source else None
    page = profiles.list_profiles(
        actor=grant.actor,
        purpose=grant.purpose,
        filters=Filters(kind=asked.kind, source_id=source, city=asked.city, several=asked.several),
        order=asked.order,
        cursor=cursors.unseal(asked.cursor),
        limit=asked.limit,
    )
    audit.write(
        actor=grant.actor,
        action="customers.list",
        purpose=grant.purpose,
        detail={"found": [row.customer_id for row in page.rows]},
    )
    codes = source_codes(grant.actor)
    return {
        "customers": [show_row(row, codes) for row in page.rows],
        "next_cursor": cursors.seal(page.next_cursor),
        "total": page.total,
    }
