"""The lifecycle: where a customer stands at each company and why, who came and went, and the policies that say so."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest import cursors
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import CustomerPath, CustomerText, Plain, Said, Text, customer_id, parse_customer
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.lifecycle import actions, queries
from klantbeeld.lifecycle.contracts import FactValue, Judged, StandingView, StateInfo, TransitionRow

router = Router()
Code = Annotated[str, Plain, Field(max_length=60, description="The code of a company.")]
StateCode = Annotated[str, Field(pattern="^([a-z][a-z0-9_]{0,29})?$", description="The code of a state; empty: none.")]


class LifecycleFact(Schema):
    """A fact that the policy looks at; null is unknown."""

    name: str
    label: Text
    value: Any


class Criterion(Schema):
    """A state that was tried, and whether its criterion holds; null is unknown, which is not true."""

    state: str
    label: Text
    sentence: Text
    holds: bool | None


class LifecycleStanding(Schema):
    """Where the customer stands at one company, with the reasons."""

    company: str
    state: str
    label: Text
    since: datetime
    tried: list[Criterion] = Field(description="In order; the first that holds is the state.")
    facts: list[LifecycleFact]
    worth_recording: bool = Field(description="Does the customer reach the policy's minimum?")
    policy_version: int
    policy_of: str = Field(description="The company whose policy it is; empty: the group's default.")


class LifecycleTransition(Schema):
    """The customer went from one state to another; an empty state is none."""

    at: datetime
    company: str
    was: str
    becomes: str
    how: str = Field(description="facts and time: the customer; merged and split: ids; policy: the definition.")
    since: datetime | None = Field(description="Since when the former state had held.")
    sentence: Text
    facts: list[LifecycleFact]


class Lifecycle(Schema):
    """A customer at every company that the key may know of."""

    customer: CustomerText
    as_of: datetime
    companies: list[LifecycleStanding]
    joint_controllers: bool = Field(description="Several companies keep data of this customer (GDPR, article 26).")
    history: list[LifecycleTransition] = Field(description="The last fifty, newest first.")
    more_history: bool


class LifecycleState(Schema):
    """A state as a policy declares it."""

    code: str
    label: Text
    step: int
    when: str = Field(description="The criterion, an expression (docs/expressions.md).")
    sentence: Text
    since: str


class LifecyclePolicy(Schema):
    """The policy in force at a company."""

    company: str
    own: bool = Field(description="Is it the company's own, or the group's default?")
    version: int
    made_at: datetime
    states: list[LifecycleState]
    policy: dict[str, Any] = Field(description="The whole document, to be changed and sent back.")


class PolicyTrial(Said):
    """A policy to be tried at a company."""

    company: Code
    policy: dict[str, Any]


class PolicyChange(PolicyTrial):
    """A policy to be put in force; company "" is the group's default."""

    based_on: Annotated[int, Field(ge=0, le=2**31 - 1, description="Version it was made on; 0: it had none.")]


class PolicyInForce(Schema):
    """The version that is in force now."""

    company: str
    version: int


class LifecycleMove(Schema):
    """How many customers would go from a state to a state (or stay), with some examples."""

    was: str
    becomes: str
    count: int
    examples: list[CustomerText]


class LifecycleSimulation(Schema):
    """What a policy would do now. Above 50,000 customers a random part is judged: `judged` of `total`."""

    company: str
    as_of: datetime
    total: int
    judged: int
    moving: int
    moves: list[LifecycleMove]


class LifecycleCell(Schema):
    """opening + came - left + regrouped + redefined = closing."""

    company: str
    state: str
    opening: int
    came: int
    left: int
    regrouped: int = Field(description="Net of merging and splitting customers.")
    redefined: int = Field(description="Net of a changed policy.")
    closing: int


class LifecyclePeriod(Schema):
    """A calendar month; the last day is not included."""

    from_date: date
    until_date: date
    cells: list[LifecycleCell]


class StateCount(Schema):
    """How many customers stand in a state of a company."""

    company: str
    state: str
    customers: int


class LifecycleFigures(Schema):
    """Customers per company and state now, and per month who came and went, oldest first."""

    as_of: datetime
    counts: list[StateCount]
    joint: int = Field(description="Customers that several companies know.")
    known: int = Field(description="Customers that stand in a state at any company.")
    periods: list[LifecyclePeriod]


class FigureAsked(Said):
    """Which figure: who stands in `state` now; or, with a period, who went from `was` to `becomes` in it."""

    company: Code
    state: StateCode | None = None
    from_date: date | None = None
    until_date: date | None = Field(None, description="The first day after the period.")
    was: StateCode | None = None
    becomes: StateCode | None = None
    kind: Literal["people", "regrouped", "redefined"] = "people"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Plain, Field(max_length=200)] = ""


class CustomerBehind(Schema):
    """A customer behind a figure, since when it stands there or when it moved."""

    customer: CustomerText
    at: datetime
    was: str
    becomes: str


class CustomersBehind(Schema):
    """Customers behind a figure, the newest first."""

    customers: list[CustomerBehind]
    next_cursor: str


@router.get(
    "/customers/{customer}/lifecycle",
    response=Lifecycle,
    operation_id="get_lifecycle",
    **door("customers:read", 404),
)
def get_lifecycle(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """Suspect, lead, customer or former customer of which company, since when, why, and how it came there."""
    grant = grant_of(request)
    found = queries.get_lifecycle(parse_customer(customer), actor=grant.actor, purpose=grant.purpose)
    return {
        "customer": customer_id(found.customer),
        "as_of": found.as_of,
        "companies": [_standing(one) for one in found.standings],
        "joint_controllers": found.joint,
        "history": [_transition(one) for one in found.history],
        "more_history": found.more_history,
    }


@router.get(
    "/lifecycle/policies",
    response=list[LifecyclePolicy],
    operation_id="list_lifecycle_policies",
    **door("quality:read"),
)
def list_lifecycle_policies(request: HttpRequest) -> list[dict[str, Any]]:
    """The policy in force at each company, with its criteria as sentences."""
    return [
        {
            "company": one.company.code,
            "own": one.own,
            "version": one.version,
            "made_at": one.made_at,
            "states": [_state(state) for state in one.states],
            "policy": one.document,
        }
        for one in queries.list_policies(actor=grant_of(request).actor)
    ]


@router.post(
    "/lifecycle/simulate",
    response=LifecycleSimulation,
    operation_id="simulate_lifecycle",
    **door("quality:read", 404),
)
def simulate_lifecycle(request: HttpRequest, asked: PolicyTrial) -> dict[str, Any]:
    """How many customers would go from which state to which under another policy. Nothing is changed."""
    found = queries.simulate(company=asked.company, document=asked.policy, actor=grant_of(request).actor)
    return {
        "company": found.company.code,
        "as_of": found.as_of,
        "total": found.total,
        "judged": found.judged,
        "moving": found.moving,
        "moves": [
            {
                "was": move.was,
                "becomes": move.becomes,
                "count": move.count,
                "examples": [customer_id(uuid) for uuid in move.examples],
            }
            for move in found.moves
        ],
    }


@router.put(
    "/lifecycle/policy",
    response=PolicyInForce,
    operation_id="put_lifecycle_policy",
    **door("settings:write", 404, 409),
)
def put_lifecycle_policy(request: HttpRequest, asked: PolicyChange) -> HttpResponse:
    """Put a policy in force. Everybody is judged again by it, in the background; simulate it first."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        version = actions.activate(
            company=asked.company, document=asked.policy, based_on=asked.based_on, actor=grant.actor
        )
        return 200, {"company": asked.company, "version": version}

    return write_once(request, effect)


@router.get(
    "/lifecycle/figures",
    response=LifecycleFigures,
    operation_id="get_lifecycle_figures",
    **door("quality:read", 404),
)
def get_lifecycle_figures(
    request: HttpRequest,
    company: Annotated[str, Query(max_length=60, description="Only this company.")] = "",
    months: Annotated[int, Query(ge=1, le=60, description="How many months, the running one included.")] = 12,
) -> dict[str, Any]:
    """How many customers stand where now, and per month who came and went, with merges and definitions told apart."""
    found = queries.figures(actor=grant_of(request).actor, months=months, company=company)
    codes = {one.id: one.code for one in found.companies}
    return {
        "as_of": found.as_of,
        "counts": [
            {"company": codes[number], "state": state, "customers": count}
            for (number, state), count in sorted(found.counts.items())
        ],
        "joint": found.joint,
        "known": found.known,
        "periods": [
            {
                "from_date": period.from_date,
                "until_date": period.until_date,
                "cells": [asdict(cell) | {"company": codes[cell.company_id]} for cell in period.cells],
            }
            for period in found.periods
        ],
    }


@router.post(
    "/lifecycle/customers",
    response=CustomersBehind,
    operation_id="list_lifecycle_customers",
    **door("customers:find", 404),
)
def list_lifecycle_customers(request: HttpRequest, asked: FigureAsked) -> dict[str, Any]:
    """The customers behind a figure: who stands in a state now, or who moved in a period."""
    grant = grant_of(request)
    place = cursors.read_moment(asked.cursor) if asked.cursor else None
    if asked.from_date and asked.until_date:
        page = queries.list_moved(
            company=asked.company,
            from_date=asked.from_date,
            until_date=asked.until_date,
            was=asked.was,
            becomes=asked.becomes,
            kind=asked.kind,
            place=place,
            limit=asked.limit,
            actor=grant.actor,
            purpose=grant.purpose,
        )
    else:
        page = queries.list_in_state(
            company=asked.company,
            state=asked.state or "",
            place=place,
            limit=asked.limit,
            actor=grant.actor,
            purpose=grant.purpose,
        )
    return {
        "customers": [
            {"customer": customer_id(row.uuid), "at": row.at, "was": row.was, "becomes": row.becomes}
            for row in page.rows
        ],
        "next_cursor": cursors.write_moment(*page.next_place) if page.next_place else "",
    }


def _standing(view: StandingView) -> dict[str, Any]:
    return {
        "company": view.row.company.code,
        "state": view.row.state,
        "label": view.row.label,
        "since": view.row.since,
        "tried": [_criterion(one) for one in view.tried],
        "facts": [_fact(one) for one in view.facts],
        "worth_recording": view.worth_recording,
        "policy_version": view.policy_version,
        "policy_of": view.policy_company,
    }


def _transition(row: TransitionRow) -> dict[str, Any]:
    return {
        "at": row.at,
        "company": row.company.code,
        "was": row.was,
        "becomes": row.becomes,
        "how": row.how.value,
        "since": row.since,
        "sentence": row.sentence,
        "facts": [_fact(one) for one in row.facts],
    }


def _criterion(one: Judged) -> dict[str, Any]:
    return {"state": one.state, "label": one.label, "sentence": one.sentence, "holds": one.holds}


def _fact(one: FactValue) -> dict[str, Any]:
    return {"name": one.name, "label": one.label, "value": one.value}


def _state(state: StateInfo) -> dict[str, Any]:
    return {
        "code": state.code,
        "label": state.label,
        "step": state.step,
        "when": state.when,
        "sentence": state.sentence,
        "since": state.since,
    }
