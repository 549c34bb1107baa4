"""Imports as jobs: asked for, or when the schedule of a source says so."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from klantbeeld.flows.imports import import_source
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Conflict
from klantbeeld.sources import queries

_logger = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)


def start_import(source_code: str, *, feed: str = "", full: bool = False) -> int | None:
    """Let a worker import a source; returns the job's id, or None when the same source is waiting already."""
    job = import_job.configure(queueing_lock=f"import:{source_code}", lock=f"import:{source_code}")
    try:
        with transaction.atomic():  # a job that waits already would spoil the caller's transaction
            return int(job.defer(source_code=source_code, feed=feed, full=full))
    except AlreadyEnqueued:
        return None


@app.task(name="flows.import", queue="bulk")
def import_job(source_code: str, feed: str = "", full: bool = False) -> None:
    """Import a source as declared. Started again after its worker died, it goes on where the last commit was."""
    try:
        runs = import_source(
            source_code=source_code, actor=Actor.system("import"), feed=feed, full=full, within=_folders()
        )
    except Conflict as error:
        # Somebody paused it, or imports it by hand at this moment: nothing is lost, the next turn comes.
        _logger.warning("The import of %s was left for the next time: %s", source_code, error.message)
        return
    for run in runs:
        _logger.info("%s/%s: %s, %d rows, %d refused.", run.source, run.feed, run.state, run.rows, run.refused)


@app.periodic(cron="* * * * *")
@app.task(name="flows.start_due_imports", queue="short", queueing_lock="flows.start_due_imports")
def start_due_imports(timestamp: int) -> None:
    """Every minute: start the imports whose schedule has its moment in the minute before this one, and those of sources
    in whose watched folders a file has appeared."""
    until = datetime.fromtimestamp(timestamp, UTC)
    due = queries.due_sources(until - MINUTE, until)
    for code in dict.fromkeys([*due, *queries.sources_with_new_files(_folders())]):
        start_import(code)


def _folders() -> list[Path]:
    """What imports that nobody watches may read of this machine."""
    return [settings.IMPORT_DIR, settings.HOME.folder / "demo"]
