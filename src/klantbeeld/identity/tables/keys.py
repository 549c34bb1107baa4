"""The key table: who holds a key, put in and taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.identity.tables.wire import copy_in, is_together, run

KEY_BYTES = np.dtype([("key", ">i8"), ("type", ">i2")])
MANY = 1_000
"""From so many rows on COPY is worth a round trip of its own."""

_COPY_ROW = np.dtype(
    [("fields", ">i2"), ("of_key", ">i4"), ("key", ">i8"), ("of_type", ">i4"), ("type", ">i2"), ("of_record", ">i4"),
     ("record", ">i8")]
)  # fmt: skip
"""A row of the key table in COPY's binary format: the number of fields, then each with its length before it."""


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Rows of the key table as three int64 vectors of one length."""

    key: np.ndarray
    type: np.ndarray
    record: np.ndarray

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> KeyRows:
        """From (key, type, record) triples."""
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    def take(self, which: np.ndarray) -> KeyRows:
        """Some of the rows, by mask or place."""
        return KeyRows(self.key[which], self.type[which], self.record[which])

    def __add__(self, other: KeyRows) -> KeyRows:
        both = zip((self.key, self.type, self.record), (other.key, other.type, other.record), strict=True)
        return KeyRows(*(np.concatenate(pair) for pair in both))

    def once(self) -> KeyRows:
        """In order of record, key and type, each once."""
        order = np.lexsort((self.type, self.key, self.record))
        rows = self.take(order)
        fresh = np.ones(len(rows), bool)
        fresh[1:] = np.any([np.diff(rows.record), np.diff(rows.key), np.diff(rows.type)], axis=0)
        return rows.take(fresh)


def pack_keys(rows: KeyRows, record_ids: np.ndarray) -> list[bytes]:
    """Keys of each of `record_ids` (sorted) as `MatchInput.keys` holds them; `rows` as `once` gives them."""
    table = np.empty(len(rows), dtype=KEY_BYTES)
    table["key"], table["type"] = rows.key, rows.type
    packed, width = table.tobytes(), KEY_BYTES.itemsize
    first = np.searchsorted(rows.record, record_ids, "left").tolist()
    last = np.searchsorted(rows.record, record_ids, "right").tolist()
    return [packed[a * width : b * width] for a, b in zip(first, last, strict=True)]


def unpack_keys(packed: bytes) -> list[tuple[int, int]]:
    """The way back from `pack_keys`, for one record."""
    return [(int(key), int(kind)) for key, kind in np.frombuffer(packed, dtype=KEY_BYTES)]


def add(rows: KeyRows) -> None:
    """Put keys into the index that are not there yet; in their order, so that a page of it is visited once.

    Raises psycopg's UniqueViolation for a key that a record has already: the inputs tell which those are. Many rows go
    by COPY where that can be used.
    """
    rows = rows.take(np.lexsort((rows.record, rows.type, rows.key)))
    if len(rows) >= MANY and not is_together():
        table = np.empty(len(rows), _COPY_ROW)
        table["fields"], table["of_key"], table["of_type"], table["of_record"] = 3, 8, 2, 8
        table["key"], table["type"], table["record"] = rows.key, rows.type, rows.record
        copy_in("COPY identity_matchkey (key, type, record_id) FROM STDIN (FORMAT binary)", table.tobytes())
    elif len(rows):
        run(
            """INSERT INTO identity_matchkey (key, type, record_id)
               SELECT k, t::smallint, r FROM unnest(%s::int8[], %s::int8[], %s::int8[]) AS u(k, t, r)""",
            (rows.key, rows.type, rows.record),
        )


def remove(rows: KeyRows) -> None:
    """Take keys out of the index."""
    if len(rows):
        run(
            """DELETE FROM identity_matchkey m USING unnest(%s::int8[], %s::int8[], %s::int8[]) AS u(k, t, r)
               WHERE m.key = u.k AND m.type = u.t::smallint AND m.record_id = u.r""",
            (rows.key, rows.type, rows.record),
        )


def holders(key: np.ndarray, kind: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who holds these keys, at most `limit` each: position of the key and record id, as two int64 vectors."""
    if not len(key):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    found = run(
        """SELECT array_agg(i), array_agg(record_id) FROM (
             SELECT u.i, h.record_id
             FROM unnest(%s::int8[], %s::int8[], %s::int8[]) WITH ORDINALITY AS u(k, t, n, i)
             CROSS JOIN LATERAL (SELECT m.record_id FROM identity_matchkey m
               WHERE m.key = u.k AND m.type = u.t::smallint LIMIT u.n) h) AS found""",
        (key, kind, limit),
    ).fetchone()
    assert found is not None  # noqa: S101 - an aggregate always gives a row
    return np.array(found[0] or [], np.int64) - 1, np.array(found[1] or [], np.int64)
