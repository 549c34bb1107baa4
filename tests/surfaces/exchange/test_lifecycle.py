"""The lifecycle over the API: a customer's states with reasons, figures with who is behind them, policies."""

from __future__ import annotations

import copy

import pytest
from tests.surfaces.exchange.conftest import ANNA, BRAM, Api, problem

from klantbeeld.lifecycle import actions

pytestmark = pytest.mark.django_db


def test_customer_has_states_with_reasons_and_history(api: Api) -> None:
    anna = api.person("1", **ANNA)
    body = api.get(f"/customers/{anna}/lifecycle").json()
    (standing,) = body["companies"]
    assert (standing["company"], standing["state"], standing["worth_recording"]) == ("acme", "lead", True)
    assert [(one["state"], one["holds"]) for one in standing["tried"]] == [
        ("customer", None), ("former", False), ("lead", True),
    ]  # fmt: skip
    assert standing["tried"][-1]["sentence"]["en"].startswith("Name known is yes")
    assert (body["joint_controllers"], body["more_history"]) == (False, False)
    assert [(one["was"], one["becomes"], one["how"]) for one in body["history"]] == [("", "lead", "facts")]


def test_figures_lead_to_their_customers(api: Api) -> None:
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    body = api.get("/lifecycle/figures?months=1").json()
    assert body["counts"] == [{"company": "acme", "state": "lead", "customers": 2}]
    (period,) = body["periods"]
    assert [(cell["state"], cell["came"], cell["closing"]) for cell in period["cells"]] == [("lead", 2, 2)]
    asked = {"company": "acme", "from_date": period["from_date"], "until_date": period["until_date"], "becomes": "lead"}
    first = api.post("/lifecycle/customers", {**asked, "limit": 1}).json()
    rest = api.post("/lifecycle/customers", {**asked, "limit": 1, "cursor": first["next_cursor"]}).json()
    assert {one["customer"] for page in (first, rest) for one in page["customers"]} == {anna, bram}
    assert rest["next_cursor"] == ""
    standing = api.post("/lifecycle/customers", {"company": "acme", "state": "lead"}).json()
    assert {one["customer"] for one in standing["customers"]} == {anna, bram}


def test_a_policy_is_simulated_and_then_put_in_force_on_the_version_it_was_made_on(api: Api) -> None:
    anna = api.person("1", **ANNA)
    (policy,) = api.get("/lifecycle/policies").json()
    assert (policy["company"], policy["own"], policy["version"]) == ("acme", False, 1)
    document = copy.deepcopy(policy["policy"])
    document["states"][2]["when"] = "orders > 0"
    tried = api.post("/lifecycle/simulate", {"company": "acme", "policy": document}).json()
    assert tried["moves"] == [{"was": "lead", "becomes": "suspect", "count": 1, "examples": [anna]}]
    made = api.put("/lifecycle/policy", {"company": "acme", "policy": document, "based_on": 0})
    assert made.json() == {"company": "acme", "version": 1}
    assert actions.go_on() == 1
    assert api.get(f"/customers/{anna}/lifecycle").json()["companies"][0]["state"] == "suspect"
    again = api.put("/lifecycle/policy", {"company": "acme", "policy": document, "based_on": 0})
    assert problem(again) == (409, "lifecycle.changed_meanwhile")
    document["states"][2]["when"] = "ordres > 0"
    wrong = api.post("/lifecycle/simulate", {"company": "acme", "policy": document})
    assert problem(wrong)[1] == "lifecycle.policy"
    assert "`orders`" in wrong.json()["detail"]
