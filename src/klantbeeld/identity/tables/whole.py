"""Statements over everything at once: for a rebuild."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from klantbeeld.identity.tables.wire import run


def forget_evidence() -> None:
    """Empty what can be computed from records: features, keys, links."""
    for table in ("identity_matchkey", "identity_link", "identity_matchinput"):
        run(f"DELETE FROM {table}")  # noqa: S608 - our own names


def strong_links(floors: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every link at or above the floor of its kind."""
    found = run(
        """SELECT array_agg(l.left_id), array_agg(l.right_id) FROM identity_link l
           JOIN identity_matchinput i ON i.record_id = l.left_id
           JOIN unnest(%s::int8[], %s::float8[]) AS f(kind, floor) ON f.kind = i.kind AND l.weight >= f.floor""",
        (np.array(list(floors), np.int64), list(floors.values())),
    ).fetchone()
    return _pair(found)


def same_decisions() -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every "same" in force."""
    found = run(
        """SELECT array_agg(left_id), array_agg(right_id) FROM identity_decision
           WHERE revoked_at IS NULL AND verdict = 'same'"""
    ).fetchone()
    return _pair(found)


def parties() -> np.ndarray:
    """The ids of all live persons and organisations, in order."""
    found = run(
        "SELECT array_agg(record_id ORDER BY record_id) FROM identity_matchinput WHERE kind IN (1, 2)"
    ).fetchone()
    return np.array((found[0] if found else None) or [], np.int64)


def restore_members() -> None:
    """Members as the ledger tells: the home of every record, and the customer that this home points to now.

    Components and suggestions are set to the record alone; `set_components` and regrouping bring them back.
    """
    run("DELETE FROM identity_member")
    run(
        """INSERT INTO identity_member (record_id, kind, customer_id, home_id, component, suggested)
           SELECT told.record_id, c.kind, CASE WHEN i.record_id IS NULL THEN NULL ELSE coalesce(c.into_id, c.id) END,
             c.id, told.record_id, told.record_id
           FROM (SELECT DISTINCT ON (record_id) record_id, customer_id FROM identity_ledgerentry
                 WHERE record_id IS NOT NULL AND event IN ('born', 'joined') ORDER BY record_id, id DESC) told
           JOIN identity_customer c ON c.id = told.customer_id
           LEFT JOIN identity_matchinput i ON i.record_id = told.record_id"""
    )


def set_components(record: np.ndarray, component: np.ndarray) -> None:
    """Say in which component records are."""
    run(
        """UPDATE identity_member m SET component = u.c FROM unnest(%s::int8[], %s::int8[]) AS u(r, c)
           WHERE m.record_id = u.r AND m.component <> u.c""",
        (record, component),
    )


def _pair(found: tuple[object, ...] | None) -> tuple[np.ndarray, np.ndarray]:
    left, right = found or (None, None)
    return np.array(left or [], np.int64), np.array(right or [], np.int64)
