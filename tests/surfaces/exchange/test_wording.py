"""Problems in the reader's language."""

from __future__ import annotations

import string
from typing import Any

import pytest
from tests.surfaces.exchange.conftest import Api, problem

from klantbeeld.exchange import wording
from klantbeeld.exchange.problem import TITLES

UNKNOWN = "/customers/cus_01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nl", "nl"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en;q=0.5, nl;q=0.9", "nl"),
        ("de, en-GB;q=0.5, nl;q=0.2", "en"),
        ("de", "en"),
        ("*", "en"),
        ("*, nl;q=0.1", "en"),
        ("NL", "nl"),
        ("", "en"),
        (";;q=,,", "en"),
    ],
)
def test_language_is_the_one_asked_for_most(header: str, language: str) -> None:
    assert wording.language_of(header) == language


def test_problem_is_told_in_dutch_and_in_english(api: Api) -> None:
    dutch = api.get(UNKNOWN, accept_language="nl")
    assert problem(dutch) == (404, "customer.missing")
    assert (dutch.json()["title"], dutch.json()["detail"]) == ("Niet gevonden", "Er is geen klant met dit id.")
    assert (dutch["Content-Language"], dutch["Vary"]) == ("nl", "Accept-Language")
    english = api.get(UNKNOWN)
    assert (english.json()["title"], english["Content-Language"]) == ("Not found", "en")
    assert api.get("/sources/nothere", accept_language="nl").json()["detail"] == "Er is geen bron 'nothere'."


def test_faults_of_a_request_are_told_in_dutch(api: Api) -> None:
    response = api.post("/customers/find", {"limit": 0}, accept_language="nl")
    assert [(one["pointer"], one["message"]) for one in response.json()["errors"]] == [
        ("/text", "ontbreekt"),
        ("/limit", "verwacht werd ten minste 1"),
    ]


@pytest.mark.parametrize("purpose", ["", "curiosity", "fraud"])
def test_refusal_of_a_purpose_is_told_in_dutch(api: Api, purpose: str) -> None:
    api.purpose = purpose
    body: dict[str, Any] = api.get(UNKNOWN, accept_language="nl").json()
    assert (body["status"], body["detail"]) == (
        403,
        wording.DETAILS[body["code"]].format(purpose="fraud"),
    )


def test_what_has_no_dutch_text_says_that_it_is_english(api: Api) -> None:
    response = api.put(
        "/sources/crm/record",
        {"kind": "person", "external_id": "1", "attributes": {"shoe_size": 3}},
        accept_language="nl",
    )
    assert (response.json()["code"], response["Content-Language"]) == ("record.invalid", "en")


def test_every_status_has_a_title_in_both_languages_and_texts_name_known_places() -> None:
    assert set(wording.TITLES) == set(TITLES)
    places = {name for text in wording.DETAILS.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert places == {"scope", "purpose", "source", "retry_after", "attribute", "place"}
