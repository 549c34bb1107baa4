"""A key bound to a company: its own sources, and customers that have a current record of that company (adr/0006)."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from tests.surfaces.exchange.conftest import ANNA, SYSTEM, Api, MakeKey, declaration, problem

from klantbeeld.exchange import bulk
from klantbeeld.foundation import actions
from klantbeeld.kit.ids import parse_id
from klantbeeld.sources import actions as sources
from klantbeeld.sources.models import Record

KEY = {"kind": "person", "external_id": "1"}


class Group:
    """Two companies with a source each, a key of each, and Anna, whom both know."""

    def __init__(self, make_key: MakeKey) -> None:
        ids = {}
        for code, company in (("crm", "acme"), ("till", "rival")):
            sources.declare(declaration=declaration(code, company), actor=SYSTEM)
            ids[company] = actions.ensure_company(code=company, name=company, actor=SYSTEM)
        self.all = make_key()
        self.acme, self.rival = (make_key(company_id=ids[company]) for company in ("acme", "rival"))
        self.anna = self.acme.person("1", **ANNA)
        shared = {**ANNA, "given_name": "Anne", "phone": [{"value": "06-87654321"}]}
        identifiers = [{"scheme": "loyalty", "value": "PAS-778899"}]
        body = {**KEY, "external_id": "A", "attributes": shared, "identifiers": identifiers}
        assert self.rival.put("/sources/till/record", body).json()["customer"] == self.anna
        holder = {"holder": {"kind": "person", "external_id": "A"}}
        contract = {"kind": "contract", "external_id": "C1", "attributes": {"title": "Secret deal"}}
        identifiers = [{"scheme": "contract", "value": "DEAL-4711"}]
        body = {**contract, "identifiers": identifiers, "roles": [{"role": "payer", **holder}]}
        assert self.rival.put("/sources/till/record", body).status_code == 200
        self.rik = self.rival.person("9", source="till", given_name="Rik", family_name="Rival", birth_date="1950-01-01")


@pytest.fixture
def group(make_key: MakeKey) -> Group:
    return Group(make_key)


def test_golden_values_are_those_of_the_group(group: Group) -> None:
    seen, whole = (key.get(f"/customers/{group.anna}").json() for key in (group.acme, group.all))
    assert seen == whole
    assert seen["records"] == 2


PLACES = ("/identifiers", "/sources", "/roles", "/timeline", "/explain", "/explain/phone", "/explain/given_name")


@pytest.mark.parametrize("place", [*PLACES, "/relations", "/household", "/duplicates", "?provenance=true", "/moment"])
def test_nothing_beside_the_golden_values_tells_of_another_company(group: Group, place: str) -> None:
    answer = group.acme.get(f"/customers/{group.anna}{place}")
    assert answer.status_code == 200, answer.content
    for told in ("till", "TILL", "PAS-778899", "Secret deal", "DEAL-4711", '"A"', "C1"):
        assert told not in answer.content.decode(), told
    whole = group.all.get(f"/customers/{group.anna}{place}").content.decode()
    if place in ("/identifiers", "/sources", "/roles", "/explain", "/explain/phone", "?provenance=true"):
        assert any(told in whole for told in ("till", "PAS-778899", "Secret deal")), "the whole group is told"


@pytest.mark.parametrize("text", ["PAS-778899", "DEAL-4711", "Rik Rival", "Rival"])
def test_numbers_of_another_company_and_its_customers_are_not_found(group: Group, text: str) -> None:
    assert group.acme.post("/customers/find", {"text": text}).json() == {"hits": []}
    assert group.all.post("/customers/find", {"text": text}).json()["hits"]


def test_own_customers_are_found_and_listed_with_own_sources(group: Group) -> None:
    for asked in ("Anna Jansen", "06-12345678"):
        (hit,) = group.acme.post("/customers/find", {"text": asked}).json()["hits"]
        assert (hit["customer"]["id"], hit["customer"]["sources"]) == (group.anna, ["crm"])
    page = group.acme.post("/customers/list", {}).json()
    assert [(row["id"], row["sources"]) for row in page["customers"]] == [(group.anna, ["crm"])]
    assert page["total"] == 1
    assert group.all.post("/customers/list", {}).json()["total"] == 2


def test_customer_that_loses_its_last_record_of_the_company_is_lost_from_sight(group: Group) -> None:
    assert group.acme.post("/sources/crm/record/remove", KEY).json()["outcome"] == "gone"
    assert problem(group.acme.get(f"/customers/{group.anna}")) == (404, "customer.missing")
    assert group.rival.get(f"/customers/{group.anna}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_feed_tells_a_key_of_its_own_customers_and_no_internal_id(group: Group) -> None:
    def told(key: Api) -> list[dict[str, Any]]:
        page = key.get("/changes?limit=1000").json()
        assert page["at_end"]
        return list(page["changes"])

    assert {one["customer"] for one in told(group.acme)} == {group.anna}
    assert {one["customer"] for one in told(group.all)} == {group.anna, group.rik}
    assert {one["data"].get("cause") for one in told(group.acme)} <= {"source:crm", None}
    assert {one["data"].get("cause") for one in told(group.all)} == {"source:crm", "source:till"}
    merge = group.all.post("/customers/merge", {"customers": [group.anna, group.rik], "reason": "one"}).json()["merge"]
    merged = told(group.all)[-2:]
    assert {one["data"]["cause"] for one in merged} == {merge}
    group.all.post(f"/merges/{merge}/undo", {"reason": "two"})
    assert told(group.all)[-1]["data"]["cause"] == f"undo:{merge}"
    after = [one for one in told(group.acme) if "split" in one["type"]]
    assert after
    assert all("into" not in one["data"] for one in after), "the part that it does not know is not named"
    group.all.post(f"/customers/{group.anna}/correct", {"attribute": "given_name", "value": "Ans"})
    assert told(group.all)[-1]["data"]["cause"].startswith("rec_")
    assert "cause" not in told(group.acme)[-1]["data"], "a correction is a record of the group"


def test_merge_that_concerns_a_customer_out_of_reach_is_not_taken_back(group: Group) -> None:
    asked = {"customers": [group.anna, group.rik], "reason": "one"}
    assert problem(group.acme.post("/customers/merge", asked)) == (404, "customer.missing")
    other = group.rival.person("7", source="till", given_name="Ab", family_name="Zon", birth_date="1961-01-01")
    merge = group.rival.post("/customers/merge", {"customers": [other, group.rik], "reason": "one"}).json()["merge"]
    undo = group.acme.post(f"/merges/{merge}/undo", {"reason": "two"})
    assert problem(undo) == (404, "identity.no_decision")
    assert group.rival.post(f"/merges/{merge}/undo", {"reason": "two"}).status_code == 200


def role_at(source: str, external_id: str = "C1") -> dict[str, Any]:
    target = {"kind": "contract", "external_id": external_id, "source": source}
    return {**KEY, "attributes": ANNA, "roles": [{"role": "payer", "target": target}]}


def test_role_on_a_record_of_another_company_is_refused_like_one_on_a_source_that_is_not_there(group: Group) -> None:
    before = Record.objects.count()
    told = set()
    for code in ("till", "nothere", "desk"):
        one = group.acme.put("/sources/crm/record", role_at(code), x_request_id="same")
        many = group.acme.post("/sources/crm/records", {"records": [role_at(code)]}, x_request_id="same")
        assert problem(one)[0] == problem(many)[0] == 422
        told.add((one.content.decode().replace(code, "X"), many.content.decode().replace(code, "X")))
    assert len(told) == 1, "no answer tells which sources there are"
    assert Record.objects.count() == before
    assert group.all.put("/sources/crm/record", role_at("till")).status_code == 200


def test_delivery_of_a_key_that_was_moved_to_another_company_meanwhile_fails(group: Group) -> None:
    from klantbeeld.foundation.models import ApiKey, Company

    row = {"kind": "person", "external_id": "77", "attributes": {"family_name": "Later"}}
    job = group.acme.post("/sources/crm/records", {"records": [row]}).json()["id"]
    company = Company.objects.get(code="rival")
    ApiKey.objects.filter(company__code="acme").update(company=company)
    assert not bulk.store_next(parse_id("job", job))
    failed = group.acme.get(f"/jobs/{job}").json()
    assert (failed["state"], failed["problem"][:15]) == ("failed", "sources.missing")
    assert not Record.objects.filter(external_id="77").exists()


def test_sources_and_imports_of_another_company_are_not_listed(group: Group) -> None:
    assert [one["code"] for one in group.acme.get("/sources").json()] == ["crm"]
    assert [one["code"] for one in group.rival.get("/sources").json()] == ["till"]
    assert [one["code"] for one in group.all.get("/sources").json()] == ["crm", "till"]


def test_source_is_declared_for_the_own_company_only(group: Group) -> None:
    assert group.acme.put("/sources/crm", {**declaration("crm"), "trust_rank": 3}).status_code == 200
    taken, free = (group.acme.put(f"/sources/{code}", declaration(code)) for code in ("till", "shop"))
    assert problem(taken) == problem(free) == (404, "sources.missing")
    moved = group.acme.put("/sources/crm", declaration("crm", "rival"))
    assert problem(moved) == (403, "sources.company")
    assert group.all.put("/sources/shop", declaration("shop")).status_code == 200


def test_past_in_which_a_customer_was_of_another_company_alone_is_not_told(make_key: MakeKey) -> None:
    with time_machine.travel("2026-02-01T12:00:00Z", tick=False):
        group = Group(make_key)
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        own = group.acme.person("9", given_name="Rik", family_name="Rival", birth_date="1950-01-01")
        body = {"customers": [own, group.rik], "reason": "one"}
        assert own == group.rik or group.all.post("/customers/merge", body).status_code == 200
        then = f"/customers/{group.rik}/moment?known_at=2026-02-02"
        assert group.acme.get(f"/customers/{group.rik}/moment").status_code == 200
        assert problem(group.acme.get(then)) == (404, "customer.missing")
        assert group.rival.get(then).status_code == 200
