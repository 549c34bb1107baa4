"""The timeline of records, and the roles that they hold or that others hold in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from klantbeeld.foundation.access import Actor, require
from klantbeeld.interactions.contracts import Held, RoleRow, TimelinePage, TimelineRow
from klantbeeld.sources.contracts import Kind

PAGE_LIMIT = 200

# By hand: one index per side of a role, and no row of an activity is read twice.
_TIMELINE = """
SELECT a.record_id, r.source_id, a.type, a.at, a.title, a.number, a.state, a.amount, a.cost, a.currency,
  held.roles, held.holders
FROM (
  SELECT target_id, array_agg(DISTINCT role ORDER BY role) AS roles, array_agg(DISTINCT holder_id) AS holders
  FROM interactions_role WHERE holder_id = ANY(%(records)s) GROUP BY target_id
) held
JOIN interactions_activity a ON a.record_id = held.target_id
JOIN sources_record r ON r.id = a.record_id
WHERE (%(types)s::text[] IS NULL OR a.type = ANY(%(types)s))
  AND (%(at)s::timestamptz IS NULL OR (a.at, a.record_id) < (%(at)s, %(id)s))
ORDER BY a.at DESC, a.record_id DESC LIMIT %(limit)s
"""
_ROLES = """
SELECT o.role, o.holder_id, h.kind, o.target_id, t.kind, o.from_date, o.to_date, o.declared_by_id, t.source_id,
  coalesce(v.data->'attributes'->>'type', ''), coalesce(v.data->'attributes'->>'title', ''),
  coalesce(v.data->'attributes'->>'number', ''), coalesce(v.data->'attributes'->>'state', '')
FROM interactions_role o
JOIN sources_record h ON h.id = o.holder_id
JOIN sources_record t ON t.id = o.target_id
LEFT JOIN sources_recordversion v ON v.id = t.version_id
WHERE {side} = ANY(%s) AND t.kind = ANY(%s)
ORDER BY o.from_date DESC NULLS LAST, o.target_id, o.role, o.holder_id, o.id
"""
LASTING = (Kind.PERSON, Kind.ORGANISATION, Kind.CONTRACT, Kind.OBJECT)


def timeline(
    record_ids: Sequence[int],
    *,
    actor: Actor,
    purpose: str,
    types: Collection[str] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> TimelinePage:
    """What happened to the holders of these records, the newest first; `before` comes from the page before.

    `types` keeps only some (order, parcel, call). An activity in which two of the records have a role is one row.
    """
    require(actor, "customers:read", purpose)
    limit = min(limit, PAGE_LIMIT)
    at, record_id = before or (None, 0)
    parameters = {
        "records": list(record_ids),
        "types": sorted(types) if types is not None else None,
        "at": at,
        "id": record_id,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TIMELINE, parameters)
        rows = [_row(*row) for row in cursor.fetchall()]
    more = len(rows) > limit
    page = tuple(rows[:limit])
    return TimelinePage(page, (page[-1].at, page[-1].record_id) if more else None)


def roles_of(record_ids: Sequence[int], *, kinds: Collection[Kind] = LASTING) -> list[RoleRow]:
    """Roles that these records hold, the latest first; activities are left out, the timeline has them."""
    return _roles("o.holder_id", record_ids, kinds)


def holders_of(target_record_ids: Sequence[int], *, kinds: Collection[Kind] = tuple(Kind)) -> list[RoleRow]:
    """Who holds which role in these records, and when: all tenants of a dwelling, one after the other.

    Holding the same contract or object says nothing about identity; this is for finding and showing.
    """
    return _roles("o.target_id", target_record_ids, kinds)


def count_held(record_ids: Sequence[int]) -> Held:
    """How many activities, contracts and objects these records hold a role in, each counted once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE kind = 5), count(*) FILTER (WHERE kind = 3),
                 count(*) FILTER (WHERE kind = 4)
               FROM (SELECT DISTINCT o.target_id, t.kind FROM interactions_role o
                     JOIN sources_record t ON t.id = o.target_id WHERE o.holder_id = ANY(%s)) held""",
            [list(record_ids)],
        )
        return Held(*cursor.fetchone())


def _roles(side: str, record_ids: Sequence[int], kinds: Collection[Kind]) -> list[RoleRow]:
    if not record_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ROLES.format(side=side), [list(record_ids), [int(kind) for kind in kinds]])
        return [_role(*row) for row in cursor.fetchall()]


def _row(record_id: int, source_id: int, *rest: Any) -> TimelineRow:
    kind, at, title, number, state, amount, cost, currency, roles, holders = rest
    return TimelineRow(
        record_id,
        source_id,
        kind,
        at,
        title,
        number,
        state,
        amount,
        cost,
        currency,
        tuple(roles),
        tuple(sorted(holders)),
    )


def _role(role: str, holder: int, holder_kind: int, target: int, target_kind: int, *rest: Any) -> RoleRow:
    return RoleRow(role, holder, Kind(holder_kind), target, Kind(target_kind), *rest)
