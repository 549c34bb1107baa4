"""What was written with a correction: by whom, when, and why. Only our own sources keep such notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from klantbeeld.foundation.wire import numbers, run

_EVER = """
SELECT said.key, said.value->>'by', said.value->>'at', said.value->>'reason'
FROM sources_record r JOIN sources_source s ON s.id = r.source_id JOIN sources_recordversion v ON v.record_id = r.id
CROSS JOIN LATERAL jsonb_each(v.raw->'said') said
WHERE r.id = ANY(%s::bigint[]) AND s.builtin AND v.raw ? 'said'
"""
_SAID = """
SELECT r.id, (v.raw->'said')::text FROM sources_record r JOIN sources_recordversion v ON v.id = r.version_id
JOIN sources_source s ON s.id = r.source_id
WHERE r.id = ANY(%s::bigint[]) AND s.builtin AND v.raw ? 'said'
"""


def said_of(record_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By record: attribute -> {"by": actor, "at": moment, "reason": text} of what it says now."""
    return {number: msgspec.json.decode(text) for number, text in run(_SAID, (numbers(record_ids),))}


def said_ever(record_ids: Iterable[int]) -> dict[tuple[str, str], dict[str, str]]:
    """The notes of all versions of these records: (attribute, moment as ISO 8601) -> {"by": actor, "reason": text}."""
    rows = run(_EVER, (numbers(record_ids),))
    return {(attribute, at): {"by": by, "reason": reason} for attribute, by, at, reason in rows}
