"""How a screen lets somebody in: who acts, for which purpose, and what an error looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django_htmx.middleware import HtmxDetails

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.rules.roles import purposes_of
from klantbeeld.kit.errors import Conflict, Invalid, KlantbeeldError, Missing, Refused, Unavailable
from klantbeeld.ui.problems import problem_text

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as the screens get it: `htmx` is true when only a part of the page is asked for."""

    htmx: HtmxDetails


STATUS: dict[type[KlantbeeldError], int] = {Missing: 404, Refused: 403, Invalid: 400, Conflict: 409, Unavailable: 503}


def actor_of(request: HttpRequest) -> Actor:
    """The employee who is logged in, as an actor."""
    user: Any = request.user
    return Actor.user(id=user.pk, name=user.name, roles=tuple(user.roles), company=user.company_id)


def purpose_of(request: HttpRequest) -> str:
    """The purpose chosen in this session, else the one that the employee's roles mostly work for."""
    user: Any = request.user
    own = purposes_of(user.roles)
    chosen = request.session.get("purpose", "")
    return chosen if chosen in own else (own[0] if own else "")


def said(given: Mapping[str, Any], name: str, most: int = 200) -> str:
    """What a form or an address says under this name, at most so many characters; empty when it says nothing.

    Raises Invalid for a NUL character, which no text of ours holds and the database refuses.
    """
    text = str(given.get(name, "")).strip()[:most]
    if "\0" in text:
        raise Invalid(gettext("There is a character in this address or form that no text has; open the page again."))
    return text


def write_down(
    request: HttpRequest, action: str, *, subject: int | None = None, found: Iterable[int] | None = None
) -> None:
    """Write in the audit log which customers this page shows, before it is shown; when that fails, nothing is.

    `subject` is the customer that the page is about, `found` are the others on it, all by internal id.
    """
    audit.write(
        actor=actor_of(request),
        purpose=purpose_of(request),
        action=action,
        subject_kind="" if subject is None else "customer",
        subject_id=subject,
        detail={} if found is None else {"found": list(dict.fromkeys(found))},
    )


def screen(view: View) -> View:
    """A screen for employees: asks to log in, and shows what the house refuses as a page with its reason.

    What is read and the line that says that it was read are one transaction.
    """

    @login_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
        except KlantbeeldError as error:
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
            whole = not getattr(request, "htmx", False)
            template = "ui/problem.html" if whole else "ui/problem_part.html"
            context = {"text": problem_text(error), "status": status}
            response = render(request, template, context, status=status)
        response["Cache-Control"] = "no-store"
        return response

    return shown
