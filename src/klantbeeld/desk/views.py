"""The desk: each view reads input, makes one call, and renders."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from klantbeeld.desk.pages import customer as customer_page
from klantbeeld.desk.pages import explained as explained_page
from klantbeeld.desk.pages import moment as moment_page
from klantbeeld.desk.pages import why as why_page
from klantbeeld.desk.pages.holdings import period
from klantbeeld.desk.pages.lists import rows
from klantbeeld.desk.pages.words import number_word, role_word
from klantbeeld.flows.find import FindResult
from klantbeeld.flows.find import find as find_customers
from klantbeeld.foundation.rules.roles import purposes_of
from klantbeeld.kit.errors import Invalid, Missing, Refused
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.profiles.queries import Filters
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.door import Request, actor_of, purpose_of, said, screen, write_down
from klantbeeld.ui.words import label

PAGE = 50
MOST_FOUND = 30
MOST_REASONS = 3
MOST_RECENT = 8
RECENT = "recent_customers"
FILTERS = ("kind", "source", "several", "city", "order")


def customer_id(text: str) -> uuid.UUID:
    """The id in an address; one that is malformed is as unknown as one that does not exist."""
    try:
        return parse_id("cus", text)
    except Invalid:
        raise Missing(gettext("There is no customer with this id."), code="customer.missing") from None


@require_GET
@screen
def home(request: Request) -> HttpResponse:
    """The find box, where this employee was before, and who changed last; for others the pages that they may open."""
    actor, purpose = actor_of(request), purpose_of(request)
    if not actor.may("customers:find"):
        return render(request, "desk/home.html", {"place": "find"})
    page = profiles.list_profiles(actor=actor, purpose=purpose, order="changed", limit=15)
    earlier = before(request)
    write_down(request, "customers.list", found=(row.customer_id for row in (*earlier, *page.rows)))
    context = {"place": "find", "before": rows(earlier), "changed": rows(page.rows), "total": page.total}
    return render(request, "desk/home.html", context)


def before(request: Request) -> list[ProfileRow]:
    """The customers that this employee opened last in this session, the latest first."""
    numbers = [number for number in request.session.get(RECENT, []) if isinstance(number, int)]
    if not numbers:
        return []
    found = profiles.rows_of(numbers, actor=actor_of(request), purpose=purpose_of(request))
    return [found[number] for number in numbers if number in found and found[number].records]


def remember(request: Request, number: int) -> None:
    """Put a customer in front of those that were opened last; internal numbers only, in the session on the server."""
    known = request.session.get(RECENT, [])
    if known[:1] != [number]:
        request.session[RECENT] = [number, *(one for one in known if one != number)][:MOST_RECENT]


@require_GET
@screen
def commands(request: Request) -> HttpResponse:
    """The part of the command menu that is about customers: those that were opened last."""
    shown = before(request) if actor_of(request).may("customers:find") else []
    if shown:
        write_down(request, "customers.list", found=(row.customer_id for row in shown))
    return render(request, "desk/commands.html", {"rows": rows(shown)})


@require_POST
@screen
def purpose(request: Request) -> HttpResponse:
    """Choose the purpose for which one works in this session; only one of one's own."""
    chosen = said(request.POST, "purpose")
    if chosen not in purposes_of(actor_of(request).roles):
        raise Refused(gettext("This purpose does not belong to your role; choose one of those offered."))
    request.session["purpose"] = chosen
    target = said(request.POST, "next", 2000)
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    # Not `redirect`, which would take a word for the name of a page.
    return HttpResponseRedirect(target if safe else reverse("desk:home"))


@require_POST
@screen
def find(request: Request) -> HttpResponse:
    """Customers by any number in any notation, or by name; the text travels in the body."""
    text = said(request.POST, "text")
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
    """Why each customer was found by number: which number it is, the roles through which it leads there, and when."""
    said: dict[int, list[str]] = {}
    for hit in found.hits:
        lines: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
        for via in hit.via:
            schemes, roles = lines.setdefault((via.value, period(via.from_date, via.to_date)), ([], []))
            schemes.append(via.scheme)
            roles.append(role_word(via.role) if via.role else "")
        for (_, when), (schemes, roles) in list(lines.items())[:MOST_REASONS]:
            # `object_number` says only what kind of thing it numbers; a scheme of its own says more.
            scheme = next((one for one in schemes if not one.endswith("_number")), schemes[0])
            told = ", ".join(dict.fromkeys(role for role in roles if role))
            said.setdefault(hit.customer.customer_id, []).append(
                " · ".join(part for part in (number_word(scheme), told, when) if part)
            )
    return {customer: list(dict.fromkeys(lines)) for customer, lines in said.items()}


@require_GET
@screen
def customers(request: Request) -> HttpResponse:
    """The list of customers, with filters as chips, by name or the last changed first."""
    return listed(request, chosen_of(request.GET))


@require_POST
@screen
def customer_rows(request: Request) -> HttpResponse:
    """The next page of the list; the cursor holds a name, so it travels in the body."""
    cursor = said(request.POST, "cursor", 4000)
    return listed(request, chosen_of(request.POST), cursor, "desk/rows.html" if request.htmx else "")


def chosen_of(given: Mapping[str, Any]) -> dict[str, str]:
    """The filters and the order that an address or a form asks for."""
    return {name: text for name in FILTERS if (text := said(given, name, 80))}


def listed(request: Request, chosen: dict[str, str], cursor: str = "", part: str = "") -> HttpResponse:
    """A page of the list, or only its rows."""
    order = "changed" if chosen.get("order") == "changed" else "name"
    page = profiles.list_profiles(
        actor=actor_of(request),
        purpose=purpose_of(request),
        filters=filters(chosen),
        order=order,
        cursor=cursor,
        limit=PAGE,
    )
    write_down(request, "customers.list", found=(row.customer_id for row in page.rows))
    context: dict[str, Any] = {
        "rows": rows(page.rows),
        "next_cursor": page.next_cursor,
        "filters": chosen,
        "order": order,
    }
    if not part:
        kept = {name: value for name, value in chosen.items() if name != "order"}
        context |= {
            "place": "customers",
            "total": page.total,
            "as_of": timezone.now(),
            "chips": chips(chosen),
            "is_filtered": bool(kept),
            "orders": {"name": address(kept), "changed": address({**kept, "order": "changed"})},
        }
    return render(request, part or "desk/customers.html", context)


def address(chosen: dict[str, str]) -> str:
    """The address of the list with these filters."""
    return f"{reverse('desk:customers')}?{urlencode(chosen)}" if chosen else reverse("desk:customers")


def filters(chosen: dict[str, str]) -> Filters:
    """The chosen chips as filters of the query."""
    source = chosen.get("source", "")
    return Filters(
        kind=chosen.get("kind", ""),
        source_id=int(source) if source.isdecimal() and len(source) < 10 else None,
        city=chosen.get("city", ""),
        several="several" in chosen,
    )


def chips(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """A chip for each filter; clicking one that is on takes it off."""
    offered = [
        ("kind", "person", gettext("Persons")),
        ("kind", "organisation", gettext("Organisations")),
        ("several", "1", gettext("Joined from several records")),
        *(("source", str(one.id), label(one.label)) for one in trust_of_sources().values() if not one.builtin),
    ]
    if chosen.get("city"):
        offered.insert(0, ("city", chosen["city"], chosen["city"]))
    made = []
    for name, value, text in offered:
        on = chosen.get(name) == value
        others = {key: kept for key, kept in chosen.items() if key != name}
        made.append({"label": text, "on": on, "href": address(others if on else {**others, name: value})})
    return made


@require_GET
@screen
def customer(request: Request, customer: str) -> HttpResponse:
    """The 360 page."""
    page = customer_page.gather(customer_id(customer), actor=actor_of(request), purpose=purpose_of(request))
    write_down(request, "customers.page", subject=page.number, found=page.around.numbers)
    remember(request, page.number)
    return render(request, "desk/customer.html", {"place": "customers", "page": page})


@require_GET
@screen
def timeline(request: Request, customer: str) -> HttpResponse:
    """More of the timeline: the next stretch, or events of one type; a whole page without scripts."""
    ref, shown = customer_page.more_of_timeline(
        customer_id(customer),
        actor=actor_of(request),
        purpose=purpose_of(request),
        chosen=said(request.GET, "type", 60),
        before=said(request.GET, "before", 80),
    )
    write_down(request, "customers.timeline", subject=ref.id)
    context = {"place": "customers", "id": format_id("cus", ref.uuid), "timeline": shown, "whole": not request.htmx}
    return render(request, "desk/timeline.html", context)


@require_GET
@screen
def duplicates(request: Request, customer: str) -> HttpResponse:
    """Customers that may be this one too, each with why; it arrives after the page, for it weighs every pair."""
    ref, found, more = customer_page.possible_duplicates(
        customer_id(customer), actor=actor_of(request), purpose=purpose_of(request)
    )
    write_down(request, "customers.duplicates", subject=ref.id, found=(one.number for one in found))
    context = {"place": "customers", "duplicates": found, "more": more, "whole": not request.htmx, "id": customer}
    context["may_judge"] = actor_of(request).may("customers:merge")
    return render(request, "desk/duplicates.html", context)


@require_GET
@screen
def why(request: Request, customer: str) -> HttpResponse:
    """The why-picture, with the evidence of each pair that holds the customer together."""
    page = why_page.gather(customer_id(customer), actor=actor_of(request), purpose=purpose_of(request))
    write_down(request, "customers.why", subject=page.number)
    return render(request, "desk/why.html", {"place": "customers", "page": page})


@require_GET
@screen
def value(request: Request, customer: str, attribute: str) -> HttpResponse:
    """Where a golden value comes from: every candidate, and why it won or lost."""
    actor, purpose = actor_of(request), purpose_of(request)
    page = explained_page.explained(customer_id(customer), attribute, actor=actor, purpose=purpose)
    context = {"explained": page, "id": customer, "place": "customers", "whole": not request.htmx}
    return render(request, "desk/value.html", context)


@require_GET
@screen
def history(request: Request, customer: str) -> HttpResponse:
    """What the golden record was before, and what people decided about it."""
    page = explained_page.history(customer_id(customer), actor=actor_of(request), purpose=purpose_of(request))
    if found := [other.customer_id for one in page.decisions for other in one.others]:
        write_down(request, "customers.decisions", subject=page.number, found=found)
    return render(request, "desk/history.html", {"page": page, "place": "customers", "whole": not request.htmx})


@require_GET
@screen
def moment(request: Request, customer: str) -> HttpResponse:
    """The customer on a day: known then, held then, and now, side by side."""
    text = said(request.GET, "day", 10)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(gettext("This is no day; write it as 2026-05-31.")) from None
    page = moment_page.gather(customer_id(customer), day, actor=actor_of(request), purpose=purpose_of(request))
    return render(request, "desk/moment.html", {"place": "customers", "page": page})
