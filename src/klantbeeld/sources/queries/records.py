"""Records in their current version, for the domain packages above; they ask the door, not this."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from klantbeeld.sources.contracts import Kind, State, StoredRecord
from klantbeeld.sources.rules.content import identifiers_of, roles_of

_LOAD = """
SELECT r.id, r.uuid, r.source_id, r.kind, r.external_id, r.state, v.data, v.source_at, v.received_at
FROM sources_record r LEFT JOIN sources_recordversion v ON v.id = r.version_id
WHERE r.id = ANY(%s)
"""


def load_records(ids: Sequence[int]) -> list[StoredRecord]:
    """Records by id in their current version, in the order asked for; an id that does not exist is left out.

    One that is only expected has no attributes, identifiers, roles or moments.
    """
    if not ids:
        return []
    found: dict[int, StoredRecord] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [list(ids)])
        for record_id, uuid, source_id, kind, external_id, state, text, source_at, received_at in cursor.fetchall():
            data = json.loads(text) if text else {"attributes": {}, "identifiers": (), "roles": ()}
            found[record_id] = StoredRecord(
                record_id,
                uuid,
                source_id,
                Kind(kind),
                external_id,
                State(state),
                data["attributes"],
                identifiers_of(data),
                roles_of(data),
                source_at,
                received_at,
            )
    return [found[record_id] for record_id in dict.fromkeys(ids) if record_id in found]


def find_record_ids(keys: Sequence[tuple[int, Kind, str]]) -> dict[tuple[int, Kind, str], int]:
    """Ids of records by (source id, kind, external id); those that do not exist are left out."""
    if not keys:
        return {}
    sources, kinds, externals = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.source_id, r.kind, r.external_id, r.id"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS k(source_id, kind, external_id)"
            " JOIN sources_record r USING (source_id, kind, external_id)",
            [list(sources), [int(kind) for kind in kinds], list(externals)],
        )
        return {(source_id, Kind(kind), external): number for source_id, kind, external, number in cursor.fetchall()}


def list_record_ids(*, after: int = 0, limit: int = 2000) -> list[int]:
    """Ids of records that their source has or had, in order, after the id `after`: the way through all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM sources_record WHERE id > %s AND state <> 'expected' ORDER BY id LIMIT %s", [after, limit]
        )
        return [number for (number,) in cursor.fetchall()]
