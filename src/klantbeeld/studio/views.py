"""The studio: sources, how they fare, and what they gave that was refused."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from klantbeeld.sources import queries
from klantbeeld.studio.pages import run_view, source_view, texts_of
from klantbeeld.ui.door import actor_of, purpose_of, screen


@require_GET
@screen
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with its health and counts, the most trusted first."""
    listed = [source_view(row) for row in queries.list_sources(actor_of(request))]
    totals = {
        "records": sum(one.row.records for one in listed),
        "quarantined": sum(one.row.quarantined for one in listed),
        "troubled": sum(one.tone == "bad" for one in listed),
    }
    context = {"place": "sources", "sources": listed, "totals": totals, "as_of": timezone.now()}
    return render(request, "studio/sources.html", context)


@require_GET
@screen
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source: its declaration, its runs, and what was refused with the reason."""
    actor, purpose = actor_of(request), purpose_of(request)
    row = queries.get_source(code, actor)
    context = {
        "place": "sources",
        "source": source_view(row),
        "runs": [run_view(run) for run in queries.list_runs(actor=actor, source_code=code, limit=20)],
        "refused": texts_of(queries.list_quarantine(actor=actor, purpose=purpose, source_code=code, limit=100)),
        "declaration": json.dumps(queries.get_declaration(code, actor=actor), indent=2, ensure_ascii=False),
        "as_of": timezone.now(),
    }
    return render(request, "studio/source.html", context)
