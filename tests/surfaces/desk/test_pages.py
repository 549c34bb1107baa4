"""What the pages of the desk show, to whom, and with how many questions to the database."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from tests.surfaces.desk.conftest import Api, Sit

from klantbeeld.consent.queries import purposes

PERSON: dict[str, Any] = {
    "given_name": "Anna",
    "initials": "A.M.",
    "family_name": "Jansen",
    "birth_date": "1980-05-17",
    "email": [{"value": "anna.jansen@example.nl"}],
    "phone": [{"value": "06-12345678"}, {"value": "+31612345678"}],
    "address": [
        {
            "value": {
                "street": "HOFWEG",
                "house_number": "12",
                "postcode": "2511 AA",
                "city": "DEN HAAG",
                "country": "NL",
            }
        }
    ],
    "iban": [{"value": "NL91ABNA0417164300"}],
}


def put(api: Api, kind: str, external_id: str, attributes: dict[str, Any], **more: Any) -> str:
    """Deliver a record; returns its customer, or nothing for what is no party."""
    body = {"kind": kind, "external_id": external_id, "attributes": attributes, **more}
    answer = api.put("/sources/crm/record", body)
    assert answer.status_code == 200, answer.content
    return str(answer.json().get("customer") or "")


def holder(external_id: str, role: str, kind: str = "person", **period: str) -> dict[str, Any]:
    """A role that a party holds in the record."""
    return {"role": role, "holder": {"kind": kind, "external_id": external_id}, **period}


def plain(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- the page of one customer


def test_customer_page_reads_well(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    put(api, "person", "2", PERSON | {"address": []}, identifiers=[{"scheme": "loyalty", "value": "7"}])
    put(
        api, "contract", "P1", {"type": "policy", "title": "Auto P1", "number": "P1", "state": "active"},
        identifiers=[{"scheme": "plate", "value": "XX-1", "of": "object"}],
        roles=[holder("1", "policyholder", from_date="2020-02-01"), holder("1", "payer", from_date="2020-02-01")],
    )  # fmt: skip
    put(
        api, "object", "XX-1", {"type": "car", "title": "auto XX-1", "number": "XX-1"},
        identifiers=[{"scheme": "plate", "value": "XX-1"}], roles=[holder("1", "keeper", from_date="2020-02-01")],
    )  # fmt: skip
    put(
        api, "activity", "O1",
        {"type": "order", "title": "Bestelling O1", "number": "O1", "state": "delivered", "at": "2026-03-01T10:00:00Z",
         "amount": "1234.5", "currency": "EUR"},
        identifiers=[{"scheme": "order", "value": "O1"}], roles=[holder("1", "customer")],
    )  # fmt: skip
    put(
        api, "object", "K1", {"type": "parcel", "title": "Pakket K1", "number": "K1", "state": "neighbour"},
        identifiers=[{"scheme": "order", "value": "O1", "of": "activity"}], roles=[holder("1", "receiver")],
    )  # fmt: skip
    page = plain(sit("agent").text(f"/customers/{anna}/"))
    assert "Hofweg 12, 2511 AA Den Haag" in page
    assert page.count("06 12345678") == 1, "two notations of one number are one value"
    assert "NL91 ABNA 0417 1643 00" in page
    assert "Auto P1 betaler, verzekeringnemer · sinds 1 feb 2020 · lopend Auto XX-1 · houder" in page
    assert "Bestelling O1 bezorgd Pakket K1 · afgegeven bij de buren" in page
    assert page.count("Bestelling O1") == 1
    assert "€ 1.234,50" in page
    assert "delivered" not in page


def test_number_known_to_two_sources_is_one_line(api: Api, sit: Sit) -> None:
    loyalty = [{"scheme": "loyalty", "value": "2790000000001"}]
    anna = put(api, "person", "1", PERSON, identifiers=loyalty)
    assert put(api, "person", "2", PERSON, identifiers=loyalty) == anna
    assert sit("agent").text(f"/customers/{anna}/").count("2790000000001") == 1


def test_organisation_shows_its_contact_persons_and_branches(api: Api, sit: Sit) -> None:
    head = put(api, "organisation", "10", {"name": "Molen B.V.", "kvk": "12345678"})
    put(api, "organisation", "11", {"name": "Molen Zuid B.V."}, roles=[holder("10", "parent", "organisation")])
    anna = put(
        api, "person", "1", PERSON,
        roles=[{"role": "employee", "target": {"kind": "organisation", "external_id": "10"}}],
    )  # fmt: skip
    page = plain(sit("agent").text(f"/customers/{head}/"))
    assert "Contactpersonen 1" in page
    assert "Anna Jansen medewerker" in page or "A.M. Jansen medewerker" in page
    assert "Molen Zuid B.V. dochterbedrijf" in page
    assert "Huishouden" not in page
    assert "Molen B.V. werkgever" in plain(sit("agent").text(f"/customers/{anna}/"))


def test_customer_whose_records_are_gone_says_so_and_keeps_its_id(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    assert api.post("/sources/crm/record/remove", {"kind": "person", "external_id": "1"}).status_code == 200
    page = plain(sit("agent").text(f"/customers/{anna}/"))
    assert "Geen enkele bron heeft nog een record van deze klant" in page
    assert anna in page
    why = sit("agent").get(f"/customers/{anna}/why")
    assert why.status_code == 200


def test_id_that_went_up_in_another_customer_leads_there_and_says_so(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    bram = put(api, "person", "2", {"given_name": "Bram", "family_name": "Visser", "birth_date": "1964-11-02"})
    assert api.post("/customers/merge", {"customers": [anna, bram], "reason": "one"}).status_code == 200
    page = plain(sit("agent").text(f"/customers/{bram}/"))
    assert "Het nummer waarmee u zocht is in deze klant opgegaan." in page
    assert f" {anna} " in page


def test_person_without_a_name_is_called_unknown(api: Api, sit: Sit) -> None:
    nobody = put(api, "person", "1", {"gender": "f", "birth_date": "1980-05-17"})
    assert '<h1 dir="auto">Naam onbekend</h1>' in sit("agent").text(f"/customers/{nobody}/")
    assert "Naam onbekend" in sit("agent").text("/customers/")


def test_long_lists_are_folded_with_a_count(api: Api, sit: Sit) -> None:
    many = PERSON | {"email": [{"value": f"anna{number}@example.nl"} for number in range(8)]}
    numbers = [{"scheme": "loyalty", "value": f"27900000000{number:02}"} for number in range(9)]
    anna = put(api, "person", "1", many, identifiers=numbers)
    for number in range(40):
        said = {"type": "order" if number % 4 else "return", "title": f"Zaak {number:03}"}
        said["at"] = f"2026-01-{1 + number % 28:02}T10:00:00Z"
        put(api, "activity", f"O{number}", said, roles=[holder("1", "customer")])
    desk = sit("agent")
    html = desk.text(f"/customers/{anna}/")
    assert plain(html).count(" nog 5 ") == 2, "five more e-mail addresses, five more cards"
    assert "Tijdlijn 40" in plain(html)
    seen = re.findall(r"Zaak \d{3}", html)
    assert len(seen) == 25
    onward = re.search(r'hx-get="([^"]*before=[^"]*)"', html)
    assert onward is not None
    rest = re.findall(r"Zaak \d{3}", desk.text(onward[1].replace("&amp;", "&"), part=True))
    assert sorted(seen + rest) == [f"Zaak {number:03}" for number in range(40)]
    assert len(re.findall(r"Zaak \d{3}", desk.text(f"/customers/{anna}/timeline", type="return", part=True))) == 10
    assert "<html" in desk.text(f"/customers/{anna}/timeline"), "without scripts it is a page"
    assert desk.get(f"/customers/{anna}/timeline", before="nonsense").status_code == 400


def test_possible_duplicate_says_why(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", {code: PERSON[code] for code in ("given_name", "family_name", "address")})
    put(api, "person", "2", {"family_name": "Jansen", "initials": "A.", "address": PERSON["address"]})
    part = plain(sit("agent").text(f"/customers/{anna}/duplicates", part=True))
    assert "Te weinig om ze zonder controle door een medewerker samen te voegen." in part
    assert "Voor: roepnaam de voorletter klopt." in part
    assert "Hofweg 12, 2511 AA Den Haag" in part, "values as the records write them"
    assert re.search(r"\d{1,2}(,\d)?%", part)


def test_household_tells_what_its_members_share(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    put(
        api,
        "person",
        "2",
        PERSON | {"given_name": "Piet", "initials": "P.", "birth_date": "1978-01-02", "email": [], "iban": []},
    )
    page = plain(sit("agent").text(f"/customers/{anna}/"))
    assert "geboren in 1978 · zelfde adres, zelfde achternaam, zelfde telefoonnummer" in page


def test_timeline_of_more_than_200_events_says_that_there_are_more(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    roles = [holder("1", "customer")]
    for number in range(202):
        said = {"type": "call", "title": f"Zaak {number:03}", "at": f"2026-01-{1 + number % 28:02}T10:00:00Z"}
        put(api, "activity", f"O{number}", said, roles=roles)
    desk = sit("agent")
    html = desk.text(f"/customers/{anna}/")
    assert "Tijdlijn 200+" in plain(html)
    seen = re.findall(r"Zaak \d{3}", html)
    while onward := re.search(r'hx-get="([^"]*before=[^"]*)"', html):
        html = desk.text(onward[1].replace("&amp;", "&"), part=True)
        seen += re.findall(r"Zaak \d{3}", html)
    assert sorted(seen) == [f"Zaak {number:03}" for number in range(202)]


def test_customer_is_shown_while_a_model_of_another_version_cannot_explain_it(api: Api, sit: Sit) -> None:
    from klantbeeld.identity.models import MatchModel

    anna = put(api, "person", "1", PERSON)
    assert put(api, "person", "2", PERSON) == anna
    MatchModel.objects.update(active=False)
    MatchModel.objects.create(parameters={"person": {}}, digest="x", trained_at=timezone.now(), active=True)
    page = plain(sit("agent").text(f"/customers/{anna}/"))
    assert "Dit kan nu niet worden uitgelegd" in page
    assert "Hofweg 12, 2511 AA Den Haag" in page


# --- purpose and role


def test_marketer_sees_nothing_sensitive(api: Api, sit: Sit) -> None:
    iban = [{"scheme": "iban", "value": "NL91ABNA0417164300"}]
    anna = put(api, "person", "1", PERSON, identifiers=iban)
    put(api, "person", "2", PERSON, identifiers=iban)
    for path in ("", "why", "duplicates", "timeline"):
        page = sit("marketer").text(f"/customers/{anna}/{path}").replace(" ", "").lower()
        assert "0417164300" not in page, path
    assert "0417164300" in sit("agent").text(f"/customers/{anna}/why").replace(" ", "")
    assert sit("marketer").get(f"/customers/{anna}/values/iban").status_code == 404


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("agent", {"/", "/customers/"}),
        ("marketer", {"/", "/customers/", "/studio/lifecycle/", "/demo/score/"}),
        (
            "steward",
            {"/", "/customers/", "/studio/sources/", "/studio/reviews/", "/studio/lifecycle/", "/demo/score/"},
        ),
        ("administrator", {"/studio/sources/", "/studio/lifecycle/", "/demo/score/"}),
    ],
)
def test_rail_offers_what_the_role_may_open(sit: Sit, role: str, offered: set[str]) -> None:
    html = sit(role).text("/")
    assert set(re.findall(r'class="place" data-go="\w" href="([^"]+)"', html)) == offered
    for path in offered - {"/"}:
        assert sit(role).get(path).status_code == 200


def test_employee_chooses_another_purpose_of_his_own_and_the_audit_log_has_it(api: Api, sit: Sit) -> None:
    from klantbeeld.foundation.models import AuditLine

    anna = put(api, "person", "1", PERSON)
    desk = sit("agent")
    assert "Klanten helpen met hun vraag" in desk.text("/")
    chosen = desk.client.post("/purpose", {"purpose": "contract", "next": f"/customers/{anna}/"})
    assert (chosen.status_code, chosen["Location"]) == (302, f"/customers/{anna}/")
    desk.text(f"/customers/{anna}/")
    last = AuditLine.objects.filter(action="customers.read").order_by("-id").first()
    assert last is not None
    assert last.purpose == "contract"


def test_purpose_leads_only_to_our_own_pages(sit: Sit) -> None:
    answer = sit("agent").client.post("/purpose", {"purpose": "contract", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


# --- lists


def test_list_filters_on_town_and_sorts_by_what_changed(api: Api, sit: Sit) -> None:
    put(api, "person", "1", PERSON)
    put(api, "person", "2", {"given_name": "Bram", "family_name": "Visser", "birth_date": "1964-11-02"})
    desk = sit("agent")
    town = desk.text("/customers/", city="den haag")
    assert "Jansen" in town
    assert "Visser" not in town
    assert "1 klant" in plain(town)
    newest = re.findall(r"(Jansen|Visser)</span>", desk.text("/customers/", order="changed"))
    assert newest == ["Visser", "Jansen"]
    assert 'aria-sort="descending"' in desk.text("/customers/", order="changed")
    nobody = desk.text("/customers/", city="nergens")
    assert "Geen klant voldoet aan deze filters" in nobody


def test_customers_opened_before_are_at_hand(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    put(api, "person", "2", {"given_name": "Bram", "family_name": "Visser", "birth_date": "1964-11-02"})
    desk = sit("agent")
    assert "Jansen" not in desk.text("/commands", part=True)
    desk.text(f"/customers/{anna}/")
    menu = desk.text("/commands", part=True)
    assert anna in menu
    assert "Visser" not in menu
    assert "Waar u was" in desk.text("/")


def test_customer_page_tells_what_somebody_is_to_a_company(api: Api, sit: Sit) -> None:
    anna = put(api, "person", "1", PERSON)
    assert "Lead · Acme" in plain(sit("agent").text(f"/customers/{anna}/"))


# --- the cost of a page


@pytest.mark.parametrize(
    ("path", "questions"),
    # Two of each are the transaction around the page (here a savepoint and its release).
    [("/", 6), ("/customers/", 6), ("/customers/{anna}/", 10), ("/customers/{anna}/why", 4)],
)
def test_page_asks_the_database_a_fixed_number_of_questions(
    api: Api, sit: Sit, django_assert_num_queries: Any, path: str, questions: int
) -> None:
    anna = put(api, "person", "1", PERSON)
    for number in range(2, 5):
        put(api, "person", str(number), PERSON)
    desk = sit("agent")
    purposes()
    desk.text("/customers/")
    with django_assert_num_queries(questions):
        desk.text(path.format(anna=anna))
