"""Where one customer stands at each company, with the reasons, and how it came there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.wire import numbers
from klantbeeld.identity import queries as identity
from klantbeeld.kit.labels import Label
from klantbeeld.lifecycle.contracts import (
    CompanyRef,
    CustomerLifecycle,
    FactValue,
    How,
    Judged,
    StandingRow,
    StandingView,
    TransitionRow,
)
from klantbeeld.lifecycle.models import Policy, Transition
from klantbeeld.lifecycle.queries.policies import companies_in_reach, in_force, rules_of
from klantbeeld.lifecycle.rules.facts import BY_NAME
from klantbeeld.lifecycle.rules.policy import Rules
from klantbeeld.lifecycle.statements import Batch, execute, facts_of

NONE: Label = {"nl": "Geen", "en": "None"}
HISTORY = 50
_STANDINGS = """
SELECT c.id, c.code, c.name, o.state, o.since, o.policy_id
FROM lifecycle_standing o JOIN foundation_company c ON c.id = o.company_id
WHERE o.customer_id = %(customer)s AND (%(company)s::bigint IS NULL OR c.id = %(company)s::bigint)
ORDER BY c.name, c.id
"""


def list_standings(customer_id: int, *, actor: Actor, purpose: str) -> list[StandingRow]:
    """Where a customer (internal id that stands) stands at each company within the actor's reach, by name.

    Several rows: the companies answer for this customer together. Raises Refused.
    """
    require(actor, "customers:read", purpose)
    return [row for row, _ in _standings(customer_id, actor)]


def get_lifecycle(customer: UUID, *, actor: Actor, purpose: str, at: datetime | None = None) -> CustomerLifecycle:
    """A customer's states with their reasons and their history, by any id that it ever had.

    The read is written down before it is answered. Raises Refused, and Missing when the actor knows no such customer.
    """
    require(actor, "customers:read", purpose)
    ref = identity.follow(customer, actor)
    moment = at or timezone.now()
    audit.write(actor=actor, purpose=purpose, action="lifecycle.read", subject_kind="customer", subject_id=ref.id)
    facts = _facts(ref.id, moment)
    companies = {one.id: one for one in companies_in_reach(actor)}
    history = list(
        Transition.objects.filter(customer_id=ref.id, company_id__in=list(companies)).order_by("-id")[: HISTORY + 1]
    )
    return CustomerLifecycle(
        ref.uuid,
        moment,
        tuple(
            _view(row, policy, facts.get((policy, row.company.id), {}), moment)
            for row, policy in _standings(ref.id, actor)
        ),
        tuple(_transition(one, companies[one.company_id]) for one in history[:HISTORY]),
        len(history) > HISTORY,
    )


def _standings(customer_id: int, actor: Actor) -> list[tuple[StandingRow, int]]:
    rows = execute(_STANDINGS, {"customer": customer_id, "company": actor.bound_to})
    found = []
    for company, code, name, state, since, policy in rows:
        known = rules_of(policy).state(state)
        label: Label = known.label if known else {"nl": state, "en": state}
        step = known.step if known else 0
        found.append((StandingRow(CompanyRef(company, code, name), state, label, since, step), policy))
    return found


def _facts(customer_id: int, at: datetime) -> dict[tuple[int, int], Mapping[str, Any]]:
    """Facts of a customer now, by (policy in force, company)."""
    found: dict[tuple[int, int], Mapping[str, Any]] = {}
    for policy, companies in in_force().items():
        rows = facts_of(rules_of(policy), numbers(companies), Batch(at, numbers([customer_id])))
        found |= {(policy, company): facts for (_, company), facts in rows.items()}
    return found


def _view(row: StandingRow, policy: int, facts: Mapping[str, Any], at: datetime) -> StandingView:
    rules = rules_of(policy)
    judged = [
        Judged(state.code, state.label, state.sentence, state.when.evaluate(facts, now=at, zone=settings.TIME_ZONE))
        for state in rules.states
    ]
    tried = tuple(judged[: _place(rules, row.state) + 1])
    minimum = next((one for one in judged if one.state == rules.minimum), None)
    kept = Policy.objects.select_related("company").get(pk=policy)
    return StandingView(
        row,
        _values(facts, rules),
        tried,
        not rules.minimum or any(one.holds for one in judged[: _place(rules, rules.minimum) + 1]),
        minimum,
        kept.version,
        kept.company.code if kept.company else "",
    )


def _place(rules: Rules, code: str) -> int:
    return next((number for number, one in enumerate(rules.states) if one.code == code), len(rules.states))


def _values(facts: Mapping[str, Any], rules: Rules | None = None) -> tuple[FactValue, ...]:
    names: Iterable[str] = [fact.name for fact in rules.facts] if rules else facts
    return tuple(FactValue(name, BY_NAME[name].label, facts.get(name)) for name in names if name in BY_NAME)


def _transition(row: Transition, company: CompanyRef) -> TransitionRow:
    rules = rules_of(row.policy_id)
    became = rules.state(row.becomes)
    return TransitionRow(
        row.at,
        company,
        row.was,
        row.becomes,
        _label(rules, row.was),
        _label(rules, row.becomes),
        How(row.how),
        row.since,
        became.sentence if became else {"nl": "Geen van de criteria geldt.", "en": "None of the criteria holds."},
        _values(row.facts),
        row.cause,
    )


def _label(rules: Rules, code: str) -> Label:
    state = rules.state(code)
    return state.label if state else ({"nl": code, "en": code} if code else NONE)
