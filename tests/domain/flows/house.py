"""A house with two sources, and records delivered in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from klantbeeld.flows.receive import Receipt, receive
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import Company, OutboxEvent
from klantbeeld.identity.models import Customer, Member
from klantbeeld.profiles.models import Profile
from klantbeeld.sources.contracts import Draft, Identifier, Kind, RoleDraft
from klantbeeld.sources.models import Record, Source

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STEWARD = Actor.system("steward")
PURPOSE = "stewardship"


def source(code: str, rank: int = 5) -> Source:
    company, _ = Company.objects.get_or_create(code="noord", defaults={"name": "Noord B.V."})
    return Source.objects.create(
        code=code, label={"nl": code, "en": code}, company=company, owner="Beheer", trust_rank=rank,
        purpose="service", declaration={},
    )  # fmt: skip


def address(postcode: str, number: str, suffix: str = "", street: str = "Oudegracht", city: str = "Utrecht") -> Any:
    value = {"street": street, "house_number": number, "postcode": postcode, "city": city}
    return [{"value": value | ({"house_suffix": suffix} if suffix else {})}]


def person(
    name: str,
    numbers: Iterable[tuple[str, ...]] = (),
    roles: Iterable[RoleDraft] = (),
    day: int = 0,
    gone: bool = False,
    kind: Kind = Kind.PERSON,
    **attributes: Any,
) -> Draft:
    for many in ("email", "phone"):
        if isinstance(attributes.get(many), str):
            attributes[many] = [{"value": attributes[many]}]
    return Draft(
        kind, name, attributes, tuple(Identifier(*number) for number in numbers), tuple(roles),
        NOON + timedelta(days=day), gone,
    )  # fmt: skip


def deliver(code: str, *drafts: Draft) -> Receipt:
    return receive(source_code=code, drafts=drafts, actor=STEWARD, at=NOON)


def customer(code: str, name: str) -> Customer:
    """The customer of a record."""
    record = Record.objects.get(source__code=code, external_id=name, kind__in=(1, 2))
    row = Member.objects.select_related("customer").get(record=record)
    assert row.customer is not None
    return row.customer


def picture() -> dict[str, Any]:
    """Everything that merging and unmerging must leave as it was: ids, members and golden records, without versions."""
    return {
        "members": sorted(Member.objects.values_list("record_id", "customer_id", "home_id", "component", "suggested")),
        "ids": sorted(Customer.objects.values_list("id", "into_id")),
        "golden": {
            row.customer_id: (row.golden, row.name, row.sort_name, row.city, row.records, sorted(row.tokens))
            for row in Profile.objects.all()
        },
    }


def events(since: int = 0) -> list[tuple[str, int]]:
    """Types and subjects of the customer events, in order, after so many."""
    rows = OutboxEvent.objects.filter(subject_kind="customer").order_by("xid", "id")
    return [(row.type, row.subject_id) for row in rows][since:]
