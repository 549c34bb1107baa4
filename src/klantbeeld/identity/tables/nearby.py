"""Everything around a few records in two journeys to the database, for who resolves one while somebody waits.

Regrouping a batch asks one thing after the other, each question with what the answer before it told. For one record
the journeys are then most of the work; here the questions go together, each a little wider than it need be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from klantbeeld.identity.rules.decisions import Word
from klantbeeld.identity.tables import members
from klantbeeld.identity.tables.inputs import NO_EVIDENCE, Input
from klantbeeld.identity.tables.links import LinkData
from klantbeeld.identity.tables.members import CustomerData, MemberData
from klantbeeld.identity.tables.wire import numbers, run, together

_INPUTS = "SELECT record_id, kind, stable, features, keys FROM identity_matchinput WHERE record_id = ANY(%s::int8[])"
_LINKS = """
SELECT left_id, right_id, weight, household, levels FROM identity_link WHERE left_id = ANY(%s::int8[])
UNION ALL SELECT left_id, right_id, weight, household, levels FROM identity_link WHERE right_id = ANY(%s::int8[])
"""
_WORDS = """
SELECT id, verdict, left_id, right_id, made_at FROM identity_decision
WHERE revoked_at IS NULL AND (left_id = ANY(%s::int8[]) OR right_id = ANY(%s::int8[]))
"""


@dataclass(slots=True)
class Nearby:
    """What was stored around `records`, whole components, and what has been written of it since."""

    records: frozenset[int]
    rows: Sequence[MemberData]
    inputs: Mapping[int, Input]
    words: Sequence[Word]
    customers: Mapping[int, CustomerData]
    links: dict[tuple[int, int], LinkData]

    def around(self, record_ids: Iterable[int]) -> list[MemberData] | None:
        """Everything in the components of these records; None when one of them was not asked for."""
        wanted = set(record_ids)
        if not wanted <= self.records:
            return None
        touched = {row.component for row in self.rows if row.record in wanted}
        return [row for row in self.rows if row.component in touched]

    def words_of(self, record_ids: Collection[int]) -> list[Word]:
        """The decisions in force that name one of these records."""
        return [word for word in self.words if word.left in record_ids or word.right in record_ids]

    def inside(self, record_ids: Collection[int]) -> list[LinkData]:
        """The links that have both ends among these records."""
        return [link for link in self.links.values() if link.left in record_ids and link.right in record_ids]

    def touching(self, record_ids: Collection[int]) -> list[LinkData]:
        """Every link of these records, which are among `changed` of `load`."""
        return [link for link in self.links.values() if link.left in record_ids or link.right in record_ids]

    def without_evidence(self, record_ids: Iterable[int]) -> frozenset[int]:
        """Those of these records that are no evidence of who somebody is."""
        held = (self.inputs.get(record) for record in record_ids)
        return frozenset(one.record_id for one in held if one is not None and one.features == NO_EVIDENCE)


def load(record_ids: np.ndarray, changed: np.ndarray, known: Mapping[int, Input]) -> Nearby:
    """What is stored around these records, `changed` among them; the writer's lock keeps it as it is.

    `known`: inputs that were read, or written, a moment ago.
    """
    rows = members.around(record_ids)
    ids = np.union1d(record_ids, numbers(row.record for row in rows))
    ends = {end for row in rows for end in (row.customer, row.home) if end is not None}
    missing = numbers(row.record for row in rows if row.record not in known)
    with together():
        linked = run(_LINKS, (ids, changed))
        said = run(_WORDS, (ids, ids))
        rest = run(_INPUTS, (missing,)) if len(missing) else ()
        standing = members.customers(ends)
        return Nearby(
            frozenset(record_ids.tolist()),
            rows,
            {**known, **{row[0]: Input(*row) for row in rest}},
            [Word(*row) for row in said],
            standing,
            {(row[0], row[1]): LinkData(*row) for row in linked},
        )
