"""What the review queue follows: clusters of records that would be one customer, and words that keep records apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from klantbeeld.identity.contracts import JoinedRecord, Refusal
from klantbeeld.identity.queries.reasons import decisions_of
from klantbeeld.identity.tables import inputs
from klantbeeld.identity.tables.wire import numbers, run

MOST_ENDS = 100
"""Records of one refusal that are given; a list needs no more to tell whom it is about."""

_ACTS = """
SELECT d.merge, min(d.made_at), min(m.kind), bool_and(d.revoked_at IS NOT NULL),
  array_agg(d.left_id ORDER BY d.id), array_agg(d.right_id ORDER BY d.id)
FROM identity_decision d JOIN identity_member m ON m.record_id = d.left_id
WHERE d.verdict = 'different' {chosen} GROUP BY d.merge ORDER BY min(d.id)
"""
_AROUND = """AND d.merge IN (
  SELECT own.merge FROM identity_decision own WHERE own.verdict = 'different'
    AND (own.left_id = ANY(%s::int8[]) OR own.right_id = ANY(%s::int8[])))"""


def list_clusters() -> list[int]:
    """Every group of at least two live records that would be one customer if doubtful matches were accepted.

    Named by their smallest record, in order. Reads all members: for a rebuild.
    """
    rows = run(
        """SELECT suggested FROM identity_member WHERE customer_id IS NOT NULL
           GROUP BY suggested HAVING count(*) > 1 ORDER BY suggested"""
    )
    return [row[0] for row in rows]


def refusals_of(record_ids: Iterable[int] | None) -> Sequence[Refusal]:
    """The acts that said "different" of records connected with these, or all of them (None), oldest first.

    Those that were taken back or that newer words overrule are among them, and say so.
    """
    if record_ids is None:
        acts = run(_ACTS.format(chosen="")).fetchall()
    else:
        around = run(
            """SELECT array_agg(record_id) FROM identity_member WHERE component IN (
                 SELECT component FROM identity_member WHERE record_id = ANY(%s::int8[]))""",
            (numbers(record_ids),),
        ).fetchone()
        ids = numbers((around[0] if around else None) or [])
        acts = run(_ACTS.format(chosen=_AROUND), (ids, ids)).fetchall()
    made = []
    for act, at, kind, revoked, left, right in acts:
        ends = sorted({*left, *right})
        holds = not revoked and any(
            row.merge_uuid == act and row.overruled_by is None and row.verdict == "different"
            for row in decisions_of(ends)
        )
        made.append(Refusal(act, at, kind, tuple(ends[:MOST_ENDS]), len(ends), holds))
    return made


def without_evidence(record_ids: Iterable[int]) -> frozenset[int]:
    """Those of these records that say nothing of who somebody is: what our own employees wrote about a customer."""
    return inputs.without_evidence(record_ids)


def highest_record() -> int:
    """The highest id of a record that belongs to a customer; 0 when there is none."""
    row = run("SELECT max(record_id) FROM identity_member").fetchone()
    return int(row[0] or 0) if row else 0


def joined_automatically(record_ids: Iterable[int]) -> list[JoinedRecord]:
    """Of these records those that links alone put with other records of their customer, in order of id."""
    rows = run(
        """SELECT DISTINCT ON (m.record_id) m.record_id, other.record_id, met.weight
           FROM identity_member m
           CROSS JOIN LATERAL (
             SELECT right_id AS other_id, weight FROM identity_link WHERE left_id = m.record_id
             UNION ALL SELECT left_id, weight FROM identity_link WHERE right_id = m.record_id) met
           JOIN identity_member other ON other.record_id = met.other_id AND other.customer_id = m.customer_id
           WHERE m.record_id = ANY(%s::int8[]) AND NOT EXISTS (
             SELECT FROM identity_decision d
             JOIN identity_matchinput i ON i.record_id = d.left_id + d.right_id - m.record_id
               AND octet_length(i.features) > 0
             WHERE d.revoked_at IS NULL AND d.verdict = 'same'
               AND (d.left_id = m.record_id OR d.right_id = m.record_id))
           ORDER BY m.record_id, met.weight DESC, other.record_id""",
        (numbers(record_ids),),
    )
    return [JoinedRecord(*row) for row in rows]
