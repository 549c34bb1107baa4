"""Why: why these records are one customer, why a value won, why two are not one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange.problem import refuse
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import (
    MERGE,
    CodePath,
    CustomerPath,
    CustomerText,
    RecordRef,
    Text,
    customer_id,
    follow,
    missing_customer,
    parse_customer,
    record_refs,
)
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, Grant
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import CustomerRef, DecisionRow, LinkRow, PairExplained, attributes_behind
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import records_in_reach

router = Router()
#: Of two customers with many records each, so many pairs are weighed to find the one that says most.
MOST_PAIRS = 25


class Step(Schema):
    """What one field adds to the weight of a pair, in bits. Values show when the purpose may see the attribute."""

    field: str
    level: str
    label: Text
    left: Any
    right: Any
    weight: float


class Decision(Schema):
    """A person's word on two records; `merge` takes it back."""

    merge: str
    verdict: str
    left: RecordRef | None
    right: RecordRef | None
    reason: str
    made_at: datetime
    overruled_by: str | None


class Pair(Schema):
    """Why two records are, or are not, one customer. The steps add up to the weight (log2 odds)."""

    left: RecordRef | None
    right: RecordRef | None
    together: bool
    weight: float
    probability: float
    sentence: Text
    steps: list[Step]
    classes: dict[str, float] = Field(description="Match, household, namesake, chance: together 1.")
    decisions: list[Decision]
    shared_keys: list[str]


class Link(Schema):
    """Evidence between two records."""

    left: RecordRef | None
    right: RecordRef | None
    weight: float
    household: float


class Explained(Schema):
    """Why these records are one customer: the strongest links that hold them together, and the decisions."""

    customer: CustomerText
    records: list[RecordRef]
    backbone: list[Link]
    links: list[Link]
    decisions: list[Decision]
    pairs: list[Pair]


class Candidate(Schema):
    """One value in the contest."""

    value: Any
    won: bool
    why: str
    sentence: Text
    records: list[RecordRef]
    sources: list[str]
    at: datetime


class ValueExplained(Schema):
    """Why an attribute has its value: the rule, and every value that a record states, best first."""

    attribute: str
    rule: list[str]
    candidates: list[Candidate]


class CompareRequest(Schema):
    """Two customers that might have been one."""

    customers: list[CustomerText] = Field(min_length=2, max_length=2)


@router.get(
    "/customers/{customer}/explain",
    response=Explained,
    operation_id="explain_customer",
    **door("customers:read", 404),
)
def explain_customer(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """Why these records are one customer."""
    grant = grant_of(request)
    ref = follow(customer, grant.actor)
    why = identity.explain_customer(ref.id)
    _note(grant, "customers.explain", [ref])
    refs = record_refs(why.records, grant.actor)
    return {
        "customer": customer_id(ref.uuid),
        "records": [refs[record] for record in why.records if record in refs],
        "backbone": [_show_link(link, refs) for link in why.backbone if _within(link, refs)],
        "links": [_show_link(link, refs) for link in why.links if _within(link, refs)],
        "decisions": _show_decisions(why.decisions, refs),
        "pairs": [show_pair(pair, refs, grant, ref.kind) for pair in why.pairs if _within(pair, refs)],
    }


@router.get(
    "/customers/{customer}/explain/{attribute}",
    response=ValueExplained,
    operation_id="explain_value",
    **door("customers:read", 404),
)
def explain_value(request: HttpRequest, customer: CustomerPath, attribute: CodePath) -> dict[str, Any]:
    """Why this value: every value that the customer's records state for an attribute, and why it won or lost."""
    grant = grant_of(request)
    why = profiles.explain_value(parse_customer(customer), attribute, actor=grant.actor, purpose=grant.purpose)
    refs = record_refs((record for candidate in why.candidates for record in candidate.records), grant.actor)
    return {
        "attribute": why.attribute,
        "rule": list(why.rule),
        "candidates": [
            {
                "value": candidate.value,
                "won": candidate.won,
                "why": candidate.why,
                "sentence": candidate.sentence,
                "records": [refs[record] for record in candidate.records if record in refs],
                "sources": list(candidate.sources),
                "at": candidate.at,
            }
            for candidate in why.candidates
        ],
    }


@router.post("/customers/compare", response=Pair, operation_id="compare_customers", **door("customers:read", 404))
def compare_customers(request: HttpRequest, asked: CompareRequest) -> dict[str, Any]:
    """Why not these two: the pair of records, one of each customer, that says most for their being one."""
    grant = grant_of(request)
    left, right = (follow(text, grant.actor) for text in asked.customers)
    if left.id == right.id or left.kind != right.kind:
        raise refuse(
            "/customers: name two different customers, both persons or both organisations.",
            "compare.not_comparable",
            errors=[{"pointer": "/customers", "message": "the same customer, or a person and an organisation"}],
        )
    pair = _strongest(left, right, grant.actor)
    _note(grant, "customers.compare", [left, right])
    return show_pair(pair, record_refs([pair.left_id, pair.right_id], grant.actor), grant, left.kind)


def _strongest(left: CustomerRef, right: CustomerRef, actor: Actor) -> PairExplained:
    """The pair that says most, among the records that the actor reaches."""
    members = identity.members_of([left.id, right.id])
    within = records_in_reach((record for records in members.values() for record in records), actor)
    own, other = ([one for one in members.get(ref.id, ()) if one in within] for ref in (left, right))
    if not own or not other:
        raise missing_customer()
    near, far = set(own), set(other)
    linked = [
        link
        for link in identity.links_of(own)
        if {link.left_id, link.right_id} & near and {link.left_id, link.right_id} & far
    ]
    if linked:
        return identity.explain_pair(linked[0].left_id, linked[0].right_id)
    pairs = [(one, two) for one in own for two in other][:MOST_PAIRS]
    return max((identity.explain_pair(one, two) for one, two in pairs), key=lambda pair: pair.weight)


def _note(grant: Grant, action: str, customers: Iterable[CustomerRef]) -> None:
    audit.write_many(audit.Line(grant.actor, action, grant.purpose, "customer", customer.id) for customer in customers)


def show_pair(pair: PairExplained, refs: Mapping[int, dict[str, Any]], grant: Grant, kind: int) -> dict[str, Any]:
    """A pair as the API gives it; without values that the grant may not see."""
    code = Kind(kind).code
    return {
        "left": refs.get(pair.left_id),
        "right": refs.get(pair.right_id),
        "together": pair.together,
        "weight": pair.weight,
        "probability": pair.probability,
        "sentence": pair.sentence,
        "steps": [
            {
                "field": step.field,
                "level": step.level,
                "label": step.label,
                "left": step.left if _may_see(grant, code, step.field) else None,
                "right": step.right if _may_see(grant, code, step.field) else None,
                "weight": step.weight,
            }
            for step in pair.steps
        ],
        "classes": dict(pair.classes),
        "decisions": _show_decisions(pair.decisions, refs),
        "shared_keys": list(pair.shared_keys),
    }


def _may_see(grant: Grant, kind: str, field: str) -> bool:
    """May the values that a compared field shows be seen? Not when one of the attributes behind it may not."""
    specs, shown = attributes(kind), grant.attributes(kind)
    return all(code not in specs or code in shown for code in attributes_behind(field))


def _show_link(link: LinkRow, refs: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "left": refs.get(link.left_id),
        "right": refs.get(link.right_id),
        "weight": link.weight,
        "household": link.household,
    }


def _show_decisions(rows: Sequence[DecisionRow], refs: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [_show_decision(row, refs) for row in rows if _within(row, refs)]


def _within(pair: LinkRow | PairExplained | DecisionRow, refs: Mapping[int, Any]) -> bool:
    """Does the key reach both records?"""
    return pair.left_id in refs and pair.right_id in refs


def _show_decision(row: DecisionRow, refs: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "merge": format_id(MERGE, row.merge_uuid),
        "verdict": row.verdict,
        "left": refs.get(row.left_id),
        "right": refs.get(row.right_id),
        "reason": row.reason,
        "made_at": row.made_at,
        "overruled_by": format_id(MERGE, row.overruled_by) if row.overruled_by else None,
    }
