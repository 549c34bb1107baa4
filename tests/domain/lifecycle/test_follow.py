"""States follow what happens to customers: records, orders, contracts, merges, and time."""

from __future__ import annotations

import pytest
from tests.domain.flows.house import STEWARD
from tests.domain.lifecycle.town import (
    DOOR,
    JAN,
    bring,
    contract,
    counted,
    customer,
    day,
    moves,
    order,
    person,
    standings,
    state,
    town,
)

from klantbeeld.consent import actions as consent
from klantbeeld.flows.merge import merge, unmerge
from klantbeeld.flows.rebuild import rebuild
from klantbeeld.foundation.models import OutboxEvent
from klantbeeld.lifecycle import actions
from klantbeeld.lifecycle.models import Review, Standing, Transition
from klantbeeld.sources.models import Record

pytestmark = pytest.mark.django_db


def test_state_follows_records_orders_and_time() -> None:
    town()
    bring("crm", person("1"), on=0)
    assert state("crm", "1") == "suspect"
    bring("crm", person("1", day=1, **JAN), on=1)
    assert state("crm", "1") == "lead"
    bring("crm", order("o1", "1", on=2), on=2)
    assert state("crm", "1") == "customer"
    assert actions.start_nightly(at=day(731)) is not None
    assert actions.go_on(at=day(731)) == 1
    assert state("crm", "1") == "customer", "730 days is not over yet"
    actions.start_nightly(at=day(733))
    actions.go_on(at=day(733))
    assert state("crm", "1") == "former"
    assert moves() == [
        ("noord", "", "suspect", "facts"),
        ("noord", "suspect", "lead", "facts"),
        ("noord", "lead", "customer", "facts"),
        ("noord", "customer", "former", "time"),
    ]
    last = Transition.objects.latest("id")
    assert last.facts["orders"] == 1
    assert last.facts["last_order_at"].startswith("2026-01-03T12:00:00")
    assert last.cause == f"review:{Review.objects.latest('id').pk}"
    assert last.since == day(2), "customer since the first order"


def test_an_order_alone_moves_its_customer() -> None:
    town()
    bring("crm", person("1", **JAN), person("2", given_name="Els", family_name="Smit", email="els@s.nl"))
    bring("crm", order("o1", "1", on=1), on=1)
    assert (state("crm", "1"), state("crm", "2")) == ("customer", "lead")
    bring("crm", order("o1", "1", on=1, state="cancelled", said=2), on=2)
    assert state("crm", "1") == "lead", "an order that was cancelled never was one"
    bring("crm", order("o2", "2", on=2, role="receiver"), on=2)
    assert state("crm", "2") == "lead", "who only receives is no customer"
    bring("crm", order("o3", "2", on=3), on=3)
    bring("crm", order("o3", "1", on=4), on=4)
    assert (state("crm", "1"), state("crm", "2")) == ("customer", "lead"), "the order went to the other"
    bring("crm", order("o3", "1", on=5, gone=True), on=5)
    assert state("crm", "1") == "lead"


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [(-10, None, "customer"), (-10, 10, "customer"), (-10, 0, "customer"), (-10, -1, "former"), (5, None, "lead")],
    ids=["open", "in force", "last day", "ended", "to begin"],
)
def test_contracts_count_on_their_days(begin: int, end: int | None, expected: str) -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("crm", contract("c1", "1", begin, end))
    assert state("crm", "1") == expected


def test_who_is_insured_is_no_customer_by_that() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("crm", contract("c1", "1", -10, role="insured"))
    assert state("crm", "1") == "lead"


def test_a_contract_begins_and_ends_by_time_alone() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("crm", contract("c1", "1", 5, 20))
    seen = []
    for number in (4, 5, 20, 21):
        actions.start_nightly(at=day(number))
        actions.go_on(at=day(number))
        seen.append(state("crm", "1"))
    assert seen == ["lead", "customer", "customer", "former"]
    assert [how for _, _, _, how in moves()] == ["facts", "time", "time"]


def test_companies_have_states_of_their_own() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("store", person("1", **JAN), order("o1", "1", on=0))
    assert customer("crm", "1") == customer("store", "1")
    assert (state("crm", "1"), state("store", "1", "zuid")) == ("lead", "customer")
    bring("store", person("1", day=1, gone=True), order("o1", "1", on=1, gone=True), on=1)
    assert (state("crm", "1"), state("crm", "1", "zuid")) == ("lead", "")
    assert moves()[-1] == ("zuid", "customer", "", "facts")


def test_a_gone_customer_leaves_and_comes_back() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("crm", person("1", day=1, gone=True), on=1)
    assert standings() == {}
    bring("crm", person("1", day=2, **JAN), on=2)
    assert moves() == [
        ("noord", "", "lead", "facts"),
        ("noord", "lead", "", "facts"),
        ("noord", "", "lead", "facts"),
    ]


def test_merge_and_unmerge_give_the_right_state_and_no_flow() -> None:
    town()
    bring("crm", person("1", **JAN), on=0)
    bring("shop", person("9", given_name="Els", family_name="Smit", email="els@s.nl"), order("o1", "9", on=1), on=1)
    before, seen = standings(), len(moves())
    kept = {(row.customer_id, row.state): row.since for row in Standing.objects.all()}
    made = merge(customers=[customer("crm", "1").uuid, customer("shop", "9").uuid], at=day(2), **DOOR)
    assert state("crm", "1") == "customer"
    assert counted() == {("noord", "customer"): 1}
    assert sorted(moves(seen)) == [("noord", "customer", "", "merged"), ("noord", "lead", "customer", "merged")]
    assert Standing.objects.get().since == day(1), "since the first order, whoever's it was"
    unmerge(merge_uuid=made.merge_uuid, at=day(3), **DOOR)
    assert standings() == before
    assert {(row.customer_id, row.state): row.since for row in Standing.objects.all()} == kept
    assert {how for _, _, _, how in moves(seen + 2)} == {"split"}


def test_rebuild_changes_nothing() -> None:
    town()
    bring("crm", person("1", **JAN), order("o1", "1", on=0))
    bring("store", person("1", **JAN))
    before, seen = standings(), len(moves())
    rebuild(actor=STEWARD, at=day(1))
    assert (standings(), moves(seen)) == (before, [])
    Standing.objects.all().delete()
    rebuild(actor=STEWARD, at=day(1))
    assert standings() == before, "a projection: it can be made again"


def test_events_tell_moves_but_not_what_was_born() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("crm", order("o1", "1", on=1), on=1)
    rows = OutboxEvent.objects.filter(type="lifecycle.changed")
    assert [(row.subject_kind, row.subject_id, row.subject_uuid) for row in rows] == [
        ("lifecycle", customer("crm", "1").pk, customer("crm", "1").uuid)
    ]
    source = Record.objects.get(external_id="1").source_id
    assert rows[0].payload == {
        "company": "noord", "was": "lead", "becomes": "customer", "how": "facts", "cause": f"source:{source}",
    }  # fmt: skip


def test_a_correction_by_an_employee_belongs_to_no_company() -> None:
    town()
    bring("crm", person("1"))
    assert state("crm", "1") == "suspect"
    source = Record.objects.get(external_id="1").source
    type(source).objects.filter(pk=source.pk).update(builtin=True)
    actions.start_nightly(at=day(1))
    actions.go_on(at=day(1))
    assert standings() == {}


def test_the_nightly_review_goes_on_where_it_was_and_is_asked_for_once() -> None:
    town()
    bring("crm", *(person(str(number), given_name="A", family_name=f"N{number}") for number in range(5)))
    first = actions.start_nightly(at=day(800))
    assert actions.start_nightly(at=day(801)) is None, "one waits already"
    size, actions.BATCH = actions.BATCH, 2
    try:
        assert actions.go_on(at=day(800), batches=1) == 2
        assert Review.objects.get(pk=first).done_at is None
        assert actions.go_on(at=day(800)) == 3
    finally:
        actions.BATCH = size
    row = Review.objects.get(pk=first)
    assert (row.judged, row.moved, row.done_at) == (5, 0, day(800))
    assert actions.go_on(at=day(800)) == 0


def test_consent_is_a_fact_of_the_company_that_was_told() -> None:
    town()
    policy = {
        "schema": 1,
        "minimum": "lead",
        "states": [
            {"code": "lead", "label": {"nl": "Lead", "en": "Lead"}, "step": 2, "when": "marketing_consent"},
            {"code": "suspect", "label": {"nl": "S", "en": "S"}, "step": 1, "when": "!marketing_consent"},
        ],
    }
    actions.activate(company="", document=policy, based_on=1, actor=STEWARD, at=day(0))
    bring("crm", person("1", **JAN))
    bring("store", person("1", **JAN))
    assert standings() == {}, "nobody asked: unknown is neither true nor false"
    record = Record.objects.get(source__code="crm", external_id="1")
    for number, act in enumerate(("given", "withdrawn")):
        consent.record(
            record_id=record.pk, purpose="marketing", act=act, at=day(number), actor=STEWARD, stated_purpose="service"
        )
        actions.start_nightly(at=day(number + 1))
        actions.go_on(at=day(number + 1))
        expected = {"given": "lead", "withdrawn": "suspect"}[act]
        assert standings() == {(customer("crm", "1").pk, "noord"): expected}
