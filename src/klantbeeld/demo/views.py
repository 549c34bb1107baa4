"""The score of the demo: the customers in the database against the known truth."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from klantbeeld.demo.load import find_loaded
from klantbeeld.demo.measure import measure
from klantbeeld.engines.matching.metrics import Quality
from klantbeeld.foundation.access import require
from klantbeeld.ui.door import actor_of, screen


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to look at quality: shares 0..1."""

    name: str
    explained: str
    precision: float
    recall: float
    f1: float


@require_GET
@screen
def score(request: HttpRequest) -> HttpResponse:
    """The page; the figures, which take a few seconds, arrive by themselves."""
    require(actor_of(request), "quality:read")
    return render(request, "demo/score.html", {"place": "score", "loaded": find_loaded()})


@require_GET
@screen
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of the score, for merged customers and for what is suggested."""
    require(actor_of(request), "quality:read")
    loaded = find_loaded()
    if loaded is None:
        return render(request, "demo/figures.html", {})
    found = measure(loaded)
    parts = (
        (gettext("Merged without a person looking"), found.customers),
        (gettext("If every doubtful match were accepted"), found.suggested),
    )
    context = {
        "parts": [(heading, one, measures(one.quality)) for heading, one in parts],
        "as_of": timezone.now(),
    }
    return render(request, "demo/figures.html", context)


def measures(quality: Quality) -> list[Measure]:
    """The three ways to look at a partition."""
    return [
        Measure(
            gettext("Pairs"),
            gettext("of two records that are together, are they one customer; of two that should be, are they"),
            quality.precision,
            quality.recall,
            quality.f1,
        ),
        Measure(
            gettext("Exact customers"),
            gettext("customers that have all their records and no other"),
            quality.exact_precision,
            quality.exact_recall,
            quality.exact_f1,
        ),
        Measure(
            gettext("B-cubed"),
            gettext("for the average record: how pure and how complete its customer is"),
            quality.bcubed_precision,
            quality.bcubed_recall,
            quality.bcubed_f1,
        ),
    ]
