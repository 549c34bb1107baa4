"""Every address of the screens, as the URL conf knows them, and how each is asked for.

A new route has to be written down here, with what it shows of a customer: the tests that walk this table fail
otherwise, and hold for the new route from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver
from tests.surfaces.exchange.conftest import ANNA, Api

SCREENS = ("desk", "studio", "demo")
KEY = {"kind": "person", "external_id": "1"}
HOME = {"address": ANNA["address"]}


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is asked for: the address with `{customer}` filled in, and one good value for all that it reads.

    A value that is empty is left out when the page is asked for as it should be, and tried with input that cannot be.
    `shows` are texts of which at least one is on the page when it may be seen, and none otherwise; empty for a page
    that shows nothing of any customer.
    """

    path: str
    shows: tuple[str, ...] = ()
    method: str = "GET"
    given: Mapping[str, str] = field(default_factory=dict)
    role: str = "steward"
    part: bool = False


FILTERS = {"kind": "person", "source": "", "several": "", "city": "den haag", "order": "name"}
ROUTES: dict[str, Route] = {
    "desk:home": Route("/", ("Jansen",)),
    "desk:find": Route("/find", ("Jansen",), "POST", {"text": "Jansen"}),
    "desk:commands": Route("/commands", ("Jansen",), part=True),
    "desk:purpose": Route("/purpose", (), "POST", {"purpose": "service", "next": "/customers/"}),
    "desk:customers": Route("/customers/", ("Jansen",), given=FILTERS),
    "desk:rows": Route("/customers/rows", ("Jansen",), "POST", {**FILTERS, "cursor": ""}),
    "desk:customer": Route("/customers/{customer}/", ("Jansen", "2511")),
    "desk:value": Route("/customers/{customer}/values/family_name", ("Jansen",), part=True),
    "desk:timeline": Route("/customers/{customer}/timeline", ("Zaak 1",), given={"type": "order", "before": ""}),
    "desk:duplicates": Route("/customers/{customer}/duplicates", ("Jansen",), part=True),
    "desk:why": Route("/customers/{customer}/why", ("Jansen",)),
    "desk:history": Route("/customers/{customer}/history", ("Jansen",), part=True),
    "desk:moment": Route("/customers/{customer}/moment", ("Jansen",), given={"day": ""}),
    "studio:sources": Route("/studio/sources/"),
    "studio:source": Route("/studio/sources/crm/"),
    "demo:score": Route("/demo/score/"),
    "demo:figures": Route("/demo/score/figures", part=True),
}


def served() -> Iterator[str]:
    """The names of all routes of the screens, from the URL conf."""
    for place in get_resolver().url_patterns:
        if isinstance(place, URLResolver) and place.namespace in SCREENS:
            for pattern in place.url_patterns:
                assert isinstance(pattern, URLPattern)
                yield f"{place.namespace}:{pattern.name}"


def surround(api: Api) -> str:
    """Anna with somebody at her address, a possible duplicate, two versions and an order; returns her customer."""
    api.person("1", **{**ANNA, "given_name": "Ann"})
    customer = api.person("1", **ANNA)
    api.person("2", **ANNA)
    api.person("11", given_name="Peter", family_name="Jansen", **HOME)
    api.person("12", given_name="Anna", family_name="Jansen", **HOME)
    order = {"type": "order", "title": "Zaak 1", "at": "2026-03-01T12:00:00+01:00"}
    held = [{"role": "customer", "holder": KEY}]
    body = {"kind": "activity", "external_id": "O1", "attributes": order, "roles": held}
    assert api.put("/sources/crm/record", body).status_code == 200
    return customer
