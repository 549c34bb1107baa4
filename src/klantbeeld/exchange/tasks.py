"""Jobs of the exchange."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from klantbeeld.exchange import bulk


@app.task(name="exchange.store_delivery", queue="bulk")
def store_delivery(delivery: str) -> None:
    """Store a bulk delivery, stretch by stretch; started again it goes on where the last commit was."""
    while bulk.store_next(uuid.UUID(delivery)):
        pass
