"""The review queue over REST: what a screen can do, the API can."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.exchange.conftest import Api, MakeKey, problem
from tests.surfaces.exchange.review_requests import doubt, record

from klantbeeld.foundation.models import AuditLine
from klantbeeld.kit.ids import format_id


@pytest.fixture
def waiting(api: Api) -> dict[str, Any]:
    doubt()
    (row,) = api.get("/reviews").json()["reviews"]
    return dict(row)


def test_queue_goes_page_by_page_and_tells_whom_it_is_about(api: Api, waiting: dict[str, Any]) -> None:
    assert [one["name"] for one in waiting["customers"]] == ["Tim Jansen", "Tim Janssen"]
    assert (waiting["state"], waiting["kind"], waiting["records"], waiting["version"]) == ("review", "person", 2, 1)
    first = api.get("/reviews?limit=1&state=automatic").json()
    assert (len(first["reviews"]), first["next_cursor"]) == (1, "")
    assert problem(api.get("/reviews?cursor=zz")) == (422, "cursor.malformed")
    assert api.get("/reviews?state=closed").status_code == 422


def test_review_shows_sides_winners_evidence_and_impact(api: Api, waiting: dict[str, Any]) -> None:
    full = api.get(f"/reviews/{waiting['id']}").json()
    assert [[one["external_id"] for one in side["records"]] for side in full["sides"]] == [["t1"], ["t2"]]
    assert full["together"]["email"][0]["record"]["external_id"] == "t1"
    (pair,) = full["pairs"]
    assert pair["weight"] == pytest.approx(waiting["weight"])
    preview = api.post(f"/reviews/{waiting['id']}/preview", {}).json()
    assert (preview["customers"], preview["records"], preview["second"]) == (2, 2, [])
    changed = {(change["customer"], change["attribute"]) for change in preview["changes"]}
    assert (waiting["customers"][1]["id"], "email") in changed


def test_judging_is_one_act_that_undo_takes_back(api: Api, waiting: dict[str, Any]) -> None:
    body = {"verdict": "merge", "version": waiting["version"], "reason": "belde"}
    again = {"idempotency_key": "one"}
    made = api.post(f"/reviews/{waiting['id']}/judge", body, **again)
    assert made.status_code == 200, made.content
    assert api.post(f"/reviews/{waiting['id']}/judge", body, **again).json() == made.json()
    assert problem(api.post(f"/reviews/{waiting['id']}/judge", body)) == (409, "reviews.changed")
    assert AuditLine.objects.filter(action="customers.merge").count() == 1
    assert api.post(f"/merges/{made.json()['merge']}/undo", {"reason": "vergissing"}).status_code == 200
    stream = api.get(f"/reviews/{waiting['id']}").json()["stream"]
    assert [(row["what"], row["undone"]) for row in stream] == [("undo", False), ("merge", True)]
    assert api.get("/reviews").json()["reviews"][0]["id"] == waiting["id"]


def test_refusal_is_a_review_of_its_own_with_the_act_that_takes_it_back(api: Api, waiting: dict[str, Any]) -> None:
    body = {"verdict": "refuse", "version": waiting["version"]}
    act = api.post(f"/reviews/{waiting['id']}/judge", body).json()["merge"]
    (row,) = api.get("/reviews?state=refused").json()["reviews"]
    assert (row["merge"], row["state"]) == (act, "refused")
    assert {one["id"] for one in row["customers"]} == {one["id"] for one in waiting["customers"]}
    assert api.get("/reviews").json()["reviews"] == []


def test_limits_declared_over_the_api_hold_for_the_next_merge(api: Api, waiting: dict[str, Any]) -> None:
    limits = {"customers": 2, "records": 0, "activities": 0, "contracts": 0}
    assert api.get("/reviews/limits").json()["customers"] == 5
    assert api.put("/reviews/limits", limits).json() == limits
    assert api.get("/reviews/limits").json() == limits
    body = {"verdict": "merge", "version": waiting["version"]}
    made = api.post(f"/reviews/{waiting['id']}/judge", body).json()
    assert (made["outcome"], made["second"]) == ("proposed", ["customers"])
    assert problem(api.post(f"/reviews/{waiting['id']}/judge", body)) == (409, "reviews.same_person")
    both = [one["id"] for one in waiting["customers"]]
    merged = api.post("/customers/merge", {"customers": both, "reason": "x"}, accept_language="nl")
    assert problem(merged) == (403, "reviews.second_needed")
    assert "tweede beheerder" in merged.json()["detail"]


def test_record_moves_and_customer_splits(api: Api, waiting: dict[str, Any]) -> None:
    to = waiting["customers"][0]["id"]
    moved = api.post(f"/records/{record('own')}/move", {"customer": to, "reason": "gebeld"})
    assert moved.status_code == 200, moved.content
    assert to in moved.json()["customers"]
    split = api.post(f"/customers/{to}/split", {"records": [record("own")]})
    assert split.status_code == 200, split.content
    assert len(split.json()["customers"]) == 2


def test_sample_is_drawn_and_answered(api: Api, waiting: dict[str, Any]) -> None:
    drawn = api.post("/reviews/samples", {"size": 5, "seed": 3}).json()["sample"]
    checks = api.get(f"/reviews/samples/{drawn}").json()["checks"]
    assert {check["record"]["external_id"] for check in checks} == {"w1", "w2"}
    for check in checks:
        assert api.post(f"/reviews/checks/{check['id']}/answer", {"answer": "right"}).status_code == 200
    precision = api.get("/reviews/figures").json()["precision"]
    assert (precision["right"], precision["share"]) == (2, 1.0)
    assert precision["low"] == pytest.approx(0.3424, abs=1e-4)


def test_values_that_the_purpose_may_not_see_are_not_shown(make_key: MakeKey, crm: None) -> None:
    doubt()
    hidden = make_key("customers:merge", "customers:find", "customers:read")
    hidden.purpose = "marketing"
    item = format_id("rvw", doubt().uuid)
    full = hidden.get(f"/reviews/{item}").json()
    assert full["sides"], full
    from klantbeeld.foundation.catalogue import visible

    allowed = visible("person", "marketing", False)
    assert {code for side in full["sides"] for code in side["values"]} <= allowed
    assert "birth_date" not in allowed or full["sides"][0]["values"]["birth_date"]
