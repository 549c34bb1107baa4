"""A customer at any moment: what was known then and what held then, told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.customers import Value, show_values
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import (
    CustomerPath,
    CustomerText,
    RecordRef,
    customer_id,
    parse_customer,
    record_refs,
)
from klantbeeld.profiles import queries as profiles

router = Router()
MomentQuery = Annotated[date | datetime | None, Query()]


class Moment(Schema):
    """The golden record at a moment, as far as the purpose may see it."""

    id: CustomerText = Field(description="The customer that the id stood for then.")
    kind: str
    name: str
    at: datetime | None = Field(description="The moment that the values speak of; null: what was shown.")
    known_at: datetime | None = Field(description="What klantbeeld had been told by then; null: until now.")
    records: list[RecordRef]
    attributes: dict[str, list[Value]] = Field(description="By code of the catalogue, the best value first.")
    redirected_from: CustomerText | None = Field(None, description="The id asked for, when it had merged away.")


@router.get(
    "/customers/{customer}/moment",
    response=Moment,
    operation_id="get_customer_at",
    **door("customers:history", 404),
)
def get_customer_at(
    request: HttpRequest, customer: CustomerPath, at: MomentQuery = None, known_at: MomentQuery = None
) -> dict[str, Any]:
    """The golden record at a moment: `at` by what the sources say of it, `known_at` by what was known then.

    With `known_at` alone it is what was shown then. A date stands for the end of that day.
    """
    grant = grant_of(request)
    found = profiles.profile_at(
        parse_customer(customer),
        actor=grant.actor,
        purpose=grant.purpose,
        at=moment_of(at),
        known_at=moment_of(known_at),
    )
    told = [*found.records, *(value.record_id for values in found.values.values() for value in values)]
    records = record_refs(told, grant.actor)
    return {
        "id": customer_id(found.uuid),
        "kind": found.kind,
        "name": found.name,
        "at": found.at and found.at.astimezone(UTC),  # far back, our own zone has offsets that RFC 3339 cannot write
        "known_at": found.known_at and found.known_at.astimezone(UTC),
        "records": [records[number] for number in found.records if number in records],
        "attributes": show_values(found.values, records),
        "redirected_from": customer_id(found.redirected_from) if found.redirected_from else None,
    }


def moment_of(asked: date | datetime | None) -> datetime | None:
    """The moment that was asked for: a day ends at midnight here, but today ends now; a time without zone is ours."""
    if asked is None:
        return None
    if isinstance(asked, datetime):
        return asked if timezone.is_aware(asked) else timezone.make_aware(asked)
    now = timezone.now()
    end = timezone.make_aware(datetime.combine(asked, time.max))
    return now if asked == timezone.localdate(now) else end
