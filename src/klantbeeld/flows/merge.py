"""A person says that customers are one, or are not, and takes it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.impact import check_alone
from klantbeeld.flows.settle import Settled, settle
from klantbeeld.foundation.access import Actor, require
from klantbeeld.identity import actions as identity
from klantbeeld.identity import queries
from klantbeeld.identity.contracts import CustomerRef
from klantbeeld.identity.queries.reach import customers_in_reach
from klantbeeld.kit.errors import Conflict, Invalid
from klantbeeld.kit.ids import format_id
from klantbeeld.stewardship import actions as stewardship

SCOPE = "customers:merge"


@dataclass(frozen=True, slots=True)
class Merged:
    """An act on customers: `merge_uuid` takes it back; `customers` are those that stand afterwards, oldest first."""

    merge_uuid: uuid.UUID
    customers: tuple[uuid.UUID, ...]
    settled: Settled


def merge(
    *,
    customers: Sequence[uuid.UUID],
    actor: Actor,
    purpose: str,
    reason: str = "",
    at: datetime | None = None,
    agreed: bool = False,
) -> Merged:
    """Make these customers one. The oldest id stays, the others point to it; `unmerge` takes it back without loss.

    Raises Refused, Missing for an unknown id, Invalid for fewer than two customers or for a person with an
    organisation, Conflict when they are one already or one of them has no live records. At or above the declared
    impact it is Refused too, unless two stewards `agreed` (flows.review).
    """
    return _decide("same", customers, actor, purpose, reason, at, alone=not agreed)


def keep_apart(
    *, customers: Sequence[uuid.UUID], actor: Actor, purpose: str, reason: str = "", at: datetime | None = None
) -> Merged:
    """Say that these customers are different ones, for good: also when new records speak for the contrary.

    Raises as `merge` does.
    """
    return _decide("different", customers, actor, purpose, reason, at)


def unmerge(
    *, merge_uuid: uuid.UUID, actor: Actor, purpose: str, reason: str = "", at: datetime | None = None
) -> Merged:
    """Take a merge (or a "different") back: customers and their ids are what they would be without it.

    Raises Refused, Missing when there is no such act, Conflict when it was taken back already.
    """
    require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        made = identity.revoke(merge_uuid=merge_uuid, reason=reason, actor=actor, at=moment)
        settled = settle(
            resolved=made.resolved,
            actor=actor,
            purpose=purpose,
            action="customers.unmerge",
            cause=f"revoked:{merge_uuid}",
            at=moment,
        )
        stewardship.follow_refusals(records=made.records, at=moment)
        stewardship.note(what="undo", act=merge_uuid, records=made.records, text=reason, actor=actor, at=moment)
        standing = queries.refs(customers_in_reach(queries.customer_of(made.records).values(), actor))
    return Merged(merge_uuid, tuple(ref.uuid for ref in standing), settled)


def _decide(
    verdict: Literal["same", "different"],
    customers: Sequence[uuid.UUID],
    actor: Actor,
    purpose: str,
    reason: str,
    at: datetime | None,
    *,
    alone: bool = False,
) -> Merged:
    require(actor, SCOPE, purpose)
    if len(set(customers)) < 2:
        raise Invalid("Name at least two customers.", code="customers.too_few")
    moment = at or timezone.now()
    with transaction.atomic():
        identity.hold_writer()
        refs = _distinct([queries.follow(customer, actor) for customer in customers], verdict)
        members = queries.members_of(ref.id for ref in refs)
        for ref in refs:
            if ref.id not in members:
                raise Conflict(
                    f"Customer {format_id('cus', ref.uuid)} has no live records; there is nothing to decide about.",
                    code="customers.empty",
                )
        if alone:
            check_alone([record for ref in refs for record in members[ref.id]], len(refs), actor)
        made = identity.decide(
            verdict=verdict,
            pairs=_pairs([members[ref.id] for ref in refs]),
            reason=reason,
            actor=actor,
            at=moment,
        )
        settled = settle(
            resolved=made.resolved,
            actor=actor,
            purpose=purpose,
            action="customers.merge" if verdict == "same" else "customers.keep_apart",
            cause=f"decision:{made.merge_uuid}",
            at=moment,
        )
        stewardship.follow_refusals(records=made.records, at=moment)
        stewardship.note(
            what="merge" if verdict == "same" else "refuse", act=made.merge_uuid, records=made.records, text=reason,
            actor=actor, at=moment,
        )  # fmt: skip
        standing = queries.refs(customers_in_reach(queries.customer_of(made.records).values(), actor))
    return Merged(made.merge_uuid, tuple(ref.uuid for ref in standing), settled)


def _distinct(refs: list[CustomerRef], verdict: str) -> list[CustomerRef]:
    found = {ref.id: ref for ref in refs}
    if len(found) < len(refs):
        word = "already one customer" if verdict == "same" else "one customer; split it by its records first"
        raise Conflict(f"At least two of these ids are {word}.", code="customers.already_one")
    return [found[number] for number in sorted(found)]


def _pairs(groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Each record of every customer with the first record of the other: so the word outlives any one record."""
    first, *others = groups
    pairs: list[tuple[int, int]] = []
    for other in others:
        pairs += [(record, other[0]) for record in first]
        pairs += [(first[0], record) for record in other[1:]]
    if len(groups) > 2:
        pairs += [(a[0], b[0]) for number, a in enumerate(others) for b in others[number + 1 :]]
    return pairs
