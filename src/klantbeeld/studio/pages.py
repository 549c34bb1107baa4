"""What the studio's templates show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from klantbeeld.consent.queries import purposes
from klantbeeld.sources.contracts import QuarantineRow, RunRow, SourceRow
from klantbeeld.ui.words import label

STATES = {"done": "good", "running": "accent", "paused": "warn", "failed": "bad"}
GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its state in words, how long it took, and the share of rows that was refused."""

    row: RunRow
    tone: str
    state: str
    seconds: float | None
    refused_share: float


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its name and health in the reader's language."""

    row: SourceRow
    name: str
    tone: str
    health: str
    purpose: str
    last: RunView | None


@dataclass(frozen=True, slots=True)
class RefusedView:
    """Something in quarantine, with its reason in the reader's language."""

    row: QuarantineRow
    reason: str


def run_view(run: RunRow) -> RunView:
    """A run as the template shows it."""
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return RunView(run, STATES.get(run.state, ""), state_word(run.state), seconds, run.refused / max(run.rows, 1))


def state_word(state: str) -> str:
    """The state of a run in the reader's language."""
    return {
        "done": gettext("done"),
        "running": gettext("running"),
        "paused": gettext("paused"),
        "failed": gettext("failed"),
    }.get(state, state)


def source_view(row: SourceRow) -> SourceView:
    """A source as the template shows it."""
    tone, health = health_of(row)
    known = purposes().get(row.purpose)
    purpose = label(known.label) if known else row.purpose
    return SourceView(row, label(row.label), tone, health, purpose, run_view(row.last_run) if row.last_run else None)


def health_of(row: SourceRow) -> tuple[str, str]:
    """How a source fares: the worst thing that is true of it."""
    if row.builtin:
        return "", gettext("built in")
    if row.paused_at:
        return "bad", gettext("paused")
    if row.last_run is None:
        return "warn", gettext("never run")
    if row.last_run.state == "failed":
        return "bad", gettext("last run failed")
    if row.next_run_at and row.next_run_at < timezone.now() - GRACE:
        return "warn", gettext("overdue")
    if row.last_run.state == "running":
        return "accent", gettext("running")
    return ("warn", gettext("rows refused")) if row.quarantined else ("good", gettext("healthy"))


def texts_of(rows: Iterable[QuarantineRow]) -> list[RefusedView]:
    """Quarantine with its reasons in the reader's language."""
    return [RefusedView(row, label(row.message)) for row in rows]
