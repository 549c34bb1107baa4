"""What the review queue follows: clusters of records that would be one customer, and words that keep records apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from klantbeeld.identity.contracts import Refusal
from klantbeeld.identity.queries.reasons import decisions_of
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
