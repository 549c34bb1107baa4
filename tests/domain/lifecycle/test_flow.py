"""Figures add up whatever happens, and merging and taking apart never look like people coming and going."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
    town,
)

from klantbeeld.flows.merge import merge, unmerge
from klantbeeld.flows.rebuild import rebuild
from klantbeeld.identity.models import Customer, Member
from klantbeeld.lifecycle import actions, queries
from klantbeeld.lifecycle.models import Standing, Transition

pytestmark = pytest.mark.django_db
ELS = {"given_name": "Els", "family_name": "Smit", "email": "els@s.nl"}
KEES = {"given_name": "Kees", "family_name": "Visser", "birth_date": "1970-05-05"}
PEOPLE: list[tuple[str, str, dict[str, Any]]] = [
    ("crm", "1", JAN), ("shop", "1", JAN), ("store", "1", JAN), ("crm", "2", ELS), ("store", "2", ELS),
    ("shop", "3", KEES),
]  # fmt: skip
NAMED = st.sampled_from([(code, name) for code, name, _ in PEOPLE])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("person"), st.sampled_from(range(len(PEOPLE))), st.booleans()),
        st.tuples(st.just("order"), NAMED, st.sampled_from([0, -800])),
        st.tuples(st.just("contract"), NAMED, st.sampled_from([None, 3, -5])),
        st.tuples(st.just("merge"), NAMED, NAMED),
        st.tuples(st.just("undo"), st.integers(0, 3), st.none()),
        st.tuples(st.just("night"), st.none(), st.none()),
    ),
    min_size=3,
    max_size=14,
)


def _customer_of(code: str, name: str) -> Customer | None:
    row = Member.objects.filter(record__source__code=code, record__external_id=name, kind=1).first()
    return row.customer if row else None


def _play(steps: list[tuple[str, Any, Any]]) -> None:
    acts = []
    for number, (what, first, second) in enumerate(steps):
        seen = len(moves())
        if what == "person":
            code, name, said = PEOPLE[first]
            bring(code, person(name, day=number, gone=second, **said), on=number)
        elif what == "order":
            bring(first[0], order(f"o{number}", first[1], on=number + second, said=number), on=number)
        elif what == "contract":
            end = None if second is None else number + second
            bring(first[0], contract(f"c{number}", first[1], begin=number - 20, end=end), on=number)
        elif what == "merge":
            one, other = _customer_of(*first), _customer_of(*second)
            if one and other and one != other:
                acts.append(merge(customers=[one.uuid, other.uuid], at=day(number), **DOOR).merge_uuid)
                assert {how for *_, how in moves(seen)} <= {"merged"}
        elif what == "undo" and acts:
            unmerge(merge_uuid=acts.pop(first % len(acts)), at=day(number), **DOOR)
            assert {how for *_, how in moves(seen)} <= {"split", "merged"}
        elif what == "night":
            actions.start_nightly(at=day(number))
            actions.go_on(at=day(number))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_states_are_a_projection_and_figures_add_up(db: None, steps: list[tuple[str, Any, Any]]) -> None:
    with transaction.atomic():
        town()
        _play(steps)
        stood = standings()
        replayed: dict[tuple[int, str], str] = {}
        for row in Transition.objects.select_related("company").order_by("id"):
            place = row.customer_id, row.company.code
            assert replayed.pop(place, "") == row.was, "each transition goes on where the one before it ended"
            if row.becomes:
                replayed[place] = row.becomes
        assert replayed == stood, "the history ends where they stand"
        found = queries.figures(actor=STEWARD, months=3, at=day(len(steps)))
        for period in found.periods:
            for cell in period.cells:
                net = cell.came - cell.left + cell.regrouped + cell.redefined
                assert cell.opening + net == cell.closing
                assert cell.opening >= 0
        assert all(cell.opening == 0 for cell in found.periods[0].cells)
        codes = {one.id: one.code for one in found.companies}
        assert {(codes[company], state): count for (company, state), count in found.counts.items()} == counted()
        actions.start_nightly(at=day(len(steps)))
        actions.go_on(at=day(len(steps)))
        stood = standings()
        Standing.objects.all().delete()
        rebuild(actor=STEWARD, at=day(len(steps)))
        assert standings() == stood, "made again from nothing it is the same"
        transaction.set_rollback(True)


def test_figures_per_month_tell_people_from_regrouping() -> None:
    town()
    bring("crm", person("1", **JAN), on=-40)  # November
    bring("crm", person("2", **ELS), on=-10)  # December
    bring("crm", order("o1", "1", on=-9), on=-9)
    merge(customers=[customer("crm", "1").uuid, customer("crm", "2").uuid], at=day(1), **DOOR)  # January
    found = queries.figures(actor=STEWARD, months=3, company="noord", at=day(2))
    assert [period.from_date for period in found.periods] == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    told = {
        (period.from_date.month, cell.state): (
            cell.opening, cell.came, cell.left, cell.regrouped, cell.redefined, cell.closing,
        )
        for period in found.periods
        for cell in period.cells
    }  # fmt: skip
    assert told == {
        (11, "lead"): (0, 1, 0, 0, 0, 1),
        (11, "customer"): (0, 0, 0, 0, 0, 0),
        (12, "lead"): (1, 1, 1, 0, 0, 1),
        (12, "customer"): (0, 1, 0, 0, 0, 1),
        (1, "lead"): (1, 0, 0, -1, 0, 0),
        (1, "customer"): (1, 0, 0, 0, 0, 1),
    }
    assert [state.code for state in found.states] == ["suspect", "lead", "customer", "former"]


def test_the_customers_behind_a_figure_are_those_that_moved() -> None:
    town()
    bring("crm", person("1", **JAN), person("2", **ELS), on=0)
    bring("crm", order("o1", "1", on=1), on=1)
    asked: dict[str, Any] = {"company": "noord", "from_date": date(2026, 1, 1), "until_date": date(2026, 2, 1), **DOOR}
    jan, els = customer("crm", "1"), customer("crm", "2")
    became = queries.list_moved(becomes="customer", **asked)
    assert [(row.uuid, row.was, row.becomes, row.at) for row in became.rows] == [(jan.uuid, "lead", "customer", day(1))]
    first = queries.list_moved(becomes="lead", limit=1, **asked)
    assert first.next_place is not None
    second = queries.list_moved(becomes="lead", limit=1, place=first.next_place, **asked)
    assert {row.uuid for page in (first, second) for row in page.rows} == {jan.uuid, els.uuid}
    assert second.next_place is None
    assert queries.list_moved(kind="regrouped", **asked).rows == ()
    assert queries.list_moved(**(asked | {"until_date": date(2026, 1, 1)})).rows == ()
    leads = queries.list_in_state(company="noord", state="lead", **DOOR)
    assert [row.uuid for row in leads.rows] == [els.uuid]
    # The one that moved went up in another customer: the figure leads to the one that stands.
    merge(customers=[els.uuid, jan.uuid], at=day(2), **DOOR)
    assert {row.uuid for row in queries.list_moved(becomes="lead", **asked).rows} == {jan.uuid}
