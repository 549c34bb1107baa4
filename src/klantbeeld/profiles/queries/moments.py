"""A golden record as it was: what was known at a moment, and what held at a moment, told apart.

Snodgrass (1999) calls the two transaction time and valid time. `known_at` looks at what klantbeeld had been told by
then; `at` looks at what the sources say of that day. Without either, both are now.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from klantbeeld.foundation import access, audit
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.identity.queries.moments import customer_at
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.profiles.contracts import ProfileMoment
from klantbeeld.profiles.models import Profile, ProfileVersion
from klantbeeld.profiles.queries.records import visible
from klantbeeld.profiles.rules import columns, golden
from klantbeeld.profiles.statements import statement_of
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import records_in_reach
from klantbeeld.sources.queries.moments import load_records_at
from klantbeeld.sources.queries.trust import trust_of_sources

Golden = Mapping[str, Sequence[Mapping[str, Any]]]


def profile_at(
    customer: uuid.UUID,
    *,
    actor: access.Actor,
    purpose: str,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> ProfileMoment:
    """The golden record of a customer at a moment, by any id it ever had; reduced to what the purpose may see.

    With `known_at` alone it is what was shown then, from the history. With `at` it is computed from what the sources
    say of that moment, as far as it was known at `known_at`, by the rules of today: values whose period excludes the
    moment are left out. A customer that was not there yet has no values and no records.

    Raises Missing for an unknown id, Refused without the scope customers:history, Invalid for a moment to come.
    """
    grant = access.require(actor, "customers:history", purpose)
    now = timezone.now()
    for moment in (at, known_at):
        if moment is not None and moment > now:
            raise Invalid("This moment is still to come; ask for one that has been.", code="moment.future")
    identity.follow(customer, actor)  # raises Missing for one that the actor may not know of
    ref, members = customer_at(customer, known_at or now)
    if members and not records_in_reach(members, actor):
        raise Missing("There is no customer with this id.", code="customer.missing")  # then it was another company's
    kind = Kind(ref.kind)
    if at is None:
        name, values = _shown(ref.id, known_at or now)
    else:
        name, values, members = _held(members, kind, at, known_at or now)
    shown = visible(values, grant.attributes(kind.code))
    audit.write(
        actor=actor,
        purpose=purpose,
        action="customers.moment",
        subject_kind="customer",
        subject_id=ref.id,
        detail={"attributes": sorted(shown)},
    )
    return ProfileMoment(ref.uuid, kind.code, name, shown, members, at, known_at, ref.redirected_from)


def _shown(customer_id: int, known_at: datetime) -> tuple[str, Golden]:
    """What the history says was in force."""
    standing = Profile.objects.filter(customer_id=customer_id, changed_at__lte=known_at).first()
    if standing is not None:
        return standing.name, standing.golden
    was = ProfileVersion.objects.filter(customer_id=customer_id, from_at__lte=known_at, until_at__gt=known_at).first()
    return (was.name, was.golden) if was is not None else ("", {})


def _held(members: Sequence[int], kind: Kind, at: datetime, known_at: datetime) -> tuple[str, Golden, tuple[int, ...]]:
    """What the sources say of a moment, by the rules of today, and the records that say it."""
    found = load_records_at(members, valid_at=at, known_at=known_at)
    trust = trust_of_sources()
    heard = [statement_of(record, trust[record.source_id]) for record in found]
    heard.sort(key=lambda statement: statement.witness.key)
    day = timezone.localtime(at).date()
    held = [said._replace(attributes=in_force(said.attributes, day)) for said in heard]
    values, _ = golden.agreed(attributes(kind.code), held)
    name, _ = columns.written_and_sorted(kind, values)
    return name, values, tuple(record.id for record in found)


def in_force(stated: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What a record states without the values of which the period excludes the day; periods may be partial dates."""
    kept: dict[str, Any] = {}
    for code, value in stated.items():
        if isinstance(value, list):
            kept[code] = [entry for entry in value if not isinstance(entry, dict) or covers(entry, day)]
        else:
            kept[code] = value
    return kept


def covers(entry: Mapping[str, Any], day: date) -> bool:
    """Does the period of a value hold the day? `2024-05` begins on its first and ends on its last day."""
    since, until = str(entry.get("from") or ""), str(entry.get("to") or "")
    told = day.isoformat()
    return since <= told[: len(since)] and (not until or told[: len(until)] <= until)
