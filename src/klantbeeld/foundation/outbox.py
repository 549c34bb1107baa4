"""The outbox: facts for others, written in the transaction of the change, read in an order without gaps."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from klantbeeld.foundation import seals
from klantbeeld.foundation.contracts import Cursor, Event, EventPage, PublishedEvent
from klantbeeld.foundation.wire import numbers, run, texts

__all__ = ["Cursor", "Event", "EventPage", "PublishedEvent", "head", "publish", "read_after", "realign"]

_INSERT = """
INSERT INTO foundation_outboxevent (xid, type, subject_kind, subject_id, subject_uuid, version, payload)
SELECT clock.xid, event.* FROM (SELECT kb_xid() AS xid) clock,
  unnest(%s::text[], %s::text[], %s::bigint[], %s::uuid[], %s::int[], %s::jsonb[]) event
"""
COLUMNS = "id, at, xid, type, subject_kind, subject_id, subject_uuid, version, payload::text"
#: One more than asked is read to know whether this was the end. The horizon comes from the same snapshot as the rows,
#: so that everything below it has been considered when the end was reached, also what the filters left out.
_READ = """
SELECT clock.horizon, event.* FROM (SELECT kb_horizon() AS horizon) clock LEFT JOIN LATERAL (
  SELECT {columns} FROM foundation_outboxevent
  WHERE xid < clock.horizon AND (xid, id) > (%(xid)s, %(id)s) {filters}
  ORDER BY xid, id LIMIT %(limit)s
) event ON true
"""
_LAST_ID = 2**63 - 1
REALIGN = """
UPDATE foundation_epoch SET shift = shift + seen.last - clock.now + 1
FROM (SELECT greatest((SELECT max(xid) FROM foundation_outboxevent), (SELECT max(xid) FROM foundation_auditline),
        (SELECT max(to_xid) FROM foundation_auditseal)) AS last) seen,
     (SELECT kb_horizon() AS now, pg_snapshot_xmax(pg_current_snapshot())::text::bigint + shift AS next
      FROM foundation_epoch) clock
WHERE seen.last > clock.next
"""


def publish(events: Iterable[Event]) -> int:
    """Write events in one statement, in the running transaction; returns how many."""
    events = list(events)
    if not events:
        return 0
    run(
        _INSERT,
        (
            texts(event.type for event in events),
            texts(event.subject_kind for event in events),
            numbers(event.subject_id for event in events),
            "{" + ",".join([str(event.subject_uuid or "NULL") for event in events]) + "}",
            numbers(event.version for event in events),
            texts(json.dumps(event.payload) if event.payload else "{}" for event in events),
        ),
    )
    return len(events)


def read_after(
    cursor: Cursor, limit: int, subject_kind: str | None = None, types: Collection[str] | None = None
) -> EventPage:
    """The next events after `cursor`, at most `limit`, oldest first.

    Only events of transactions that are older than every running one are given, in the order (transaction, id). So
    an event can never appear behind a cursor that somebody already passed; a long transaction delays readers instead.
    """
    filters = ""
    parameters: dict[str, Any] = {"xid": cursor.xid, "id": cursor.id, "limit": limit + 1}
    if subject_kind is not None:
        filters += " AND subject_kind = %(kind)s"
        parameters["kind"] = subject_kind
    if types is not None:
        filters += " AND type = ANY(%(types)s)"
        parameters["types"] = sorted(types)
    with connection.cursor() as db:
        db.execute(_READ.format(columns=COLUMNS, filters=filters), parameters)
        rows = db.fetchall()
    horizon = rows[0][0]
    found = [row[1:] for row in rows if row[1] is not None]
    events = tuple(to_event(row) for row in found[:limit])
    if len(found) > limit:
        return EventPage(events, events[-1].cursor, is_last=False)
    return EventPage(events, max(cursor, Cursor(horizon - 1, _LAST_ID)), is_last=True)


def head() -> Cursor:
    """The place after everything that can be read now: where a new consumer starts that wants no past."""
    with connection.cursor() as db:
        db.execute("SELECT kb_horizon()")
        (horizon,) = db.fetchone()
    return Cursor(horizon - 1, _LAST_ID)


def realign() -> bool:
    """After a restore elsewhere, let the order of transactions go on above what is stored; True when it was needed.

    A new database cluster counts transactions from a low number; without this its events would sort before the ones
    that readers have passed, and be missed. Call it after a restore, before anything writes; needs the owner's role.
    Seals of the audit log get numbers above those that the anchor remembers, for the same reason.
    """
    seals.number_above_anchor()
    with connection.cursor() as db:
        db.execute(REALIGN)
        return bool(db.rowcount)


def to_event(row: tuple[Any, ...]) -> PublishedEvent:
    """A row of `COLUMNS` as the event that readers get."""
    id_, at, xid, type_, kind, subject, uuid, version, payload = row
    return PublishedEvent(id_, at, xid, type_, kind, subject, uuid, version, _payload(payload))


def _payload(text: str) -> Mapping[str, Any]:
    return {} if text == "{}" else json.loads(text)
