"""Members, customers, decisions and the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from klantbeeld.identity.rules.decisions import Word
from klantbeeld.identity.tables.wire import Texts, numbers, run
from klantbeeld.kit.ids import new_uuids


class MemberData(NamedTuple):
    """One row of Member; `customer` is None while the record is gone."""

    record: int
    kind: int
    customer: int | None
    home: int | None
    component: int
    suggested: int


class CustomerData(NamedTuple):
    """One customer id; `into` is where it points when it has merged away."""

    id: int
    uuid: uuid.UUID
    kind: int
    into: int | None


class LedgerData(NamedTuple):
    """One line for the ledger."""

    event: str
    customer: int
    other: int | None
    record: int | None


_MEMBER = "record_id, kind, customer_id, home_id, component, suggested"


def members(record_ids: Iterable[int]) -> list[MemberData]:
    """The rows of these records, those that are gone too."""
    return _members("record_id", record_ids)


def in_components(component_ids: Iterable[int]) -> list[MemberData]:
    """Everything in these components."""
    return _members("component", component_ids)


def around(record_ids: Iterable[int]) -> list[MemberData]:
    """Everything in the components of these records."""
    rows = run(
        f"""SELECT {_MEMBER} FROM identity_member WHERE component IN (
              SELECT component FROM identity_member WHERE record_id = ANY(%s::int8[]))""",  # noqa: S608
        (numbers(record_ids),),
    )
    return [MemberData(*row) for row in rows]


def at_home(customer_ids: Iterable[int]) -> list[MemberData]:
    """The live records that are in a customer to which one of these ids points."""
    ids = numbers(customer_ids)
    rows = run(
        f"""SELECT {_MEMBER} FROM identity_member WHERE customer_id IN (
              SELECT coalesce(into_id, id) FROM identity_customer WHERE id = ANY(%s::int8[]))""",  # noqa: S608
        (ids,),
    )
    return [MemberData(*row) for row in rows]


def _members(column: str, ids: Iterable[int]) -> list[MemberData]:
    wanted = numbers(ids)
    if not len(wanted):
        return []
    rows = run(f"SELECT {_MEMBER} FROM identity_member WHERE {column} = ANY(%s::int8[])", (wanted,))  # noqa: S608
    return [MemberData(*row) for row in rows]


def store_members(rows: Sequence[MemberData]) -> None:
    """Write members, over what was there. A customer of None is written as no customer."""
    if rows:
        run(
            """INSERT INTO identity_member (record_id, kind, customer_id, home_id, component, suggested)
               SELECT r, k::smallint, nullif(c, 0), h, m, s
               FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::int8[], %s::int8[], %s::int8[])
                 AS u(r, k, c, h, m, s)
               ON CONFLICT (record_id) DO UPDATE
               SET (customer_id, home_id, component, suggested) =
                   (excluded.customer_id, excluded.home_id, excluded.component, excluded.suggested)""",
            (
                numbers(row.record for row in rows),
                numbers(row.kind for row in rows),
                numbers(row.customer or 0 for row in rows),
                numbers(row.home for row in rows),
                numbers(row.component for row in rows),
                numbers(row.suggested for row in rows),
            ),
        )


def customers(customer_ids: Iterable[int]) -> dict[int, CustomerData]:
    """These ids, wherever they point."""
    ids = numbers(customer_ids)
    if not len(ids):
        return {}
    rows = run("SELECT id, uuid, kind, into_id FROM identity_customer WHERE id = ANY(%s::int8[])", (ids,))
    return {row[0]: CustomerData(*row) for row in rows}


def bear(kinds: Sequence[int], at: datetime) -> list[CustomerData]:
    """New customer ids, in the order of `kinds`, oldest first."""
    if not kinds:
        return []
    uuids = new_uuids(len(kinds))
    rows = run(
        """INSERT INTO identity_customer (uuid, kind, born_at)
           SELECT u, k::smallint, %s
           FROM unnest(%s::uuid[], %s::int8[]) WITH ORDINALITY AS t(u, k, i) ORDER BY i RETURNING id, uuid""",
        (at, uuids, numbers(kinds)),
    ).fetchall()
    number = {row[1]: row[0] for row in rows}
    return [CustomerData(number[made], made, kind, None) for made, kind in zip(uuids, kinds, strict=True)]


def point(targets: dict[int, int | None], at: datetime) -> None:
    """Let ids point to the customers that took their place (None: it stands by itself again).

    Ids without live records have no say of their own, so they follow: where the id that they went up in goes, they go,
    and when it comes back they come with it. A pointer always leads to a customer that stands.
    """
    if not targets:
        return
    run(
        """UPDATE identity_customer c SET into_id = nullif(u.target, 0),
             retired_at = CASE WHEN u.target = 0 THEN NULL ELSE %s::timestamptz END
           FROM unnest(%s::int8[], %s::int8[]) AS u(id, target) WHERE c.id = u.id""",
        (at, numbers(targets), numbers(target or 0 for target in targets.values())),
    )
    told = numbers(targets)
    if any(target is not None for target in targets.values()):
        run(
            """UPDATE identity_customer c SET into_id = t.into_id FROM identity_customer t
               WHERE t.id = ANY(%s::int8[]) AND t.into_id IS NOT NULL AND c.into_id = t.id
                 AND c.id <> ALL(%s::int8[])""",
            (told, told),
        )
    if revived := [customer for customer, target in targets.items() if target is None]:
        run(
            """WITH RECURSIVE follower (id, standing) AS (
                 SELECT id, id FROM unnest(%s::int8[]) AS r(id)
                 UNION
                 SELECT e.customer_id, f.standing
                 FROM follower f JOIN identity_ledgerentry e ON e.other_id = f.id AND e.event = 'merged'
                 WHERE e.customer_id <> ALL(%s::int8[]) AND NOT EXISTS (
                   SELECT 1 FROM identity_ledgerentry later
                   WHERE later.customer_id = e.customer_id AND later.id > e.id AND later.event IN ('merged', 'revived'))
               )
               UPDATE identity_customer c SET into_id = f.standing FROM follower f
               WHERE c.id = f.id AND c.id <> f.standing""",
            (numbers(revived), told),
        )


def write_ledger(rows: Sequence[LedgerData], *, cause: str, actor: str, at: datetime) -> None:
    """Add lines to the ledger."""
    if rows:
        run(
            """INSERT INTO identity_ledgerentry (at, event, customer_id, other_id, record_id, cause, actor)
               SELECT %s, e, c, nullif(o, 0), nullif(r, 0), %s, %s
               FROM unnest(%s::text[], %s::int8[], %s::int8[], %s::int8[]) WITH ORDINALITY AS u(e, c, o, r, i)
               ORDER BY i""",
            (
                at,
                cause,
                actor,
                Texts(row.event for row in rows),
                numbers(row.customer for row in rows),
                numbers(row.other or 0 for row in rows),
                numbers(row.record or 0 for row in rows),
            ),
        )


def words(record_ids: Iterable[int]) -> list[Word]:
    """The decisions in force that name one of these records."""
    ids = numbers(record_ids)
    rows = run(
        """SELECT id, verdict, left_id, right_id, made_at FROM identity_decision
           WHERE revoked_at IS NULL AND (left_id = ANY(%s::int8[]) OR right_id = ANY(%s::int8[]))""",
        (ids, ids),
    )
    return [Word(*row) for row in rows]
