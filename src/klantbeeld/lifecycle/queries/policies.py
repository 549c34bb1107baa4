"""The policies in force, and what one would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.models import Company
from klantbeeld.foundation.wire import numbers
from klantbeeld.identity import queries as customers
from klantbeeld.kit.errors import Missing
from klantbeeld.lifecycle.contracts import CompanyRef, How, Move, PolicyView, ReviewRow, Simulation, StateInfo
from klantbeeld.lifecycle.models import Policy, Review
from klantbeeld.lifecycle.rules.policy import Rules, read_policy
from klantbeeld.lifecycle.statements import Batch, execute, judge_and_compare

SCOPE = "quality:read"
SIMULATED = 50_000
BATCH = 5_000
_IN_FORCE = """
SELECT c.id, coalesce(own.id, base.id), coalesce(own.made_at, base.made_at) FROM foundation_company c
LEFT JOIN lifecycle_policy own ON own.company_id = c.id AND own.active
LEFT JOIN lifecycle_policy base ON base.company_id IS NULL AND base.active
WHERE coalesce(own.id, base.id) IS NOT NULL ORDER BY c.id
"""
_COUNT = "SELECT count(*) FROM identity_customer WHERE into_id IS NULL"
# By a hash of the id, so that the part is random, and the same when it is asked again.
_DRAWN = """
SELECT id FROM identity_customer WHERE into_id IS NULL AND id > %(after)s
  AND mod(abs(hashint8extended(id, 3)::numeric), 1000000) < %(millionths)s ORDER BY id LIMIT %(limit)s
"""

#: Policies that this process has read: id -> when it was made, and its rules. Policies are few and never change.
_kept: dict[int, tuple[datetime, Rules]] = {}


def in_force() -> dict[int, list[int]]:
    """Which policy holds where: id of the policy -> the companies that it holds for."""
    found: dict[int, list[int]] = {}
    for company, policy, made_at in execute(_IN_FORCE):
        if policy in _kept and _kept[policy][0] != made_at:
            del _kept[policy]  # another database under the same process: a restore, or the next test
        found.setdefault(policy, []).append(company)
    return found


def rules_of(policy: int) -> Rules:
    """A policy ready to judge; it never changes, so a process reads it once."""
    if policy not in _kept:
        row = Policy.objects.get(pk=policy)
        _kept[policy] = row.made_at, read_policy(row.document)
    return _kept[policy][1]


def codes_of() -> Mapping[int, str]:
    """The codes of all companies by internal id."""
    return dict(Company.objects.values_list("id", "code"))


def companies_in_reach(actor: Actor) -> list[CompanyRef]:
    """The companies that the actor may know of, by name: its own for a key of one company, else all."""
    rows = Company.objects.order_by("name", "id")
    if actor.bound_to is not None:
        rows = rows.filter(pk=actor.bound_to)
    return [CompanyRef(row.pk, row.code, row.name) for row in rows]


def company_in_reach(code: str, actor: Actor) -> CompanyRef:
    """A company that the actor may know of; raises Missing, also for one that it may not."""
    found = next((one for one in companies_in_reach(actor) if one.code == code), None)
    if found is None:
        raise Missing(f"There is no company '{code[:60]}'.", code="companies.missing")
    return found


def list_policies(*, actor: Actor) -> list[PolicyView]:
    """The policy in force at each company that the actor reaches. Raises Refused."""
    require(actor, SCOPE)
    policy_at = {company: policy for policy, of in in_force().items() for company in of}
    rows = {row.pk: row for row in Policy.objects.filter(pk__in=set(policy_at.values()))}
    return [
        view(company, rows[policy_at[company.id]]) for company in companies_in_reach(actor) if company.id in policy_at
    ]


def get_policy(company: str, *, actor: Actor) -> PolicyView:
    """The policy in force at a company. Raises Refused, Missing."""
    ref = company_in_reach(company, actor)
    return next(one for one in list_policies(actor=actor) if one.company == ref)


def view(company: CompanyRef, row: Policy) -> PolicyView:
    """A policy as people see it."""
    rules = rules_of(row.pk)
    return PolicyView(
        company,
        row.company_id is not None,
        row.version,
        row.made_by,
        row.made_at,
        states_of(rules),
        rules.minimum,
        row.document,
    )


def states_of(rules: Rules) -> tuple[StateInfo, ...]:
    """The states of a policy in the order in which they are tried."""
    return tuple(
        StateInfo(
            one.code,
            one.label,
            one.step,
            one.when.source,
            one.sentence,
            one.since.source if one.since else "",
            one.since_sentence,
        )
        for one in rules.states
    )


def simulate(*, company: str, document: Any, actor: Actor, at: datetime | None = None) -> Simulation:
    """How many customers would go from which state to which if this policy held at the company; nothing is changed.

    Every customer of the group is looked at up to 50,000, above that a random part of about so many. Raises Refused,
    Missing, and Invalid with every problem of the document.
    """
    require(actor, SCOPE)
    ref = company_in_reach(company, actor)
    rules = read_policy(document)
    moment = at or timezone.now()
    ((total,),) = execute(_COUNT)
    counted: dict[tuple[str, str], int] = {}
    examples: dict[tuple[str, str], list[int]] = {}
    millionths = 1_000_000 if total <= SIMULATED else 1_000_000 * SIMULATED // total
    after, judged = 0, 0
    while drawn := execute(_DRAWN, {"after": after, "millionths": millionths, "limit": BATCH}):
        after, judged = drawn[-1][0], judged + len(drawn)
        batch = Batch(moment, numbers(number for (number,) in drawn))
        for was, becomes, count, some in judge_and_compare(rules, numbers([ref.id]), batch):
            counted[was, becomes] = counted.get((was, becomes), 0) + count
            examples.setdefault((was, becomes), []).extend(some)
        if len(drawn) < BATCH:
            break
    if actor.bound_to is not None:  # how many customers the group has is not for a key of one company
        total = judged = sum(counted.values())
    uuids = {one.id: one.uuid for one in customers.refs(number for some in examples.values() for number in some[:5])}
    moves = tuple(
        Move(was, becomes, count, tuple(uuids[number] for number in examples[was, becomes][:5]))
        for (was, becomes), count in sorted(counted.items(), key=lambda item: (item[0][0] == item[0][1], -item[1]))
    )
    return Simulation(ref, moment, total, judged, moves, states_of(rules))


def reviews_under_way(*, actor: Actor) -> list[ReviewRow]:
    """The ways through all customers that are not done yet. Raises Refused."""
    require(actor, SCOPE)
    return [
        ReviewRow(row.pk, How(row.how), row.started_at, row.done_at, row.judged, row.moved)
        for row in Review.objects.filter(done_at=None).order_by("id")
    ]
