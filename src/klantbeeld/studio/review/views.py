"""The review queue and one review: each view reads input, makes one call, and renders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from klantbeeld.flows import review as flow
from klantbeeld.flows.merge import unmerge
from klantbeeld.flows.place import move, split
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import REVIEW_ID, STATES, Item, State
from klantbeeld.stewardship.queries import Asked
from klantbeeld.studio.review import pages
from klantbeeld.studio.review.written import state_word
from klantbeeld.ui.door import Request, actor_of, purpose_of, screen

PAGE = 50
FILTERS = ("state", "kind", "assigned", "order")
TABS = (State.REVIEW, State.PUT_OFF, State.AUTOMATIC, State.MANUAL, State.REFUSED)
MOST_DAYS = 365


@require_GET
@screen
def queue(request: Request) -> HttpResponse:
    """The queue: what waits, what was merged, what was refused; narrowed by chips, page by page."""
    actor, purpose = actor_of(request), purpose_of(request)
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    asked = asked_of(chosen)
    page = queries.list_items(
        asked, actor=actor, purpose=purpose, place=place_in(request.GET.get("place", "")), limit=PAGE
    )
    counts = queries.counts(actor=actor)
    address = reverse("studio:reviews")
    state = asked.state.code
    context = {
        "place": "reviews",
        "lines": [pages.line(item) for item in page.rows],
        "tabs": [
            {
                "label": state_word(one),
                "count": pages.counted(counts.get(one, 0), queries.MOST_COUNTED),
                "on": one is asked.state,
                "href": f"{address}?state={one.code}",
            }
            for one in TABS
        ],
        "chips": pages.chips(
            chosen,
            [
                ("assigned", "mine", gettext("Mine")),
                ("assigned", "nobody", gettext("Unassigned")),
                ("kind", "person", gettext("Persons")),
                ("kind", "organisation", gettext("Organisations")),
                ("order", "oldest", gettext("Oldest first")),
                ("order", "newest", gettext("Newest first")),
            ],
            address,
        ),
        "next": ".".join(map(str, page.next_place)) if page.next_place else "",
        "query": "&".join(f"{name}={value}" for name, value in {"state": state, **chosen}.items()),
        "waiting": asked.state is State.REVIEW,
        "is_filtered": bool(chosen.keys() - {"state"}),
        "as_of": timezone.now(),
    }
    return render(request, "studio/reviews.html", context)


@require_GET
@screen
def review(request: Request, review: str) -> HttpResponse:
    """One review, side by side; as a part when the page asks for it ahead."""
    return shown(request, review_id(review))


def shown(request: Request, uuid: UUID, status: int = 200) -> HttpResponse:
    """The page of a review, with what comes before and after it in the queue."""
    actor, purpose = actor_of(request), purpose_of(request)
    view = queries.get_review(uuid, actor=actor, purpose=purpose)
    item = view.item
    waiting = item.state in (State.REVIEW, State.PUT_OFF) and len(item.customers) > 1
    impact = flow.preview(review=uuid, actor=actor, purpose=purpose) if waiting else None
    context = {
        "place": "reviews",
        "page": pages.page(view, impact, actor=actor, purpose=purpose),
        "next": address_of(after(request, item)),
        "previous": address_of(before(request, item)),
        "days": (1, 7, 30),
        "whole": not request.htmx,
        "last": request.session.pop("last_review", None) if not request.htmx else None,
    }
    return render(request, "studio/review.html", context, status=status)


@require_POST
@screen
def judge(request: Request, review: str) -> HttpResponse:
    """Merge, refuse, put off or put back; then on to the next. Without a script by a redirect, else a line about it."""
    actor, purpose, uuid = actor_of(request), purpose_of(request), review_id(review)
    item = queries.get_item(uuid, actor=actor, purpose=purpose)
    following = address_of(after(request, item)) or reverse("studio:reviews")
    verdict, text = request.POST.get("verdict", ""), said_in(request, "reason")
    version = number(request.POST.get("version", ""), "version")
    said: dict[str, Any]
    if verdict in ("merge", "refuse"):
        made = flow.judge(
            review=uuid,
            verdict="merge" if verdict == "merge" else "refuse",
            version=version,
            customers=[customer_id(one) for one in request.POST.getlist("customer")],
            reason=text,
            actor=actor,
            purpose=purpose,
        )
        said = told(item, verdict, made)
    elif verdict == "put_off":
        days = number(request.POST.get("days", "") or "7", "days")
        until = timezone.now() + timedelta(days=min(days, MOST_DAYS))
        actions.put_off(review=uuid, until=until, version=version, text=text, actor=actor, purpose=purpose)
        said = {"text": gettext("Put off: %(names)s") % {"names": names(item)}, "review": item.uuid}
    elif verdict == "resume":
        actions.resume(review=uuid, actor=actor, purpose=purpose)
        return redirect("studio:review", review)
    elif verdict == "decline":
        actions.decline(review=uuid, text=text, actor=actor, purpose=purpose)
        return redirect("studio:review", review)
    else:
        raise Invalid(gettext("Choose merge, different or put off."), code="reviews.verdict")
    return finished(request, said, following)


def told(item: Item, verdict: str, made: flow.Judged) -> dict[str, Any]:
    """What to say of a decision, and how it is taken back."""
    if made.outcome == "proposed":
        return {"text": gettext("Proposed; another steward has to agree: %(names)s") % {"names": names(item)}}
    text = gettext("Merged: %(names)s") if verdict == "merge" else gettext("Different customers: %(names)s")
    return {"text": text % {"names": names(item)}, "act": made.act}


def finished(request: Request, said: dict[str, Any], following: str) -> HttpResponse:
    """The line about what was done, alone or on the next page."""
    line = {
        "text": said["text"],
        "act": format_id("mrg", said["act"]) if said.get("act") else "",
        "review": address_of(said.get("review")),
    }
    if request.htmx:
        return render(request, "studio/review_last.html", {"last": line})
    request.session["last_review"] = line
    return redirect(following)


@require_POST
@screen
def undo(request: Request, act: str) -> HttpResponse:
    """Take an act back."""
    uuid = identifier("mrg", act)
    reason = said_in(request, "reason")
    unmerge(merge_uuid=uuid, actor=actor_of(request), purpose=purpose_of(request), reason=reason)
    line = {"text": gettext("Taken back; it is in the queue again."), "act": "", "review": ""}
    if request.htmx:
        return render(request, "studio/review_last.html", {"last": line})
    messages.success(request, line["text"])
    return redirect("studio:reviews")


@require_POST
@screen
def remark(request: Request, review: str) -> HttpResponse:
    """Comment on a review, or assign it: to oneself, to somebody by e-mail address, or to nobody."""
    actor, purpose, uuid = actor_of(request), purpose_of(request), review_id(review)
    if "text" in request.POST:
        actions.comment(review=uuid, text=said_in(request, "text"), actor=actor, purpose=purpose)
    elif request.POST.get("to") == "me":
        actions.assign_to_me(review=uuid, actor=actor, purpose=purpose)
    else:
        actions.assign(review=uuid, to=said_in(request, "to"), actor=actor, purpose=purpose)
    return shown(request, uuid) if request.htmx else redirect("studio:review", review)


@require_POST
@screen
def place(request: Request, review: str) -> HttpResponse:
    """Move a record to another customer of the review, or split records off."""
    actor, purpose, uuid = actor_of(request), purpose_of(request), review_id(review)
    item = queries.get_item(uuid, actor=actor, purpose=purpose)
    records = [identifier("rec", one) for one in request.POST.getlist("record")]
    reason = said_in(request, "reason")
    if not records:
        raise Invalid(gettext("Choose at least one record."), code="reviews.no_record")
    if request.POST.get("to"):
        made = move(record=records[0], to=customer_id(request.POST["to"]), actor=actor, purpose=purpose, reason=reason)
        text = gettext("The record was moved.")
    else:
        if len(item.customers) != 1:
            raise Conflict(gettext("This is no longer one customer. Look at it again."), code="reviews.changed")
        own = item.customers[0].uuid
        made = split(customer=own, records=records, actor=actor, purpose=purpose, reason=reason)
        text = gettext("The records are a customer of their own now.")
    return finished(request, {"text": text, "act": made.merge_uuid}, reverse("studio:reviews"))


def asked_of(chosen: dict[str, str]) -> Asked:
    """The chosen chips as the query takes them. Raises Invalid for one that does not exist."""
    state = STATES.get(chosen.get("state", "review"))
    if state is None or state is State.CLOSED:
        raise Invalid(gettext("There is no such state."), code="reviews.state")
    order: Any = chosen.get("order") or ("priority" if state is State.REVIEW else "newest")
    return Asked(state=state, kind=chosen.get("kind", ""), assigned=chosen.get("assigned", ""), order=order)


def after(request: HttpRequest, item: Item) -> UUID | None:
    """The review that comes next in the queue."""
    place = queries.place_of("priority", item)
    return queries.next_of(Asked(), actor=actor_of(request), after=place, but=item.uuid)


def before(request: HttpRequest, item: Item) -> UUID | None:
    """The review that comes before in the queue."""
    place = queries.place_of("priority", item)
    return queries.previous_of(Asked(), actor=actor_of(request), before=place, but=item.uuid)


def address_of(uuid: UUID | None) -> str:
    """The address of a review; empty for none."""
    return reverse("studio:review", args=[format_id(REVIEW_ID, uuid)]) if uuid else ""


def names(item: Item) -> str:
    """Whom an item is about, in a line."""
    return ", ".join(dict.fromkeys(one.name or gettext("Name unknown") for one in item.customers))


def review_id(text: str) -> UUID:
    """The id in an address; one that is malformed is as unknown as one that does not exist."""
    return identifier(REVIEW_ID, text)


def customer_id(text: str) -> UUID:
    """The id of a customer in a form."""
    return identifier("cus", text)


def identifier(prefix: str, text: str) -> UUID:
    """An id; raises Missing for what is none."""
    try:
        return parse_id(prefix, text)
    except Invalid:
        raise Missing(gettext("There is nothing with this id."), code="reviews.missing") from None


def said_in(request: HttpRequest, name: str) -> str:
    """What somebody wrote in a form, without the one character that no table can keep."""
    return request.POST.get(name, "").replace("\0", "")[:2001].strip()


def number(text: str, name: str) -> int:
    """A small number in a form; raises Invalid."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid(gettext("%(name)s is not a number.") % {"name": name}, code="reviews.number")
    return int(text)


def place_in(text: str) -> tuple[int, int] | None:
    """The place of a page; raises Invalid for one that we never gave out."""
    if not text:
        return None
    first, _, second = text.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (first, second)):
        raise Invalid(gettext("There is no such page; begin at the top."), code="reviews.place")
    return int(first), int(second)
