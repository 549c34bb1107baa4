"""What the lifecycle does by the clock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from klantbeeld.lifecycle import actions

_logger = logging.getLogger(__name__)


@app.periodic(cron="41 2 * * *")
@app.task(name="lifecycle.nightly", queue="short", queueing_lock="lifecycle.nightly")
def nightly(timestamp: int) -> None:
    """Every night: ask for the states to be judged again that change with time alone."""
    actions.start_nightly(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="lifecycle.review", queue="bulk", queueing_lock="lifecycle.review", lock="lifecycle.review")
def review(timestamp: int) -> None:
    """Every minute: go on with what has to be judged again, until it is done; after a restart where it was."""
    judged = actions.go_on()
    if judged:
        _logger.info("Judged the lifecycle of %d customers again.", judged)
