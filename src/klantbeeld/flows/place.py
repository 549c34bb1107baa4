"""A steward moves records: one to the customer that it belongs to, or some of them to a customer of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.impact import check_alone
from klantbeeld.flows.merge import Merged
from klantbeeld.flows.settle import settle
from klantbeeld.foundation.access import Actor, require
from klantbeeld.identity import actions as identity
from klantbeeld.identity import queries
from klantbeeld.identity.contracts import DecisionMade
from klantbeeld.identity.queries.reach import customers_in_reach
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.sources.queries import find_record_id, records_in_reach
from klantbeeld.stewardship import actions as stewardship

SCOPE = "customers:merge"


def move(*, record: UUID, to: UUID, actor: Actor, purpose: str, reason: str = "", at: datetime | None = None) -> Merged:
    """Move a record to another customer: it is different from those it stood with, and the same as those of `to`.

    Taken back as one act by `flows.merge.unmerge`. Raises Refused, Missing, Invalid for a person and an organisation,
    Conflict when it is there already or the customer has no live records.
    """
    require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        identity.hold_writer()
        number = _record(record, actor)
        was = queries.customer_of([number]).get(number)
        target = queries.follow(to, actor)
        members = queries.members_of({target.id, *filter(None, [was])})
        if was == target.id:
            raise Conflict("The record belongs to this customer already.", code="reviews.there_already")
        if was is None or target.id not in members:
            raise Conflict("One of them has no live records; there is nothing to move.", code="customers.empty")
        theirs = _evident(members[target.id]) or members[target.id]
        others = [one for one in _evident(members[was]) if one != number]
        check_alone([number, *theirs], 2, actor)
        same = [(number, one) for one in theirs]
        if others:
            made = identity.replace(
                different=[(number, one) for one in others], same=same, reason=reason, actor=actor, at=moment
            )
        else:
            made = identity.decide(verdict="same", pairs=same, reason=reason, actor=actor, at=moment)
        return _finish(made, "move", actor, purpose, reason, moment)


def split(
    *, customer: UUID, records: Sequence[UUID], actor: Actor, purpose: str, reason: str = "", at: datetime | None = None
) -> Merged:
    """Say that these records of a customer are another one than the rest, for good.

    Taken back as one act. Raises Refused, Missing, and Invalid when a record is not of this customer or none is left.
    """
    require(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        identity.hold_writer()
        ref = queries.follow(customer, actor)
        members = _evident(queries.members_of([ref.id]).get(ref.id, ()))
        apart = {_record(record, actor) for record in records}
        if not apart or not apart <= set(members):
            raise Invalid("Name records of this customer.", code="reviews.not_its_records")
        rest = [one for one in members if one not in apart]
        if not rest:
            raise Invalid("Leave at least one record; these are all there are.", code="reviews.nothing_left")
        check_alone(members, 1, actor)
        made = identity.decide(
            verdict="different",
            pairs=[(one, other) for one in sorted(apart) for other in rest],
            reason=reason,
            actor=actor,
            at=moment,
        )
        return _finish(made, "split", actor, purpose, reason, moment)


def _finish(made: DecisionMade, what: str, actor: Actor, purpose: str, reason: str, at: datetime) -> Merged:
    settled = settle(
        resolved=made.resolved,
        actor=actor,
        purpose=purpose,
        action=f"customers.{what}",
        cause=f"decision:{made.merge_uuid}",
        at=at,
    )
    stewardship.follow_refusals(records=made.records, at=at)
    stewardship.note(what=what, act=made.merge_uuid, records=made.records, text=reason, actor=actor, at=at)
    standing = queries.refs(customers_in_reach(queries.customer_of(made.records).values(), actor))
    return Merged(made.merge_uuid, tuple(ref.uuid for ref in standing), settled)


def _record(record: UUID, actor: Actor) -> int:
    found = find_record_id(record)
    if found is None or not records_in_reach([found], actor):
        raise Missing("There is no record with this id.", code="records.missing")
    return found


def _evident(records: Sequence[int]) -> list[int]:
    """Those that say themselves who somebody is: not what our own employees wrote, which goes where they go."""
    builtin = queries.without_evidence(records)
    return [record for record in records if record not in builtin]
