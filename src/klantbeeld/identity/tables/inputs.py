"""Records as the engine sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from klantbeeld.identity.tables.wire import Blobs, Texts, numbers, run

NO_EVIDENCE = b""
"""Features of a record that is no evidence of who somebody is: what our own employees wrote about a customer."""


class Input(NamedTuple):
    """One row of MatchInput."""

    record_id: int
    kind: int
    stable: str
    features: bytes
    keys: bytes


def load(record_ids: Iterable[int]) -> list[Input]:
    """The inputs of these records; those that are gone have none."""
    ids = numbers(record_ids)
    if not len(ids):
        return []
    return [
        Input(*row)
        for row in run(
            "SELECT record_id, kind, stable, features, keys FROM identity_matchinput WHERE record_id = ANY(%s::int8[])",
            (ids,),
        )
    ]


def load_keys(record_ids: Iterable[int]) -> dict[int, bytes]:
    """The keys under which these records are in the index now."""
    return dict(
        run(
            "SELECT record_id, keys FROM identity_matchinput WHERE record_id = ANY(%s::int8[])",
            (numbers(record_ids),),
        ).fetchall()
    )


def store(rows: Sequence[Input]) -> None:
    """Write inputs, over what was there."""
    if rows:
        run(
            """INSERT INTO identity_matchinput (record_id, kind, stable, features, keys)
               SELECT r, k::smallint, s, f, b
               FROM unnest(%s::int8[], %s::int8[], %s::text[], %s::bytea[], %s::bytea[]) AS u(r, k, s, f, b)
               ON CONFLICT (record_id) DO UPDATE
               SET (kind, stable, features, keys) = (excluded.kind, excluded.stable, excluded.features, excluded.keys)
            """,
            (
                numbers(row.record_id for row in rows),
                numbers(row.kind for row in rows),
                Texts(row.stable for row in rows),
                Blobs(row.features for row in rows),
                Blobs(row.keys for row in rows),
            ),
        )


def drop(record_ids: np.ndarray) -> None:
    """Forget records that are gone."""
    if len(record_ids):
        run("DELETE FROM identity_matchinput WHERE record_id = ANY(%s::int8[])", (record_ids,))


def without_evidence(record_ids: Iterable[int]) -> frozenset[int]:
    """Those of these records that are no evidence of who somebody is."""
    rows = run(
        "SELECT record_id FROM identity_matchinput WHERE record_id = ANY(%s::int8[]) AND features = %s",
        (numbers(record_ids), NO_EVIDENCE),
    )
    return frozenset(row[0] for row in rows)
