"""What belongs to a customer: numbers, sources, roles in contracts and objects, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.one_record import RecordIdentifier
from klantbeeld.exchange.rest.shapes import (
    CursorQuery,
    CustomerPath,
    RecordRef,
    Text,
    follow,
    record_refs,
    refs_of,
    show_identifiers,
    source_codes,
)
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Grant
from klantbeeld.identity import queries as identity
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import RoleRow, TimelineRow
from klantbeeld.sources.contracts import Kind, StoredRecord
from klantbeeld.sources.queries import load_records, records_in_reach, trust_of_sources

router = Router()
HELD = (Kind.CONTRACT, Kind.OBJECT)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Number(Schema):
    """A number that finds the customer, and the sources that state it."""

    scheme: str
    value: str
    of: str = Field(description="What it numbers: the customer, or something of it that has no record of its own.")
    sources: list[str]


class Numbers(Schema):
    """The customer's numbers, by scheme."""

    identifiers: list[Number]


class Witness(Schema):
    """A record of the customer, and when it was so."""

    record: RecordRef
    source_at: datetime | None = Field(description="When it was so in the source, when the source tells that.")
    received_at: datetime | None


class KnownBy(Schema):
    """A source that knows the customer; `changed_at` is how fresh what it says is."""

    source: str
    label: Text
    trust_rank: int = Field(description="1 is trusted most.")
    changed_at: datetime | None
    records: list[Witness]


class KnownBys(Schema):
    """The sources that know the customer, the freshest first."""

    sources: list[KnownBy]


class Target(Schema):
    """A contract or object, as far as the purpose may see it; empty while only its id was named."""

    record: RecordRef
    type: str
    title: str
    number: str
    state: str
    identifiers: list[RecordIdentifier] = Field(
        description="Also numbers of objects that a contract is about: they tie the two together."
    )


class Role(Schema):
    """The customer has a role in something, for a period: both days inclusive, null is open."""

    role: str
    from_date: date | None
    to_date: date | None
    target: Target
    declared_by: RecordRef | None = Field(description="The record that says so.")


class Roles(Schema):
    """Roles in contracts and objects, the latest first."""

    roles: list[Role]


class Event(Schema):
    """Something that happened: an order, a parcel, a call. Fields that the purpose may not see are empty or null."""

    record: RecordRef
    type: str
    at: datetime
    title: str
    number: str
    state: str
    amount: Decimal | None
    cost: Decimal | None
    currency: str = Field(description="Of amount and cost (ISO 4217).")
    roles: list[str] = Field(description="The customer's roles in it.")


class TimelinePage(Schema):
    """A stretch of the timeline, newest first; `next_cursor` is empty at the end."""

    events: list[Event]
    next_cursor: str


@router.get(
    "/customers/{customer}/identifiers",
    response=Numbers,
    operation_id="list_identifiers",
    **door("customers:read", 404),
)
def list_identifiers(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """Every number by which the customer is known, with the sources that state it."""
    grant = grant_of(request)
    records = load_records(_members(customer, grant, "customers.identifiers"))
    codes = source_codes(grant.actor)
    found: dict[tuple[str, str, str], set[str]] = {}
    for record in records:
        for one in show_identifiers(record.identifiers, grant):
            key = (one["scheme"], one["value"], one["of"])
            found.setdefault(key, set()).add(codes.get(record.source_id, ""))
    return {
        "identifiers": [
            {"scheme": scheme, "value": value, "of": of, "sources": sorted(found[scheme, value, of])}
            for scheme, value, of in sorted(found)
        ]
    }


@router.get(
    "/customers/{customer}/sources",
    response=KnownBys,
    operation_id="list_customer_sources",
    **door("customers:read", 404),
)
def list_customer_sources(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """The sources that know the customer, by which records, and how fresh they are."""
    grant = grant_of(request)
    records = load_records(_members(customer, grant, "customers.sources"))
    trust, refs = trust_of_sources(), refs_of(records, grant.actor)
    known: dict[int, list[StoredRecord]] = {}
    for record in records:
        known.setdefault(record.source_id, []).append(record)
    latest = {source: max(filter(None, map(_moment, own)), default=None) for source, own in known.items()}
    return {
        "sources": [
            {
                "source": trust[source].code,
                "label": trust[source].label,
                "trust_rank": trust[source].rank,
                "changed_at": latest[source],
                "records": [
                    {"record": refs[one.id], "source_at": one.source_at, "received_at": one.received_at}
                    for one in known[source]
                ],
            }
            for source in sorted(known, key=lambda source: latest[source] or _NEVER, reverse=True)
        ]
    }


@router.get("/customers/{customer}/roles", response=Roles, operation_id="list_roles", **door("customers:read", 404))
def list_roles(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """The customer's roles in contracts and objects, with their periods. Activities stand on the timeline."""
    grant = grant_of(request)
    rows = interactions.roles_of(_members(customer, grant, "customers.roles"), kinds=HELD)
    loaded = {
        one.id: one for one in load_records([number for row in rows for number in (row.target_id, row.declared_by)])
    }
    refs = refs_of(loaded.values(), grant.actor)
    return {"roles": [_show_role(row, loaded[row.target_id], refs, grant) for row in rows if row.target_id in refs]}


@router.get(
    "/customers/{customer}/timeline",
    response=TimelinePage,
    operation_id="get_timeline",
    **door("customers:read", 404),
)
def get_timeline(
    request: HttpRequest,
    customer: CustomerPath,
    type: Annotated[
        str, Query(max_length=60, pattern=r"^[^\x00]*$", description="Only these: `order`, `parcel`, `call`.")
    ] = "",
    cursor: CursorQuery = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """What happened to or with the customer, newest first."""
    grant = grant_of(request)
    before = cursors.read_moment(cursor) if cursor else None
    page = interactions.timeline(
        _members(customer, grant, "customers.timeline"),
        actor=grant.actor,
        purpose=grant.purpose,
        types=[type] if type else None,
        before=before,
        limit=limit,
    )
    refs = record_refs((row.record_id for row in page.rows), grant.actor)
    return {
        "events": [_show_event(row, refs, grant) for row in page.rows if row.record_id in refs],
        "next_cursor": cursors.write_moment(*page.before) if page.before else "",
    }


def _members(customer: str, grant: Grant, action: str) -> tuple[int, ...]:
    """The records of a customer that the key reaches; the read is in the audit log before it is answered."""
    ref = follow(customer, grant.actor)
    audit.write(actor=grant.actor, action=action, purpose=grant.purpose, subject_kind="customer", subject_id=ref.id)
    members = identity.members_of([ref.id]).get(ref.id, ())
    within = records_in_reach(members, grant.actor)
    return tuple(member for member in members if member in within)


def _moment(record: StoredRecord) -> datetime | None:
    return record.source_at or record.received_at


def _seen(row: RoleRow | TimelineRow, names: Iterable[str], kind: Kind, grant: Grant) -> dict[str, Any]:
    """The fields of a row that are attributes of its kind, without those that the grant may not see."""
    allowed = grant.attributes(kind.code)
    hidden: Mapping[str, Any] = {"amount": None, "cost": None}
    return {name: getattr(row, name) if name in allowed else hidden.get(name, "") for name in names}


def _show_role(row: RoleRow, target: StoredRecord, refs: Mapping[int, dict[str, Any]], grant: Grant) -> dict[str, Any]:
    return {
        "role": row.role,
        "from_date": row.from_date,
        "to_date": row.to_date,
        "target": {
            "record": refs[row.target_id],
            **_seen(row, ("type", "title", "number", "state"), row.target_kind, grant),
            "identifiers": show_identifiers(target.identifiers, grant),
        },
        "declared_by": refs.get(row.declared_by),
    }


def _show_event(row: TimelineRow, refs: Mapping[int, dict[str, Any]], grant: Grant) -> dict[str, Any]:
    return {
        "record": refs[row.record_id],
        "at": row.at,
        **_seen(row, ("type", "title", "number", "state", "amount", "cost", "currency"), Kind.ACTIVITY, grant),
        "roles": list(row.roles),
    }
