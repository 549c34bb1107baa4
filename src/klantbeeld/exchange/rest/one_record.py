"""One record: by its source's own id, which travels in the body, or by the id that we gave it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange.drafts import draft_of, referable
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.records import RecordIn, RecordKey, source_id_of
from klantbeeld.exchange.rest.shapes import (
    RECORD,
    CustomerText,
    RecordPath,
    RecordText,
    SourcePath,
    customer_id,
    show_identifiers,
)
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.flows.receive import receive
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, Grant
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.sources import queries as sources
from klantbeeld.sources.contracts import Draft, Kind, State, StoredRecord
from klantbeeld.sources.queries import trust_of_sources

router = Router()
_GONE: dict[str, Any] = {"attributes": {}, "identifiers": [], "roles": [], "source_at": None, "gone": True}


class KeyedRecord(RecordIn, RecordKey):
    """A record as a whole, with the source's own id of it."""


class Delivered(Schema):
    """What delivering a record did. `record` is our id of it, by which it can be asked for as well."""

    record: RecordText
    outcome: Literal["created", "changed", "unchanged", "late", "gone"]
    customer: CustomerText | None = Field(None, description="The customer that it belongs to now; parties only.")


class RecordIdentifier(Schema):
    """A number that a record carries, and what it numbers."""

    scheme: str
    value: str
    of: str


class RecordOut(Schema):
    """A record in its current version."""

    id: RecordText
    source: str
    kind: str
    external_id: str
    state: str
    attributes: dict[str, Any]
    identifiers: list[RecordIdentifier]
    source_at: datetime | None
    received_at: datetime | None
    customer: CustomerText | None = None


@router.put(
    "/sources/{source}/record",
    response=Delivered,
    operation_id="put_record",
    **door("records:write", 404, 409),
)
def put_record(request: HttpRequest, source: SourcePath, record: KeyedRecord) -> HttpResponse:
    """Deliver one record. It is stored and resolved before the answer; the same content again changes nothing."""
    body = {**record.dict(exclude={"kind", "external_id"}), "gone": False}
    grant = grant_of(request)
    return write_once(request, lambda: _deliver(grant, source, record.kind, record.external_id, body), is_one_act=True)


@router.post(
    "/sources/{source}/record/remove",
    response=Delivered,
    operation_id="remove_record",
    **door("records:write", 404, 409),
)
def remove_record(request: HttpRequest, source: SourcePath, key: RecordKey) -> HttpResponse:
    """Say that the source has the record no more. Its versions stay; it no longer counts in any golden record."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        _find(source_id_of(source, grant.actor), key.kind, key.external_id)
        return _deliver(grant, source, key.kind, key.external_id, _GONE)

    return write_once(request, effect, is_one_act=True)


@router.post(
    "/sources/{source}/record/get",
    response=RecordOut,
    operation_id="find_record",
    **door("records:read", 404),
)
def find_record(request: HttpRequest, source: SourcePath, key: RecordKey) -> dict[str, Any]:
    """A record by its source's own id. A POST, so that this id stands in no address and no log."""
    grant = grant_of(request)
    return _show(_find(source_id_of(source, grant.actor), key.kind, key.external_id), source, grant)


@router.get("/records/{record}", response=RecordOut, operation_id="get_record", **door("records:read", 404))
def get_record(request: HttpRequest, record: RecordPath) -> dict[str, Any]:
    """A record as its source gave it, reduced to what the purpose may see."""
    grant = grant_of(request)
    return _show(*_by_id(record, grant.actor, builtin=True), grant)


@router.put(
    "/records/{record}",
    response=Delivered,
    operation_id="replace_record",
    **door("records:write", 404, 409),
)
def replace_record(request: HttpRequest, record: RecordPath, content: RecordIn) -> HttpResponse:
    """Deliver a record that is there already, by our id of it; as a whole, as with the source's own id."""
    grant = grant_of(request)
    body = {**content.dict(), "gone": False}

    def effect() -> tuple[int, dict[str, Any]]:
        found, source = _by_id(record, grant.actor)
        return _deliver(grant, source, found.kind.code, found.external_id, body)

    return write_once(request, effect, is_one_act=True)


@router.delete("/records/{record}", response=Delivered, operation_id="delete_record", **door("records:write", 404))
def delete_record(request: HttpRequest, record: RecordPath) -> HttpResponse:
    """Say by our id of it that the source has the record no more."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        found, source = _by_id(record, grant.actor)
        return _deliver(grant, source, found.kind.code, found.external_id, _GONE)

    return write_once(request, effect, is_one_act=True)


def _deliver(
    grant: Grant, source: str, kind: str, external_id: str, body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    source_id = source_id_of(source, grant.actor)
    known = referable([body], grant.actor)
    draft: Draft = draft_of(Kind[kind.upper()], external_id, body, known=known)
    receipt = receive(source_code=source, source_id=source_id, drafts=[draft], actor=grant.actor, purpose=grant.purpose)
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


def _show(record: StoredRecord, source: str, grant: Grant) -> dict[str, Any]:
    """A record as the API gives it; the read is in the audit log before it is answered."""
    kind = record.kind.code
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
        "external_id": record.external_id,
        "state": record.state,
        "attributes": {code: value for code, value in record.attributes.items() if code in shown},
        "identifiers": show_identifiers(record.identifiers, grant),
        "source_at": record.source_at,
        "received_at": record.received_at,
        "customer": _customer(record.id),
    }


def _find(source_id: int, kind: str, external_id: str) -> StoredRecord:
    found = sources.find_record_ids([(source_id, Kind[kind.upper()], external_id)])
    return _known(sources.load_records(list(found.values())))


def _by_id(record: str, actor: Actor, *, builtin: bool = False) -> tuple[StoredRecord, str]:
    """The record with our id, and the code of its source; raises Missing also for a source that is not the key's."""
    number = sources.find_record_id(parse_id(RECORD, record))
    found = _known(sources.load_records([number] if number else []))
    trust = trust_of_sources().get(found.source_id)
    try:
        if trust is None:
            raise Missing("The record has no source.", code="records.missing")
        source_id_of(trust.code, actor, builtin=builtin)
    except Missing:
        raise _missing() from None
    return found, trust.code


def _known(records: list[StoredRecord]) -> StoredRecord:
    if not records or records[0].state is State.EXPECTED:
        raise _missing()
    return records[0]


def _missing() -> Missing:
    return Missing("There is no record with this id.", code="records.missing")


def _customer(record_id: int) -> str | None:
    customer = identity.customer_of([record_id]).get(record_id)
    return customer_id(identity.refs([customer])[0].uuid) if customer else None
