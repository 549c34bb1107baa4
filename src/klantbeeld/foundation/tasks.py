"""What the ground does by the clock, as periodic jobs of the worker."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from klantbeeld.foundation import idempotency, partitions, relay

_logger = logging.getLogger(__name__)


@app.periodic(cron="23 3 * * *")
@app.task(name="foundation.daily", queue="short", queueing_lock="foundation.daily")
def daily(timestamp: int) -> None:
    """Make partitions ahead, and forget what is past keeping."""
    made = partitions.make_partitions()
    answers, marks = idempotency.purge(), relay.purge_processed()
    _logger.info("Made %d partitions; forgot %d answers and %d marks.", made, answers, marks)


@app.periodic(cron="* * * * *")
@app.task(name="foundation.retry_stalled", queue="short", queueing_lock="foundation.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Start the jobs of workers that died again: procrastinate tells which, and leaves the retry to us."""
    for job in await app.job_manager.get_stalled_jobs():
        _logger.warning("Job %s (%s) had lost its worker; it starts again.", job.id, job.task_name)
        await app.job_manager.retry_job(job)
