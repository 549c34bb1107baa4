"""Records as they were: by what their sources said until a moment, and by what had been received until another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from klantbeeld.foundation.wire import numbers, run
from klantbeeld.sources.contracts import Kind, State, StoredRecord
from klantbeeld.sources.rules.content import content_of, identifiers_of, roles_of

_LOAD_AT = """
SELECT DISTINCT ON (r.id) r.id, r.uuid, r.source_id, r.kind, r.external_id, v.gone, v.data::text, v.source_at,
  v.received_at
FROM sources_record r JOIN sources_recordversion v ON v.record_id = r.id
WHERE r.id = ANY(%s::bigint[]) AND v.source_at <= %s::timestamptz AND v.received_at <= %s::timestamptz
ORDER BY r.id, v.source_at DESC, v.digest DESC
"""


def load_records_at(ids: Sequence[int], *, valid_at: datetime, known_at: datetime) -> list[StoredRecord]:
    """Records by id as their sources gave them at `valid_at`, as far as it had been received at `known_at`.

    A record that was not there yet, or was gone, at that moment is left out. Versions that came late count from the
    moment at which they were received. The order is that of the ids.
    """
    found = []
    for number, uuid, source_id, kind, external_id, gone, text, source_at, received_at in run(
        _LOAD_AT, (numbers(ids), valid_at, known_at)
    ):
        if gone:
            continue
        data = content_of(text)
        found.append(
            StoredRecord(
                number,
                uuid,
                source_id,
                Kind(kind),
                external_id,
                State.LIVE,
                data["attributes"],
                identifiers_of(data["identifiers"]),
                roles_of(data["roles"]),
                source_at,
                received_at,
            )
        )
    return found
