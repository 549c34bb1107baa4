"""Receiving records: store, resolve, facts and golden records in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from klantbeeld.flows import settle
from klantbeeld.flows.receive import Receipt, receive
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine, Company, OutboxEvent
from klantbeeld.identity.models import Customer
from klantbeeld.interactions.models import Role
from klantbeeld.kit.errors import Invalid, Missing, Refused
from klantbeeld.sources import queries
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft
from klantbeeld.sources.models import Record, RecordVersion, Source

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACTOR = Actor.system("test")


@pytest.fixture(autouse=True)
def _crm(db: None) -> None:
    company = Company.objects.create(code="noord", name="Noord B.V.")
    Source.objects.create(
        code="crm", label={}, company=company, owner="x", trust_rank=1, purpose="service", declaration={}
    )


def jan(external_id: str = "1", **attributes: Any) -> Draft:
    said = {"given_name": "Jan", "family_name": "Bos", "birth_date": "1980-12-31", **attributes}
    return Draft(Kind.PERSON, external_id, said, (Identifier("loyalty", "77123"),), source_at=NOON)


def policy(number: str = "P-1", holder: str = "1") -> Draft:
    role = RoleDraft("policyholder", Reference(Kind.PERSON, holder), Reference(Kind.CONTRACT, number))
    return Draft(Kind.CONTRACT, number, {"type": "policy", "number": number}, roles=(role,), source_at=NOON)


def put(*drafts: Draft, actor: Actor = ACTOR, minutes: int = 0) -> Receipt:
    return receive(source_code="crm", drafts=drafts, actor=actor, at=NOON + timedelta(minutes=minutes))


def lines() -> int:
    return AuditLine.objects.filter(action="records.receive").count()


def events() -> list[str]:
    rows = OutboxEvent.objects.filter(subject_kind="customer").order_by("id")
    return list(rows.values_list("type", flat=True))


def test_received_person_is_a_customer_with_one_audit_line_and_one_event() -> None:
    receipt = put(jan(), policy())
    assert len(receipt.stored.created) == 2
    assert Customer.objects.filter(retired_at=None).count() == 1
    assert Role.objects.count() == 1
    assert (lines(), events()) == (1, ["customer.created"])


def test_same_records_again_write_nothing_at_all() -> None:
    put(jan(), policy())
    again = put(jan(), policy(), minutes=1)
    assert (again.stored.unchanged, again.records, again.settled) == (2, (), None)
    assert (lines(), events()) == (1, ["customer.created"])


def test_records_given_back_are_those_that_loading_gives() -> None:
    receipt = put(jan(email=[{"value": "jan@example.com", "role": "private"}]), policy())
    assert list(receipt.records) == queries.load_records([one.id for one in receipt.records])


def test_contract_before_its_holder_gives_the_same_in_the_end() -> None:
    put(policy())
    assert Customer.objects.count() == 0
    put(jan(), minutes=1)
    assert Customer.objects.filter(retired_at=None).count() == 1
    assert Role.objects.count() == 1


def test_when_the_audit_line_cannot_be_written_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the audit log is away")

    monkeypatch.setattr(settle.audit, "write", fail)
    with pytest.raises(RuntimeError, match="audit log is away"):
        put(jan(), policy())
    counts = [model.objects.count() for model in (Record, RecordVersion, Customer, Role)]
    assert (counts, events()) == ([0, 0, 0, 0], [])


def test_one_unusable_draft_stores_none_of_its_batch() -> None:
    with pytest.raises(Invalid):
        put(jan(), jan("2", family_name="a\0b"))
    assert Record.objects.count() == 0


def test_unknown_source_and_missing_scope_are_refused() -> None:
    with pytest.raises(Missing):
        receive(source_code="nowhere", drafts=[jan()], actor=ACTOR)
    with pytest.raises(Refused):
        put(jan(), actor=Actor("key", 1, "partner"))
    assert Record.objects.count() == 0
