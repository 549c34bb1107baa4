"""Customers: one golden record, and how it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import (
    CustomerPath,
    CustomerText,
    RecordRef,
    Text,
    customer_id,
    parse_customer,
    record_refs,
)
from klantbeeld.exchange.rest.writing import etag, is_known
from klantbeeld.foundation.access import Actor
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileChange, ProfileRow, ProfileView
from klantbeeld.profiles.contracts import Value as GoldenValue

router = Router()


class Value(Schema):
    """One golden value. `why` is the criterion by which it won, `only` or `tie`."""

    value: Any
    why: str
    role: str
    from_date: str
    to_date: str
    verified: bool = Field(description="The customer said so.")
    record: RecordRef | None = Field(None, description="Where it comes from; with `provenance=true`.")


class Customer(Schema):
    """The golden record, as far as the purpose may see it."""

    id: CustomerText
    kind: str
    name: str
    addressed: Text = Field(description="As on an envelope.")
    salutation: Text = Field(description="As at the head of a letter.")
    version: int
    changed_at: datetime
    records: int = Field(description="How many records of sources it was made of.")
    attributes: dict[str, list[Value]] = Field(description="By code of the catalogue, the best value first.")
    redirected_from: CustomerText | None = Field(None, description="The id that was asked for, when it merged away.")


class Row(Schema):
    """A customer in a list."""

    id: CustomerText
    kind: str
    name: str
    city: str
    postcode: str
    birth_date: str
    records: int
    sources: list[str] = Field(description="The codes of the sources that know the customer.")
    changed_at: datetime


class Version(Schema):
    """One version of a golden record, and what it changed."""

    version: int
    name: str
    from_at: datetime
    until_at: datetime | None
    changes: dict[str, Any] = Field(description="Attribute -> {before, after}.")


class History(Schema):
    """The versions, newest first."""

    versions: list[Version]


@router.get(
    "/customers/{customer}",
    response={200: Customer, 304: None},
    operation_id="get_customer",
    **door("customers:read", 404),
)
def get_customer(request: HttpRequest, customer: CustomerPath, provenance: bool = False) -> HttpResponse:
    """One golden record. The read is written to the audit log before it is answered."""
    grant = grant_of(request)
    view = profiles.get_profile(parse_customer(customer), actor=grant.actor, purpose=grant.purpose)
    if is_known(request, view.version):
        response = HttpResponse(status=304)
    else:
        # Written by hand: checking what we just made against its schema would cost more than reading it.
        response = HttpResponse(
            json.dumps(_show(view, provenance, grant.actor), ensure_ascii=False, default=str),
            content_type="application/json",
        )
    response["ETag"] = etag(view.version)
    return response


@router.get(
    "/customers/{customer}/history",
    response=History,
    operation_id="get_history",
    **door("customers:history", 404),
)
def get_history(
    request: HttpRequest, customer: CustomerPath, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> dict[str, Any]:
    """The versions of a golden record, newest first, with what each of them changed."""
    grant = grant_of(request)
    changes = profiles.history(parse_customer(customer), actor=grant.actor, purpose=grant.purpose, limit=limit)
    return {"versions": [_show_change(change) for change in changes]}


def show_row(row: ProfileRow, codes: Mapping[int, str]) -> dict[str, Any]:
    """A customer in a list as the API gives it; `codes` of sources by internal id."""
    return {
        "id": customer_id(row.uuid),
        "kind": row.kind,
        "name": row.name,
        "city": row.city,
        "postcode": row.postcode,
        "birth_date": row.birth_date,
        "records": row.records,
        "sources": [codes[number] for number in row.sources if number in codes],
        "changed_at": row.changed_at,
    }


def show_values(values: Mapping[str, Sequence[GoldenValue]], records: Mapping[int, Any]) -> dict[str, Any]:
    """Golden values as the API gives them, by attribute; `records` that may be named, by internal id."""
    return {
        code: [
            {
                "value": value.value,
                "why": value.why,
                "role": value.role,
                "from_date": value.from_date,
                "to_date": value.to_date,
                "verified": value.verified,
                "record": records.get(value.record_id),
            }
            for value in several
        ]
        for code, several in values.items()
    }


def _show(view: ProfileView, provenance: bool, actor: Actor) -> dict[str, Any]:
    records: Mapping[int, Any] = {}
    if provenance:
        records = record_refs((value.record_id for values in view.values.values() for value in values), actor)
    return {
        "id": customer_id(view.uuid),
        "kind": view.kind,
        "name": view.name,
        "addressed": dict(view.addressed),
        "salutation": dict(view.salutation),
        "version": view.version,
        "changed_at": view.changed_at.isoformat(),
        "records": view.records,
        "attributes": show_values(view.values, records),
        "redirected_from": customer_id(view.redirected_from) if view.redirected_from else None,
    }


def _show_change(change: ProfileChange) -> dict[str, Any]:
    return {
        "version": change.version,
        "name": change.name,
        "from_at": change.from_at,
        "until_at": change.until_at,
        "changes": {code: {"before": before, "after": after} for code, (before, after) in change.changes.items()},
    }
