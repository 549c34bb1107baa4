"""A customer at a moment, over REST."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from tests.surfaces.exchange.conftest import ANNA, BRAM, Api, MakeKey, problem

JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 10, 12, tzinfo=UTC)


@pytest.fixture
def renamed(api: Api) -> str:
    """Anna, who is called Anne since March."""
    with time_machine.travel(JANUARY, tick=False):
        customer = api.person("1", **ANNA)
    with time_machine.travel(MARCH, tick=False):
        api.person("1", **{**ANNA, "given_name": "Anne"})
    return customer


def given(api: Api, customer: str, **asked: str) -> str:
    query = "&".join(f"{name}={quote(text)}" for name, text in asked.items())
    with time_machine.travel(LATER, tick=False):
        response = api.get(f"/customers/{customer}/moment?{query}")
    assert response.status_code == 200, response.content
    return str(response.json()["attributes"].get("given_name", [{"value": ""}])[0]["value"])


def test_moment_tells_what_was_known_and_what_held(api: Api, renamed: str) -> None:
    assert given(api, renamed) == "Anne"
    assert given(api, renamed, known_at="2026-02-01") == "Anna"
    assert given(api, renamed, known_at="2026-03-10T13:30:00+01:00") == "Anne"
    assert given(api, renamed, at="2026-02-01") == "Anna"
    assert given(api, renamed, at="2026-03-11") == "Anne"
    assert given(api, renamed, at="2026-03-11", known_at="2026-02-01") == "Anna"
    assert given(api, renamed, known_at="2026-01-09") == ""


def test_moment_tells_its_records_and_follows_the_id_of_then(api: Api, renamed: str) -> None:
    with time_machine.travel(MARCH, tick=False):
        other = api.person("2", **BRAM)
        api.post("/customers/merge", {"customers": [renamed, other], "reason": "same"})
    with time_machine.travel(LATER, tick=False):
        then = api.get(f"/customers/{other}/moment?known_at=2026-02-01").json()
        assert (then["id"], then["records"], then["attributes"]) == (other, [], {})
        now = api.get(f"/customers/{other}/moment").json()
    assert (now["id"], now["redirected_from"]) == (renamed, other)
    assert sorted(record["external_id"] for record in now["records"]) == ["1", "2"]
    assert now["attributes"]["given_name"][0]["record"]["source"] == "crm"


def test_moment_to_come_and_moment_that_is_none_are_refused(api: Api, renamed: str) -> None:
    with time_machine.travel(LATER, tick=False):
        assert problem(api.get(f"/customers/{renamed}/moment?at=2026-05-01")) == (422, "moment.future")
        assert api.get(f"/customers/{renamed}/moment?at=gisteren").status_code == 422


def test_moment_shows_what_the_purpose_may_see(api: Api, make_key: MakeKey, renamed: str) -> None:
    with time_machine.travel(LATER, tick=False):
        assert "iban" in api.get(f"/customers/{renamed}/moment").json()["attributes"]
        api.purpose = "marketing"
        assert "iban" not in api.get(f"/customers/{renamed}/moment").json()["attributes"]
        assert make_key("customers:read").get(f"/customers/{renamed}/moment").status_code == 403
