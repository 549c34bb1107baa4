"""A person's word on records: given, and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from klantbeeld.foundation.access import Actor
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.models import active_matchers
from klantbeeld.identity.actions.regroup import Act, regroup
from klantbeeld.identity.contracts import DecisionMade, Resolved
from klantbeeld.identity.models import Decision
from klantbeeld.identity.ports import Matcher
from klantbeeld.identity.queries.customers import customer_of
from klantbeeld.identity.queries.reach import customers_in_reach
from klantbeeld.identity.tables import members
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.kit.ids import new_uuid

MOST_PAIRS = 10_000


def decide(
    *,
    verdict: Literal["same", "different"],
    pairs: Sequence[tuple[int, int]],
    reason: str,
    actor: Actor,
    at: datetime,
    matchers: Mapping[int, Matcher] | None = None,
) -> DecisionMade:
    """Keep that these pairs of records are the same customer, or different ones, and regroup them.

    All pairs are one act, taken back as one by `merge_uuid`. Where words contradict each other, the newest holds.
    In the caller's transaction. Raises Invalid for no pairs, a record with itself, a person with an organisation, and
    Missing for records that never had a customer.
    """
    hold_writer()
    return _decide({verdict: _ordered(pairs)}, reason, actor, at, matchers)


def replace(
    *,
    different: Sequence[tuple[int, int]],
    same: Sequence[tuple[int, int]],
    reason: str,
    actor: Actor,
    at: datetime,
    matchers: Mapping[int, Matcher] | None = None,
) -> DecisionMade:
    """Say in one act that records do not belong where they are and do belong elsewhere; taken back as one.

    Where the two contradict each other, "same" holds. Raises as `decide` does.
    """
    hold_writer()
    return _decide({"different": _ordered(different), "same": _ordered(same)}, reason, actor, at, matchers)


def _decide(
    words: Mapping[Literal["same", "different"], list[tuple[int, int]]],
    reason: str,
    actor: Actor,
    at: datetime,
    matchers: Mapping[int, Matcher] | None,
) -> DecisionMade:
    said = [pair for pairs in words.values() for pair in pairs]
    rows = {row.record: row for row in members.members({record for pair in said for record in pair})}
    for left, right in said:
        _check(left, right, rows)
    act = new_uuid()
    for verdict, pairs in words.items():
        write_decisions(verdict, pairs, act, reason=reason, actor=actor, at=at)
    return DecisionMade(act, _again(rows, f"decision:{act}", actor, at, matchers), tuple(sorted(rows)))


def write_decisions(
    verdict: Literal["same", "different"],
    pairs: Sequence[tuple[int, int]],
    act: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep a word on pairs of records, in this order, without regrouping anybody."""
    Decision.objects.bulk_create(
        Decision(
            verdict=verdict,
            left_id=min(pair),
            right_id=max(pair),
            merge=act,
            reason=reason,
            made_by=actor.ref,
            made_at=at,
        )
        for pair in pairs
    )


def revoke(
    *,
    merge_uuid: uuid.UUID,
    reason: str = "",
    actor: Actor,
    at: datetime,
    matchers: Mapping[int, Matcher] | None = None,
) -> DecisionMade:
    """Take back everything that was decided in one act, and regroup its records; `reason` is kept with it.

    In the caller's transaction. Raises Missing when there is no such act, Conflict when it was taken back already.
    """
    hold_writer()
    made = list(Decision.objects.filter(merge=merge_uuid))
    if not made or not _reaches(actor, {record for one in made for record in (one.left_id, one.right_id)}):
        raise Missing("There is no such decision.", code="identity.no_decision")
    if any(decision.revoked_at for decision in made):
        raise Conflict("This decision was taken back already.", code="identity.revoked")
    Decision.objects.filter(merge=merge_uuid).update(revoked_by=actor.ref, revoked_at=at, revoked_reason=reason)
    rows = {row.record: row for row in members.members({r for d in made for r in (d.left_id, d.right_id)})}
    resolved = _again(rows, f"revoked:{merge_uuid}", actor, at, matchers)
    return DecisionMade(merge_uuid, resolved, tuple(sorted(rows)))


def _reaches(actor: Actor, records: set[int]) -> bool:
    """May the actor know of every customer that these records are of now?"""
    if actor.bound_to is None:
        return True
    standing = set(customer_of(records).values())
    return bool(standing) and standing == customers_in_reach(standing, actor)


def _ordered(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    ordered = list(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
    if not ordered:
        raise Invalid("Name at least one pair of records.", code="identity.no_pairs")
    if len(ordered) > MOST_PAIRS:
        raise Invalid(f"At most {MOST_PAIRS} pairs can be decided in one act.", code="identity.too_many_pairs")
    return ordered


def _check(left: int, right: int, rows: Mapping[int, members.MemberData]) -> None:
    if left == right:
        raise Invalid("A record cannot be compared with itself.", code="identity.same_record", record=left)
    for record in (left, right):
        if record not in rows:
            raise Missing(f"Record {record} belongs to no customer.", code="identity.no_member", record=record)
    if rows[left].kind != rows[right].kind:
        raise Invalid("A person and an organisation are never one customer.", code="identity.kinds_differ")


def _again(
    rows: Mapping[int, members.MemberData],
    cause: str,
    actor: Actor,
    at: datetime,
    matchers: Mapping[int, Matcher] | None,
) -> Resolved:
    # The lock is held already; this asks which model was active when it was taken.
    matchers = active_matchers(hold_writer()) if matchers is None else matchers
    return regroup(matchers, rows, content={}, features={}, act=Act(cause[:80], actor.ref, at))
