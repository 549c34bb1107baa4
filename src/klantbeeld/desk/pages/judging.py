"""Are two customers one? What deciding it touches."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.urls import reverse

from klantbeeld.flows.impact import Touched, touched_by
from klantbeeld.foundation.access import Actor, require
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Conflict
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles

SCOPE = "customers:merge"


@dataclass(frozen=True, slots=True)
class Judging:
    """Two customers, and what comes together when they are one."""

    id: str
    number: int
    name: str
    other_id: str
    other_number: int
    other: str
    address: str
    touched: Touched


def judging(customer: uuid.UUID, other: uuid.UUID, *, actor: Actor, purpose: str) -> Judging:
    """What deciding about two customers touches. Raises Refused, Missing, and Conflict when they are one already."""
    require(actor, SCOPE, purpose)
    refs = [identity.follow(customer), identity.follow(other)]
    if refs[0].id == refs[1].id:
        raise Conflict("These are one customer already.", code="customers.already_one")
    rows = profiles.rows_of([ref.id for ref in refs], actor=actor, purpose=purpose)
    members = identity.members_of(ref.id for ref in refs)
    names = [rows[ref.id].name if ref.id in rows else "" for ref in refs]
    ids = [format_id("cus", ref.uuid) for ref in refs]
    return Judging(
        ids[0],
        refs[0].id,
        names[0],
        ids[1],
        refs[1].id,
        names[1],
        reverse("desk:judge", args=ids),
        touched_by([one for ref in refs for one in members.get(ref.id, ())], 2),
    )
