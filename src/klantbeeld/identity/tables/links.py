"""Links between records: read, replaced, removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from klantbeeld.identity.tables.wire import Blobs, numbers, run


class LinkData(NamedTuple):
    """One link; left < right."""

    left: int
    right: int
    weight: float
    household: float
    levels: bytes


_COLUMNS = "left_id, right_id, weight, household, levels"


def touching(record_ids: Iterable[int]) -> list[LinkData]:
    """Every link of these records."""
    ids = numbers(record_ids)
    if not len(ids):
        return []
    return [
        LinkData(*row)
        for row in run(
            f"""SELECT {_COLUMNS} FROM identity_link WHERE left_id = ANY(%s::int8[])
                UNION SELECT {_COLUMNS} FROM identity_link WHERE right_id = ANY(%s::int8[])""",  # noqa: S608
            (ids, ids),
        )
    ]


def inside(record_ids: Iterable[int]) -> list[LinkData]:
    """The links that have both ends among these records."""
    ids = set(record_ids)
    rows = run(f"SELECT {_COLUMNS} FROM identity_link WHERE left_id = ANY(%s::int8[])", (numbers(ids),))  # noqa: S608
    return [LinkData(*row) for row in rows if row[1] in ids]


def remove(pairs: Sequence[tuple[int, int]]) -> None:
    """Take links away."""
    if pairs:
        run(
            """DELETE FROM identity_link l USING unnest(%s::int8[], %s::int8[]) AS u(a, b)
               WHERE l.left_id = u.a AND l.right_id = u.b""",
            (numbers(pair[0] for pair in pairs), numbers(pair[1] for pair in pairs)),
        )


def put(rows: Sequence[LinkData]) -> None:
    """Write links, over what was there."""
    if rows:
        run(
            """INSERT INTO identity_link (left_id, right_id, weight, household, levels)
               SELECT * FROM unnest(%s::int8[], %s::int8[], %s::float8[], %s::float8[], %s::bytea[])
               ON CONFLICT (left_id, right_id) DO UPDATE
               SET (weight, household, levels) = (excluded.weight, excluded.household, excluded.levels)""",
            (
                numbers(row.left for row in rows),
                numbers(row.right for row in rows),
                [row.weight for row in rows],
                [row.household for row in rows],
                Blobs(row.levels for row in rows),
            ),
        )
