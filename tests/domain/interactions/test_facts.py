"""Roles and activities follow the record that declares them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import Company
from klantbeeld.interactions import actions, queries
from klantbeeld.interactions.models import Activity, Role
from klantbeeld.sources import actions as sources
from klantbeeld.sources import queries as stored
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft
from klantbeeld.sources.models import Source

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACTOR = Actor.system("test")


@pytest.fixture
def source(db: None) -> Source:
    company = Company.objects.create(code="noord", name="Noord B.V.")
    return Source.objects.create(
        code="homes", label={}, company=company, owner="x", trust_rank=1, purpose="service", declaration={}
    )


def put(source: Source, *drafts: Draft, day: int = 0) -> tuple[int, ...]:
    at = NOON + timedelta(days=day)
    result = sources.store(source_id=source.id, drafts=drafts, actor=ACTOR, at=at)
    return actions.record_facts(records=stored.load_records(result.touched))


def number_of(source: Source, kind: Kind, external_id: str) -> int:
    return stored.find_record_ids([(source.id, kind, external_id)])[source.id, kind, external_id]


def dwelling(*tenants: tuple[str, date | None, date | None], **attributes: Any) -> Draft:
    roles = tuple(
        RoleDraft("tenant", Reference(Kind.PERSON, who), Reference(Kind.OBJECT, "d1"), first, last)
        for who, first, last in tenants
    )
    return Draft(Kind.OBJECT, "d1", attributes, (Identifier("dwelling", "W-17", "object"),), roles)


def order(external_id: str, at: str, **attributes: Any) -> Draft:
    roles = (RoleDraft("customer", Reference(Kind.PERSON, "p1"), Reference(Kind.ACTIVITY, external_id)),)
    return Draft(Kind.ACTIVITY, external_id, {"type": "order", "at": at, **attributes}, roles=roles)


def test_successive_tenants_are_found_by_the_dwelling_with_their_periods(source: Source) -> None:
    first = ("p1", date(2015, 1, 1), date(2019, 12, 31))
    put(source, dwelling(first, ("p2", date(2020, 1, 1), None), title="Hofweg 12"))
    home = number_of(source, Kind.OBJECT, "d1")
    tenants = queries.holders_of([home])
    assert [(one.holder_id, one.from_date, one.to_date) for one in tenants] == [
        (number_of(source, Kind.PERSON, "p2"), date(2020, 1, 1), None),
        (number_of(source, Kind.PERSON, "p1"), date(2015, 1, 1), date(2019, 12, 31)),
    ]
    assert [one.holds_on(date(2019, 12, 31)) for one in tenants] == [False, True]
    (lives,) = queries.roles_of([number_of(source, Kind.PERSON, "p2")])
    assert (lives.target_id, lives.title, lives.role) == (home, "Hofweg 12", "tenant")


def test_new_version_replaces_the_roles_and_tells_whose_changed(source: Source) -> None:
    both = (("p1", None, None), ("p2", None, None))
    touched = put(source, dwelling(*both))
    assert touched == tuple(sorted(number_of(source, Kind.PERSON, who) for who in ("p1", "p2")))
    changed = put(source, dwelling(("p1", None, None), ("p3", None, None)), day=1)
    assert changed == tuple(sorted(number_of(source, Kind.PERSON, who) for who in ("p2", "p3")))
    assert Role.objects.count() == 2
    assert put(source, dwelling(("p1", None, None), ("p3", None, None), title="New"), day=2) == ()


def test_tombstone_takes_roles_and_activity_away(source: Source) -> None:
    put(source, order("o1", "2026-01-01"), dwelling(("p1", None, None)))
    touched = put(source, Draft(Kind.ACTIVITY, "o1", gone=True), Draft(Kind.OBJECT, "d1", gone=True), day=1)
    assert touched == (number_of(source, Kind.PERSON, "p1"),)
    assert (Role.objects.count(), Activity.objects.count()) == (0, 0)


def test_activity_keeps_amounts_and_falls_back_on_its_version(source: Source) -> None:
    put(
        source,
        order("o1", "2026-01-05T10:30:00+01:00", title="Order 1", amount="12.50", cost=7, currency="eur", state="paid"),
        Draft(Kind.ACTIVITY, "c1", {"type": "call"}, (Identifier("call", "C-9", "activity"),), source_at=NOON),
    )
    one = Activity.objects.get(type="order")
    assert (one.at, one.title, one.amount, one.cost, one.currency, one.state) == (
        datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
        "Order 1",
        Decimal("12.50"),
        Decimal(7),
        "EUR",
        "paid",
    )
    call = Activity.objects.get(type="call")
    assert (call.at, call.title, call.number) == (NOON, "call C-9", "C-9")


def test_timeline_pages_from_new_to_old_without_gap_or_repeat(source: Source) -> None:
    put(source, *(order(f"o{number}", f"2026-01-{1 + number // 2:02d}") for number in range(9)))
    person = [number_of(source, Kind.PERSON, "p1")]
    seen: list[int] = []
    before = None
    for _ in range(5):
        page = queries.timeline(person, actor=ACTOR, purpose="service", before=before, limit=2)
        seen += [row.record_id for row in page.rows]
        before = page.before
    assert before is None
    assert len(seen) == len(set(seen)) == 9
    moments = [Activity.objects.get(record_id=one).at for one in seen]
    assert moments == sorted(moments, reverse=True)


def test_timeline_joins_roles_and_filters_types(source: Source) -> None:
    both = tuple(
        RoleDraft(role, Reference(Kind.PERSON, "p1"), Reference(Kind.ACTIVITY, "o1")) for role in ("payer", "customer")
    )
    put(source, Draft(Kind.ACTIVITY, "o1", {"type": "order", "at": "2026-01-01"}, roles=both))
    person = [number_of(source, Kind.PERSON, "p1")]
    (row,) = queries.timeline(person, actor=ACTOR, purpose="service").rows
    assert (row.roles, row.holder_ids) == (("customer", "payer"), tuple(person))
    assert queries.timeline(person, actor=ACTOR, purpose="service", types=["call"]).rows == ()
    assert queries.roles_of(person) == []


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-01", "soon"])
def test_moment_that_cannot_be_kept_is_that_of_the_version(source: Source, at: str) -> None:
    role = RoleDraft("customer", Reference(Kind.PERSON, "1"), Reference(Kind.ACTIVITY, "A"))
    put(source, Draft(Kind.ACTIVITY, "A", {"type": "order", "at": at}, roles=(role,), source_at=NOON))
    page = queries.timeline([number_of(source, Kind.PERSON, "1")], actor=ACTOR, purpose="service")
    assert [row.at for row in page.rows] == [NOON]
