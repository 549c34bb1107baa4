"""What the screens show of a customer beside the golden record, over REST: lists, holdings, neighbours."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.surfaces.exchange.conftest import ANNA, BRAM, SYSTEM, Api, MakeKey, declaration, problem

from klantbeeld.foundation import actions, catalogue
from klantbeeld.foundation.models import Attribute, AuditLine
from klantbeeld.sources import actions as sources

HOME = {"street": "Hofweg", "house_number": "12", "postcode": "2511 AA", "city": "Den Haag"}


def put(api: Api, kind: str, external_id: str, attributes: dict[str, Any], **more: Any) -> str:
    """Deliver a record; returns its customer, or nothing for what is no party."""
    body = {"kind": kind, "external_id": external_id, "attributes": attributes, **more}
    response = api.put("/sources/crm/record", body)
    assert response.status_code == 200, response.content
    return str(response.json()["customer"] or "")


def holder(role: str, external_id: str = "1", kind: str = "person", **period: str) -> dict[str, Any]:
    return {"role": role, "holder": {"kind": kind, "external_id": external_id}, **period}


def audited(action: str) -> AuditLine:
    return AuditLine.objects.get(action=action)


# --- the list


def names(api: Api, **asked: Any) -> list[str]:
    response = api.post("/customers/list", asked)
    assert response.status_code == 200, response.content
    return [row["name"].split()[-1] for row in response.json()["customers"]]


def test_list_goes_page_by_page_in_the_order_of_names(api: Api) -> None:
    for number, name in enumerate(("Zon", "Aker", "Maan")):
        api.person(str(number), given_name=f"P{'abc'[number]}", family_name=name, birth_date=f"19{60 + number}-01-01")
    first = api.post("/customers/list", {"limit": 2}).json()
    assert (len(first["customers"]), first["total"]) == (2, 3)
    assert first["customers"][0]["sources"] == ["crm"]
    second = api.post("/customers/list", {"limit": 2, "cursor": first["next_cursor"]}).json()
    assert second["next_cursor"] == ""
    together = [row["name"].split()[-1] for page in (first, second) for row in page["customers"]]
    assert together == ["Aker", "Maan", "Zon"]
    assert names(api, order="changed") == ["Maan", "Aker", "Zon"]


def test_list_is_narrowed_by_what_the_screens_offer(api: Api) -> None:
    api.person("1", **ANNA)
    api.person("2", **ANNA)
    api.person("3", **BRAM)
    put(api, "organisation", "4", {"name": "Molen"})
    assert names(api, kind="organisation") == ["Molen"]
    assert names(api, city="grou") == ["Visser"]
    assert names(api, several=True) == ["Jansen"]
    assert names(api, kind="person") == ["Jansen", "Visser"]
    sources.declare(declaration=declaration("till"), actor=SYSTEM)
    assert names(api, source="till") == []
    assert len(names(api, source="crm")) == 3
    assert problem(api.post("/customers/list", {"source": "nothere"})) == (404, "sources.missing")


def test_list_takes_no_cursor_that_it_did_not_give_out(api: Api) -> None:
    forged = base64.urlsafe_b64encode(b'["zon", 99999999999999999999999]').decode()
    for cursor in ("x", forged, f"{forged}:x"):
        response = api.post("/customers/list", {"cursor": cursor})
        assert problem(response) == (422, "cursor.malformed")
        assert response.json()["errors"][0]["pointer"] == "/cursor"


def test_list_is_written_down_without_what_was_asked(api: Api) -> None:
    api.person("1", **ANNA)
    names(api, city="Den Haag")
    line = audited("customers.list")
    assert (line.purpose, len(line.detail["found"])) == ("service", 1)
    assert "haag" not in str(line.detail).lower()


# --- holdings


@pytest.fixture
def anna(api: Api) -> str:
    """Anna with a policy on a car, a tenancy that ended, an order and a call."""
    customer = put(
        api, "person", "1", ANNA,
        identifiers=[{"scheme": "loyalty", "value": "77"}, {"scheme": "iban", "value": "NL91ABNA0417164300"}],
        source_at="2026-05-01T10:00:00+02:00",
    )  # fmt: skip
    put(
        api, "contract", "P1", {"type": "policy", "title": "Car", "number": "POL-1", "state": "active"},
        identifiers=[{"scheme": "plate", "value": "XX-1", "of": "object"}],
        roles=[holder("insured", from_date="2026-01-01")],
    )  # fmt: skip
    put(
        api, "object", "D1", {"type": "dwelling", "title": "Hofweg 12"},
        roles=[holder("tenant", from_date="2001-02-03", to_date="2011-12-31")],
    )  # fmt: skip
    put(
        api, "activity", "O1",
        {"type": "order", "number": "O-1", "at": "2026-03-01T12:00:00+01:00", "amount": "12.50", "cost": "7.00"},
        roles=[holder("customer"), holder("payer")],
    )  # fmt: skip
    put(api, "activity", "C1", {"type": "call", "at": "1969-07-20T20:17:00+00:00"}, roles=[holder("caller")])
    return customer


def test_roles_in_contracts_and_objects_with_their_periods(api: Api, anna: str) -> None:
    roles = api.get(f"/customers/{anna}/roles").json()["roles"]
    assert [(row["role"], row["from_date"], row["to_date"], row["target"]["type"]) for row in roles] == [
        ("insured", "2026-01-01", None, "policy"),
        ("tenant", "2001-02-03", "2011-12-31", "dwelling"),
    ]
    target = roles[0]["target"]
    assert (target["title"], target["number"], target["record"]["external_id"]) == ("Car", "POL-1", "P1")
    assert target["identifiers"] == [{"scheme": "plate", "value": "XX-1", "of": "object"}]
    assert roles[0]["declared_by"]["external_id"] == "P1"
    assert audited("customers.roles").subject_kind == "customer"


def test_timeline_page_by_page_and_of_one_type(api: Api, anna: str) -> None:
    first = api.get(f"/customers/{anna}/timeline?limit=1").json()
    (order,) = first["events"]
    assert (order["type"], order["number"], order["amount"], order["roles"]) == (
        "order", "O-1", "12.5000", ["customer", "payer"],
    )  # fmt: skip
    second = api.get(f"/customers/{anna}/timeline?limit=1&cursor={first['next_cursor']}").json()
    assert ([event["type"] for event in second["events"]], second["next_cursor"]) == (["call"], "")
    assert second["events"][0]["at"] == "1969-07-20T20:17:00Z"
    assert [event["type"] for event in api.get(f"/customers/{anna}/timeline?type=call").json()["events"]] == ["call"]
    assert AuditLine.objects.filter(action="customers.timeline").count() == 3


def test_timeline_shows_what_the_purpose_may_see(api: Api, anna: str) -> None:
    assert api.get(f"/customers/{anna}/timeline?type=order").json()["events"][0]["cost"] is None
    api.purpose = "contract"
    assert api.get(f"/customers/{anna}/timeline?type=order").json()["events"][0]["cost"] == "7.0000"


@pytest.mark.parametrize("cursor", ["x", "MQ", "OTIyMzM3MjAzNjg1NDc3NTgwNy4x"])
def test_timeline_takes_no_place_that_does_not_exist(api: Api, anna: str, cursor: str) -> None:
    assert problem(api.get(f"/customers/{anna}/timeline?cursor={cursor}")) == (422, "cursor.malformed")


def test_identifiers_with_their_sources_as_the_purpose_may_see_them(api: Api, anna: str) -> None:
    shown = api.get(f"/customers/{anna}/identifiers").json()["identifiers"]
    assert {"scheme": "loyalty", "value": "77", "of": "person", "sources": ["crm"]} in shown
    assert "iban" in {one["scheme"] for one in shown}
    api.purpose = "marketing"
    assert {one["scheme"] for one in api.get(f"/customers/{anna}/identifiers").json()["identifiers"]} == {"loyalty"}


def test_sources_with_their_freshness(api: Api, anna: str) -> None:
    sources.declare(declaration=declaration("till"), actor=SYSTEM)
    assert api.person("9", source="till", **ANNA) == anna
    shown = api.get(f"/customers/{anna}/sources").json()["sources"]
    assert [one["source"] for one in shown] == ["till", "crm"], "the freshest first"
    assert (shown[1]["changed_at"], shown[1]["label"]["nl"]) == ("2026-05-01T08:00:00Z", "CRM")
    assert shown[1]["records"][0]["record"]["external_id"] == "1"


# --- neighbours


def test_relations_from_both_sides_with_role_and_period(api: Api) -> None:
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    molen = put(
        api, "organisation", "3", {"name": "Molen"},
        roles=[
            holder("contact_person", from_date="2026-01-01"),
            {"role": "branch", "target": {"kind": "organisation", "external_id": "4"}},
        ],
    )  # fmt: skip
    zuid = put(api, "organisation", "4", {"name": "Molen Zuid"})
    put(api, "person", "1", ANNA, roles=[{"role": "guardian", "target": {"kind": "person", "external_id": "2"}}])

    def told(customer: str) -> set[tuple[str, str, str]]:
        rows = api.get(f"/customers/{customer}/relations").json()["relations"]
        return {(row["customer"]["id"], row["role"], row["holder"]) for row in rows}

    assert told(anna) == {(molen, "contact_person", "this"), (bram, "guardian", "this")}
    assert told(bram) == {(anna, "guardian", "other")}
    assert told(molen) == {(anna, "contact_person", "other"), (zuid, "branch", "this")}
    row = api.get(f"/customers/{molen}/relations").json()["relations"][-1]
    assert row["declared_by"]["external_id"] == "3"
    assert len(AuditLine.objects.filter(action="customers.relations").first().detail["found"]) == 2


def test_household_with_its_evidence(api: Api) -> None:
    anna = api.person("1", **ANNA)
    peter = api.person(
        "2", given_name="Peter", family_name="Jansen", birth_date="1978-01-02", address=[{"value": HOME}]
    )
    assert peter != anna
    body = api.get(f"/customers/{anna}/household").json()
    assert ([one["customer"]["id"] for one in body["customers"]], body["more"]) == ([peter], 0)
    pair = body["customers"][0]["pair"]
    assert pair["together"] is False
    assert max(pair["classes"], key=pair["classes"].get) == "household"
    assert {step["field"] for step in pair["steps"] if step["level"].startswith("same")} >= {"address", "family"}
    line = AuditLine.objects.filter(action="customers.household").get()
    assert len(line.detail["found"]) == 1


def test_possible_duplicates_with_their_reasons(api: Api) -> None:
    anna = api.person("1", given_name="Anna", family_name="Jansen", address=[{"value": HOME}])
    other = api.person("2", initials="A.", family_name="Jansen", address=[{"value": HOME}])
    assert other != anna, "too little to join them without a person looking"
    body = api.get(f"/customers/{anna}/duplicates").json()
    assert [one["customer"]["id"] for one in body["customers"]] == [other]
    pair = body["customers"][0]["pair"]
    assert (pair["together"], 0 < pair["probability"] < 1, bool(pair["sentence"]["nl"])) == (False, True, True)
    assert {pair["left"]["external_id"], pair["right"]["external_id"]} == {"1", "2"}


def test_neighbours_hide_what_the_purpose_may_not_see(api: Api, make_key: MakeKey) -> None:
    iban = [{"scheme": "iban", "value": "NL91ABNA0417164300"}]
    put(api, "person", "1", {k: v for k, v in ANNA.items() if k != "iban"}, identifiers=iban)
    peter = {"given_name": "Peter", "family_name": "Jansen", "birth_date": "1978-01-02", "address": [{"value": HOME}]}
    customer = put(api, "person", "2", peter, identifiers=iban)
    assert "customers" in api.get(f"/customers/{customer}/household").json()
    api.purpose = "marketing"
    for part in ("household", "duplicates", "relations", "identifiers", "explain"):
        assert "0417164300" not in api.get(f"/customers/{customer}/{part}").content.decode()


def test_evidence_hides_the_values_of_attributes_that_the_purpose_may_not_see(
    api: Api, request: pytest.FixtureRequest
) -> None:
    customer = api.person("1", **ANNA)
    assert api.person("2", **ANNA) == customer
    Attribute.objects.filter(kind="person", code="birth_date").update(purposes=["service"])
    catalogue.forget()
    request.addfinalizer(catalogue.forget)

    def birth() -> dict[str, Any]:
        (pair,) = api.get(f"/customers/{customer}/explain").json()["pairs"]
        (step,) = (step for step in pair["steps"] if step["field"] == "birth")
        return dict(step)

    seen = birth()
    assert seen["left"] == seen["right"] is not None
    api.purpose = "marketing"
    assert birth() == {**seen, "left": None, "right": None}


PARTS = ("identifiers", "sources", "roles", "timeline", "household", "relations", "duplicates")


@pytest.mark.parametrize("part", PARTS)
def test_part_of_a_customer_that_merged_away_or_is_empty_or_unknown(api: Api, part: str) -> None:
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    api.post("/customers/merge", {"customers": [anna, bram], "reason": "one"})
    assert api.get(f"/customers/{bram}/{part}").content == api.get(f"/customers/{anna}/{part}").content
    for external_id in ("1", "2"):
        api.post("/sources/crm/record/remove", {"kind": "person", "external_id": external_id})
    assert not any(api.get(f"/customers/{anna}/{part}").json().values())
    unknown = f"/customers/cus_01h455vb4pex5vsknk084sn02q/{part}"
    assert problem(api.get(unknown)) == (404, "customer.missing")


@pytest.mark.parametrize("part", PARTS)
def test_part_does_not_say_that_a_customer_exists_to_who_may_not_read(api: Api, make_key: MakeKey, part: str) -> None:
    anna = api.person("1", **ANNA)
    blind = make_key("changes:read")
    real = blind.get(f"/customers/{anna}/{part}", x_request_id="same")
    unknown = blind.get(f"/customers/cus_01h455vb4pex5vsknk084sn02q/{part}", x_request_id="same")
    assert problem(real) == (403, "access.scope_missing")
    assert real.content == unknown.content


def test_company_of_a_key_does_not_list_by_the_source_of_another(api: Api, make_key: MakeKey) -> None:
    other = actions.ensure_company(code="other", name="Other", actor=SYSTEM)
    stranger = make_key("customers:find", company_id=other)
    assert problem(stranger.post("/customers/list", {"source": "crm"})) == (404, "sources.missing")


def test_list_is_not_narrowed_by_a_town_that_the_purpose_may_not_see(api: Api, request: pytest.FixtureRequest) -> None:
    api.person("1", **ANNA)
    request.addfinalizer(catalogue.forget)
    for kind in ("person", "organisation"):
        Attribute.objects.filter(kind=kind, code="address").update(purposes=["service"])
    catalogue.forget()
    assert names(api, city="Den Haag") == ["Jansen"]
    api.purpose = "marketing"
    for narrowed in ({}, {"kind": "person"}, {"kind": "organisation"}):
        answer = api.post("/customers/list", {"city": "Den Haag", **narrowed})
        assert problem(answer) == (403, "access.attribute_refused")
        assert "address" in answer.json()["detail"]
    assert "address" in api.post("/customers/list", {"city": "Grou"}, accept_language="nl").json()["detail"]
    assert names(api) == ["Jansen"], "the list itself is open"
    Attribute.objects.filter(kind="person", code="address").update(purposes=[])
    catalogue.forget()
    assert names(api, city="Den Haag", kind="person") == ["Jansen"]
    assert problem(api.post("/customers/list", {"city": "Den Haag"}))[0] == 403, "organisations are in it too"


def test_prefix_of_a_name_is_explained_by_prefixes(api: Api) -> None:
    customer = api.person("1", **{**ANNA, "name_prefix": "van der"})
    assert api.person("2", **{**ANNA, "family_name": "Janssen", "name_prefix": "de"}) == customer
    why = api.get(f"/customers/{customer}/explain/name_prefix").json()
    assert {one["value"] for one in why["candidates"]} == {"van der", "de"}
    won = [one["value"] for one in why["candidates"] if one["won"]]
    golden = api.get(f"/customers/{customer}").json()["attributes"]["name_prefix"]
    assert won == [one["value"] for one in golden]


def test_correction_of_null_takes_back_and_says_nothing_of_its_own(api: Api) -> None:
    customer = api.person("1", **ANNA)
    path = f"/customers/{customer}/correct"
    assert problem(api.post(path, {"attribute": "given_name", "value": None})) == (409, "corrections.nothing")
    assert api.post(path, {"attribute": "given_name", "value": "Anne"}).status_code == 200
    assert api.post(path, {"attribute": "given_name", "value": None}).status_code == 200
    (value,) = api.get(f"/customers/{customer}").json()["attributes"]["given_name"]
    assert value["value"] == "Anna", "the source counts again"
    for empty in ("", " "):
        assert problem(api.post(path, {"attribute": "given_name", "value": empty})) == (422, "corrections.value")
    assert problem(api.post(path, {"attribute": "email", "value": []})) == (422, "corrections.form")
