"""The lifecycle: who stands where at which company, who came and went, and the policy in sentences, to be tried."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from klantbeeld.foundation.access import require
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.ids import format_id
from klantbeeld.lifecycle import actions, queries
from klantbeeld.lifecycle.contracts import LifecycleFigures, PolicyView, Simulation, StateInfo
from klantbeeld.profiles import queries as profiles
from klantbeeld.ui.door import Request, actor_of, purpose_of, said, screen
from klantbeeld.ui.templatetags.figures import count
from klantbeeld.ui.words import label

MONTHS, LONGEST = 6, 50_000


@require_GET
@screen
def lifecycle(request: Request) -> HttpResponse:
    """Customers per company and state, who came and went per month, and the policy of one company."""
    return _page(request, said(request.GET, "company", 60))


@require_POST
@screen
def attempt(request: Request) -> HttpResponse:
    """Try a changed policy, or put it in force."""
    require(actor_of(request), "quality:read")
    company, text = said(request.POST, "company", 60), said(request.POST, "policy", LONGEST)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid(gettext("This is no JSON; go back and mend it."), code="lifecycle.json") from None
    if request.POST.get("do") == "activate":
        based_on = said(request.POST, "based_on", 9)
        actions.activate(
            company=company,
            document=document,
            based_on=int(based_on) if based_on.isdecimal() else 0,
            actor=actor_of(request),
        )
        messages.success(request, gettext("In force. Everybody is judged again in the background."))
        return redirect(f"{reverse('studio:lifecycle')}?company={company}")
    found = queries.simulate(company=company, document=document, actor=actor_of(request))
    return _page(request, company, text, found)


@require_GET
@screen
def behind(request: Request, company: str) -> HttpResponse:
    """The customers behind a figure: who stands in a state, or who came or left in a month."""
    actor, purpose = actor_of(request), purpose_of(request)
    policy = queries.get_policy(company, actor=actor)
    words = {one.code: label(one.label) for one in policy.states}
    state = said(request.GET, "state", 30)
    moved = said(request.GET, "moved", 5)
    if moved in ("came", "left"):
        page = queries.list_moved(
            company=company,
            from_date=_day(request, "from"),
            until_date=_day(request, "until"),
            becomes=state if moved == "came" else None,
            was=state if moved == "left" else None,
            actor=actor,
            purpose=purpose,
            limit=200,
        )
    else:
        page = queries.list_in_state(company=company, state=state, actor=actor, purpose=purpose, limit=200)
    rows = profiles.rows_of({one.customer_id for one in page.rows}, actor=actor, purpose=purpose)
    context = {
        "place": "lifecycle",
        "company": policy.company,
        "state": words.get(state, state),
        "moved": moved,
        "more": page.next_place is not None,
        "rows": [
            {
                "id": format_id("cus", one.uuid),
                "name": rows[one.customer_id].name if one.customer_id in rows else "",
                "at": one.at,
                "was": words.get(one.was, one.was),
                "becomes": words.get(one.becomes, one.becomes),
            }
            for one in page.rows
        ],
    }
    return render(request, "studio/lifecycle_behind.html", context)


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(said(request.GET, name, 10))
    except ValueError:
        raise Invalid(gettext("There is no such day; open the page again."), code="lifecycle.day") from None


def _page(request: Request, company: str, text: str = "", tried: Simulation | None = None) -> HttpResponse:
    actor = actor_of(request)
    policies = queries.list_policies(actor=actor)
    chosen = next((one for one in policies if one.company.code == company), policies[0] if policies else None)
    found = queries.figures(actor=actor, months=MONTHS)
    context = {
        "place": "lifecycle",
        "figures": found,
        "states": [label(one.label) for one in found.states],
        "matrix": _matrix(found),
        "months": _months(found, chosen) if chosen else [],
        "policies": policies,
        "chosen": chosen,
        "based_on": chosen.version if chosen and chosen.own else 0,
        "sentences": [_sentence(one, chosen.minimum) for one in chosen.states] if chosen else [],
        "document": text or (json.dumps(chosen.document, indent=2, ensure_ascii=False) if chosen else ""),
        "tried": tried,
        "moves": _moves(tried, found.states) if tried else [],
        "reviews": queries.reviews_under_way(actor=actor),
        "may_find": actor.may("customers:find"),
        "may_change": actor.may(actions.SCOPE),
    }
    return render(request, "studio/lifecycle.html", context)


def _matrix(found: LifecycleFigures) -> list[dict[str, Any]]:
    return [
        {
            "company": company,
            "cells": [
                {"state": state.code, "count": found.counts.get((company.id, state.code), 0)} for state in found.states
            ],
        }
        for company in found.companies
    ]


def _months(found: LifecycleFigures, policy: PolicyView) -> list[dict[str, Any]]:
    """The months of one company, the newest first: for each state who came and left, and what stood at the end."""
    made = []
    for period in reversed(found.periods):
        cells = {cell.state: cell for cell in period.cells if cell.company_id == policy.company.id}
        other = sum(abs(cell.regrouped) + abs(cell.redefined) for cell in cells.values())
        made.append(
            {
                "from": period.from_date,
                "until": period.until_date,
                "cells": [(state.code, cells.get(state.code)) for state in found.states],
                "other": other,
            }
        )
    return made


def _sentence(state: StateInfo, minimum: str) -> dict[str, Any]:
    return {
        "label": label(state.label),
        "sentence": label(state.sentence),
        "since": label(state.since_sentence) if state.since_sentence else "",
        "is_minimum": state.code == minimum,
    }


def _moves(tried: Simulation, states: tuple[StateInfo, ...]) -> list[dict[str, Any]]:
    words = {"": gettext("None")} | {one.code: label(one.label) for one in (*states, *tried.states)}
    return [
        {
            "was": words.get(move.was, move.was),
            "becomes": words.get(move.becomes, move.becomes),
            "stays": move.was == move.becomes,
            "count": count(move.count),
            "examples": [format_id("cus", uuid) for uuid in move.examples[:3]],
        }
        for move in tried.moves
    ]
