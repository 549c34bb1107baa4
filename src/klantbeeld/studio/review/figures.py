"""The figures of stewardship, and the random samples by which the automatic joins are checked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.kit.ids import format_id
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import CHECK_ID, SAMPLE_ID, CheckRow, SampleRow, State
from klantbeeld.studio.review import pages
from klantbeeld.studio.review.views import identifier, number
from klantbeeld.studio.review.written import state_word
from klantbeeld.ui.door import Request, actor_of, purpose_of, screen
from klantbeeld.ui.templatetags.figures import chance, count

SIZE, AT_ONCE = 50, 10


@require_GET
@screen
def figures(request: Request) -> HttpResponse:
    """Backlog, age, decisions per steward, and the precision of what was merged automatically."""
    actor = actor_of(request)
    found = queries.figures(actor=actor)
    ages = {
        "today": gettext("today"),
        "week": gettext("this week"),
        "month": gettext("this month"),
        "older": gettext("longer ago"),
    }
    waiting = max(found.ages.values(), default=0) or 1
    precision = found.precision
    context = {
        "place": "reviews",
        "figures": found,
        "counts": [
            (state_word(state), pages.counted(found.counts.get(state.code, 0), found.most), state.code)
            for state in State
            if state is not State.CLOSED
        ],
        "ages": [
            (ages[name], pages.counted(amount, found.most), 100 * amount / waiting)
            for name, amount in found.ages.items()
        ],
        "share": chance(precision.share) if precision.share is not None else "",
        "interval": interval(precision.low, precision.high),
        "checked": count(precision.right + precision.wrong),
        "samples": [sample_line(one) for one in queries.list_samples(actor=actor)],
        "may_draw": actor.may("customers:merge"),
        "size": SIZE,
    }
    return render(request, "studio/review_figures.html", context)


def interval(low: float | None, high: float | None) -> str:
    """An interval in words: `91% to 99%`."""
    if low is None or high is None:
        return ""
    return gettext("%(low)s to %(high)s") % {"low": chance(low), "high": chance(high)}


def sample_line(row: SampleRow) -> dict[str, Any]:
    """A sample in a list."""
    done = sum(bool(check.answer) for check in row.checks)
    return {
        "id": format_id(SAMPLE_ID, row.uuid),
        "at": row.drawn_at,
        "done": done,
        "size": row.size,
        "left": row.size - done,
        "wrong": sum(check.answer == "wrong" for check in row.checks),
    }


@require_POST
@screen
def draw(request: Request) -> HttpResponse:
    """Draw a sample and go to it."""
    size = number(request.POST.get("size", "") or str(SIZE), gettext("Size"))
    made = actions.draw_sample(size=size, actor=actor_of(request), purpose=purpose_of(request))
    return redirect("studio:review-sample", format_id(SAMPLE_ID, made))


@require_GET
@screen
def sample(request: Request, sample: str) -> HttpResponse:
    """The next checks of a sample, each with its evidence."""
    actor, purpose = actor_of(request), purpose_of(request)
    row = queries.get_sample(identifier(SAMPLE_ID, sample), actor=actor, purpose=purpose)
    waiting = [check for check in row.checks if not check.answer]
    context = {
        "place": "reviews",
        "sample": sample_line(row),
        "checks": shown(waiting[:AT_ONCE], actor, purpose),
        "left": ngettext("%(count)s record to check", "%(count)s records to check", len(waiting))
        % {"count": count(len(waiting))},
        "as_of": timezone.now(),
    }
    return render(request, "studio/review_sample.html", context)


def shown(checks: list[CheckRow], actor: Actor, purpose: str) -> list[dict[str, Any]]:
    """Checks with the evidence between their records; without it where a record is gone since."""
    known = identity.customer_of([record for check in checks for record in (check.record_id, check.other_id)])
    return [
        {
            "id": format_id(CHECK_ID, check.uuid),
            "pair": pages.pair_of(check.record_id, check.other_id, actor=actor, purpose=purpose)
            if check.record_id in known and check.other_id in known
            else None,
        }
        for check in checks
    ]


@require_POST
@screen
def answer(request: Request, check: str) -> HttpResponse:
    """Keep the answer to a check, and go on."""
    actions.answer_check(
        check=identifier(CHECK_ID, check),
        answer=request.POST.get("answer", ""),
        actor=actor_of(request),
        purpose=purpose_of(request),
    )
    return redirect("studio:review-sample", request.POST.get("sample", ""))
