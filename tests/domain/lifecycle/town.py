"""Two companies with a source each, and records, orders and contracts delivered to them on a day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.domain.flows.house import NOON, PURPOSE, STEWARD, customer, person

from klantbeeld.flows.receive import Receipt, receive
from klantbeeld.foundation.models import Company
from klantbeeld.lifecycle.models import Standing, Transition
from klantbeeld.sources.contracts import Draft, Kind, Reference, RoleDraft
from klantbeeld.sources.models import Source

DOOR: dict[str, Any] = {"actor": STEWARD, "purpose": PURPOSE}
JAN = {"given_name": "Jan", "family_name": "Bakker", "birth_date": "1980-01-01", "email": "jan@b.nl"}


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def town() -> None:
    """`crm` and `shop` of company noord, `store` of company zuid."""
    for company, codes in {"noord": ("crm", "shop"), "zuid": ("store",)}.items():
        owner, _ = Company.objects.get_or_create(code=company, defaults={"name": company.title()})
        for code in codes:
            Source.objects.create(
                code=code, label={"nl": code, "en": code}, company=owner, owner="Beheer", trust_rank=5,
                purpose="service", declaration={},
            )  # fmt: skip


def bring(code: str, *drafts: Draft, on: int = 0) -> Receipt:
    return receive(source_code=code, drafts=drafts, actor=STEWARD, at=day(on))


def order(
    number: str,
    buyer: str,
    on: int,
    role: str = "customer",
    state: str = "",
    gone: bool = False,
    said: int | None = None,
) -> Draft:
    """An order of a day, as the shop tells it on the day `said`."""
    what = Reference(Kind.ACTIVITY, number)
    attributes = {"type": "order", "number": number, "at": day(on).isoformat(), "state": state}
    roles = (RoleDraft(role, Reference(Kind.PERSON, buyer), what),)
    return Draft(Kind.ACTIVITY, number, attributes, (), roles, day(on if said is None else said), gone)


def contract(number: str, holder: str, begin: int, end: int | None = None, role: str = "policyholder") -> Draft:
    attributes = {"number": number, "start_date": day(begin).date().isoformat()}
    if end is not None:
        attributes["end_date"] = day(end).date().isoformat()
    role_draft = RoleDraft(role, Reference(Kind.PERSON, holder), Reference(Kind.CONTRACT, number))
    return Draft(Kind.CONTRACT, number, attributes, (), (role_draft,), day(begin))


def state(code: str, name: str, company: str = "noord") -> str:
    """The state of the customer of a record at a company; empty when none."""
    row = Standing.objects.filter(customer=customer(code, name), company__code=company).first()
    return row.state if row else ""


def standings() -> dict[tuple[int, str], str]:
    return {(row.customer_id, row.company.code): row.state for row in Standing.objects.select_related("company").all()}


def moves(since: int = 0) -> list[tuple[str, str, str, str]]:
    """(company, was, becomes, how) of the transitions in order, after so many."""
    rows = Transition.objects.select_related("company").order_by("id")[since:]
    return [(row.company.code, row.was, row.becomes, row.how) for row in rows]


def counted() -> Counter[tuple[str, str]]:
    """How many customers stand where: (company, state)."""
    return Counter((company, one) for (_, company), one in standings().items())


__all__ = [
    "DOOR",
    "JAN",
    "bring",
    "contract",
    "counted",
    "customer",
    "day",
    "moves",
    "order",
    "person",
    "standings",
    "state",
    "town",
]
