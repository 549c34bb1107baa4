"""What stewardship does by the clock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from klantbeeld.stewardship import actions

_logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="stewardship.wake", queue="short", queueing_lock="stewardship.wake")
def wake(timestamp: int) -> None:
    """Every minute: what was put off until now comes back into the queue."""
    woken = actions.wake(at=datetime.fromtimestamp(timestamp, UTC))
    if woken:
        _logger.info("%d reviews that were put off are back in the queue.", woken)
