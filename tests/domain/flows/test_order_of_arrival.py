"""The same deliveries in any order and any batches give the same customers and the same golden values."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.flows.house import address, deliver, person, source

from klantbeeld.identity.models import Member
from klantbeeld.profiles.models import Profile
from klantbeeld.sources.contracts import Draft

pytestmark = pytest.mark.django_db
JAN = {"given_name": "Jan", "family_name": "Bakker", "birth_date": "1980-01-01"}
HOME = address("3511AB", "12")

# Versions of records of one family in two sources: moves, corrections, a twin, a tombstone, somebody who comes back.
DELIVERIES: list[tuple[str, Draft]] = [
    ("crm", person("1", day=1, email="jan@b.nl", address=HOME, **JAN)),
    ("crm", person("1", day=5, email="jan@b.nl", address=address("9711AA", "1"), **JAN)),
    ("shop", person("1", day=2, given_name="J.", family_name="Bakker", email="jan@b.nl")),
    ("shop", person("1", day=4, gone=True)),
    ("shop", person("1", day=6, given_name="J.", family_name="Bakker", email="jan@b.nl", phone="0612345678")),
    ("shop", person("2", day=2, phone="06-12345678", **JAN)),
    ("crm", person("3", day=1, given_name="Els", family_name="Bakker", birth_date="1983-07-09", address=HOME)),
    ("shop", person("3", day=3, given_name="Els", family_name="Bakker", address=HOME, email="els@b.nl")),
    ("shop", person("4", day=3, given_name="Elsje", family_name="Bakker-Smit", email="els@b.nl")),
    ("shop", person("4", day=4, gone=True)),
    ("crm", person("5", day=1, email="jan.bakker@b.nl", address=HOME, **(JAN | {"birth_date": "1980-01-10"}))),
]


def outcome(deliveries: list[tuple[str, Draft]], sizes: list[int]) -> dict[frozenset[str], Any]:
    """Which records are together, and what is said of them, without any id of ours."""
    with transaction.atomic():
        source("crm", rank=2)
        source("shop", rank=4)
        place, turn = 0, 0
        while place < len(deliveries):
            batch = deliveries[place : place + sizes[turn % len(sizes)]]
            for code in ("crm", "shop"):
                drafts = [draft for name, draft in batch if name == code]
                if drafts:
                    deliver(code, *drafts)
            place, turn = place + len(batch), turn + 1
        rows = Member.objects.filter(customer__isnull=False).select_related("record__source")
        names = {row.record_id: f"{row.record.source.code}/{row.record.external_id}" for row in rows}
        groups: dict[int, set[str]] = {}
        for row in rows:
            groups.setdefault(row.customer_id or 0, set()).add(names[row.record_id])
        found = {
            frozenset(groups[profile.customer_id]): (
                profile.name,
                {
                    code: [entry | {"record": names[entry["record"]]} for entry in entries]
                    for code, entries in profile.golden.items()
                },
            )
            for profile in Profile.objects.filter(customer_id__in=groups)
        }
        transaction.set_rollback(True)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(DELIVERIES), st.lists(st.integers(1, 6), min_size=1, max_size=3))
def test_any_order_gives_the_same_customers_and_golden_values(
    shuffled: list[tuple[str, Draft]], sizes: list[int]
) -> None:
    expected = outcome(DELIVERIES, [len(DELIVERIES)])
    assert any({"crm/1", "shop/2"} <= group for group in expected)
    assert len(expected) > 1
    assert outcome(shuffled, sizes) == expected
