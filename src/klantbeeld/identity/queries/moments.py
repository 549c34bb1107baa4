"""Which records were a customer at a moment, as the ledger of ids tells."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from klantbeeld.identity.contracts import CustomerRef
from klantbeeld.identity.queries.customers import refs
from klantbeeld.identity.tables.wire import numbers, run
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id

_FAMILY = """
WITH RECURSIVE family (id) AS (
  SELECT %s::int8
  UNION
  SELECT met.id FROM family f CROSS JOIN LATERAL (
    SELECT e.customer_id FROM identity_ledgerentry e WHERE e.other_id = f.id AND e.event = 'merged'
    UNION ALL
    SELECT e.other_id FROM identity_ledgerentry e WHERE e.customer_id = f.id AND e.event = 'merged') AS met (id)
)
SELECT id FROM family
"""
_POINTED = """
SELECT DISTINCT ON (customer_id) customer_id, CASE WHEN event = 'merged' THEN other_id END
FROM identity_ledgerentry
WHERE customer_id = ANY(%s::int8[]) AND event IN ('merged', 'revived') AND at <= %s::timestamptz
ORDER BY customer_id, id DESC
"""
_HOMES = """
SELECT record_id, customer_id FROM (
  SELECT DISTINCT ON (e.record_id) e.record_id, e.event, e.customer_id
  FROM identity_ledgerentry e
  WHERE e.at <= %s::timestamptz AND e.record_id IN (
    SELECT record_id FROM identity_ledgerentry WHERE customer_id = ANY(%s::int8[]) AND record_id IS NOT NULL)
  ORDER BY e.record_id, e.id DESC) last
WHERE event IN ('born', 'joined')
"""


class CustomerMoment(NamedTuple):
    """A customer as it stood at a moment, with its live records in order of id."""

    ref: CustomerRef
    records: tuple[int, ...]


def customer_at(customer: uuid.UUID, at: datetime) -> CustomerMoment:
    """The customer that an id stood for at a moment, and the records that it consisted of; raises Missing.

    An id that had merged away by then stands for the customer that it had gone up in, one that merged later for itself.
    Which records were live comes from the ledger too, so a record that is gone now is told when it was not gone then.
    """
    asked = run("SELECT id FROM identity_customer WHERE uuid = %s", (customer,)).fetchone()
    if asked is None:
        raise Missing(f"There is no customer {format_id('cus', customer)}.", code="identity.no_customer")
    family = [row[0] for row in run(_FAMILY, (asked[0],))]
    pointed: dict[int, int | None] = dict(run(_POINTED, (numbers(family), at)).fetchall())
    standing = top(asked[0], pointed)
    homes = run(_HOMES, (at, numbers(family))).fetchall()
    records = tuple(sorted(record for record, home in homes if top(home, pointed) == standing))
    (ref,) = refs([standing])
    return CustomerMoment(replace(ref, redirected_from=customer) if ref.uuid != customer else ref, records)


def top(customer_id: int, pointed: Mapping[int, int | None]) -> int:
    """Where an id led to: the ledger has a line for each step, and a later step is not repeated for earlier ids."""
    while (following := pointed.get(customer_id)) is not None:
        customer_id = following
    return customer_id
