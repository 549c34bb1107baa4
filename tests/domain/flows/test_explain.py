"""Why these records are one customer, and why those are not: as data, in both languages."""

from __future__ import annotations

import pytest
from tests.domain.flows.house import PURPOSE, STEWARD, address, customer, deliver, person, source

from klantbeeld.flows.correct import correct
from klantbeeld.flows.merge import keep_apart, merge
from klantbeeld.identity import queries
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.sources.models import Record

pytestmark = pytest.mark.django_db
DOOR = {"actor": STEWARD, "purpose": PURPOSE}
HOME = address("3511AB", "12")
JAN = {"given_name": "Jan", "family_name": "Bakker", "birth_date": "1980-01-01", "email": "jan@b.nl", "address": HOME}
ELS = {"given_name": "Els", "family_name": "Bakker", "birth_date": "1983-07-09", "address": HOME, "gender": "f"}


@pytest.fixture
def house() -> None:
    source("crm")
    source("shop")
    deliver("crm", person("jan", gender="m", **JAN), person("els", **ELS))
    deliver("shop", person("jan2", phone="0612345678", **JAN), person("far", given_name="Piet", family_name="Bos"))


def record(name: str) -> int:
    return int(Record.objects.get(external_id=name).id)


@pytest.mark.usefixtures("house")
def test_the_steps_of_a_pair_add_up_to_its_weight_and_the_sentence_is_in_both_languages() -> None:
    told = queries.explain_pair(record("jan"), record("jan2"))
    assert told.together
    assert told.why_not == ""
    assert told.prior + sum(step.weight for step in told.steps) == pytest.approx(told.weight)
    assert sum(told.classes.values()) == pytest.approx(1)
    assert {"nl", "en"} == set(told.sentence)
    assert told.sentence["nl"] != told.sentence["en"]
    levels = {step.field: step.level for step in told.steps}
    assert levels["email"].startswith("same")
    assert "email" in told.shared_keys


@pytest.mark.usefixtures("house")
def test_a_household_is_told_from_a_person_and_shown_as_a_relation() -> None:
    assert customer("crm", "els") != customer("crm", "jan")
    told = queries.explain_pair(record("els"), record("jan"))
    assert not told.together
    assert told.why_not in ("weak", "queue", "conflict")
    assert told.rival == "household"
    jan, els = customer("crm", "jan").id, customer("crm", "els").id
    assert queries.households_of([jan, els]) == {jan: (els,), els: (jan,)}


@pytest.mark.usefixtures("house")
def test_a_customer_is_held_together_by_its_links_and_decisions() -> None:
    merge(customers=[customer("crm", "jan").uuid, customer("shop", "far").uuid], reason="zelfde pas", **DOOR)
    correct(customer=customer("crm", "jan").uuid, attribute="given_name", value="Johan", **DOOR)
    why = queries.explain_customer(customer("crm", "jan").id)
    assert set(why.records) >= {record("jan"), record("jan2"), record("far")}
    assert [(link.left_id, link.right_id) for link in why.backbone] == [(record("jan"), record("jan2"))]
    assert [(pair.left_id, pair.right_id) for pair in why.pairs] == [(record("jan"), record("jan2"))]
    said = {(row.verdict, row.reason) for row in why.decisions}
    assert ("same", "zelfde pas") in said


@pytest.mark.usefixtures("house")
def test_a_decision_is_the_reason_why_not() -> None:
    keep_apart(customers=[customer("crm", "jan").uuid, customer("crm", "els").uuid], **DOOR)
    told = queries.explain_pair(record("jan"), record("els"))
    assert told.why_not == "decision"
    assert "besloten" in told.sentence["nl"]


@pytest.mark.usefixtures("house")
def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(Missing):
        queries.explain_pair(record("jan"), 10**9)
    with pytest.raises(Invalid, match="two different"):
        queries.explain_pair(record("jan"), record("jan"))
    corrected = correct(customer=customer("crm", "jan").uuid, attribute="given_name", value="Johan", **DOOR)
    with pytest.raises(Invalid, match="tied to it by hand"):
        queries.explain_pair(record("jan"), corrected.record_id)
