"""How many customers stand where, who came and went in a period, and who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.wire import numbers
from klantbeeld.kit.errors import Invalid
from klantbeeld.lifecycle.contracts import (
    Cell,
    CompanyRef,
    Found,
    FoundPage,
    How,
    LifecycleFigures,
    Period,
    StateInfo,
)
from klantbeeld.lifecycle.queries.policies import companies_in_reach, company_in_reach, in_force, rules_of, states_of
from klantbeeld.lifecycle.statements import execute

SCOPE = "quality:read"
MOST_MONTHS, MOST_ROWS = 60, 200
PEOPLE = (How.FACTS, How.TIME)
#: What a list of moves can be narrowed to: people, joined and taken apart, or a changed policy.
KINDS = {"people": PEOPLE, "regrouped": (How.MERGED, How.SPLIT), "redefined": (How.POLICY,)}
_COUNTS = """
SELECT company_id, state, count(*) FROM lifecycle_standing WHERE company_id = ANY(%(companies)s::bigint[]) GROUP BY 1, 2
"""
_JOINT = """
SELECT count(*) FILTER (WHERE companies > 1), count(*) FROM (
  SELECT count(*) AS companies FROM lifecycle_standing
  WHERE company_id = ANY(%(companies)s::bigint[]) GROUP BY customer_id) known
"""
_MOVES = """
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date, company_id, was, becomes, how, count(*)
FROM lifecycle_transition
WHERE company_id = ANY(%(companies)s::bigint[]) AND at >= %(since)s::timestamp AT TIME ZONE %(zone)s
GROUP BY 1, 2, 3, 4, 5
"""
_STANDING = """
SELECT o.customer_id, c.uuid, o.since, '', o.state FROM lifecycle_standing o
JOIN identity_customer c ON c.id = o.customer_id
WHERE o.company_id = %(company)s AND o.state = %(state)s AND (%(at)s::timestamptz IS NULL
  OR (o.since, o.customer_id) < (%(at)s::timestamptz, %(id)s::bigint))
ORDER BY o.since DESC, o.customer_id DESC LIMIT %(limit)s
"""
# The customer as it stands now; a customer that moved twice is there twice.
_MOVED = """
SELECT s.id, s.uuid, t.at, t.was, t.becomes, t.id FROM lifecycle_transition t
JOIN identity_customer c ON c.id = t.customer_id JOIN identity_customer s ON s.id = coalesce(c.into_id, c.id)
WHERE t.company_id = %(company)s AND t.how = ANY(%(how)s::text[])
  AND t.at >= %(from)s::timestamp AT TIME ZONE %(zone)s AND t.at < %(until)s::timestamp AT TIME ZONE %(zone)s
  AND (%(was)s::text IS NULL OR t.was = %(was)s::text)
  AND (%(becomes)s::text IS NULL OR t.becomes = %(becomes)s::text)
  AND (%(at)s::timestamptz IS NULL OR (t.at, t.id) < (%(at)s::timestamptz, %(id)s::bigint))
ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s
"""


def figures(*, actor: Actor, months: int = 12, company: str = "", at: datetime | None = None) -> LifecycleFigures:
    """Customers per company and state now, and per calendar month who came and went, oldest first.

    Counted from transitions by the moment at which they were noticed; the running month is the last one. For each
    state opening + came - left + regrouped + redefined = closing. Raises Refused, Missing, Invalid.
    """
    require(actor, SCOPE)
    if not 1 <= months <= MOST_MONTHS:
        raise Invalid(f"months: expected 1 to {MOST_MONTHS}.", code="lifecycle.months", field="months")
    moment = at or timezone.now()
    companies = [company_in_reach(company, actor)] if company else companies_in_reach(actor)
    reached = numbers(one.id for one in companies)
    counts = {(row[0], row[1]): row[2] for row in execute(_COUNTS, {"companies": reached})}
    ((joint, known),) = execute(_JOINT, {"companies": reached})
    starts = _month_starts(moment, months)
    moves = execute(_MOVES, {"companies": reached, "zone": settings.TIME_ZONE, "since": starts[0]})
    return LifecycleFigures(
        moment,
        tuple(companies),
        _states(companies, counts, moves),
        counts,
        _periods(starts, counts, moves),
        joint,
        known,
    )


def list_in_state(
    *,
    company: str,
    state: str,
    actor: Actor,
    purpose: str,
    place: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> FoundPage:
    """The customers in a state of a company, who came there last first. Raises Refused, Missing."""
    require(actor, "customers:find", purpose)
    ref = company_in_reach(company, actor)
    at, last = place or (None, 0)
    size = max(1, min(limit, MOST_ROWS))
    rows = execute(_STANDING, {"company": ref.id, "state": state, "at": at, "id": last, "limit": size + 1})
    found = [Found(*row) for row in rows[:size]]
    _write_down(found, actor, purpose)
    return FoundPage(tuple(found), (found[-1].at, found[-1].customer_id) if len(rows) > size else None)


def list_moved(
    *,
    company: str,
    from_date: date,
    until_date: date,
    actor: Actor,
    purpose: str,
    was: str | None = None,
    becomes: str | None = None,
    kind: str = "people",
    place: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> FoundPage:
    """The customers behind a figure of `figures`: who went from or to a state, the last first.

    `until_date` is not included; "" as state is none; `kind` is one of KINDS. Raises Refused, Missing, Invalid.
    """
    require(actor, "customers:find", purpose)
    ref = company_in_reach(company, actor)
    if kind not in KINDS:
        raise Invalid(f"kind: expected one of {', '.join(KINDS)}.", code="lifecycle.kind", field="kind")
    at, last = place or (None, 0)
    size = max(1, min(limit, MOST_ROWS))
    parameters = {
        "company": ref.id,
        "how": [how.value for how in KINDS[kind]],
        "from": from_date,
        "until": until_date,
        "zone": settings.TIME_ZONE,
        "was": was,
        "becomes": becomes,
        "at": at,
        "id": last,
        "limit": size + 1,
    }
    rows = execute(_MOVED, parameters)
    found = [Found(*row[:5]) for row in rows[:size]]
    _write_down(found, actor, purpose)
    return FoundPage(tuple(found), (found[-1].at, rows[size - 1][5]) if len(rows) > size else None)


def _write_down(found: Sequence[Found], actor: Actor, purpose: str) -> None:
    detail = {"found": sorted({one.customer_id for one in found})}
    audit.write(actor=actor, purpose=purpose, action="lifecycle.list", detail=detail)


def _month_starts(at: datetime, months: int) -> list[date]:
    """The first days of the last so many months, the running one included, and of the next one."""
    first = timezone.localtime(at).date().replace(day=1)
    starts = [(first + timedelta(days=31)).replace(day=1), first]
    for _ in range(months - 1):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return starts[::-1]


def _states(
    companies: Sequence[CompanyRef], counts: dict[tuple[int, str], int], moves: Sequence[tuple[Any, ...]]
) -> tuple[StateInfo, ...]:
    """The states of all policies in force, and those that figures still speak of, in the order of the lifecycle."""
    reached = {one.id for one in companies}
    found: dict[str, StateInfo] = {}
    for policy, of in in_force().items():
        if reached & set(of):
            for state in states_of(rules_of(policy)):
                found.setdefault(state.code, state)
    spoken = {state for _, state in counts} | {state for move in moves for state in move[2:4] if state}
    for code in sorted(spoken - found.keys()):
        found[code] = StateInfo(code, {"nl": code, "en": code}, 99, "", {"nl": "", "en": ""})
    return tuple(sorted(found.values(), key=lambda one: (one.step, one.code)))


def _periods(
    starts: Sequence[date], counts: dict[tuple[int, str], int], moves: Sequence[tuple[Any, ...]]
) -> tuple[Period, ...]:
    """From what stands now back in time: the closing of a month is the opening of the next."""
    net: dict[tuple[date, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for month, company, was, becomes, how, count in moves:
        kind = next(name for name, hows in KINDS.items() if how in hows)
        for state, sign in ((was, -1), (becomes, 1)):
            if not state:
                continue
            name = ("came" if sign > 0 else "left") if kind == "people" else kind
            net[month, company, state][name] += count if kind == "people" else sign * count
    closing = dict(counts)
    keys = sorted({*counts, *((company, state) for _, company, state in net)})
    periods = []
    for month, following in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        cells = []
        for company, state in keys:
            moved = net.get((month, company, state), {})
            came, left = moved.get("came", 0), moved.get("left", 0)
            regrouped, redefined = moved.get("regrouped", 0), moved.get("redefined", 0)
            end = closing.get((company, state), 0)
            begin = end - came + left - regrouped - redefined
            closing[company, state] = begin
            cells.append(Cell(company, state, begin, came, left, regrouped, redefined, end))
        periods.append(Period(month, following, tuple(cells)))
    return tuple(reversed(periods))
