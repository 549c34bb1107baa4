"""Customers and the records that they consist of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from klantbeeld.foundation.access import Actor
from klantbeeld.identity.contracts import CustomerRef, LedgerRow
from klantbeeld.identity.queries.reach import customers_in_reach
from klantbeeld.identity.tables.wire import numbers, run
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id


def customer_of(record_ids: Iterable[int]) -> dict[int, int]:
    """The customer of each of these records; records that are gone or no party have none."""
    return dict(
        run(
            """SELECT record_id, customer_id FROM identity_member
               WHERE record_id = ANY(%s::int8[]) AND customer_id IS NOT NULL""",
            (numbers(record_ids),),
        ).fetchall()
    )


def suggested_of(record_ids: Iterable[int]) -> dict[int, int]:
    """The group of each of these records if every doubtful match were accepted, named by its smallest record id."""
    return dict(
        run(
            """SELECT record_id, suggested FROM identity_member
               WHERE record_id = ANY(%s::int8[]) AND customer_id IS NOT NULL""",
            (numbers(record_ids),),
        ).fetchall()
    )


def members_of(customer_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The live records of each of these customers, in order of their ids; a customer without any is left out."""
    found: dict[int, list[int]] = {}
    for customer, record in run(
        """SELECT customer_id, record_id FROM identity_member
           WHERE customer_id = ANY(%s::int8[]) ORDER BY customer_id, record_id""",
        (numbers(customer_ids),),
    ):
        found.setdefault(customer, []).append(record)
    return {customer: tuple(records) for customer, records in found.items()}


def outsiders(customer_id: int) -> tuple[int, ...]:
    """Live records that would be this customer too if every doubtful match were accepted: its possible duplicates."""
    rows = run(
        """SELECT other.record_id FROM identity_member own
           JOIN identity_member other ON other.component = own.component AND other.suggested = own.suggested
           WHERE own.customer_id = %s AND other.customer_id <> %s GROUP BY other.record_id ORDER BY 1""",
        (customer_id, customer_id),
    )
    return tuple(row[0] for row in rows)


def trained_on() -> int:
    """How many records the model in force has learned from; 0 before any training."""
    row = run("SELECT trained_on FROM identity_matchmodel WHERE active").fetchone()
    return int(row[0]) if row else 0


def follow(customer: uuid.UUID, actor: Actor | None = None) -> CustomerRef:
    """The customer that stands for this id, also when it has merged away.

    Raises Missing when there never was one, and likewise for one that the actor does not reach; whoever reads for an
    actor names it (None: the house itself, and employees, who reach every customer).
    """
    row = run(
        """SELECT s.id, s.uuid, s.kind, asked.into_id IS NOT NULL
           FROM identity_customer asked JOIN identity_customer s ON s.id = coalesce(asked.into_id, asked.id)
           WHERE asked.uuid = %s""",
        (customer,),
    ).fetchone()
    if row is None or (actor is not None and not customers_in_reach([row[0]], actor)):
        raise Missing(f"There is no customer {format_id('cus', customer)}.", code="identity.no_customer")
    return CustomerRef(row[0], row[1], row[2], customer if row[3] else None)


def refs(customer_ids: Iterable[int]) -> list[CustomerRef]:
    """Customers by id, in order of id; ids that merged away are given as they are, unknown ones are left out."""
    return [
        CustomerRef(*row)
        for row in run(
            "SELECT id, uuid, kind FROM identity_customer WHERE id = ANY(%s::int8[]) ORDER BY id",
            (numbers(customer_ids),),
        )
    ]


def list_standing(*, after: int = 0, limit: int = 1000) -> list[CustomerRef]:
    """Customers that stand, in order of id, after an id: the way through all of them."""
    rows = run(
        """SELECT id, uuid, kind FROM identity_customer
           WHERE into_id IS NULL AND id > %s ORDER BY id LIMIT %s""",
        (after, limit),
    )
    return [CustomerRef(*row) for row in rows]


def ledger_of(customer_id: int) -> Sequence[LedgerRow]:
    """What happened to a customer's id and to the ids that went up in it, oldest first."""
    rows = run(
        """SELECT e.at, e.event, c.uuid, o.uuid, e.record_id, e.cause, e.actor
           FROM identity_ledgerentry e JOIN identity_customer c ON c.id = e.customer_id
           LEFT JOIN identity_customer o ON o.id = e.other_id
           WHERE e.customer_id = %s OR e.other_id = %s OR e.customer_id IN (
             SELECT id FROM identity_customer WHERE into_id = %s)
           ORDER BY e.id""",
        (customer_id, customer_id, customer_id),
    )
    return [LedgerRow(*row) for row in rows]
