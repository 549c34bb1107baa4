"""A policy is read with all its problems at once, tried before it is put in force, and changes nobody by itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.domain.flows.house import STEWARD
from tests.domain.lifecycle.town import DOOR, JAN, bring, customer, day, moves, order, person, standings, state, town

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine, Company, OutboxEvent
from klantbeeld.kit.errors import Conflict, Invalid, Missing, Refused
from klantbeeld.lifecycle import actions, queries
from klantbeeld.lifecycle.models import Policy, Review
from klantbeeld.lifecycle.rules.policy import read_policy
from klantbeeld.lifecycle.rules.starter import STARTER

pytestmark = pytest.mark.django_db


def stricter() -> dict[str, Any]:
    """The starter, with a lead that needs an address."""
    document = copy.deepcopy(STARTER)
    document["states"][2]["when"] = "has_name && has_address"
    return document


def test_starter_is_in_force_and_says_itself_in_both_languages() -> None:
    town()
    views = queries.list_policies(actor=STEWARD)
    assert [(one.company.code, one.own, one.version) for one in views] == [("noord", False, 1), ("zuid", False, 1)]
    lead = views[0].states[2]
    assert lead.sentence["nl"] == ("Naam bekend is ja en e-mailadres, telefoonnummer of adres bekend is ja.")
    assert read_policy(STARTER).is_moving
    assert actions.install() is False


def test_every_problem_of_a_policy_is_told_at_once() -> None:
    document = {
        "schema": 2,
        "states": [
            {"code": "Lead", "label": {"nl": "Lead"}, "step": 0, "when": "has_nome"},
            {"code": "a", "label": {"nl": "A", "en": "A"}, "step": 1, "when": "orders > 0", "since": "orders"},
            {"code": "a", "label": {"nl": "A", "en": "A"}, "step": 1, "when": "true", "colour": "red"},
        ],
        "minimum": "b",
        "bystanders": [1],
        "more": 1,
    }
    with pytest.raises(Invalid) as error:
        read_policy(document)
    places = [line.split(":")[0] for line in error.value.where["problems"]]
    assert places == [
        "more", "schema", "states[1].code", "states[1].step", "states[1].label", "states[1].when",
        "states[2].since", "states[3].colour", "states", "minimum", "bystanders",
    ]  # fmt: skip
    assert "has_name" in error.value.message


@pytest.mark.parametrize("document", [None, [], {}, {"schema": 1, "states": []}, {"schema": 1, "states": [1]}])
def test_what_is_no_policy_is_refused(document: Any) -> None:
    with pytest.raises(Invalid):
        read_policy(document)


def test_simulation_counts_moves_and_changes_nothing() -> None:
    town()
    bring("crm", person("1", **JAN), person("2"), person("3", given_name="Els", family_name="Smit", email="e@s.nl"))
    bring("crm", order("o1", "3", on=0))
    before, seen = standings(), len(moves())
    found = queries.simulate(company="noord", document=stricter(), actor=STEWARD, at=day(1))
    assert {(move.was, move.becomes): move.count for move in found.moves} == {
        ("lead", "suspect"): 1,
        ("suspect", "suspect"): 1,
        ("customer", "customer"): 1,
    }
    assert (found.total, found.judged, found.moving) == (3, 3, 1)
    assert (found.moves[0].was, found.moves[0].examples) == ("lead", (customer("crm", "1").uuid,))
    assert (standings(), len(moves())) == (before, seen)


def test_an_activated_policy_moves_customers_as_policy_and_only_there() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("store", person("1", **JAN))
    version = actions.activate(company="noord", document=stricter(), based_on=0, actor=STEWARD, at=day(1))
    assert version == 1
    assert Review.objects.filter(done_at=None).count() == 1
    actions.go_on(at=day(1))
    assert (state("crm", "1"), state("crm", "1", "zuid")) == ("suspect", "lead")
    assert moves()[2:] == [("noord", "lead", "suspect", "policy")]
    cells = queries.figures(actor=STEWARD, months=1, company="noord", at=day(1)).periods[-1].cells
    assert {(cell.state, cell.came, cell.left, cell.redefined) for cell in cells} == {
        ("lead", 1, 0, -1),
        ("suspect", 0, 0, 1),
    }
    line = AuditLine.objects.get(action="lifecycle.policy_changed")
    assert line.detail == {"company": "noord", "version": 1, "active": True}
    assert OutboxEvent.objects.get(type="lifecycle.policy_changed").payload == line.detail
    actions.drop(company="noord", based_on=1, actor=STEWARD, at=day(2))
    actions.go_on(at=day(2))
    assert state("crm", "1") == "lead"


def test_a_policy_made_on_an_older_version_is_refused() -> None:
    town()
    actions.activate(company="", document=stricter(), based_on=1, actor=STEWARD)
    with pytest.raises(Conflict):
        actions.activate(company="", document=STARTER, based_on=1, actor=STEWARD)
    with pytest.raises(Missing):
        actions.activate(company="west", document=STARTER, based_on=0, actor=STEWARD)
    with pytest.raises(Invalid):
        actions.activate(company="noord", document={}, based_on=0, actor=STEWARD)
    assert Policy.objects.filter(active=True).count() == 1


def test_reasons_tell_what_was_tried_and_what_lacks() -> None:
    town()
    bring("crm", person("1", given_name="Jan", family_name="Bakker", birth_date="1980-01-01"))
    bring("store", person("2", given_name="Els", family_name="Smit"), order("o1", "2", on=0))
    made = queries.get_lifecycle(customer("crm", "1").uuid, at=day(1), **DOOR)
    (view,) = made.standings
    assert (view.row.state, view.worth_recording, made.joint) == ("suspect", False, False)
    assert [(one.state, one.holds) for one in view.tried] == [
        ("customer", None), ("former", False), ("lead", False), ("suspect", True),
    ]  # fmt: skip
    facts = {one.name: one.value for one in view.facts}
    assert (facts["has_name"], facts["has_contact_point"], facts["last_order_at"]) == (True, False, None)
    assert [(row.was, row.becomes, row.company.code) for row in made.history] == [("", "suspect", "noord")]


def test_companies_that_share_a_customer_are_joint_and_a_key_of_one_sees_its_own() -> None:
    town()
    bring("crm", person("1", **JAN))
    bring("store", person("1", **JAN))
    uuid = customer("crm", "1").uuid
    assert queries.get_lifecycle(uuid, **DOOR).joint
    key = Actor(
        "key", 1, "zuid", scopes=frozenset({"*"}), purposes=frozenset({"*"}),
        company=Company.objects.get(code="zuid").pk,
    )  # fmt: skip
    own = queries.get_lifecycle(uuid, actor=key, purpose="service")
    assert [one.row.company.code for one in own.standings] == ["zuid"]
    assert {row.company.code for row in own.history} == {"zuid"}
    assert [one.code for one in queries.figures(actor=key).companies] == ["zuid"]
    with pytest.raises(Missing):
        queries.simulate(company="noord", document=STARTER, actor=key)
    with pytest.raises(Refused):
        actions.activate(company="", document=STARTER, based_on=1, actor=key)
    with pytest.raises(Missing):
        actions.activate(company="noord", document=STARTER, based_on=0, actor=key)
