"""Records: what a source says of one thing, delivered one by one or in bulk, and as it was received."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import AwareDatetime, Field

from klantbeeld.exchange import bulk
from klantbeeld.exchange.drafts import draft_of
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.jobs import Job, show_job
from klantbeeld.exchange.rest.shapes import (
    RECORD,
    CustomerText,
    KindPath,
    Plain,
    RecordText,
    SourcePath,
    customer_id,
)
from klantbeeld.exchange.rest.sources import as_json
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.flows.receive import receive
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import Company
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id
from klantbeeld.sources import queries as sources
from klantbeeld.sources.contracts import Draft, Kind, State, StoredRecord
from klantbeeld.sources.queries import trust_of_sources

router = Router()
MOST_RECORDS = 5_000

KindText = Literal["person", "organisation", "contract", "object", "activity"]
ExternalId = Annotated[str, Plain, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
ExternalPath = Annotated[
    str,
    Plain,
    Path(
        min_length=1,
        max_length=200,
        pattern=r"^[^@\s/]+$",
        description="The source's own id of the record. An id that tells who somebody is (an e-mail address) does not"
        " belong in an address: deliver such records in bulk, where the id stands in the body.",
    ),
]
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]


class IdentifierIn(Schema):
    """A number that the record carries; only a party's own number is evidence of who it is."""

    scheme: Code = Field(examples=["customer_number", "loyalty", "order"])
    value: Annotated[str, Plain, Field(min_length=1, max_length=200)]
    of: Literal["", "person", "organisation", "contract", "object", "activity"] = Field(
        "", description="What it numbers; empty: the record itself."
    )


class ReferenceIn(Schema):
    """Another record, by its source's own id; `source` empty means the same source."""

    kind: KindText
    external_id: ExternalId
    source: Annotated[str, Field(pattern="^([a-z][a-z0-9_-]{0,59})?$")] = ""


class RoleIn(Schema):
    """Somebody has a role in something, for a period (both ends inclusive). Leave out the end that is this record."""

    role: Code = Field(examples=["customer", "tenant", "payer", "receiver"])
    holder: ReferenceIn | None = None
    target: ReferenceIn | None = None
    from_date: date | None = None
    to_date: date | None = None


class RecordIn(Schema):
    """What the source says of the record now, as a whole: what is left out is no longer said."""

    attributes: dict[str, Any] = Field(
        default_factory=dict,
        max_length=200,
        description="By code of the catalogue (`GET /attributes`). An attribute that may have several values takes a"
        " list of {value, role, from, to}.",
        examples=[{"given_name": "Anna", "family_name": "Jansen", "email": [{"value": "anna@example.nl"}]}],
    )
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=100)
    roles: list[RoleIn] = Field(default_factory=list, max_length=200)
    source_at: AwareDatetime | None = Field(
        None, description="When it was so in the source: it orders versions that arrive late. Absent: now."
    )


class BulkRecord(RecordIn):
    """One record of a bulk delivery."""

    kind: KindText
    external_id: ExternalId
    gone: bool = Field(False, description="The source has it no more.")


class BulkRequest(Schema):
    """Records to be stored in the background."""

    records: list[BulkRecord] = Field(min_length=1, max_length=MOST_RECORDS)


class Delivered(Schema):
    """What delivering a record did."""

    record: RecordText
    outcome: Literal["created", "changed", "unchanged", "late", "gone"]
    customer: CustomerText | None = Field(None, description="The customer that it belongs to now; parties only.")


class RecordOut(Schema):
    """A record in its current version."""

    id: RecordText
    source: str
    kind: str
    external_id: str
    state: str
    attributes: dict[str, Any]
    identifiers: list[dict[str, str]]
    source_at: datetime | None
    received_at: datetime | None
    customer: CustomerText | None = None


@router.put(
    "/sources/{source}/records/{kind}/{external_id}",
    response=Delivered,
    operation_id="put_record",
    **door("records:write", 404, 409),
)
def put_record(
    request: HttpRequest, source: SourcePath, kind: KindPath, external_id: ExternalPath, record: RecordIn
) -> HttpResponse:
    """Deliver one record. It is stored and resolved before the answer; the same content again changes nothing."""
    body = {**record.dict(), "gone": False}
    return write_once(request, lambda: _deliver(request, source, kind, external_id, body))


@router.delete(
    "/sources/{source}/records/{kind}/{external_id}",
    response=Delivered,
    operation_id="delete_record",
    **door("records:write", 404),
)
def delete_record(request: HttpRequest, source: SourcePath, kind: KindPath, external_id: ExternalPath) -> HttpResponse:
    """Say that the source has the record no more. Its versions stay; it no longer counts in any golden record."""
    body: dict[str, Any] = {"attributes": {}, "identifiers": [], "roles": [], "source_at": None, "gone": True}

    def effect() -> tuple[int, dict[str, Any]]:
        _find(_source_id(source, grant_of(request).actor), kind, external_id)
        return _deliver(request, source, kind, external_id, body)

    return write_once(request, effect)


@router.get(
    "/sources/{source}/records/{kind}/{external_id}",
    response=RecordOut,
    operation_id="get_record",
    **door("records:read", 404),
)
def get_record(request: HttpRequest, source: SourcePath, kind: KindPath, external_id: ExternalPath) -> dict[str, Any]:
    """A record as its source gave it, reduced to what the purpose may see."""
    grant = grant_of(request)
    record = _find(_source_id(source, grant.actor), kind, external_id)
    shown = grant.attributes(kind)
    audit.write(
        actor=grant.actor,
        action="records.read",
        purpose=grant.purpose,
        subject_kind="record",
        subject_id=record.id,
        detail={"attributes": sorted(shown & record.attributes.keys())},
    )
    return {
        "id": format_id(RECORD, record.uuid),
        "source": source,
        "kind": kind,
        "external_id": external_id,
        "state": record.state,
        "attributes": {code: value for code, value in record.attributes.items() if code in shown},
        "identifiers": [{"scheme": one.scheme, "value": one.value, "of": one.of} for one in record.identifiers],
        "source_at": record.source_at,
        "received_at": record.received_at,
        "customer": _customer(record.id),
    }


@router.post(
    "/sources/{source}/records",
    response={202: Job},
    operation_id="post_records",
    **door("records:write", 404, 409),
)
def post_records(request: HttpRequest, source: SourcePath, delivery: BulkRequest) -> HttpResponse:
    """Deliver many records. They are checked now and stored in the background: `GET /jobs/{job}` tells how far."""
    grant = grant_of(request)
    _source_id(source, grant.actor)
    rows = [row.dict() for row in delivery.records]

    def effect() -> tuple[int, dict[str, Any]]:
        row = bulk.accept(source_code=source, rows=rows, actor=grant.actor, purpose=grant.purpose)
        return 202, as_json(show_job(row))

    return write_once(request, effect)


def _deliver(
    request: HttpRequest, source: str, kind: str, external_id: str, body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    grant = grant_of(request)
    source_id = _source_id(source, grant.actor)
    draft: Draft = draft_of(Kind[kind.upper()], external_id, body)
    receipt = receive(source_code=source, drafts=[draft], actor=grant.actor, purpose=grant.purpose)
    stored = receipt.stored
    if receipt.records:
        # What was resolved just now tells the customer; nothing has to be looked up again.
        record = receipt.records[0]
        placed = [change for change in receipt.resolved.changes if record.id in change.records]
        customer = customer_id(placed[-1].uuid) if placed else None
    else:
        record = _find(source_id, kind, external_id)
        customer = _customer(record.id)
    outcomes = {"gone": stored.gone, "created": stored.created, "changed": stored.changed, "late": stored.late}
    outcome = next((name for name, happened in outcomes.items() if happened), "unchanged")
    return 200, {"record": format_id(RECORD, record.uuid), "outcome": outcome, "customer": customer}


def _source_id(source: str, actor: Actor) -> int:
    """The source's internal id; raises Missing when there is none, also when it is another company's than the key's."""
    found = next((one for one in trust_of_sources().values() if one.code == source and not one.builtin), None)
    if found is not None and actor.company is not None:
        own = Company.objects.filter(pk=actor.company).values_list("code", flat=True).first()
        _, declaration, _ = sources.load_declaration(source)
        if own != declaration.company.code:
            found = None
    if found is None:
        raise Missing(f"There is no source '{source}'.", code="sources.missing", source=source)
    return found.id


def _find(source_id: int, kind: str, external_id: str) -> StoredRecord:
    found = sources.find_record_ids([(source_id, Kind[kind.upper()], external_id)])
    records = sources.load_records(list(found.values()))
    if not records or records[0].state is State.EXPECTED:
        raise Missing("There is no record with this id.", code="records.missing")
    return records[0]


def _customer(record_id: int) -> str | None:
    customer = identity.customer_of([record_id]).get(record_id)
    return customer_id(identity.refs([customer])[0].uuid) if customer else None
