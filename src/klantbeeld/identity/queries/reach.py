"""Whose customers an actor reaches: a key bound to a company, those with a current record of that company.

Customers belong to the group. One that has no current record of the company is answered as one that never was
(docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from klantbeeld.foundation.access import Actor
from klantbeeld.identity.tables.wire import numbers, run
from klantbeeld.sources.queries import records_in_reach


def customers_in_reach(customer_ids: Iterable[int], actor: Actor) -> set[int]:
    """Those of these customers (internal ids that stand) that the actor may know of."""
    wanted = set(customer_ids)
    if actor.bound_to is None or not wanted:
        return wanted
    rows = run(
        """SELECT record_id, customer_id FROM identity_member
           WHERE customer_id = ANY(%s::int8[])""",
        (numbers(sorted(wanted)),),
    )
    customer_of = dict(rows.fetchall())
    return {customer_of[record] for record in records_in_reach(customer_of, actor)}


def uuids_in_reach(customers: Iterable[UUID], actor: Actor) -> set[UUID]:
    """Those of these public ids, merged away or not, whose customer the actor may know of."""
    wanted = set(customers)
    if actor.bound_to is None or not wanted:
        return wanted
    rows = run(
        "SELECT uuid, coalesce(into_id, id) FROM identity_customer WHERE uuid = ANY(%s::uuid[])",
        ("{" + ",".join(map(str, wanted)) + "}",),
    )
    standing = dict(rows.fetchall())
    known = customers_in_reach(standing.values(), actor)
    return {uuid for uuid, customer in standing.items() if customer in known}
