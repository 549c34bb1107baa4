"""What an employee does at the desk: correcting a value, judging two customers, taking it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from tests.surfaces.desk.conftest import Api, Desk, Sit
from tests.surfaces.desk.test_pages import PERSON, plain, put

from klantbeeld.foundation.models import AuditLine


def form(desk: Desk, path: str) -> dict[str, str]:
    """The fields of a form as they stand in it."""
    html = desk.text(path, part=True)
    found = dict(re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', html))
    return {name: text for name, text in found.items() if name not in ("csrfmiddlewaretoken", "stated_by")}


def send(desk: Desk, path: str, given: dict[str, Any], *, part: bool = True) -> HttpResponse:
    """The form sent, as the page sends it."""
    answer: HttpResponse = desk.client.post(path, given, headers={"hx-request": "true"} if part else {})
    return answer


def test_correction_of_the_customer_is_shown_with_who_and_why(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    path = f"/customers/{anna}/values/given_name/correct"
    filled = form(desk, path)
    assert filled["value"] == "Anna"
    kept = send(desk, path, filled | {"value": "Anne", "stated_by": "customer", "reason": "aan de telefoon"})
    assert (kept.status_code, kept["HX-Redirect"]) == (200, f"/customers/{anna}/")
    html = desk.text(f"/customers/{anna}/")
    page = plain(html)
    assert "Bewaard: Roepnaam." in page
    assert "Anne bevestigd" in page
    assert "Anne bevestigd : bevestigd door de klant · " in page
    assert "Een agent: aan de telefoon" in html
    assert "De klant zelf" in page
    shown = plain(desk.text(f"/customers/{anna}/values/given_name", part=True))
    assert "Een agent: aan de telefoon" in shown
    assert "Een agent: aan de telefoon" in plain(desk.text(f"/customers/{anna}/history", part=True))
    line = AuditLine.objects.get(action="customers.correct")
    assert (line.purpose, line.detail["stated_by"]) == ("service", "customer")
    back = send(desk, path, form(desk, path) | {"act": "take_back"})
    assert back.status_code == 200
    assert "Anne bevestigd" not in plain(desk.text(f"/customers/{anna}/"))


def test_correction_without_scripts_is_a_page_of_its_own(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    path = f"/customers/{anna}/values/birth_date/correct"
    assert "<html" in desk.text(path)
    assert 'value="17-05-1980"' in desk.text(path)
    given = form(desk, path) | {"value": "18-5-1980", "stated_by": "employee", "reason": "paspoort gezien"}
    kept = send(desk, path, given, part=False)
    assert (kept.status_code, kept["Location"]) == (302, f"/customers/{anna}/")
    assert "18 mei 1980" in plain(desk.text(f"/customers/{anna}/"))


@pytest.mark.parametrize(
    ("attribute", "given", "says"),
    [
        ("birth_date", {"value": "gisteren"}, "Vul een datum in"),
        ("birth_date", {"value": "31-02-1980"}, "Vul een datum in"),
        ("given_name", {"value": "  "}, "Vul een tekst in"),
        ("email", {"value": "geen adres"}, "Vul een e-mailadres in"),
        ("phone", {"value": "onbekend"}, "Vul een telefoonnummer in"),
        ("gender", {"value": "q"}, "Kies er een uit de lijst"),
        ("address", {"street": "", "city": ""}, "Vul ten minste postcode"),
        ("given_name", {"value": "Anne", "reason": " "}, "Vertel hoe u dit weet"),
    ],
)
def test_value_that_cannot_be_is_told_in_the_form_and_kept_there(
    api: Api, sit: Sit, attribute: str, given: dict[str, str], says: str
) -> None:
    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    path = f"/customers/{anna}/values/{attribute}/correct"
    version = form(desk, path)["version"]
    refused = send(desk, path, {"version": version, "reason": "gebeld", **given})
    html = refused.content.decode()
    assert refused.status_code == 422
    assert says in plain(html)
    assert attribute == "gender" or f'value="{given.get("value", "").strip()}"' in html
    assert not AuditLine.objects.filter(action="customers.correct").exists()


def test_correction_of_what_somebody_changed_meanwhile_is_refused(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    path = f"/customers/{anna}/values/given_name/correct"
    filled = form(desk, path) | {"value": "Anne", "reason": "gebeld"}
    put(api, "person", "1", PERSON | {"initials": "B."})
    refused = send(desk, path, filled)
    assert refused.status_code == 409
    assert "Iemand heeft deze klant intussen gewijzigd" in plain(refused.content.decode())


def test_list_gets_the_new_value_first_and_an_address_has_its_parts(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    email = f"/customers/{anna}/values/email/correct"
    for value in ("anna@thuis.nl", "anna@werk.nl"):
        assert send(desk, email, form(desk, email) | {"value": value, "reason": "gebeld"}).status_code == 200
    shown = api.get(f"/customers/{anna}").json()["attributes"]["email"]
    assert {one["value"] for one in shown} == {"anna@thuis.nl", "anna@werk.nl", "anna.jansen@example.nl"}
    assert [one["verified"] for one in shown] == [True, True, False]
    path = f"/customers/{anna}/values/address/correct"
    parts = {"street": "Dam", "house_number": "1", "postcode": "1012 JS", "city": "Amsterdam", "house_suffix": ""}
    assert send(desk, path, form(desk, path) | parts | {"reason": "verhuisd"}).status_code == 200
    assert "Dam 1, 1012 JS Amsterdam" in plain(desk.text(f"/customers/{anna}/"))


def test_family_name_is_corrected_with_its_prefix_and_what_is_unknown_can_be_added(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", {"given_name": "Anna", "family_name": "van den Berg", "email": PERSON["email"]})
    desk = sit("agent")
    html = desk.text(f"/customers/{anna}/")
    assert "values/name_prefix/correct" not in html
    assert f"/customers/{anna}/values/gender/correct" in html
    path = f"/customers/{anna}/values/family_name/correct"
    assert form(desk, path)["value"] == "van den Berg"
    assert send(desk, path, form(desk, path) | {"value": "van der Berg", "reason": "gespeld"}).status_code == 200
    assert "Anna van der Berg" in plain(desk.text(f"/customers/{anna}/"))
    assert desk.get(f"/customers/{anna}/values/name_prefix/correct").status_code == 404


def test_who_may_not_correct_or_judge_is_not_offered_it(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    assert "/correct" not in sit("marketer").text(f"/customers/{anna}/")
    refused = sit("marketer").get(f"/customers/{anna}/values/given_name/correct")
    assert refused.status_code == 403
    assert "Uw rol mag dit niet" in plain(refused.content.decode())
    assert "/judge/" not in sit("agent").text(f"/customers/{anna}/duplicates", part=True)


# --- one customer or two


@pytest.fixture
def twins(api: Api) -> tuple[str, str]:
    """Two customers of whom each is a possible duplicate of the other."""
    names = {code: PERSON[code] for code in ("given_name", "family_name", "address")}
    anna = put(api, "person", "1", names)
    other = put(api, "person", "2", {"family_name": "Jansen", "initials": "A.", "address": PERSON["address"]})
    assert anna != other
    return anna, other


def test_merge_of_a_possible_duplicate_shows_its_impact_and_is_taken_back_from_the_history(
    twins: tuple[str, str], sit: Sit
) -> None:
    anna, other = twins
    desk = sit("steward")
    path = f"/customers/{anna}/judge/{other}"
    assert path in desk.text(f"/customers/{anna}/duplicates", part=True)
    assert "Samen: 2 records, 0 gebeurtenissen" in plain(desk.text(path, part=True))
    unsaid = send(desk, path, {"verdict": "same", "reason": ""})
    assert unsaid.status_code == 422
    done = send(desk, path, {"verdict": "same", "reason": "zelfde handschrift"})
    assert done["HX-Redirect"] == f"/customers/{anna}/"
    assert "Samengevoegd." in plain(desk.text(f"/customers/{anna}/"))
    history = desk.text(f"/customers/{anna}/history", part=True)
    assert "Met de hand samengevoegd" in history
    assert "Een steward: zelfde handschrift" in plain(history)
    undo = re.search(r'action="(/decisions/mrg_\w+/undo)"', history)
    assert undo is not None
    assert "/undo" not in sit("agent").text(f"/customers/{anna}/history", part=True)
    back = send(desk, undo[1], {"reason": "toch niet", "customer": other}, part=False)
    assert (back.status_code, back["Location"]) == (302, f"/customers/{other}/")
    assert "dit zijn 2 klanten" in plain(desk.text(f"/customers/{other}/"))
    again = send(desk, undo[1], {"reason": "nog eens"}, part=False)
    assert again.status_code == 409
    assert "Deze beslissing is al teruggenomen." in plain(again.content.decode())


def test_customers_said_to_be_different_stay_so_and_say_whom_they_are_kept_from(
    twins: tuple[str, str], sit: Sit
) -> None:
    anna, other = twins
    desk = sit("steward")
    done = send(desk, f"/customers/{anna}/judge/{other}", {"verdict": "different", "reason": "moeder en dochter"})
    assert done["HX-Redirect"] == f"/customers/{anna}/"
    history = desk.text(f"/customers/{anna}/history", part=True)
    assert "Uit elkaar gehouden van A. Jansen" in plain(history)
    line = AuditLine.objects.filter(action="customers.decisions").latest("id")
    assert len(line.detail["found"]) == 1
    undo = re.search(r'action="(/decisions/mrg_\w+/undo)"', history)
    assert undo is not None
    assert send(desk, undo[1], {"reason": "toch"}, part=False).status_code == 302


def test_judging_a_customer_with_itself_or_with_nobody_is_refused(twins: tuple[str, str], sit: Sit) -> None:
    desk = sit("steward")
    same = desk.get(f"/customers/{twins[0]}/judge/{twins[0]}")
    assert (same.status_code, "Dit is al één klant." in same.content.decode()) == (409, True)
    assert desk.get(f"/customers/{twins[0]}/judge/cus_01h455vb4pex5vsknk084sn02q").status_code == 404
    wrong = send(desk, f"/customers/{twins[0]}/judge/{twins[1]}", {"verdict": "perhaps", "reason": "x"})
    assert wrong.status_code == 400
