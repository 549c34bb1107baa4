"""One golden record by id, and lines of lists by internal id."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from klantbeeld.foundation import access, audit
from klantbeeld.foundation.wire import numbers, run, texts
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.profiles.contracts import ProfileRow, ProfileView, Value
from klantbeeld.profiles.rules import names
from klantbeeld.profiles.rules.columns import person_name
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import sources_in_reach

ROW_COLUMNS = """p.customer_id, c.uuid, p.kind, p.name, p.city, p.postcode, p.birth_date, p.records, p.sources,
    p.changed_at"""
#: The hottest read there is: following the id, one row by primary key, and the audit line, as one statement.
_READ = f"""
WITH found AS MATERIALIZED (
  SELECT s.id, s.uuid, s.kind, asked.into_id IS NOT NULL AS is_redirected, p.version, p.golden, p.name, p.records,
    p.changed_at
  FROM identity_customer asked JOIN identity_customer s ON s.id = coalesce(asked.into_id, asked.id)
  JOIN profiles_profile p ON p.customer_id = s.id
  WHERE asked.uuid = %s
), told AS ({
    audit.told(
        '''SELECT id, jsonb_build_object('attributes', array(
             SELECT code FROM jsonb_object_keys(golden) AS code
             WHERE code = ANY(CASE kind WHEN %s THEN %s::text[] ELSE %s::text[] END) ORDER BY code COLLATE "C"))
           FROM found'''
    )
})
SELECT id, uuid, kind, is_redirected, version, golden::text, name, records, changed_at FROM found
"""  # noqa: S608 - texts of our own


def get_profile(customer: UUID, *, actor: access.Actor, purpose: str) -> ProfileView:
    """The golden record of a customer, by any id it ever had; the read is in the audit log before it is answered.

    Raises Missing when no customer has the id, Refused when the actor or purpose may not read customers.
    """
    grant = access.require(actor, "customers:read", purpose)
    if actor.bound_to is not None:
        identity.follow(customer, actor)  # raises Missing for a customer that this company has nothing of
    line = audit.told_by(actor, purpose=purpose, action="customers.read", subject_kind="customer")
    may_see = [texts(grant.attributes(kind.code)) for kind in (Kind.PERSON, Kind.ORGANISATION)]
    row = run(_READ, (customer, *line, int(Kind.PERSON), *may_see)).fetchone()
    if row is None:
        identity.follow(customer, actor)  # raises Missing when there never was such a customer
        raise Missing("There is no customer with this id.", code="customer.missing")
    number, uuid, kind_number, is_redirected, version, stored, name, records, changed_at = row
    golden: Mapping[str, Any] = msgspec.json.decode(stored)
    kind = Kind(kind_number)
    shown = visible(golden, grant.attributes(kind.code))
    person = person_name({code: golden[code] for code in shown}) if kind is Kind.PERSON else None
    return ProfileView(
        customer_id=number,
        uuid=uuid,
        kind=kind.code,
        name=name,
        addressed={language: names.addressed(person, language) if person else name for language in ("nl", "en")},
        salutation={language: names.salutation(person, language) if person else "" for language in ("nl", "en")},
        version=version,
        values=shown,
        records=records,
        changed_at=changed_at,
        redirected_from=customer if is_redirected else None,
    )


def visible(golden: Mapping[str, Any], allowed: Collection[str]) -> dict[str, tuple[Value, ...]]:
    """The golden values whose attribute may be shown."""
    return {
        code: tuple(
            Value(
                value=entry["value"],
                record_id=entry["record"],
                why=entry["why"],
                role=entry.get("role", ""),
                from_date=entry.get("from", ""),
                to_date=entry.get("to", ""),
                verified=entry.get("verified", False),
            )
            for entry in entries
        )
        for code, entries in golden.items()
        if code in allowed
    }


def as_row(row: Sequence[Any], grant: access.Grant, own: Sequence[int] | None = None, score: float = 0.0) -> ProfileRow:
    """One line of a list from the columns of ROW_COLUMNS, without what the grant does not allow to be seen.

    Of its sources only those in `own` are told (None: all).
    """
    customer_id, uuid, kind, name, city, postcode, birth_date, records, sources, changed_at = row[:10]
    allowed = grant.attributes(Kind(kind).code)
    return ProfileRow(
        customer_id=customer_id,
        uuid=uuid,
        kind=Kind(kind).code,
        name=name,
        city=city if "address" in allowed else "",
        postcode=postcode if "address" in allowed else "",
        birth_date=birth_date if "birth_date" in allowed else "",
        records=records,
        sources=tuple(source for source in sources or () if own is None or source in own),
        changed_at=changed_at,
        score=score,
    )


def rows_of(customer_ids: Collection[int], *, actor: access.Actor, purpose: str) -> dict[int, ProfileRow]:
    """The list lines of these customers, by internal id."""
    grant = access.require(actor, "customers:find", purpose)
    own = own_sources(actor)
    return {number: as_row(row, grant, own) for number, row in stored_rows(customer_ids, own).items()}


def own_sources(actor: access.Actor) -> list[int] | None:
    """The sources beyond whose customers an actor sees none; None for who sees the group's."""
    return None if actor.bound_to is None else sorted(sources_in_reach(actor).values())


def stored_rows(customer_ids: Collection[int], own: Sequence[int] | None = None) -> dict[int, Sequence[Any]]:
    """The columns of ROW_COLUMNS of these customers, by internal id; of those only that one of `own` knows."""
    cursor = run(
        f"""SELECT {ROW_COLUMNS} FROM profiles_profile p JOIN identity_customer c ON c.id = p.customer_id
            WHERE p.customer_id = ANY(%s::bigint[])""",  # noqa: S608 - the columns are our own constant
        (numbers(customer_ids),),
    )
    return {row[0]: row for row in cursor if own is None or not set(own).isdisjoint(row[8] or ())}
