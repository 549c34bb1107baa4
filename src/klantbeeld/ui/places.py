"""Where an employee may go, and the purposes for which he may work: what the frame offers, and no more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from klantbeeld.consent.queries import purposes
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.rules.roles import purposes_of
from klantbeeld.ui.door import actor_of, purpose_of
from klantbeeld.ui.words import label


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the rail; `key` follows g on the keyboard."""

    code: str
    label: str
    href: str
    icon: str
    key: str
    part: str


@dataclass(frozen=True, slots=True)
class PurposeChoice:
    """A purpose that the employee may work for, with what it means."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rail, the find box and the command menu offer this employee."""

    places: tuple[Place, ...]
    purposes: tuple[PurposeChoice, ...]
    purpose: str
    may_find: bool


# Code, text, address, icon, key, part of the rail, and the scope without which the page answers 403.
_PLACES = (
    ("find", gettext_noop("Find"), "desk:home", "search", "h", "desk", "customers:find"),
    ("customers", gettext_noop("Customers"), "desk:customers", "people", "c", "desk", "customers:find"),
    ("reviews", gettext_noop("Review"), "studio:reviews", "link", "r", "studio", "customers:merge"),
    ("lifecycle", gettext_noop("Lifecycle"), "studio:lifecycle", "people", "l", "studio", "quality:read"),
    ("sources", gettext_noop("Sources"), "studio:sources", "source", "s", "studio", "sources:read"),
    ("score", gettext_noop("Score"), "demo:score", "score", "q", "studio", "quality:read"),
)


def frame_of(request: HttpRequest) -> Frame:
    """The frame for who is logged in. No query beyond the register of purposes, which is kept in memory."""
    actor = actor_of(request)
    chosen = purpose_of(request)
    known = purposes()
    offered = tuple(
        PurposeChoice(code, label(known[code].label), code == chosen)
        for code in purposes_of(actor.roles)
        if code in known and (known[code].reads_profiles or code == chosen)
    )
    said = next((one.label for one in offered if one.chosen), "")
    return Frame(places_for(actor), offered, said, actor.may("customers:find"))


def places_for(actor: Actor) -> tuple[Place, ...]:
    """The pages that the actor may open; those of a surface that is not installed are left out."""
    found = []
    for code, text, name, icon, key, part, scope in _PLACES:
        if not actor.may(scope):
            continue
        try:
            found.append(Place(code, gettext(text), reverse(name), icon, key, part))
        except NoReverseMatch:
            continue
    return tuple(found)
