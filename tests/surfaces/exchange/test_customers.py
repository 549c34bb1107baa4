"""Customers over REST: read, found, explained, merged and corrected, through the doors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from tests.surfaces.exchange.conftest import ANNA, BRAM, Api, MakeKey, problem

from klantbeeld.foundation.models import AuditLine
from klantbeeld.kit.ids import parse_id


@contextmanager
def statements() -> Iterator[list[str]]:
    """What goes to the database, by whatever cursor.

    Left out are savepoints, which are there because a test is a transaction, and what Django's ORM asks: registers
    that are kept in memory for some seconds, and may run out just now.
    """
    sent: list[str] = []
    plain = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        text = str(query).strip()
        if not text.startswith(('SELECT "', "SAVEPOINT", "RELEASE")):
            sent.append(text)
        return plain(cursor, query, *arguments, **named)

    with patch.object(psycopg.Cursor, "execute", execute):
        yield sent


def test_get_gives_the_golden_record_and_writes_the_read_down(api: Api) -> None:
    customer = api.person("1", **ANNA)
    response = api.get(f"/customers/{customer}", x_request_id="mine-1")
    body = response.json()
    assert (response.status_code, body["id"], body["kind"], body["version"]) == (200, customer, "person", 1)
    assert body["attributes"]["family_name"][0]["value"] == "Jansen"
    assert body["attributes"]["iban"][0]["value"] == "NL91ABNA0417164300"
    assert body["redirected_from"] is None
    assert response["ETag"] == '"v1"'
    assert response["Cache-Control"] == "no-store"
    line = AuditLine.objects.get(action="customers.read")
    assert (line.purpose, line.request_id, line.actor[:4]) == ("service", "mine-1", "key:")
    assert "iban" in line.detail["attributes"]


def test_get_tells_where_values_come_from(api: Api) -> None:
    customer = api.person("1", **ANNA)
    value = api.get(f"/customers/{customer}?provenance=true").json()["attributes"]["family_name"][0]
    assert value["why"] == "only"
    assert (value["record"]["source"], value["record"]["external_id"]) == ("crm", "1")
    plain = api.get(f"/customers/{customer}").json()["attributes"]["family_name"][0]
    assert plain["record"] is None


def test_get_shows_what_the_purpose_may_see(api: Api, make_key: MakeKey) -> None:
    customer = api.person("1", **ANNA)
    api.purpose = "marketing"
    assert "iban" not in api.get(f"/customers/{customer}").json()["attributes"]
    careful = make_key("customers:read")
    assert "iban" not in careful.get(f"/customers/{customer}").json()["attributes"]


def test_get_answers_304_to_whoever_has_this_version(api: Api) -> None:
    customer = api.person("1", **ANNA)
    response = api.get(f"/customers/{customer}", if_none_match='"v1"')
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", '"v1"')
    api.person("1", **{**ANNA, "given_name": "Anne"})
    assert api.get(f"/customers/{customer}", if_none_match='"v1"').status_code == 200


def test_unknown_and_malformed_customers(api: Api) -> None:
    unknown = "cus_01h455vb4pex5vsknk084sn02q"
    assert problem(api.get(f"/customers/{unknown}"))[0] == 404
    assert problem(api.get("/customers/cus_x")) == (422, "request.malformed")
    assert problem(api.get("/customers/7")) == (422, "request.malformed")


def test_find_by_number_in_another_notation_and_by_name_with_a_typo(api: Api) -> None:
    customer = api.person("1", **ANNA)
    api.person("2", **BRAM)
    by_number = api.post("/customers/find", {"text": "+31 6 1234 5678"}).json()["hits"]
    assert [hit["customer"]["id"] for hit in by_number] == [customer]
    assert (by_number[0]["found_by"], by_number[0]["via"][0]["scheme"]) == ("number", "phone")
    assert by_number[0]["via"][0]["record"]["external_id"] == "1"
    by_name = api.post("/customers/find", {"text": "Janssen Anna"}).json()["hits"]
    assert [(hit["customer"]["id"], hit["found_by"]) for hit in by_name] == [(customer, "name")]
    assert api.post("/customers/find", {"text": "0699999999"}).json()["hits"] == []


def test_what_is_searched_for_stands_in_no_audit_line(api: Api) -> None:
    api.person("1", **ANNA)
    api.post("/customers/find", {"text": "anna.jansen@example.nl"})
    for line in AuditLine.objects.all():
        assert "anna" not in str((line.detail, line.action, line.actor)).lower()


def test_merge_and_undo_bring_back_what_was(api: Api) -> None:
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    before = [api.get(f"/customers/{customer}").json()["attributes"] for customer in (anna, bram)]
    made = api.post("/customers/merge", {"customers": [anna, bram], "reason": "same, married"}).json()
    assert made["customers"] == [anna], "the oldest id stays"
    redirected = api.get(f"/customers/{bram}").json()
    assert (redirected["id"], redirected["redirected_from"]) == (anna, bram)
    assert redirected["records"] == 2
    undone = api.post(f"/merges/{made['merge']}/undo", {"reason": "they were two"})
    assert undone.status_code == 200
    assert sorted(undone.json()["customers"]) == sorted([anna, bram])
    after = [api.get(f"/customers/{customer}").json()["attributes"] for customer in (anna, bram)]
    assert after == before
    assert problem(api.post(f"/merges/{made['merge']}/undo", {"reason": "again"}))[0] == 409


def test_merge_refuses_one_customer_twice(api: Api) -> None:
    anna = api.person("1", **ANNA)
    assert problem(api.post("/customers/merge", {"customers": [anna, anna], "reason": "x"}))[0] in (409, 422)
    assert problem(api.post("/customers/merge", {"customers": [anna], "reason": "x"})) == (422, "request.malformed")
    unknown = "cus_01h455vb4pex5vsknk084sn02q"
    assert problem(api.post("/customers/merge", {"customers": [anna, unknown], "reason": "x"}))[0] == 404


def test_correct_outlives_the_next_delivery(api: Api) -> None:
    customer = api.person("1", **ANNA)
    response = api.post(
        f"/customers/{customer}/correct",
        {"attribute": "given_name", "value": "Annemarie", "reason": "on the phone"},
        if_match='"v1"',
    )
    assert response.status_code == 200, response.content
    assert response.json()["customer"] == customer
    api.person("1", **{**ANNA, "birth_date": "1980-05-18"})
    body = api.get(f"/customers/{customer}").json()
    assert body["attributes"]["given_name"][0]["value"] == "Annemarie"
    assert body["attributes"]["birth_date"][0]["value"] == "1980-05-18"


def test_correct_on_another_version_is_refused(api: Api) -> None:
    customer = api.person("1", **ANNA)
    asked = {"attribute": "given_name", "value": "Annemarie"}
    path = f"/customers/{customer}/correct"
    assert problem(api.post(path, asked, if_match='"v9"')) == (412, "precondition.failed")
    assert problem(api.post(path, asked, if_match="nonsense")) == (422, "precondition.malformed")
    assert api.get(f"/customers/{customer}").json()["version"] == 1
    assert problem(api.post(path, {"attribute": "shoe_size", "value": 42}))[0] == 422


def test_explain_customer_value_and_why_not_these_two(api: Api) -> None:
    anna = api.person("1", **ANNA)
    assert api.person("2", **ANNA) == anna, "the same person twice in one source"
    bram = api.person("3", **BRAM)
    why = api.get(f"/customers/{anna}/explain").json()
    assert {record["external_id"] for record in why["records"]} == {"1", "2"}
    assert len(why["backbone"]) == 1
    (pair,) = why["pairs"]
    assert pair["together"] is True
    assert pair["weight"] > 0
    assert {"field", "level", "label", "weight"} <= pair["steps"][0].keys()
    value = api.get(f"/customers/{anna}/explain/family_name").json()
    assert value["candidates"][0]["won"] is True
    assert len(value["candidates"][0]["records"]) == 2
    compared = api.post("/customers/compare", {"customers": [anna, bram]}).json()
    assert compared["together"] is False
    assert compared["sentence"]["nl"]
    assert problem(api.post("/customers/compare", {"customers": [anna, anna]}))[0] == 422


def test_explain_hides_what_the_purpose_may_not_see(api: Api) -> None:
    anna = api.person("1", **ANNA)
    api.person("2", **ANNA)
    api.purpose = "marketing"
    assert "NL91ABNA0417164300" not in api.get(f"/customers/{anna}/explain").content.decode()
    assert problem(api.get(f"/customers/{anna}/explain/iban"))[0] == 404


def test_history_shows_what_changed(api: Api) -> None:
    customer = api.person("1", **ANNA)
    api.person("1", **{**ANNA, "given_name": "Anne"})
    versions = api.get(f"/customers/{customer}/history").json()["versions"]
    assert [version["version"] for version in versions] == [2, 1]
    assert versions[0]["changes"] == {"given_name": {"before": ["Anna"], "after": ["Anne"]}}
    assert versions[0]["until_at"] is None


def test_get_takes_two_statements_the_key_and_the_golden_record_with_its_audit_line(api: Api) -> None:
    customer = api.person("1", **ANNA)
    api.get(f"/customers/{customer}")
    with statements() as sent:
        assert api.get(f"/customers/{customer}").status_code == 200
    assert [text.split()[0] for text in sent] == ["SELECT", "WITH"]


def test_get_writes_which_attributes_were_shown_for_each_kind_and_purpose(api: Api) -> None:
    anna = api.person("1", **ANNA)
    body = {"kind": "organisation", "external_id": "9", "attributes": {"name": "Bakker BV", "trade_name": "De Bakker"}}
    bakker = api.put("/sources/crm/record", body).json()["customer"]
    for customer in (anna, bakker):
        shown = sorted(api.get(f"/customers/{customer}").json()["attributes"])
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT action, purpose, subject_kind, detail::text, (SELECT id FROM identity_customer
                   WHERE id = subject_id AND uuid = %s) IS NOT NULL
                   FROM foundation_auditline ORDER BY id DESC LIMIT 1""",
                [parse_id("cus", customer)],
            )
            action, purpose, kind, detail, is_its = cursor.fetchone()
        assert (action, purpose, kind, is_its) == ("customers.read", api.purpose, "customer", True)
        assert json.loads(detail) == {"attributes": shown}


@pytest.mark.parametrize(("again", "most"), [({}, 30), ({"given_name": "Anne"}, 29)])
def test_delivering_a_record_takes_a_bounded_number_of_statements(api: Api, again: dict[str, str], most: int) -> None:
    api.person("1", **ANNA)
    api.person("2", **ANNA)
    with statements() as sent:
        api.person("2" if again else "3", **{**ANNA, **again})
    assert len(sent) <= most, "\n".join(" ".join(one.split())[:120] for one in sent)


def test_find_takes_no_more_statements_for_more_hits(
    api: Api, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(8):
        api.person(
            str(number), given_name=f"Piet{'abcdefgh'[number]}", family_name="Zonneveld", birth_date=f"19{60 + number}"
        )
    with django_assert_max_num_queries(9):
        assert len(api.post("/customers/find", {"text": "Zonneveld"}).json()["hits"]) == 8
