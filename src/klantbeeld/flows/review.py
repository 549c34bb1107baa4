"""A steward judges an item of the queue: what it would do, doing it, and the second pair of eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.impact import Touched, touched_by
from klantbeeld.flows.merge import keep_apart, merge
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import actions as identity_actions
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Conflict, Invalid, Refused
from klantbeeld.profiles.contracts import Value
from klantbeeld.profiles.queries.joined import side_by_side
from klantbeeld.sources.contracts import Kind
from klantbeeld.stewardship import actions as stewardship
from klantbeeld.stewardship import queries
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import Item

Verdict = Literal["merge", "refuse"]
SCOPE = "customers:merge"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """What merging does to an attribute of one of the customers: golden values before and after."""

    customer_id: int
    attribute: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What merging would bring together, and the golden values that would change."""

    touched: Touched
    changes: tuple[ValueChange, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it: `done` with the act that takes it back, or `proposed`: another steward has to agree."""

    outcome: Literal["done", "proposed"]
    act: UUID | None
    customers: tuple[UUID, ...]
    second: tuple[str, ...] = ()


def preview(*, review: UUID, customers: Sequence[UUID] = (), actor: Actor, purpose: str) -> Impact:
    """What merging the customers of an item (these of them) would do. Nothing is changed, but the read is written down.

    Raises Refused, Missing, and Invalid for customers that are not in the item.
    """
    admit(actor, SCOPE, purpose)
    item = queries.get_item(review, actor=actor, purpose=purpose)
    chosen = _chosen(item, customers)
    members = identity.members_of(chosen)
    groups = [members.get(number, ()) for number in chosen]
    touched = touched_by([record for group in groups for record in group], len(chosen))
    kind = Kind.PERSON if item.kind == Kind.PERSON.code else Kind.ORGANISATION
    said = side_by_side(groups, kind, actor=actor, purpose=purpose)
    changes = tuple(
        ValueChange(number, code, values.get(code, ()), after)
        for number, values in zip(chosen, said.groups, strict=True)
        for code, after in said.together.items()
        if _texts(values.get(code, ())) != _texts(after)
    )
    audit.write(
        actor=actor,
        purpose=purpose,
        action="reviews.preview",
        subject_kind="review",
        subject_id=item.id,
        detail={"customers": list(chosen), "attributes": sorted({change.attribute for change in changes})},
    )
    return Impact(touched, changes)


def judge(
    *,
    review: UUID,
    verdict: Verdict,
    version: int,
    customers: Sequence[UUID] = (),
    reason: str = "",
    actor: Actor,
    purpose: str,
    at: datetime | None = None,
) -> Judged:
    """Merge the customers of an item (these of them), or say for ever that they are different ones.

    At or above the declared impact the first steward proposes, and another person who says the same carries it out.
    `version` is the one that was looked at. In one transaction with audit line, events and stream. Raises Refused,
    Missing, Invalid, and Conflict when somebody decided meanwhile or the same person would agree with himself.
    """
    admit(actor, SCOPE, purpose)
    moment = at or timezone.now()
    with transaction.atomic():
        identity_actions.hold_writer()
        row = stewardship.claim(review=review, version=version, waiting=True)
        item = queries.get_item(review, actor=actor, purpose=purpose)
        chosen = _chosen(item, customers)
        members = identity.members_of(chosen)
        second = touched_by([record for number in chosen for record in members.get(number, ())], len(chosen)).second
        if second and not _agrees(item, verdict, chosen, actor):
            stewardship.propose(
                row, verdict=verdict, customers=chosen, text=reason, actor=actor, purpose=purpose, at=moment
            )
            return Judged("proposed", None, (), second)
        uuids = [line.uuid for line in item.customers if line.customer_id in chosen]
        if verdict == "merge":
            made = merge(customers=uuids, actor=actor, purpose=purpose, reason=reason, at=moment, agreed=True)
        else:
            made = keep_apart(customers=uuids, actor=actor, purpose=purpose, reason=reason, at=moment)
    return Judged("done", made.merge_uuid, made.customers, second)


def _agrees(item: Item, verdict: Verdict, chosen: Sequence[int], actor: Actor) -> bool:
    """Is this the second word that carries out what another person proposed?"""
    proposal = item.proposal
    if proposal is None or proposal.verdict != verdict or set(proposal.customers) != set(chosen):
        return False
    if proposal.by == actor.ref:
        raise Conflict("You proposed this yourself; another steward has to agree.", code="reviews.same_person")
    if actor.kind != "user":
        raise Refused("Only an employee can agree to a proposal.", code="reviews.second_is_person")
    return True


def _chosen(item: Item, customers: Sequence[UUID]) -> list[int]:
    known = {line.uuid: line.customer_id for line in item.customers}
    unknown = [uuid for uuid in customers if uuid not in known]
    if unknown:
        raise Invalid("At least one of these customers is not in this review.", code="reviews.not_in_it")
    chosen = sorted({known[uuid] for uuid in customers} or set(known.values()))
    if len(chosen) < 2:
        raise Invalid("Choose at least two customers.", code="customers.too_few")
    return chosen


def _texts(values: Sequence[Value]) -> list[str]:
    return sorted(str(value.value) for value in values)
