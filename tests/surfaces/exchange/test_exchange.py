"""What every operation shares: the door, bodies, problems, request ids, sources and the feed of changes."""

from __future__ import annotations

import json
import os
from typing import Any

import psycopg
import pytest
from django.test import Client
from tests.surfaces.exchange.conftest import ANNA, BRAM, SYSTEM, Api, MakeKey, declaration, problem

from klantbeeld.foundation import actions
from klantbeeld.foundation.models import ApiKey, AuditLine
from klantbeeld.sources import actions as sources


def test_health_needs_no_key(db: None) -> None:
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_document_is_served_as_it_is_committed(db: None) -> None:
    from pathlib import Path

    from klantbeeld.exchange.rest.openapi import document_text
    from klantbeeld.exchange.urls import api

    committed = Path(__file__).parents[3] / "docs" / "openapi.json"
    text = document_text(api)
    assert committed.read_text(encoding="utf-8") == text, "renew it: klantbeeld openapi --out docs/openapi.json"
    assert Client().get("/api/v1/openapi.json").json() == json.loads(text)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer kb_live_x"])
def test_without_a_key_nothing_is_told(db: None, header: str) -> None:
    response = Client().get("/api/v1/sources", HTTP_AUTHORIZATION=header)
    assert problem(response) == (401, "access.unknown")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_revoked_key_is_refused_from_the_next_request_on(api: Api) -> None:
    assert api.get("/sources").status_code == 200
    actions.revoke_key(key_id=ApiKey.objects.get().key_id, actor=SYSTEM)
    assert problem(api.get("/sources")) == (401, "access.unknown")


def test_purpose_is_asked_for_and_checked(api: Api) -> None:
    customer = api.person("1", **ANNA)
    path = f"/customers/{customer}"
    for purpose, code in (
        ("", "access.purpose_missing"),
        ("curiosity", "access.purpose_unknown"),
        ("administration", "access.purpose_unknown"),
        ("fraud", "access.purpose_refused"),
    ):
        api.purpose = purpose
        assert problem(api.get(path)) == (403, code)
    assert not AuditLine.objects.filter(action="customers.read").exists()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "at line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"text": "a", "text": "b"}', "names something twice"),
        (b'{"text": NaN}', "NaN"),
        (b'{"text": "a\\u0000"}', "NUL"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_body_that_cannot_be_read(api: Api, body: bytes, detail: str) -> None:
    response = api.post("/customers/find", body)
    assert problem(response) == (400, "body.malformed")
    assert detail in response.json()["detail"]


def test_request_for_another_host_is_refused(api: Api) -> None:
    assert api.get("/sources", host="evil.example").status_code == 400


def test_answer_sets_no_cookie_and_tells_its_length(api: Api) -> None:
    response = api.get("/sources")
    assert not response.cookies
    assert response["Content-Length"] == str(len(response.content))
    assert response["X-Content-Type-Options"] == "nosniff"


def test_body_that_is_too_large(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert problem(api.post("/customers/find", {"text": "x" * 200})) == (413, "body.too_large")


def test_unknown_address_is_a_problem_too(api: Api) -> None:
    assert problem(api.get("/nothing/here")) == (404, "missing")


@pytest.mark.parametrize(("sent", "kept"), [("abc-1", True), ("x" * 37, False), ("a b", False), ("é", False)])
def test_request_id_of_the_caller_comes_back_when_it_is_plain(api: Api, sent: str, kept: bool) -> None:
    answered = api.get("/sources", x_request_id=sent)["X-Request-Id"]
    assert (answered == sent) is kept
    assert 0 < len(answered) <= 36


def test_database_that_is_away_gives_503_with_retry_after(transactional_db: None, make_key: MakeKey) -> None:
    api = make_key()
    with psycopg.connect(os.environ["KLANTBEELD_DATABASE_OWNER_URL"]) as other:
        other.execute("LOCK TABLE foundation_apikey")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '20ms'")
        response = api.get("/sources")
        other.rollback()
    assert problem(response) == (503, "unavailable")
    assert response["Retry-After"] == "1"


def test_mistake_of_ours_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    from klantbeeld.foundation import outbox

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret of a customer")

    monkeypatch.setattr(outbox, "read_after", fail)
    response = api.get("/changes")
    assert problem(response) == (500, "internal")
    assert "secret" not in response.content.decode()


# --- sources


def test_source_is_connected_changed_and_found(make_key: MakeKey) -> None:
    api = make_key()
    made = api.put("/sources/shop", declaration("shop"))
    assert made.status_code == 200, made.content
    assert (made.json()["code"], made.json()["declaration_version"]) == ("shop", 1)
    assert api.put("/sources/shop", declaration("shop")).json()["declaration_version"] == 1
    changed = api.put("/sources/shop", {**declaration("shop"), "trust_rank": 3}, if_match='"v1"')
    assert changed.json()["declaration_version"] == 2
    assert problem(api.put("/sources/shop", declaration("shop"), if_match='"v1"')) == (412, "precondition.failed")
    found = api.get("/sources/shop")
    assert (found.json()["trust_rank"], found["ETag"]) == (3, '"v2"')
    assert [source["code"] for source in api.get("/sources").json()] == ["shop"]
    assert api.get("/sources/shop/declaration").json()["trust_rank"] == 3
    assert api.get("/sources/shop/runs").json() == {"runs": [], "next_cursor": ""}
    assert api.get("/sources/shop/quarantine").json() == {"refusals": [], "next_cursor": ""}


def test_declaration_with_faults_says_where(make_key: MakeKey) -> None:
    api = make_key()
    assert problem(api.put("/sources/shop", declaration("crm"))) == (422, "sources.code_differs")
    response = api.put("/sources/shop", {**declaration("shop"), "trust_rank": "high"})
    assert problem(response)[0] == 422
    assert "trust_rank" in response.content.decode()


@pytest.mark.parametrize("path", ["", "/declaration", "/runs", "/quarantine"])
def test_source_that_is_not_there(api: Api, path: str) -> None:
    assert problem(api.get(f"/sources/nothere{path}")) == (404, "sources.missing")


def test_run_that_is_not_there(api: Api) -> None:
    assert problem(api.get("/runs/run_01h455vb4pex5vsknk084sn02q"))[0] == 404


def test_catalogue_and_purposes(api: Api) -> None:
    attributes = {(row["kind"], row["code"]): row for row in api.get("/attributes").json()}
    assert attributes["person", "gender"]["choices"][0]["label"]["nl"] == "vrouw"
    assert attributes["person", "iban"]["sensitivity"] == "sensitive"
    purposes = {row["code"]: row for row in api.get("/purposes").json()}
    assert purposes["marketing"]["basis"] == "consent"


# --- changes


def test_feed_gives_every_change_once(transactional_db: None, make_key: MakeKey) -> None:
    api = make_key()
    sources.declare(declaration=declaration(), actor=SYSTEM)
    start = api.get("/changes?start=now").json()
    assert (start["changes"], start["at_end"]) == ([], True)
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    merge = api.post("/customers/merge", {"customers": [anna, bram], "reason": "one"}).json()["merge"]
    seen, data, cursor, pages = [], {}, start["next_cursor"], 0
    while True:
        page = api.get(f"/changes?cursor={cursor}&limit=1").json()
        seen += [(change["type"], change["customer"]) for change in page["changes"]]
        data |= {change["type"]: change["data"] for change in page["changes"]}
        cursor, pages = page["next_cursor"], pages + 1
        if page["at_end"]:
            break
    assert seen[:2] == [("customer.created", anna), ("customer.created", bram)]
    assert ("customer.merged", bram) in seen
    assert data["customer.merged"]["into"] == anna, "both ids: the one that went up, and the one that stands"
    assert len(seen) == len(set(seen)) == pages
    api.post(f"/merges/{merge}/undo", {"reason": "two"})
    later = api.get(f"/changes?cursor={cursor}").json()["changes"]
    both = {
        (change["type"], change["customer"], change["data"].get("from", change["data"].get("into"))) for change in later
    }
    assert {("customer.revived", bram, anna), ("customer.split", anna, bram)} <= both
    for change in later:
        assert "Anna" not in json.dumps(change)


@pytest.mark.parametrize("cursor", ["x", "MQ", "====", "9" * 100, "MS4yLjM"])
def test_cursor_that_is_not_ours(api: Api, cursor: str) -> None:
    assert problem(api.get(f"/changes?cursor={cursor}")) == (422, "cursor.malformed")
