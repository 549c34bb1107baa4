"""Every address of the screens, as the URL conf knows them, and how each is asked for.

A new route has to be written down here, with what it shows of a customer: the tests that walk this table fail
otherwise, and hold for the new route from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver
from tests.surfaces.exchange.conftest import ANNA, Api

from klantbeeld.kit.ids import format_id
from klantbeeld.stewardship.contracts import REVIEW_ID
from klantbeeld.stewardship.models import Review

SCREENS = ("desk", "studio", "demo")
KEY = {"kind": "person", "external_id": "1"}
HOME = {"address": ANNA["address"]}


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is asked for: the address with the names of `places` filled in, and one value for all that it reads.

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
    "desk:correct": Route("/customers/{customer}/values/family_name/correct", ("Jansen",), part=True),
    "desk:correct by post": Route(
        "/customers/{customer}/values/family_name/correct",
        ("Jansen",),
        "POST",
        {"value": "Jansen", "reason": "", "act": "correct", "stated_by": "customer", "version": "{version}"},
        part=True,
    ),
    "desk:correct an address by post": Route(
        "/customers/{customer}/values/address/correct",
        (),
        "POST",
        {
            "street": "Dam",
            "house_number": "1",
            "house_suffix": "",
            "postcode": "",
            "city": "Oss",
            "country": "",
            "reason": "x",
            "version": "2",
        },
        part=True,
    ),
    "desk:judge": Route("/customers/{customer}/judge/{other}", ("Jansen",), part=True),
    "desk:judge by post": Route(
        "/customers/{customer}/judge/{other}", ("Jansen",), "POST", {"verdict": "different", "reason": ""}, part=True
    ),
    "desk:undo": Route("/decisions/{merge}/undo", (), "POST", {"reason": "x", "customer": ""}),
    "desk:moment": Route("/customers/{customer}/moment", ("Jansen",), given={"day": ""}),
    "studio:sources": Route("/studio/sources/"),
    "studio:source": Route("/studio/sources/crm/"),
    "studio:lifecycle": Route("/studio/lifecycle/", given={"company": ""}),
    "studio:lifecycle-attempt": Route(
        "/studio/lifecycle/try", (), "POST", {"company": "acme", "policy": "{{}}", "based_on": "0", "do": "simulate"}
    ),
    "studio:lifecycle-behind": Route(
        "/studio/lifecycle/acme/", ("Jansen",), given={"state": "lead", "moved": "", "from": "", "until": ""}
    ),
    "studio:reviews": Route(
        "/studio/reviews/", ("Jansen",), given={"state": "review", "kind": "", "assigned": "", "order": "", "place": ""}
    ),
    "studio:review": Route("/studio/reviews/{review}/", ("Jansen",)),
    "studio:review-judge": Route(
        "/studio/reviews/{review}/judge",
        (),
        "POST",
        {"verdict": "", "reason": "x", "version": "1", "customer": "", "days": "1"},
    ),
    "studio:review-remark": Route(
        "/studio/reviews/{review}/remark", (), "POST", {"text": "x", "to": "", "record": "", "reason": ""}
    ),
    "studio:review-place": Route(
        "/studio/reviews/{review}/place", (), "POST", {"record": "", "to": "", "reason": "x", "text": ""}
    ),
    "studio:review-undo": Route(
        "/studio/reviews/acts/{merge}/undo", (), "POST", {"reason": "x", "next": "", "review": ""}
    ),
    "studio:review-figures": Route("/studio/reviews/figures"),
    "studio:review-draw": Route("/studio/reviews/samples", (), "POST", {"size": "1"}),
    "studio:review-sample": Route("/studio/reviews/samples/{merge}"),
    "studio:review-answer": Route(
        "/studio/reviews/checks/{merge}", (), "POST", {"answer": "right", "sample": "", "reason": ""}
    ),
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


def surround(api: Api) -> dict[str, str]:
    """Anna with somebody at her address, a possible duplicate, two versions and an order; the places of all routes."""
    api.person("1", **{**ANNA, "given_name": "Ann"})
    customer = api.person("1", **ANNA)
    api.person("2", **ANNA)
    api.person("11", given_name="Peter", family_name="Jansen", **HOME)
    other = api.person("12", given_name="Anna", family_name="Jansen", **HOME)
    order = {"type": "order", "title": "Zaak 1", "at": "2026-03-01T12:00:00+01:00"}
    held = [{"role": "customer", "holder": KEY}]
    body = {"kind": "activity", "external_id": "O1", "attributes": order, "roles": held}
    assert api.put("/sources/crm/record", body).status_code == 200
    pair = [api.person(f"2{n}", given_name=name, family_name="Bos") for n, name in enumerate(("Carla", "Dirk"))]
    merge = api.post("/customers/merge", {"customers": pair, "reason": "one"}).json()["merge"]
    review = Review.objects.order_by("id").first()
    assert review is not None, "the possible duplicate waits in the review queue"
    return {
        "customer": customer,
        "version": api.get(f"/customers/{customer}")["ETag"].strip('"v'),
        "other": other,
        "merge": merge,
        "review": format_id(REVIEW_ID, review.uuid),
    }
