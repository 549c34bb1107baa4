"""Jobs of the exchange."""

from __future__ import annotations

import uuid

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from klantbeeld.exchange import bulk

#: What was accepted is stored, also when the database goes away meanwhile: for about a quarter of an hour it is tried.
AGAIN = RetryStrategy(max_attempts=10, linear_wait=20, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="exchange.store_delivery", queue="bulk", retry=AGAIN)
def store_delivery(delivery: str) -> None:
    """Store a bulk delivery, stretch by stretch; started again it goes on where the last commit was."""
    while bulk.store_next(uuid.UUID(delivery)):
        pass
