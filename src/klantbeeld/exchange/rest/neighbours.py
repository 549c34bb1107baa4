"""Other customers around one: its household, those it has a role with, and those that may be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.customers import Row, show_row
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.explanations import Pair, show_pair
from klantbeeld.exchange.rest.shapes import CustomerPath, RecordRef, follow, record_refs, source_codes
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Grant
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import CustomerRef, LinkRow
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import RoleRow
from klantbeeld.kit.errors import Missing
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import records_in_reach

router = Router()
PARTIES = (Kind.PERSON, Kind.ORGANISATION)
Limit = Annotated[int, Query(ge=1, le=25, description="How many are explained at most; the others are counted.")]


class Neighbour(Schema):
    """Another customer, and the pair of records that says most: its classes give the chance of each relation."""

    customer: Row
    pair: Pair


class Neighbours(Schema):
    """Other customers, the likeliest first; `more` were left out by the limit."""

    customers: list[Neighbour]
    more: int


class Relation(Schema):
    """A role between two customers, for a period: both days inclusive, null is open."""

    customer: Row = Field(description="The other one.")
    role: str = Field(examples=["contact_person", "guardian", "representative", "branch"])
    holder: Literal["this", "other"] = Field(description="Who has the role: this customer in the other, or it in this.")
    from_date: date | None
    to_date: date | None
    declared_by: RecordRef | None = Field(description="The record that says so.")


class Relations(Schema):
    """Persons and organisations with whom there is a role."""

    relations: list[Relation]


@router.get(
    "/customers/{customer}/household",
    response=Neighbours,
    operation_id="get_household",
    **door("customers:read", 404, also=("customers:find",)),
)
def get_household(request: HttpRequest, customer: CustomerPath, limit: Limit = 10) -> dict[str, Any]:
    """Other customers of the same household, each with the evidence. A household is a relation, not an identity."""
    grant = grant_of(request)
    ref = follow(customer, grant.actor)
    others = set(identity.households_of([ref.id]).get(ref.id, ()))
    best = _nearest(ref, lambda members: identity.links_of(members), grant, weigh=lambda link: -link.household)
    return _show(ref, {other: best[other] for other in best if other in others}, limit, grant, "customers.household")


@router.get(
    "/customers/{customer}/duplicates",
    response=Neighbours,
    operation_id="list_duplicates",
    **door("customers:read", 404, also=("customers:find",)),
)
def list_duplicates(request: HttpRequest, customer: CustomerPath, limit: Limit = 5) -> dict[str, Any]:
    """Customers that may be this one too, each with why, and why it was not joined."""
    grant = grant_of(request)
    ref = follow(customer, grant.actor)
    best = _nearest(ref, lambda _: identity.doubtful_of(ref.id), grant, weigh=lambda link: -link.weight)
    return _show(ref, best, limit, grant, "customers.duplicates")


@router.get(
    "/customers/{customer}/relations",
    response=Relations,
    operation_id="list_relations",
    **door("customers:read", 404, also=("customers:find",)),
)
def list_relations(request: HttpRequest, customer: CustomerPath) -> dict[str, Any]:
    """Contact persons, guardians, representatives, branches: every role between this customer and another."""
    grant = grant_of(request)
    ref = follow(customer, grant.actor)
    members = identity.members_of([ref.id]).get(ref.id, ())
    ties: list[tuple[RoleRow, str, int]] = [
        *((row, "this", row.target_id) for row in interactions.roles_of(members, kinds=PARTIES)),
        *((row, "other", row.holder_id) for row in interactions.holders_of(members, kinds=PARTIES)),
    ]
    within = records_in_reach((number for row, _, _ in ties for number in (row.holder_id, row.target_id)), grant.actor)
    ties = [tie for tie in ties if {tie[0].holder_id, tie[0].target_id} <= within]
    customer_of = identity.customer_of(record for _, _, record in ties)
    rows = _rows(customer_of.values(), grant)
    _note(ref, rows, grant, "customers.relations")
    codes, refs = source_codes(grant.actor), record_refs((row.declared_by for row, _, _ in ties), grant.actor)
    return {
        "relations": [
            {
                "customer": show_row(rows[customer_of[record]], codes),
                "role": row.role,
                "holder": holder,
                "from_date": row.from_date,
                "to_date": row.to_date,
                "declared_by": refs.get(row.declared_by),
            }
            for row, holder, record in ties
            # A role between two records of one customer tells nothing of another.
            if customer_of.get(record) in rows and customer_of[record] != ref.id
        ]
    }


def _nearest(
    ref: CustomerRef,
    links: Callable[[Sequence[int]], Iterable[LinkRow]],
    grant: Grant,
    *,
    weigh: Callable[[LinkRow], float],
) -> dict[int, LinkRow]:
    """The link that says most to each other customer, the strongest first, among records that the key reaches."""
    members = identity.members_of([ref.id]).get(ref.id, ())
    own = set(members)
    found = [(link, link.left_id if link.right_id in own else link.right_id) for link in links(members)]
    within = records_in_reach((record for link, _ in found for record in (link.left_id, link.right_id)), grant.actor)
    found = [(link, record) for link, record in found if {link.left_id, link.right_id} <= within]
    customer_of = identity.customer_of(record for _, record in found)
    best: dict[int, LinkRow] = {}
    for link, record in sorted(found, key=lambda one: (weigh(one[0]), one[0].left_id, one[0].right_id)):
        if customer_of.get(record, ref.id) != ref.id:
            best.setdefault(customer_of[record], link)
    return best


def _show(ref: CustomerRef, best: Mapping[int, LinkRow], limit: int, grant: Grant, action: str) -> dict[str, Any]:
    rows = _rows(best, grant)
    listed = [(rows[number], best[number]) for number in best if number in rows]
    _note(ref, [row.customer_id for row, _ in listed[:limit]], grant, action)
    codes = source_codes(grant.actor)
    shown = []
    for row, link in listed[:limit]:
        try:
            pair = identity.explain_pair(link.left_id, link.right_id)
        except Missing:
            continue  # gone between the two reads: it is no neighbour any more
        refs = record_refs([pair.left_id, pair.right_id], grant.actor)
        shown.append({"customer": show_row(row, codes), "pair": show_pair(pair, refs, grant, ref.kind)})
    return {"customers": shown, "more": max(0, len(listed) - limit)}


def _rows(customers: Iterable[int], grant: Grant) -> dict[int, ProfileRow]:
    """Customers that have records, by internal id."""
    found = profiles.rows_of(set(customers), actor=grant.actor, purpose=grant.purpose)
    return {number: row for number, row in found.items() if row.records}


def _note(ref: CustomerRef, others: Iterable[int], grant: Grant, action: str) -> None:
    audit.write(
        actor=grant.actor,
        action=action,
        purpose=grant.purpose,
        subject_kind="customer",
        subject_id=ref.id,
        detail={"found": sorted(others)},
    )
