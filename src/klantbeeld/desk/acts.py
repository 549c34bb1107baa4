"""What an employee does at the desk: correct a value, say that two customers are one or are not, and take it back.

Each goes through the same flow as over the API. After it the page is shown anew.
"""

from __future__ import annotations

import uuid
from typing import Literal

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from klantbeeld.desk.pages import correcting, judging
from klantbeeld.desk.pages.explained import DECISION
from klantbeeld.desk.views import customer_id
from klantbeeld.flows import correct as correct_flow
from klantbeeld.flows import merge as merge_flow
from klantbeeld.foundation.access import require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import actions as identity
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.ui.door import Request, actor_of, purpose_of, said, screen, write_down
from klantbeeld.ui.problems import problem_text

REASON_AT_MOST = 1000


@require_http_methods(["GET", "POST"])
@screen
def correct(request: Request, customer: str, attribute: str) -> HttpResponse:
    """The form for one value, and what is said in it."""
    actor, purpose = actor_of(request), purpose_of(request)
    found = customer_id(customer)
    if request.method == "GET":
        form = correcting.form_of(found, attribute, actor=actor, purpose=purpose)
        return render(request, "desk/correct.html", {"form": form, "place": "customers", "whole": not request.htmx})
    form = correcting.form_of(found, attribute, actor=actor, purpose=purpose, given=request.POST)
    try:
        _say(request, found, attribute)
    except Invalid as error:
        form = correcting.form_of(
            found, attribute, actor=actor, purpose=purpose, given=request.POST, error=problem_text(error)
        )
        context = {"form": form, "place": "customers", "whole": not request.htmx}
        return render(request, "desk/correct.html", context, status=422)
    messages.success(request, gettext("Kept: %(label)s.") % {"label": form.label})
    return go(request, form.customer)


def _say(request: Request, customer: uuid.UUID, attribute: str) -> None:
    """Correct the value as the form says, or take back what was said. Raises Invalid for what cannot be kept."""
    actor, purpose = actor_of(request), purpose_of(request)
    # Before the version is compared, so that nobody changes the customer in between.
    identity.hold_writer()
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    if view.version != correcting.version_of(request.POST):
        raise Conflict("Somebody changed this customer meanwhile.", code="customer.changed")
    spec = attributes(view.kind)[attribute]
    taken_back = said(request.POST, "act") == "take_back"
    value = None if taken_back else correcting.read(spec, request.POST)
    if not taken_back and correcting.is_blank(value):
        raise Invalid(gettext(correcting.EXPECTED[spec.type]))
    reason, voice = said(request.POST, "reason", REASON_AT_MOST), correcting.voice_of(request.POST)
    if not taken_back and not reason:
        raise Invalid(gettext("Tell how you know; who reads it later wants to know."))
    try:
        correct_flow.correct(
            customer=customer,
            attribute=attribute,
            value=None if taken_back else correcting.as_stated(view.customer_id, spec, value, voice),
            reason=reason,
            stated_by=voice,
            actor=actor,
            purpose=purpose,
        )
    except Invalid as error:
        if error.code == "corrections.value":
            raise Invalid(gettext(correcting.EXPECTED[spec.type])) from error
        raise


@require_http_methods(["GET", "POST"])
@screen
def judge(request: Request, customer: str, other: str) -> HttpResponse:
    """Are two customers one? What it touches, and the word of a steward."""
    actor, purpose = actor_of(request), purpose_of(request)
    page = judging.judging(customer_id(customer), customer_id(other), actor=actor, purpose=purpose)
    write_down(request, "customers.judge", subject=page.number, found=[page.other_number])
    context = {"page": page, "place": "customers", "whole": not request.htmx}
    if request.method == "GET":
        return render(request, "desk/judge.html", context)
    reason, verdict = said(request.POST, "reason", REASON_AT_MOST), verdict_of(said(request.POST, "verdict"))
    if not reason:
        return render(
            request,
            "desk/judge.html",
            context | {"error": gettext("Tell how you know; who reads it later wants to know.")},
            status=422,
        )
    decide = merge_flow.merge if verdict == "same" else merge_flow.keep_apart
    made = decide(
        customers=[customer_id(page.id), customer_id(page.other_id)], actor=actor, purpose=purpose, reason=reason
    )
    done = gettext("Merged.") if verdict == "same" else gettext("Kept apart, for good.")
    messages.success(request, f"{done} {gettext('You can take it back under History.')}")
    return go(request, format_id("cus", made.customers[0]) if verdict == "same" else page.id)


def verdict_of(text: str) -> Literal["same", "different"]:
    """What the button said; raises Invalid for anything else."""
    if text not in ("same", "different"):
        raise Invalid(gettext("Say whether these are one customer or two."))
    return "same" if text == "same" else "different"


@require_POST
@screen
def undo(request: Request, decision: str) -> HttpResponse:
    """Take a merge, or a keeping apart, back."""
    actor, purpose = actor_of(request), purpose_of(request)
    require(actor, merge_flow.SCOPE, purpose)
    reason = said(request.POST, "reason", REASON_AT_MOST)
    if not reason:
        raise Invalid(gettext("Tell how you know; who reads it later wants to know."))
    try:
        act = parse_id(DECISION, decision)
    except Invalid:
        raise Missing("There is no such decision.", code="identity.no_decision") from None
    made = merge_flow.unmerge(merge_uuid=act, actor=actor, purpose=purpose, reason=reason)
    count = len(made.customers)
    told = ngettext("Taken back: this is %(count)s customer.", "Taken back: these are %(count)s customers.", count)
    messages.success(request, told % {"count": count})
    standing = [format_id("cus", one) for one in made.customers]
    asked = said(request.POST, "customer")
    return go(request, asked if asked in standing else standing[0])


def go(request: Request, customer: str) -> HttpResponse:
    """On to the page of a customer, also when only a part of the page asked."""
    address = reverse("desk:customer", args=[customer])
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else HttpResponseRedirect(address)
