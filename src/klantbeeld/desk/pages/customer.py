"""The page of one customer."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from klantbeeld.desk.pages import timeline as timelines
from klantbeeld.desk.pages.evidence import Reader
from klantbeeld.desk.pages.holdings import Holdings, holdings
from klantbeeld.desk.pages.numbers import Scheme, numbers
from klantbeeld.desk.pages.others import Around, Duplicate, around, duplicates
from klantbeeld.desk.pages.timeline import Timeline
from klantbeeld.desk.pages.values import Group, Witnesses, groups
from klantbeeld.desk.picture import FIRST, Caption, Picture, draw
from klantbeeld.foundation import access
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import CustomerRef
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import RoleRow
from klantbeeld.kit.errors import Conflict, Unavailable
from klantbeeld.kit.ids import format_id
from klantbeeld.lifecycle import queries as lifecycle
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileView
from klantbeeld.sources.contracts import Kind, StoredRecord
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.templatetags.figures import count as written_count
from klantbeeld.ui.templatetags.moments import at as written_moment
from klantbeeld.ui.words import label

FRESH_DAYS, STALE_DAYS = 30, 365


@dataclass(frozen=True, slots=True)
class SourceBadge:
    """A source that knows this customer, and how fresh what it says is."""

    label: str
    at: datetime
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class StandingBadge:
    """What this customer is to a company, and since when."""

    label: str
    company: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything that the 360 page shows."""

    id: str
    number: int
    kind: str
    name: str
    addressed: str
    highlights: tuple[str, ...]
    redirected: bool
    emptied: bool
    sources: tuple[SourceBadge, ...]
    groups: tuple[Group, ...]
    schemes: tuple[Scheme, ...]
    holdings: Holdings
    timeline: Timeline
    records: int
    picture: Picture | None
    around: Around
    version: int
    may_see_history: bool
    may_correct: bool
    standings: tuple[StandingBadge, ...] = ()


def gather(customer: uuid.UUID, *, actor: access.Actor, purpose: str) -> CustomerPage:
    """The page of a customer, by any id it ever had. Raises Missing and Refused as get_profile does."""
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    grant = access.require(actor, "customers:read", purpose)
    members = identity.members_of([view.customer_id]).get(view.customer_id, ())
    roles = interactions.roles_of(members)
    loaded = load([*members, *(role.target_id for role in roles)])
    witnesses = Witnesses.of((loaded[one] for one in members if one in loaded), trust_of_sources())
    held = holdings(roles, loaded, witnesses)
    public = format_id("cus", view.uuid)
    shown = groups(view, witnesses, grant.attributes(view.kind))
    return CustomerPage(
        id=public,
        number=view.customer_id,
        kind=view.kind,
        name=view.name,
        addressed=addressed(view),
        highlights=highlights(shown),
        redirected=view.redirected_from is not None,
        emptied=not view.records,
        sources=source_badges(witnesses),
        groups=shown,
        schemes=numbers(witnesses, attributes(view.kind), grant.attributes(view.kind)),
        holdings=held,
        timeline=timelines.first(members, held.parcels, witnesses.source_names, actor=actor, purpose=purpose),
        records=view.records,
        picture=picture(view.customer_id, witnesses, public),
        around=around(view, witnesses.records, roles, actor=actor, purpose=purpose),
        version=view.version,
        may_see_history=actor.may("customers:history"),
        may_correct=actor.may("customers:correct") and bool(view.records),
        standings=standing_badges(view.customer_id, actor=actor, purpose=purpose),
    )


def standing_badges(customer: int, *, actor: access.Actor, purpose: str) -> tuple[StandingBadge, ...]:
    """Suspect, lead, customer or former customer of which company."""
    rows = lifecycle.list_standings(customer, actor=actor, purpose=purpose)
    return tuple(StandingBadge(label(row.label), row.company.name, row.since) for row in rows)


def load(ids: Sequence[int]) -> dict[int, StoredRecord]:
    """Records by internal id."""
    return {record.id: record for record in load_records(ids)}


def more_of_timeline(
    customer: uuid.UUID, *, actor: access.Actor, purpose: str, chosen: str, before: str
) -> tuple[CustomerRef, Timeline]:
    """The customer that stands, and events of one type, or from a place on."""
    access.require(actor, "customers:read", purpose)
    ref = identity.follow(customer)
    members = identity.members_of([ref.id]).get(ref.id, ())
    roles = [role for role in interactions.roles_of(members, kinds=(Kind.OBJECT,)) if role.type == "parcel"]
    sources = trust_of_sources()
    held = holdings(roles, load(targets(roles)), Witnesses({}, sources))
    names = Witnesses({}, sources).source_names
    page = timelines.stretch(members, held.parcels, names, actor=actor, purpose=purpose, chosen=chosen, before=before)
    return ref, page


def targets(roles: Sequence[RoleRow]) -> list[int]:
    """What these roles are held in."""
    return list(dict.fromkeys(role.target_id for role in roles))


def possible_duplicates(
    customer: uuid.UUID, *, actor: access.Actor, purpose: str
) -> tuple[CustomerRef, tuple[Duplicate, ...], int]:
    """The customer that stands, those that may be it too, each with its evidence, and how many more there are."""
    grant = access.require(actor, "customers:read", purpose)
    ref = identity.follow(customer)
    members = identity.members_of([ref.id]).get(ref.id, ())
    witnesses = Witnesses.of(load_records(members), trust_of_sources())
    reader = reader_of(grant, Kind(ref.kind).code, witnesses)
    return ref, *duplicates(ref.id, frozenset(members), reader, actor=actor, purpose=purpose)


def reader_of(grant: access.Grant, kind: str, witnesses: Witnesses) -> Reader:
    """What writes evidence out for somebody with this grant."""
    return Reader(witnesses.source_names, grant.attributes(kind), attributes(kind), witnesses.spelling)


def pair_address(public: str) -> str:
    """Where an arc of the picture leads; {left} and {right} are filled in by the picture."""
    return reverse("desk:why", args=[public]) + "#pair-{left}-{right}"


def picture(customer_id: int, witnesses: Witnesses, public: str) -> Picture | None:
    """The why-picture; None while nothing can be explained, for instance when a new model has to be learned first."""
    try:
        explained = identity.explain_customer(customer_id)
    except (Conflict, Unavailable):
        return None
    return draw(explained, captions(witnesses), href=pair_address(public), most=FIRST)


def addressed(view: ProfileView) -> str:
    """How the customer is addressed, when that says more than the name."""
    said = label(view.addressed)
    return said if said != view.name else ""


def highlights(shown: Sequence[Group]) -> tuple[str, ...]:
    """What the line below the name tells, so that nobody has to look for it: born when, living where."""
    facts = {fact.code: fact for group in shown for fact in group.facts}
    return tuple(
        facts[code].values[0].text for code in ("birth_date", "kvk", "address") if code in facts and facts[code].values
    )


def source_badges(witnesses: Witnesses) -> tuple[SourceBadge, ...]:
    """The sources that know the customer, the freshest first."""
    latest: dict[int, datetime] = {}
    counts: Counter[int] = Counter()
    for record in witnesses.records.values():
        at = record.source_at or record.received_at
        counts[record.source_id] += 1
        if at and (record.source_id not in latest or at > latest[record.source_id]):
            latest[record.source_id] = at
    return tuple(
        SourceBadge(
            label=label(witnesses.sources[source].label),
            at=at,
            tone=tone(at),
            title=ngettext(
                "%(count)s record, last changed %(at)s", "%(count)s records, last changed %(at)s", counts[source]
            )
            % {"count": written_count(counts[source]), "at": written_moment(at)},
        )
        for source, at in sorted(latest.items(), key=lambda item: item[1], reverse=True)
    )


def tone(at: datetime) -> str:
    """Fresh, ordinary or stale."""
    days = (timezone.now() - at).days
    return "good" if days <= FRESH_DAYS else "warn" if days > STALE_DAYS else ""


def captions(witnesses: Witnesses) -> dict[int, Caption]:
    """How each record is named in the picture."""
    return {
        record.id: Caption(witnesses.source_of(record.id), record.external_id, record_name(record))
        for record in witnesses.records.values()
    }


def record_name(record: StoredRecord) -> str:
    """What a record calls its subject, as written."""
    said = record.attributes
    parts = [
        said.get("given_name") or said.get("initials"),
        said.get("name_prefix"),
        said.get("family_name") or said.get("name") or first_of(said.get("trade_name")) or said.get("full_name"),
    ]
    return " ".join(str(part) for part in parts if part) or record.external_id


def first_of(value: object) -> str:
    """The first value of an attribute that may have many."""
    entry = value[0] if isinstance(value, list) and value else value
    return str(entry.get("value") or "") if isinstance(entry, dict) else str(entry or "")
