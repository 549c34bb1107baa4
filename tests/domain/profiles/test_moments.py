"""A golden record as it was: what was known then and what held then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.flows.house import NOON, PURPOSE, STEWARD, customer, person, source

from klantbeeld.flows.merge import merge, unmerge
from klantbeeld.flows.receive import receive
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine
from klantbeeld.identity.models import Customer, Member
from klantbeeld.kit.errors import Invalid, Refused
from klantbeeld.profiles.contracts import ProfileMoment
from klantbeeld.profiles.models import Profile
from klantbeeld.profiles.queries import profile_at
from klantbeeld.profiles.queries.moments import covers

pytestmark = pytest.mark.django_db
DOOR = {"actor": STEWARD, "purpose": PURPOSE}


def on(day: float) -> datetime:
    return NOON + timedelta(days=day)


def told(received: float, code: str, name: str, said: float, **attributes: Any) -> None:
    """A source says on day `said` what we receive on day `received`."""
    receive(source_code=code, drafts=[person(name, day=int(said), **attributes)], actor=STEWARD, at=on(received))


def asked(one: Customer, at: float | None = None, known_at: float | None = None) -> ProfileMoment:
    return profile_at(
        one.uuid,
        at=None if at is None else on(at),
        known_at=None if known_at is None else on(known_at),
        **DOOR,
    )


def emails(moment: ProfileMoment) -> list[str]:
    return [value.value for value in moment.values.get("email", ())]


def test_what_was_known_and_what_held_are_told_apart() -> None:
    source("crm")
    told(0, "crm", "a", 0, family_name="Bakker", email="eerst@voorbeeld.nl")
    told(6, "crm", "a", 5, family_name="Bakker", email="daarna@voorbeeld.nl")
    told(10, "crm", "a", 3, family_name="Bakker", email="tussendoor@voorbeeld.nl")  # late: it held, and nobody knew
    one = customer("crm", "a")
    assert emails(asked(one)) == ["daarna@voorbeeld.nl"]
    assert emails(asked(one, known_at=5.5)) == ["eerst@voorbeeld.nl"]
    assert emails(asked(one, at=4)) == ["tussendoor@voorbeeld.nl"]
    assert emails(asked(one, at=4, known_at=7)) == ["eerst@voorbeeld.nl"]
    assert emails(asked(one, at=5.5)) == ["daarna@voorbeeld.nl"]
    before = asked(one, known_at=-1)
    assert (before.name, before.values, before.records) == ("", {}, ())
    assert asked(one, at=-1).values == {}


def test_value_holds_within_its_period_only() -> None:
    source("crm")
    moved = [
        {"value": {"city": "Utrecht", "postcode": "3511AB", "house_number": "1"}, "to": "2025-06-30"},
        {"value": {"city": "Assen", "postcode": "9401AB", "house_number": "2"}, "from": "2025-07"},
    ]
    told(0, "crm", "a", -400, family_name="Bakker", address=moved)
    one = customer("crm", "a")

    def towns(day: datetime) -> list[str]:
        found = profile_at(one.uuid, at=day, **DOOR)
        return [value.value["city"] for value in found.values["address"]]

    assert towns(datetime(2025, 6, 30, 12, tzinfo=NOON.tzinfo)) == ["Utrecht"]
    assert towns(datetime(2025, 7, 1, 12, tzinfo=NOON.tzinfo)) == ["Assen"]


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        ("", "", "2025-05-05", True),
        ("2025", "", "2025-01-01", True),
        ("2025", "", "2024-12-31", False),
        ("", "2025-05", "2025-05-31", True),
        ("", "2025-05", "2025-06-01", False),
        ("2025-05-05", "2025-05-05", "2025-05-05", True),
    ],
)
def test_period_of_partial_dates(since: str, until: str, day: str, holds: bool) -> None:
    assert covers({"from": since, "to": until}, date.fromisoformat(day)) is holds


def test_record_that_is_gone_now_counts_when_it_was_there() -> None:
    source("crm")
    told(0, "crm", "a", 0, family_name="Bakker", email="a@voorbeeld.nl")
    one = customer("crm", "a")
    receive(source_code="crm", drafts=[person("a", day=5, gone=True)], actor=STEWARD, at=on(6))
    assert asked(one).records == ()
    assert len(asked(one, known_at=3).records) == 1
    assert emails(asked(one, at=3, known_at=5)) == ["a@voorbeeld.nl"]


def test_moment_to_come_is_refused() -> None:
    source("crm")
    told(0, "crm", "a", 0, family_name="Bakker")
    for moment in ({"at": on(50_000)}, {"known_at": on(50_000)}):
        with pytest.raises(Invalid, match="still to come"):
            profile_at(customer("crm", "a").uuid, **moment, **DOOR)


def test_reading_the_past_needs_its_own_scope_and_is_written_down() -> None:
    source("crm")
    told(0, "crm", "a", 0, family_name="Bakker", birth_date="1980-01-01")
    one = customer("crm", "a")
    plain = Actor("key", 1, "shop", scopes=frozenset({"customers:read"}), purposes=frozenset({PURPOSE}))
    with pytest.raises(Refused):
        profile_at(one.uuid, actor=plain, purpose=PURPOSE, known_at=on(1))
    asked(one, known_at=1)
    line = AuditLine.objects.get(action="customers.moment")
    assert (line.subject_id, line.purpose) == (one.id, PURPOSE)
    assert "family_name" in line.detail["attributes"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from("abcd"), st.sampled_from(["Bakker", "Smit", "de Vries"])),
        st.tuples(st.just("gone"), st.sampled_from("abcd"), st.just("")),
        st.tuples(st.just("merge"), st.sampled_from("abcd"), st.sampled_from("abcd")),
        st.tuples(st.just("unmerge"), st.just(""), st.just("")),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_past_is_what_was_the_present(steps: list[tuple[str, str, str]]) -> None:
    with transaction.atomic():
        source("crm")
        seen: list[tuple[datetime, dict[int, Any], dict[int, int], dict[int, list[int]]]] = []
        acts = []
        with time_machine.travel(on(0), tick=False) as clock:
            for number, (what, left, right) in enumerate([("say", name, "Jansen") for name in "abcd"] + steps):
                clock.move_to(on(number))
                if what in ("say", "gone"):
                    draft = person(left, day=number, family_name=right, given_name=left * 4, gone=what == "gone")
                    receive(source_code="crm", drafts=[draft], actor=STEWARD, at=on(number))
                elif what == "merge":
                    acts += together(left, right)
                elif acts:
                    unmerge(merge_uuid=acts.pop(), **DOOR)
                assert not Customer.objects.exclude(into__into=None).exists(), "ids lead straight to one that stands"
                seen.append((on(number + 0.5), golden(), standing(), members()))
            clock.move_to(on(len(seen)))
            for moment, were, stood, held in seen:
                for one in Customer.objects.filter(id__in=stood):
                    found = profile_at(one.uuid, known_at=moment, **DOOR)
                    values = {code: [value.value for value in said] for code, said in found.values.items()}
                    assert values == were[stood[one.id]]
                    assert list(found.records) == held.get(stood[one.id], [])
                    assert (found.redirected_from == one.uuid) is (stood[one.id] != one.id)
        transaction.set_rollback(True)


def together(left: str, right: str) -> list[Any]:
    """Merges two records' customers when both have one and they are not the same."""
    owner = {
        row.record.external_id: row.customer
        for row in Member.objects.select_related("record", "customer")
        if row.customer is not None
    }
    if left not in owner or right not in owner or owner[left] == owner[right]:
        return []
    merged = merge(customers=[owner[left].uuid, owner[right].uuid], **DOOR)
    return [merged.merge_uuid]


def golden() -> dict[int, Any]:
    return {
        row.customer_id: {code: [entry["value"] for entry in entries] for code, entries in row.golden.items()}
        for row in Profile.objects.all()
    }


def standing() -> dict[int, int]:
    return {one.id: one.into_id or one.id for one in Customer.objects.all()}


def members() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for record, owner in Member.objects.exclude(customer=None).order_by("record").values_list("record", "customer"):
        found.setdefault(owner, []).append(record)
    return found
