"""Records in their current version, for the domain packages above; they ask the door, not this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from klantbeeld.foundation.wire import numbers, run, texts
from klantbeeld.sources.contracts import Kind, State, StoredRecord
from klantbeeld.sources.rules.content import content_of, identifiers_of, roles_of

_LOAD = """
SELECT r.id, r.uuid, r.source_id, r.kind, r.external_id, r.state, v.data::text, v.source_at, v.received_at
FROM sources_record r LEFT JOIN sources_recordversion v ON v.id = r.version_id
WHERE r.id = ANY(%s::bigint[])
"""
_IDS = """
SELECT r.source_id, r.kind, r.external_id, r.id
FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS k(source_id, kind, external_id)
JOIN sources_record r USING (source_id, kind, external_id)
"""
_EMPTY: dict[str, Any] = {"attributes": {}, "identifiers": [], "roles": []}
_KINDS = {int(kind): kind for kind in Kind}
_STATES = {str(state): state for state in State}
_fresh: ContextVar[Mapping[int, StoredRecord] | None] = ContextVar("fresh_records", default=None)


@contextmanager
def fresh_records(records: Sequence[StoredRecord]) -> Iterator[None]:
    """Within, these records are not read again: whoever stored them holds the lock under which they can change."""
    token = _fresh.set({record.id: record for record in records})
    try:
        yield
    finally:
        _fresh.reset(token)


def load_records(ids: Sequence[int]) -> list[StoredRecord]:
    """Records by id in their current version, in the order asked for; an id that does not exist is left out.

    One that is only expected has no attributes, identifiers, roles or moments.
    """
    fresh = _fresh.get() or {}
    wanted = dict.fromkeys(ids)
    found = {number: fresh[number] for number in wanted if number in fresh}
    missing = [number for number in wanted if number not in found]
    if missing:
        cursor = run(_LOAD, (numbers(missing),))
        for number, uuid, source_id, kind, external_id, state, text, source_at, received_at in cursor:
            data = content_of(text) if text else _EMPTY
            found[number] = StoredRecord(
                number,
                uuid,
                source_id,
                _KINDS[kind],
                external_id,
                _STATES[state],
                data["attributes"],
                identifiers_of(data["identifiers"]),
                roles_of(data["roles"]),
                source_at,
                received_at,
            )
    return [found[number] for number in wanted if number in found]


def find_record_ids(keys: Sequence[tuple[int, Kind, str]]) -> dict[tuple[int, Kind, str], int]:
    """Ids of records by (source id, kind, external id); those that do not exist are left out."""
    if not keys:
        return {}
    sources, kinds, externals = zip(*keys, strict=True)
    cursor = run(_IDS, (numbers(sources), numbers(map(int, kinds)), texts(externals)))
    return {(source_id, _KINDS[kind], external): number for source_id, kind, external, number in cursor}


def find_record_id(record: UUID) -> int | None:
    """The internal id of a record by its public one; None when there is none."""
    row = run("SELECT id FROM sources_record WHERE uuid = %s", (record,)).fetchone()
    return int(row[0]) if row else None


def list_record_ids(*, after: int = 0, limit: int = 2000) -> list[int]:
    """Ids of records that their source has or had, in order, after the id `after`: the way through all of them."""
    cursor = run(
        "SELECT id FROM sources_record WHERE id > %s AND state <> 'expected' ORDER BY id LIMIT %s", (after, limit)
    )
    return [number for (number,) in cursor]
