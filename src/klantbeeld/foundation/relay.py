"""The relay: takes events from the outbox to their handlers, each once.

A consumer's place, the mark that it had an event, and the effect of its handler are one transaction. Several relays may
run: each takes the consumers that no other one holds (SKIP LOCKED). Effects outside the database are jobs that the
handler enqueues in the same transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from klantbeeld.foundation import outbox, ports, seals
from klantbeeld.foundation.contracts import Cursor, PublishedEvent
from klantbeeld.foundation.models import Consumer, FailedDelivery
from klantbeeld.foundation.ports import Handler

BATCH = 200
RETRIES_AT_ONCE = 20
#: Pauses before the second to the fifth try; after that a person has to look.
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
STRIDE = 1_000
PROCESSED_DAYS = 90
SEAL_SECONDS = 5.0
#: At most ten rounds a second, whatever comes in.
BUSY_PAUSE, IDLE_PAUSE, TROUBLE_PAUSE = 0.1, 0.5, 2.0

_logger = logging.getLogger(__name__)
_MARK = """
INSERT INTO foundation_processed (consumer, event_id, at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING
"""
_EVENT = f"SELECT {outbox.COLUMNS} FROM foundation_outboxevent WHERE at = %s AND id = %s"  # noqa: S608 - constant


def run(stop: threading.Event) -> None:
    """Work until `stop` is set: hand out events, seal the audit log. A database that is away is waited for."""
    sealed_at = 0.0
    while not stop.is_set():
        pause = IDLE_PAUSE
        try:
            if run_once():
                pause = BUSY_PAUSE
            if time.monotonic() - sealed_at >= SEAL_SECONDS:
                seals.seal()
                sealed_at = time.monotonic()
        except DatabaseError:
            _logger.warning("The relay waits for the database.", exc_info=True)
            pause = TROUBLE_PAUSE
        finally:
            close_old_connections()
        stop.wait(pause)


def run_once(consumers: Mapping[str, tuple[frozenset[str], Handler]] | None = None) -> int:
    """Give every consumer one batch of what it wants; returns how many events were tried."""
    consumers = ports.wiring().consumers if consumers is None else consumers
    return sum(_serve(name, types, handler) for name, (types, handler) in consumers.items())


def purge_processed() -> int:
    """Forget the marks of events that every consumer left behind long ago; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM foundation_processed WHERE at < now() - make_interval(days => %s)", [PROCESSED_DAYS]
        )
        return int(cursor.rowcount)


@transaction.atomic
def _serve(name: str, types: frozenset[str], handler: Handler) -> int:
    Consumer.objects.get_or_create(name=name)
    place = Consumer.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if place is None:
        return 0
    tried = _retry(name, handler)
    page = outbox.read_after(Cursor(place.xid, place.event_id), BATCH, types=types)
    for event in page.events:
        problem = _deliver(name, event, handler)
        if problem is not None:
            FailedDelivery.objects.create(
                consumer=name,
                event_id=event.id,
                event_at=event.at,
                problem=problem,
                retry_at=timezone.now() + PAUSES[0],
            )
    # What nobody wanted is passed over in strides: a write for each idle look would be a write twice a second.
    if page.events or page.cursor.xid - place.xid > STRIDE:
        place.xid, place.event_id, place.moved_at = page.cursor.xid, page.cursor.id, timezone.now()
        place.save()
    return tried + len(page.events)


def _retry(name: str, handler: Handler) -> int:
    due = FailedDelivery.objects.filter(consumer=name, retry_at__lte=timezone.now()).order_by("retry_at", "id")
    failures = list(due[:RETRIES_AT_ONCE])
    for failure in failures:
        with connection.cursor() as cursor:
            cursor.execute(_EVENT, [failure.event_at, failure.event_id])
            event = outbox.to_event(cursor.fetchone())
        problem = _deliver(name, event, handler)
        if problem is None:
            failure.delete()
            continue
        failure.attempts += 1
        failure.problem = problem
        left = failure.attempts - 1 < len(PAUSES)
        failure.retry_at = timezone.now() + PAUSES[failure.attempts - 1] if left else None
        failure.save()
    return len(failures)


def _deliver(name: str, event: PublishedEvent, handler: Handler) -> str | None:
    """Run the handler once for this event; None when that went well, else what went wrong."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_MARK, [name, event.id])
                if not cursor.rowcount:
                    return None
            handler(event)
    except Exception as error:
        # Whatever a handler raises, the other events go on; a lost connection shows at the next statement anyway.
        _logger.exception("%s could not take event %s", name, event.id)
        return f"{type(error).__name__}: {error}"[:500]
    return None
