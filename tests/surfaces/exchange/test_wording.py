"""Problems in the reader's language."""

from __future__ import annotations

import inspect
import re
import string
from typing import Any

import pytest
from tests.surfaces.exchange.conftest import Api, declaration, problem

from klantbeeld.exchange import wording
from klantbeeld.exchange.problem import TITLES
from klantbeeld.foundation.rules import values

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
    response = api.post("/customers/find", b"{", accept_language="nl")
    assert (response.json()["code"], response["Content-Language"]) == ("body.malformed", "en")


@pytest.mark.parametrize(
    ("body", "dutch"),
    [
        ({"attributes": {"shoe_size": 3}}, "kenmerk 'shoe_size' bestaat niet van de soort person"),
        ({"attributes": {"birth_date": "17-05-1980"}}, "verwacht werd een datum: 1980, 1980-05 of 1980-05-31"),
        ({"attributes": {"gender": "q"}}, "verwacht werd een van "),
        ({"attributes": {"email": "x"}}, "verwacht werd een e-mailadres"),
        ({"attributes": {"family_name": "x" * 20_001}}, "verwacht werden hoogstens 20000 tekens"),
        ({"attributes": {"address": {"planet": "Mars"}}}, "verwacht werd een adres met delen uit city, country"),
        ({"attributes": {"email": [{"value": "a@b.nl", "x": 1}]}}, "een waarde heeft value, role, from en to; niet x"),
        ({"roles": [{"role": "payer"}]}, "een rol bindt dit record aan een ander"),
        ({"source_at": "2999-01-01T00:00:00Z"}, "ligt meer dan 24 uur in de toekomst"),
        ({"attributes": {"family_name": "BSN 123456782"}}, "een burgerservicenummer (BSN) wordt geweigerd"),
    ],
)
def test_fault_of_a_record_is_told_in_the_language_of_the_request(api: Api, body: dict[str, Any], dutch: str) -> None:
    asked = {"kind": "person", "external_id": "1", **body}
    response = api.put("/sources/crm/record", asked, accept_language="nl")
    (fault,) = response.json()["errors"]
    assert fault["message"].startswith(dutch)
    assert response["Content-Language"] == "nl"
    assert response.json()["detail"].startswith(fault["pointer"])
    english = api.put("/sources/crm/record", asked).json()
    assert english["errors"][0]["pointer"] == fault["pointer"]
    assert english["errors"][0]["message"] != fault["message"]


def test_fault_of_a_declaration_is_told_in_the_language_of_the_request(api: Api) -> None:
    wrong = declaration("shop")
    wrong["feeds"][0]["records"][0]["attributes"] = {"shoe_size": "size"}
    english, dutch = (api.put("/sources/shop", wrong, accept_language=one) for one in ("en", "nl"))
    assert problem(english) == problem(dutch) == (422, "sources.declaration")
    assert (english["Content-Language"], dutch["Content-Language"]) == ("en", "nl")
    (one,), (een,) = english.json()["errors"], dutch.json()["errors"]
    assert one["pointer"] == een["pointer"] == "/feeds/0/records/0/attributes/shoe_size"
    assert een["message"] == "onbekend kenmerk van person"
    assert one["message"] != een["message"]
    assert een["message"] in dutch.json()["detail"]


def test_every_fault_of_a_value_has_a_dutch_text() -> None:
    code = inspect.getsource(values)
    assert set(re.findall(r'Faulty\("([a-z_]+)"', code)) <= set(wording.RECORD_FAULTS)
    assert code.count("raise Faulty(") == len(re.findall(r'raise Faulty\("[a-z_]+", ', code)) > 10


def test_every_status_has_a_title_in_both_languages_and_texts_name_known_places() -> None:
    assert set(wording.TITLES) == set(TITLES)
    places = {name for text in wording.DETAILS.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert places == {"scope", "purpose", "source", "retry_after", "attribute", "place", "fault", "leader", "told"}
