"""For every route of the screens: nothing is shown without its audit line, and no input breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from tests.surfaces.desk.conftest import Api, Desk, Sit
from tests.surfaces.desk.doors import ROUTES, Route, served, surround
from tests.surfaces.exchange.test_fail_closed import audit_out_of_order

import klantbeeld
from klantbeeld.foundation.models import AuditLine

SHOWING = [name for name, route in ROUTES.items() if route.shows]
HOSTILE = {
    "nul": b"%00",
    "nul inside": b"a%00b",
    "half a character": b"%ED%A0%80",
    "no UTF-8": b"%FF%FE",
    "endless": b"a" * 10_000,
    "many digits": b"9" * 400,
    "negative": b"-1",
    "huge": b"9223372036854775808",
    "not a number": b"NaN",
    "line end": b"a%0D%0Ab",
    "a moment that cannot be": b"9999-12-31T23:59:59%2B00:00~9223372036854775807",
    "template": b"%7B%7B7*7%7D%7D%27%22%3E%3Cscript%3E",
}


@pytest.fixture
def places(api: Api) -> dict[str, str]:
    return surround(api)


@pytest.fixture
def anna(places: dict[str, str]) -> str:
    return places["customer"]


def ask(desk: Desk, route: Route, places: dict[str, str], query: bytes | None = None, path: str = "") -> HttpResponse:
    """The route with its good values, or with this raw query or form in their place."""
    given = b"&".join(f"{name}={value.format(**places)}".encode() for name, value in route.given.items() if value)
    query = given if query is None else query
    headers = {"hx-request": "true"} if route.part else {}
    address = path or route.path.format(**places)
    if route.method == "GET":
        answer = desk.client.get(address, QUERY_STRING=query.decode("ascii"), headers=headers)
    else:
        form = "application/x-www-form-urlencoded"
        answer = desk.client.post(address, query, content_type=form, headers=headers)
    found: HttpResponse = answer
    return found


def test_every_route_is_in_the_table() -> None:
    assert set(served()) == {name.split()[0] for name in ROUTES}


@pytest.mark.parametrize("name", SHOWING)
def test_page_shows_nothing_without_its_audit_line(sit: Sit, places: dict[str, str], name: str) -> None:
    route = ROUTES[name]
    desk = sit(route.role)
    desk.text(f"/customers/{places['customer']}/")
    desk.client.raise_request_exception = False
    before = AuditLine.objects.count()
    with audit_out_of_order():
        refused = ask(desk, route, places)
    assert refused.status_code == 500
    assert not any(text in refused.content.decode() for text in (*route.shows, "2511", "anna.jansen"))
    assert AuditLine.objects.count() == before
    shown = ask(desk, route, places)
    assert shown.status_code in (200, 422)
    assert any(text in shown.content.decode() for text in route.shows)
    lines = AuditLine.objects.order_by("-id")[: AuditLine.objects.count() - before]
    assert lines
    assert {(line.actor.split(":")[0], line.purpose) for line in lines} == {("user", "stewardship")}


def test_audit_line_names_the_customers_of_the_page_and_no_values(sit: Sit, anna: str) -> None:
    from klantbeeld.identity import queries as identity
    from klantbeeld.kit.ids import parse_id

    number = identity.follow(parse_id("cus", anna)).id
    sit("steward").text(f"/customers/{anna}/")
    page = AuditLine.objects.get(action="customers.page")
    assert page.subject_id == number
    assert len(page.detail["found"]) >= 1, "who lives with her is on the page too"
    sit("steward").text("/customers/")
    listed = AuditLine.objects.get(action="customers.list")
    assert number in listed.detail["found"]
    assert "Jansen" not in str([line.detail for line in AuditLine.objects.all()])


# --- input that cannot be


def names_read() -> set[str]:
    """The names under which the views of the screens read addresses and forms, from their source."""
    package = Path(klantbeeld.__file__).parent
    source = "".join(file.read_text() for part in ("desk", "studio", "demo") for file in (package / part).rglob("*.py"))
    direct = set(re.findall(r'(?:request\.|\b)(?:GET|POST|given)(?:\.get|\.getlist)?[\[(]"(\w+)"', source))
    return direct | set(re.findall(r'said(?:_in)?\(\s*(?:request(?:\.GET|\.POST)?|given),\s*"(\w+)"', source))


def test_every_name_that_a_view_reads_is_tried() -> None:
    assert names_read() <= {name for route in ROUTES.values() for name in route.given}


@pytest.mark.parametrize("name", ROUTES)
def test_no_parameter_breaks_a_page(sit: Sit, places: dict[str, str], name: str) -> None:
    route = ROUTES[name]
    desk = sit(route.role)
    for parameter in (*route.given, "unknown"):
        for what, value in HOSTILE.items():
            good = {one: text.format(**places) for one, text in route.given.items() if text and one != parameter}
            others = [f"{one}={text}".encode() for one, text in good.items()]
            answer = ask(desk, route, places, b"&".join([parameter.encode() + b"=" + value, *others]))
            assert answer.status_code < 500, (parameter, what)
            assert b"{{7*7}}'\"><script>" not in answer.content


PARTS = ("{customer}", "{other}", "{merge}", "{review}", "crm", "family_name")


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if any(part in route.path for part in PARTS)])
def test_no_address_breaks_a_page(sit: Sit, places: dict[str, str], name: str) -> None:
    route = ROUTES[name]
    desk = sit(route.role)
    for part in PARTS:
        for what, value in (HOSTILE if part in route.path else {}).items():
            path = route.path.replace(part, value.decode("ascii")).format(**places)
            answer = ask(desk, route, places, path=path)
            assert answer.status_code in (400, 404, 422), (path, what)
