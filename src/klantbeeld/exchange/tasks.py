"""Jobs of the exchange."""

from __future__ import annotations

import logging
import uuid

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from klantbeeld.exchange import bulk

#: What was accepted is stored, also when the database goes away meanwhile: for about a quarter of an hour it is tried.
MOST_ATTEMPTS = 10
AGAIN = RetryStrategy(max_attempts=MOST_ATTEMPTS, linear_wait=20)

_logger = logging.getLogger(__name__)


@app.task(name=bulk.TASK, queue="bulk", retry=AGAIN, pass_context=True)
def store_delivery(context: JobContext, delivery: str) -> None:
    """Store a bulk delivery, stretch by stretch; started again it goes on where the last commit was.

    When the last attempt fails too, the delivery is marked so, with a reason for its sender.
    """
    try:
        while bulk.store_next(uuid.UUID(delivery)):
            pass
    except Exception:
        if context.job.attempts >= MOST_ATTEMPTS:
            bulk.fail(uuid.UUID(delivery), bulk.GAVE_UP)
        raise


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.fail_abandoned", queue="short", queueing_lock="exchange.fail_abandoned")
def fail_abandoned(timestamp: int) -> None:
    """Tell senders of deliveries whose job ended without them."""
    failed = bulk.fail_abandoned()
    if failed:
        _logger.warning("%d bulk deliveries were given up, because storing them failed again and again.", failed)
