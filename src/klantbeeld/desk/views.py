"""The desk: each view reads input, makes one call, and renders."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from klantbeeld.desk.pages import customer as customer_page
from klantbeeld.desk.pages import why as why_page
from klantbeeld.desk.pages.customer import period
from klantbeeld.desk.pages.lists import rows
from klantbeeld.desk.pages.values import RULES, shown_candidate, told
from klantbeeld.desk.pages.words import number_word, role_word
from klantbeeld.flows.find import FindResult
from klantbeeld.flows.find import find as find_customers
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.queries import Filters
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.door import actor_of, purpose_of, screen
from klantbeeld.ui.words import label

PAGE = 50
MOST_FOUND = 30
MOST_REASONS = 3


def customer_id(text: str) -> uuid.UUID:
    """The id in an address; one that is malformed is as unknown as one that does not exist."""
    try:
        return parse_id("cus", text)
    except Invalid:
        raise Missing(gettext("There is no customer with this id."), code="customer.missing") from None


@require_GET
@screen
def home(request: HttpRequest) -> HttpResponse:
    """The find box, and who changed last."""
    page = profiles.list_profiles(actor=actor_of(request), purpose=purpose_of(request), order="changed", limit=15)
    context = {"place": "find", "recent": rows(page.rows), "total": page.total or 0}
    return render(request, "desk/home.html", context)


@require_POST
@screen
def find(request: HttpRequest) -> HttpResponse:
    """Customers by any number in any notation, or by name; the text travels in the body."""
    text = request.POST.get("text", "").strip()
    if not text:
        return (
            redirect("desk:home") if not request.htmx else HttpResponse(headers={"HX-Redirect": reverse("desk:home")})
        )
    found = find_customers(text=text, actor=actor_of(request), purpose=purpose_of(request), limit=MOST_FOUND)
    context = {
        "place": "find",
        "text": text,
        "whole": not request.htmx,
        "rows": rows((hit.customer for hit in found.hits), reasons(found)),
        "more": len(found.hits) == MOST_FOUND,
    }
    return render(request, "desk/found.html", context)


def reasons(found: FindResult) -> dict[int, list[str]]:
    """Why each customer was found by number: which number it is, and the role through which it leads there."""
    said: dict[int, list[str]] = {}
    for hit in found.hits:
        for via in hit.via[:MOST_REASONS]:
            parts = (
                number_word(via.scheme),
                role_word(via.role) if via.role else "",
                period(via.from_date, via.to_date),
            )
            said.setdefault(hit.customer.customer_id, []).append(" · ".join(part for part in parts if part))
    return {customer: list(dict.fromkeys(lines)) for customer, lines in said.items()}


@require_GET
@screen
def customers(request: HttpRequest) -> HttpResponse:
    """The list of customers, by name, with filters as chips."""
    chosen = {name: request.GET[name] for name in ("kind", "source", "several") if request.GET.get(name)}
    page = profiles.list_profiles(
        actor=actor_of(request), purpose=purpose_of(request), filters=filters(chosen), limit=PAGE
    )
    context = {
        "place": "customers",
        "rows": rows(page.rows),
        "next_cursor": page.next_cursor,
        "total": page.total,
        "as_of": timezone.now(),
        "filters": chosen,
        "chips": chips(chosen),
    }
    return render(request, "desk/customers.html", context)


@require_POST
@screen
def customer_rows(request: HttpRequest) -> HttpResponse:
    """The next page of the list; the cursor holds a name, so it travels in the body."""
    chosen = {name: request.POST[name] for name in ("kind", "source", "several") if request.POST.get(name)}
    page = profiles.list_profiles(
        actor=actor_of(request),
        purpose=purpose_of(request),
        filters=filters(chosen),
        cursor=request.POST.get("cursor", ""),
        limit=PAGE,
    )
    context = {"rows": rows(page.rows), "next_cursor": page.next_cursor, "filters": chosen}
    template = "desk/rows.html" if request.htmx else "desk/customers.html"
    if not request.htmx:
        context |= {"place": "customers", "total": page.total, "as_of": timezone.now(), "chips": chips(chosen)}
    return render(request, template, context)


def filters(chosen: dict[str, str]) -> Filters:
    """The chosen chips as filters of the query."""
    source = chosen.get("source", "")
    return Filters(
        kind=chosen.get("kind", ""),
        source_id=int(source) if source.isdigit() and len(source) < 10 else None,
        several="several" in chosen,
    )


def chips(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """A chip for each filter; clicking one that is on takes it off."""
    offered = [
        ("kind", "person", gettext("Persons")),
        ("kind", "organisation", gettext("Organisations")),
        ("several", "1", gettext("Joined from several records")),
        *(("source", str(source.id), label(source.label)) for source in trust_of_sources().values()),
    ]
    made = []
    for name, value, text in offered:
        on = chosen.get(name) == value
        others = {key: kept for key, kept in chosen.items() if key != name}
        query = urlencode(others if on else {**others, name: value})
        made.append({"label": text, "on": on, "href": f"{reverse('desk:customers')}?{query}"})
    return made


@require_GET
@screen
def customer(request: HttpRequest, customer: str) -> HttpResponse:
    """The 360 page."""
    page = customer_page.gather(customer_id(customer), actor=actor_of(request), purpose=purpose_of(request))
    return render(request, "desk/customer.html", {"place": "customers", "page": page})


@require_GET
@screen
def why(request: HttpRequest, customer: str) -> HttpResponse:
    """The why-picture, with the evidence of each pair that holds the customer together."""
    page = why_page.gather(customer_id(customer), actor=actor_of(request), purpose=purpose_of(request))
    return render(request, "desk/why.html", {"place": "customers", "page": page})


@require_GET
@screen
def value(request: HttpRequest, customer: str, attribute: str) -> HttpResponse:
    """Where a golden value comes from: every candidate, and why it won or lost."""
    explained = profiles.explain_value(
        customer_id(customer), attribute, actor=actor_of(request), purpose=purpose_of(request)
    )
    language = "en" if request.LANGUAGE_CODE.startswith("en") else "nl"
    names = {source.code: label(source.label) for source in trust_of_sources().values()}
    context = {
        "rule": ", ".join(gettext(RULES[name]) for name in explained.rule),
        "candidates": [
            {
                "text": shown_candidate(candidate.value, attributes(explained.kind)[attribute]),
                "won": candidate.won,
                "sentence": candidate.sentence[language],
                "sources": [names.get(code, code) for code in candidate.sources],
                "at": candidate.at,
            }
            for candidate in explained.candidates
        ],
    }
    return render(request, "desk/value.html", context)


@require_GET
@screen
def history(request: HttpRequest, customer: str) -> HttpResponse:
    """What the golden record was before."""
    found = customer_id(customer)
    changes = profiles.history(found, actor=actor_of(request), purpose=purpose_of(request), limit=20)
    specs = {**attributes("organisation"), **attributes("person")}
    shown = [
        {
            "version": change.version,
            "from_at": change.from_at,
            "lines": [
                {
                    "label": label(specs[code].label) if code in specs else code,
                    "before": told(before, specs.get(code)),
                    "after": told(after, specs.get(code)),
                }
                for code, (before, after) in change.changes.items()
            ],
        }
        for change in changes
    ]
    return render(request, "desk/history.html", {"changes": shown, "id": format_id("cus", found)})
