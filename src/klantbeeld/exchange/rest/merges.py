"""Merging customers, taking a merge back, and correcting a value. Each is an act of its own that can be explained."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import (
    MERGE,
    CustomerPath,
    CustomerText,
    MergePath,
    Plain,
    Said,
    customer_id,
    parse_customer,
)
from klantbeeld.exchange.rest.writing import check_match, write_once
from klantbeeld.flows import correct as correct_flow
from klantbeeld.flows import merge as merge_flow
from klantbeeld.identity import actions as identity
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.profiles import queries as profiles

router = Router()
Reason = Annotated[str, Plain, Field(min_length=1, max_length=1000)]


class MergeRequest(Said):
    """Customers that are one, and how that is known."""

    customers: list[CustomerText] = Field(min_length=2, max_length=20)
    reason: Reason


class ApartRequest(Said):
    """Customers that are different ones, and how that is known."""

    customers: list[CustomerText] = Field(min_length=2, max_length=20)
    reason: Reason


class UndoRequest(Said):
    """Why the merge, or the keeping apart, is taken back."""

    reason: Reason


class Merged(Schema):
    """What came of it; `merge` takes it back."""

    merge: str
    customers: list[CustomerText] = Field(description="The customers that stand now.")


class CorrectRequest(Said):
    """A value that an employee or the customer says is right. null takes back what was said before, so that the
    sources count again; that a customer has no such value at all cannot be said.
    """

    attribute: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$")]
    value: Any
    reason: Annotated[str, Plain, Field(max_length=1000)] = ""
    stated_by: Literal["employee", "customer"] = Field(
        "employee", description="`customer`: the customer said so; the value counts as verified by the customer."
    )


class Corrected(Schema):
    """The customer after the correction."""

    customer: CustomerText
    version: int = Field(description="The version in force now.")


@router.post(
    "/customers/merge",
    response=Merged,
    operation_id="merge_customers",
    **door("customers:merge", 404, 409),
)
def merge_customers(request: HttpRequest, asked: MergeRequest) -> HttpResponse:
    """Say that these are one customer. Their ids stay good; records that come later follow the decision."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        made = merge_flow.merge(
            customers=[parse_customer(text) for text in asked.customers],
            actor=grant.actor,
            purpose=grant.purpose,
            reason=asked.reason,
        )
        return 200, {
            "merge": format_id(MERGE, made.merge_uuid),
            "customers": [customer_id(uuid) for uuid in made.customers],
        }

    return write_once(request, effect)


@router.post(
    "/customers/keep-apart",
    response=Merged,
    operation_id="keep_customers_apart",
    **door("customers:merge", 404, 409),
)
def keep_customers_apart(request: HttpRequest, asked: ApartRequest) -> HttpResponse:
    """Say that these are different customers, for good: also when new records speak for the contrary.

    The id in `merge` takes it back, as it does a merge.
    """
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        made = merge_flow.keep_apart(
            customers=[parse_customer(text) for text in asked.customers],
            actor=grant.actor,
            purpose=grant.purpose,
            reason=asked.reason,
        )
        return 200, {
            "merge": format_id(MERGE, made.merge_uuid),
            "customers": [customer_id(uuid) for uuid in made.customers],
        }

    return write_once(request, effect)


@router.post(
    "/merges/{merge}/undo",
    response=Merged,
    operation_id="undo_merge",
    **door("customers:merge", 404, 409),
)
def undo_merge(request: HttpRequest, merge: MergePath, asked: UndoRequest) -> HttpResponse:
    """Take a merge, or a keeping apart, back: the customers are what they would be without it, under their own ids."""
    grant = grant_of(request)

    def effect() -> tuple[int, dict[str, Any]]:
        made = merge_flow.unmerge(
            merge_uuid=parse_id(MERGE, merge), actor=grant.actor, purpose=grant.purpose, reason=asked.reason
        )
        return 200, {"merge": merge, "customers": [customer_id(uuid) for uuid in made.customers]}

    return write_once(request, effect)


@router.post(
    "/customers/{customer}/correct",
    response=Corrected,
    operation_id="correct_customer",
    **door("customers:correct", 404, 409, 412),
)
def correct_customer(request: HttpRequest, customer: CustomerPath, asked: CorrectRequest) -> HttpResponse:
    """Correct a value. It is kept as a record of our own source, so that it survives the next import.

    With If-Match the key needs the scope customers:read as well.
    """
    grant = grant_of(request)
    uuid = parse_customer(customer)

    def effect() -> tuple[int, dict[str, Any]]:
        # Before the version is compared, so that nobody changes the customer in between.
        identity.hold_writer()
        if "HTTP_IF_MATCH" in request.META:
            check_match(request, profiles.get_profile(uuid, actor=grant.actor, purpose=grant.purpose).version)
        made = correct_flow.correct(
            customer=uuid,
            attribute=asked.attribute,
            value=asked.value,
            reason=asked.reason,
            stated_by=asked.stated_by,
            actor=grant.actor,
            purpose=grant.purpose,
        )
        return 200, {"customer": customer_id(made.uuid), "version": made.version}

    return write_once(request, effect)
