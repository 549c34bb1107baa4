"""The queue follows identity, in the transaction in which identity changes (docs/adr/0007)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from klantbeeld.foundation.wire import numbers, run
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import Refusal
from klantbeeld.kit.ids import new_uuids
from klantbeeld.stewardship.contracts import State

BATCH = 2000

#: One statement says what an item is; following and rebuilding both run it, so they can't differ. `ends` of a link are
#: looked up by primary key; a cluster's records by its component. What employees wrote has no features: no evidence.
_FOLLOW = """
WITH touched AS (SELECT * FROM unnest(%s::bigint[], %s::uuid[]) AS t(cluster, uuid)),
held AS MATERIALIZED (
  SELECT t.cluster, m.record_id, m.customer_id, m.kind
  FROM touched t JOIN identity_member lead ON lead.record_id = t.cluster
  JOIN identity_member m ON m.component = lead.component AND m.suggested = t.cluster AND m.customer_id IS NOT NULL
  JOIN identity_matchinput i ON i.record_id = m.record_id AND octet_length(i.features) > 0
), facts AS (
  SELECT cluster, min(kind) AS kind, array_agg(DISTINCT customer_id ORDER BY customer_id) AS customers,
    count(*)::int AS records,
    hashtextextended(string_agg(record_id || ':' || customer_id, ',' ORDER BY record_id), 0) AS fingerprint
  FROM held GROUP BY cluster HAVING count(*) > 1
), linked AS MATERIALIZED (
  SELECT a.cluster, a.record_id AS one, b.record_id AS other, l.weight, a.customer_id <> b.customer_id AS across
  FROM held a JOIN identity_link l ON l.left_id = a.record_id
  JOIN identity_member b ON b.record_id = l.right_id AND b.suggested = a.cluster AND b.customer_id IS NOT NULL
), across AS (SELECT cluster, max(weight) AS weight FROM linked WHERE across GROUP BY cluster),
weakest AS (
  SELECT cluster, min(best) AS weight FROM (
    SELECT cluster, record_id, max(weight) AS best FROM (
      SELECT cluster, one AS record_id, weight FROM linked UNION ALL SELECT cluster, other, weight FROM linked) ends
    GROUP BY cluster, record_id) each_record GROUP BY cluster
), decided AS (
  SELECT DISTINCT a.cluster FROM held a
  JOIN identity_decision d ON d.left_id = a.record_id AND d.verdict = 'same' AND d.revoked_at IS NULL
  JOIN identity_member b ON b.record_id = d.right_id AND b.suggested = a.cluster AND b.customer_id IS NOT NULL
  JOIN identity_matchinput i ON i.record_id = d.right_id AND octet_length(i.features) > 0
), item AS (
  SELECT f.*, CASE WHEN cardinality(f.customers) > 1 THEN 1 WHEN d.cluster IS NOT NULL THEN 3 ELSE 2 END AS state,
    coalesce(CASE WHEN cardinality(f.customers) > 1 THEN x.weight ELSE w.weight END, 0) AS weight
  FROM facts f LEFT JOIN across x USING (cluster) LEFT JOIN weakest w USING (cluster)
    LEFT JOIN decided d USING (cluster)
), chance AS (
  SELECT item.*, 1 / (1 + power(2::float8, -greatest(least(weight, 50), -50))) AS p FROM item
), written AS (
  INSERT INTO stewardship_review AS r (uuid, cluster, state, kind, customers, records, fingerprint, weight, priority,
    since, version, put_off_until)
  SELECT t.uuid, c.cluster, c.state, c.kind, c.customers, c.records, c.fingerprint, c.weight,
    round(1000 * -(CASE WHEN p > 0 THEN p * ln(p) ELSE 0 END + CASE WHEN p < 1 THEN (1 - p) * ln(1 - p) ELSE 0 END)
      / ln(2::float8) * ln(1 + c.records::float8) / ln(2::float8))::int,
    %s, 1, NULL
  FROM chance c JOIN touched t USING (cluster) ORDER BY c.cluster
  ON CONFLICT (cluster) DO UPDATE SET
    state = CASE WHEN r.state = 5 AND excluded.state = 1 AND r.fingerprint = excluded.fingerprint THEN 5
      ELSE excluded.state END,
    since = CASE WHEN r.state = excluded.state OR r.state = 5 AND excluded.state = 1 THEN r.since
      ELSE excluded.since END,
    version = r.version + (r.fingerprint <> excluded.fingerprint OR r.state <> excluded.state
      AND NOT (r.state = 5 AND excluded.state = 1))::int,
    put_off_until = CASE WHEN r.fingerprint = excluded.fingerprint AND excluded.state = 1 THEN r.put_off_until END,
    proposed = CASE WHEN r.fingerprint = excluded.fingerprint AND excluded.state = 1 THEN r.proposed ELSE '' END,
    kind = excluded.kind, customers = excluded.customers, records = excluded.records,
    fingerprint = excluded.fingerprint, weight = excluded.weight, priority = excluded.priority
  WHERE (r.fingerprint, r.weight, CASE WHEN r.state = 5 THEN 1 ELSE r.state END)
    IS DISTINCT FROM (excluded.fingerprint, excluded.weight, excluded.state)
  RETURNING 1
), closed AS (
  UPDATE stewardship_review r SET state = 0, since = %s, version = r.version + 1, proposed = '', put_off_until = NULL
  FROM touched t WHERE r.cluster = t.cluster AND r.state <> 0
    AND NOT EXISTS (SELECT FROM facts f WHERE f.cluster = t.cluster)
  RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM closed)
"""
_REFUSE = """
INSERT INTO stewardship_review AS r (uuid, act, state, kind, customers, ends, records, fingerprint, weight, priority,
  since, version)
SELECT * FROM unnest(%s::uuid[], %s::uuid[]) AS u(uuid, act),
  LATERAL (SELECT %s::int2, %s::int2, '{}'::bigint[], %s::bigint[], %s::int, 0::bigint, 0::float8, 0, %s::timestamptz,
    1) AS rest
ON CONFLICT (act) DO UPDATE SET state = excluded.state, since = excluded.since, version = r.version + 1
WHERE r.state <> excluded.state
"""


def follow(*, clusters: Iterable[int], at: datetime) -> None:
    """Bring these clusters in the queue up to what identity says of them now; nothing is waited for.

    In the transaction in which identity changed; idempotent. `clusters` are named by their smallest record.
    """
    labels = sorted(clusters)
    for start in range(0, len(labels), BATCH):
        _follow(labels[start : start + BATCH], at)


def _follow(labels: Sequence[int], at: datetime) -> psycopg.Cursor[tuple[Any, ...]]:
    uuids = "{" + ",".join(map(str, new_uuids(len(labels)))) + "}"
    return run(_FOLLOW, (numbers(labels), uuids, at, at))


def follow_refusals(*, records: Iterable[int], at: datetime) -> int:
    """Bring the refusals that name these records up to the words in force; gives how many items changed.

    Call it after a decision about records was made or taken back, in that transaction.
    """
    return _write_refusals(identity.refusals_of(records), at)


def rebuild(*, at: datetime) -> int:
    """Compute the whole queue again from identity; gives how many items changed: none, when nothing was missed.

    What stewards said of an item stays with it. Hold the writer's lock: in the transaction of the rebuild of identity.
    """
    known = {row[0] for row in run("SELECT cluster FROM stewardship_review WHERE cluster IS NOT NULL AND state <> 0")}
    labels = sorted(known | set(identity.list_clusters()))
    changed = 0
    for start in range(0, len(labels), BATCH):
        row = _follow(labels[start : start + BATCH], at).fetchone()
        changed += int(row[0]) if row else 0
    return changed + _write_refusals(identity.refusals_of(None), at)


def _write_refusals(words: Sequence[Refusal], at: datetime) -> int:
    changed = 0
    for word in words:
        if word.holds:
            (uuid,) = new_uuids(1)
            changed += run(
                _REFUSE,
                (
                    f"{{{uuid}}}",
                    f"{{{word.act}}}",
                    int(State.REFUSED),
                    word.kind,
                    numbers(word.ends),
                    word.records,
                    word.at,
                ),
            ).rowcount
        else:
            changed += run(
                "UPDATE stewardship_review SET state = 0, since = %s, version = version + 1"
                " WHERE act = %s AND state <> 0",
                (at, word.act),
            ).rowcount
    return changed
