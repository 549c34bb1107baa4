"""Jobs of one queue (procrastinate), and beside the short ones the relay of the outbox."""

from __future__ import annotations

import asyncio
import sys

# Everything that is not declared bulk is short.
QUEUES: dict[str, list[str]] = {"short": ["default", "short"], "bulk": ["bulk"]}


async def _work(queue: str, threads: int) -> None:
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        await worker_app.run_worker_async(queues=QUEUES[queue], name=queue, concurrency=threads)


def work(queue: str, threads: int) -> None:
    """Run until SIGTERM; running jobs finish first. Django must be set up. Ends with code 1 without its database."""
    from procrastinate.exceptions import ConnectorException

    from klantbeeld.config import wiring
    from klantbeeld.engines import matching

    # Before the first job, so that none waits for the compiler.
    matching.warm()
    background = wiring.start_relay() if queue == "short" else None
    try:
        asyncio.run(_work(queue, threads))
    except ConnectorException:
        # The supervisor starts it again, with growing pauses, until the database is back.
        sys.exit("the database is away")
    finally:
        if background is not None:
            background.stop()
