"""Every write of the lifecycle: following what changed, going through all customers again, and changing a policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from klantbeeld.foundation import audit, outbox
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import Event
from klantbeeld.foundation.wire import numbers
from klantbeeld.identity import actions as identity
from klantbeeld.identity import queries as customers
from klantbeeld.identity.contracts import Change, What
from klantbeeld.kit.errors import Conflict, Refused
from klantbeeld.lifecycle.contracts import EVENT, POLICY_EVENT, How
from klantbeeld.lifecycle.models import Policy, Review
from klantbeeld.lifecycle.queries.policies import codes_of, company_in_reach, in_force, rules_of
from klantbeeld.lifecycle.rules.policy import read_policy
from klantbeeld.lifecycle.rules.starter import STARTER
from klantbeeld.lifecycle.statements import Batch, judge_and_write

SCOPE = "settings:write"
BATCH = 1000


def follow(
    *,
    changes: Sequence[Change],
    parties: Iterable[int] = (),
    targets: Iterable[int] = (),
    cause: str,
    at: datetime,
) -> int:
    """Bring the states of the customers up to date that something happened to; gives how many transitions it made.

    `changes`: what resolving did. `parties`: party records whose roles changed; `targets`: contracts and activities
    that changed. In the transaction of the change, by whoever holds the writer of identity; that act writes the audit
    line. Joining and taking apart give transitions of their own kind: nobody came and nobody left.
    """
    batch = Batch(
        at,
        numbers(dict.fromkeys(change.customer_id for change in changes)),
        numbers(parties),
        numbers(targets),
    )
    merged, split = _regrouped(changes)
    born = {change.customer_id for change in changes if change.event is What.BORN}
    rows = _judge(batch, how=How.FACTS, merged=merged, split=split, cause=cause)
    # Who is new is told by customer.created; its first state is there to be asked for.
    _tell((row for row in rows if row[3] or row[0] not in born), cause)
    return len(rows)


def _regrouped(changes: Iterable[Change]) -> tuple[set[int], set[int]]:
    """Customers that were joined with another, and those that were taken apart."""
    merged, split = set[int](), set[int]()
    for change in changes:
        if change.event is What.MERGED:
            merged |= {change.customer_id} | ({change.other_id} if change.other_id else set())
        elif change.event in (What.BORN, What.REVIVED) and change.other_id is not None:
            split |= {change.customer_id, change.other_id}
    return merged, split


def _judge(
    batch: Batch,
    *,
    how: How,
    cause: str,
    merged: Iterable[int] = (),
    split: Iterable[int] = (),
    companies: Iterable[int] | None = None,
) -> list[tuple[Any, ...]]:
    wanted = None if companies is None else set(companies)
    given: Mapping[str, str] = {"how": how.value, "merged": numbers(merged), "split": numbers(split), "cause": cause}
    found: list[tuple[Any, ...]] = []
    for policy, of in in_force().items():
        asked = [company for company in of if wanted is None or company in wanted]
        if asked:
            found += judge_and_write(rules_of(policy), numbers(asked), batch, policy=policy, **given)
    return found


def _tell(rows: Iterable[tuple[Any, ...]], cause: str) -> None:
    told = list(rows)
    if not told:
        return
    codes = codes_of()
    outbox.publish(
        Event(
            EVENT,
            "lifecycle",
            customer,
            uuid,
            payload={"company": codes[company], "was": was, "becomes": becomes, "how": how, "cause": cause},
        )
        for customer, uuid, company, was, becomes, how in told
    )


@transaction.atomic
def activate(*, company: str, document: Any, based_on: int, actor: Actor, at: datetime | None = None) -> int:
    """Let this policy hold at a company from now on ("" is the group's default); gives its version.

    `based_on` is the version that the change was made on, 0 when the company has none of its own. Whose states are
    judged again is a review: `go_on` does it, and the worker does it by itself. Raises Refused, Missing, Invalid with
    every problem of the document, and Conflict when somebody changed the policy meanwhile.
    """
    require(actor, SCOPE)
    read_policy(document)
    moment = at or timezone.now()
    identity.hold_writer()
    if not company and actor.bound_to is not None:
        raise Refused("The group's policy is not for a key of one company.", code="lifecycle.of_the_group")
    number = company_in_reach(company, actor).id if company else None
    last = Policy.objects.filter(company=number).order_by("-version").first()
    standing = last.version if last and last.active else 0
    if standing != based_on:
        raise Conflict(
            f"Version {standing} of this policy is in force, not {based_on}. Read it again and decide anew.",
            code="lifecycle.changed_meanwhile",
        )
    Policy.objects.filter(company=number, active=True).update(active=False)
    made = Policy.objects.create(
        company_id=number,
        version=(last.version if last else 0) + 1,
        document=document,
        made_by=actor.ref,
        made_at=moment,
    )
    _changed(made, company, actor, moment)
    return made.version


@transaction.atomic
def drop(*, company: str, based_on: int, actor: Actor, at: datetime | None = None) -> None:
    """Let the group's default hold at a company again. Raises Refused, Missing, and Conflict as `activate` does."""
    require(actor, SCOPE)
    moment = at or timezone.now()
    identity.hold_writer()
    ref = company_in_reach(company, actor)
    row = Policy.objects.filter(company=ref.id, active=True).first()
    if row is None or row.version != based_on:
        raise Conflict(
            f"{ref.name} has no policy of its own with version {based_on}; read it again.",
            code="lifecycle.changed_meanwhile",
        )
    row.active = False
    row.save(update_fields=["active"])
    _changed(row, company, actor, moment)


def _changed(policy: Policy, company: str, actor: Actor, at: datetime) -> None:
    """Write down that a policy came into force or went out of it, tell others, and ask for a review."""
    affected = [policy.company_id] if policy.company_id else sorted(codes_of())
    detail = {"company": company, "version": policy.version, "active": policy.active}
    audit.write(
        actor=actor,
        action="lifecycle.policy_changed",
        subject_kind="lifecycle_policy",
        subject_id=policy.pk,
        detail=detail,
    )
    outbox.publish([Event(POLICY_EVENT, "lifecycle_policy", policy.pk, payload=detail)])
    Review.objects.create(how=How.POLICY, companies=affected, asked_by=actor.ref, started_at=at)


@transaction.atomic
def start_nightly(*, at: datetime) -> int | None:
    """Ask for a review of the companies whose policies look at the time; None when there is none, or one waits."""
    if Review.objects.filter(done_at=None, how=How.TIME).exists():
        return None
    moving = [company for policy, of in in_force().items() if rules_of(policy).is_moving for company in of]
    if not moving:
        return None
    actor = Actor.system("lifecycle")
    row = Review.objects.create(how=How.TIME, companies=sorted(moving), asked_by=actor.ref, started_at=at)
    audit.write(actor=actor, action="lifecycle.review", subject_kind="lifecycle_review", subject_id=row.pk)
    return row.pk


def go_on(*, at: datetime | None = None, batches: int | None = None) -> int:
    """Go on with the reviews that are not done, the oldest first; gives how many customers were judged.

    Each batch is a transaction of its own, which also keeps how far it came: killed half-way, it goes on there. Stops
    after so many `batches`, when given.
    """
    done, judged = 0, 0
    while batches is None or done < batches:
        count = _step(at or timezone.now())
        if count is None:
            break
        done, judged = done + 1, judged + count
    return judged


@transaction.atomic
def _step(at: datetime) -> int | None:
    """One batch of the oldest review that is not done; None when there is none."""
    identity.hold_writer()
    review = Review.objects.select_for_update().filter(done_at=None).order_by("id").first()
    if review is None:
        return None
    refs = customers.list_standing(after=review.reached, limit=BATCH)
    if refs:
        cause = f"review:{review.pk}"
        batch = Batch(at, numbers(ref.id for ref in refs))
        rows = _judge(batch, how=How(review.how), cause=cause, companies=review.companies)
        _tell(rows, cause)
        review.reached = refs[-1].id
        review.judged += len(refs)
        review.moved += len(rows)
    if len(refs) < BATCH:
        review.done_at = at
    review.save()
    return len(refs)


@transaction.atomic
def install() -> bool:
    """Put the starter policy in force for the group when there is none; was it needed?"""
    if Policy.objects.filter(company=None).exists():
        return False
    actor = Actor.system("install")
    row = Policy.objects.create(company=None, version=1, document=STARTER, made_by=actor.ref, made_at=timezone.now())
    audit.write(actor=actor, action="lifecycle.installed", subject_kind="lifecycle_policy", subject_id=row.pk)
    return True
