"""The page of one customer."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from klantbeeld.desk.pages.values import Group, Witnesses, groups
from klantbeeld.desk.pages.words import activity_icon, activity_word, number_word, role_word, type_word
from klantbeeld.desk.picture import Caption, Picture, draw
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import LinkRow
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import RoleRow, TimelineRow
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow, ProfileView
from klantbeeld.sources.contracts import Kind, StoredRecord
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
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
class Number:
    """A number that finds this customer."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in a contract or object."""

    kind: str
    title: str
    number: str
    label: str
    period: str
    past: bool
    source: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    type: str
    icon: str
    at: datetime
    title: str
    number: str
    role: str
    state: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True)
class TypeChip:
    """A type of event and how many of it are shown."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another customer, and how they relate."""

    id: str
    kind: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything that the 360 page shows."""

    id: str
    kind: str
    name: str
    redirected: bool
    highlights: tuple[str, ...]
    sources: tuple[SourceBadge, ...]
    groups: tuple[Group, ...]
    identifiers: tuple[Number, ...]
    roles: tuple[HeldRole, ...]
    timeline: tuple[Event, ...]
    timeline_types: tuple[TypeChip, ...]
    records: int
    picture: Picture
    household: tuple[Other, ...]
    relations: tuple[Other, ...]
    duplicates: tuple[Other, ...]
    version: int


def gather(customer: uuid.UUID, *, actor: Actor, purpose: str) -> CustomerPage:
    """The page of a customer, by any id it ever had. Raises Missing and Refused as get_profile does."""
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    members = identity.members_of([view.customer_id]).get(view.customer_id, ())
    witnesses = Witnesses({record.id: record for record in load_records(members)}, trust_of_sources())
    roles = interactions.roles_of(members)
    timeline = interactions.timeline(members, actor=actor, purpose=purpose, limit=100).rows
    public = format_id("cus", view.uuid)
    why = identity.explain_customer(view.customer_id)
    household, relations, duplicates = others(view, members, roles, actor, purpose)
    events = tuple(event(row, witnesses) for row in timeline)
    return CustomerPage(
        id=public,
        kind=view.kind,
        name=view.name,
        redirected=view.redirected_from is not None,
        highlights=highlights(view, public),
        sources=source_badges(witnesses),
        groups=groups(view, witnesses),
        identifiers=numbers(witnesses),
        roles=holdings([role for role in roles if role.target_kind in (Kind.CONTRACT, Kind.OBJECT)], witnesses),
        timeline=events,
        timeline_types=chips(events),
        records=view.records,
        picture=draw(why, captions(witnesses), href=pair_address(public)),
        household=household,
        relations=relations,
        duplicates=duplicates,
        version=view.version,
    )


def pair_address(public: str) -> str:
    """Where an edge of the picture leads; {left} and {right} are filled in by the picture."""
    return reverse("desk:why", args=[public]) + "#pair-{left}-{right}"


def highlights(view: ProfileView, public: str) -> tuple[str, ...]:
    """The line below the name."""
    addressed = view.addressed["nl"]
    lines = [addressed if addressed != view.name else "", public]
    return tuple(line for line in lines if line)


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
            title=gettext("%(count)d records, last changed %(at)s")
            % {"count": counts[source], "at": date_format(at, "DATETIME_FORMAT")},
        )
        for source, at in sorted(latest.items(), key=lambda item: item[1], reverse=True)
    )


def tone(at: datetime) -> str:
    """Fresh, ordinary or stale."""
    days = (timezone.now() - at).days
    return "good" if days <= FRESH_DAYS else "warn" if days > STALE_DAYS else ""


def numbers(witnesses: Witnesses) -> tuple[Number, ...]:
    """Every number of the customer's own, once a source."""
    found = {
        (identifier.scheme, identifier.value, witnesses.source_of(record.id))
        for record in witnesses.records.values()
        for identifier in record.identifiers
    }
    return tuple(Number(number_word(scheme), value, source) for scheme, value, source in sorted(found))


def holdings(roles: Sequence[RoleRow], witnesses: Witnesses) -> tuple[HeldRole, ...]:
    """Contracts and objects, those that go on first; several roles in one for the same period are one line."""
    lines: dict[tuple[int, date | None, date | None], list[RoleRow]] = {}
    for role in roles:
        lines.setdefault((role.target_id, role.from_date, role.to_date), []).append(role)
    today = date.today()
    made = [
        HeldRole(
            kind=first.target_kind.code,
            title=first.title or type_word(first.type) or gettext("not yet received"),
            number=first.number,
            label=", ".join(dict.fromkeys(role_word(role.role) for role in together)),
            period=period(first.from_date, first.to_date),
            past=not first.holds_on(today),
            source=label(witnesses.sources[first.source_id].label),
        )
        for together in lines.values()
        for first in together[:1]
    ]
    return tuple(sorted(made, key=lambda one: one.past))


def period(start: date | None, end: date | None) -> str:
    """A period as people write it: `1 Jan 2024 – today` is open at the end."""
    if start is None and end is None:
        return ""
    first = date_format(start, "j M Y") if start else ""
    return f"{first} – {date_format(end, 'j M Y') if end else ''}".strip()


def event(row: TimelineRow, witnesses: Witnesses) -> Event:
    """A row of the timeline."""
    amount = ""
    if row.amount is not None:
        amount = f"{row.currency or 'EUR'} {number_format(row.amount, decimal_pos=2, force_grouping=True)}"
    return Event(
        type=row.type,
        icon=activity_icon(row.type),
        at=row.at,
        title=row.title or activity_word(row.type),
        number=row.number,
        role=", ".join(role_word(role) for role in row.roles),
        state=row.state,
        amount=amount,
        source=label(witnesses.sources[row.source_id].label),
    )


def chips(events: Iterable[Event]) -> tuple[TypeChip, ...]:
    """The types of events that are shown, most frequent first."""
    counts = Counter(one.type for one in events)
    return tuple(TypeChip(code, activity_word(code), count) for code, count in counts.most_common())


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
        said.get("family_name") or said.get("name") or said.get("trade_name") or said.get("full_name"),
    ]
    return " ".join(str(part) for part in parts if part) or record.external_id


def others(
    view: ProfileView, members: Sequence[int], roles: Sequence[RoleRow], actor: Actor, purpose: str
) -> tuple[tuple[Other, ...], tuple[Other, ...], tuple[Other, ...]]:
    """Household, relations and possible duplicates, each another customer with how it relates."""
    household = identity.households_of([view.customer_id]).get(view.customer_id, ())
    links = identity.doubtful_of(view.customer_id)
    ties = [(role.target_id, role_word(role.role)) for role in roles if role.target_kind.is_party]
    ties += [
        (role.holder_id, role_word(role.role))
        for role in interactions.holders_of(members, kinds=(Kind.PERSON, Kind.ORGANISATION))
    ]
    outside = [other(link, members) for link in links]
    customer = identity.customer_of([*(record for record, _ in ties), *outside])
    wanted = {*household, *customer.values()}
    found = profiles.rows_of(wanted, actor=actor, purpose=purpose)
    related = {customer[record]: word for record, word in ties if customer.get(record) in found}
    related.pop(view.customer_id, None)
    doubtful = {
        customer[record]: gettext("%.1f bits of evidence") % link.weight
        for record, link in reversed(list(zip(outside, links, strict=True)))
        if customer.get(record) in found
    }
    lives_with = {number: found[number].birth_date[:4] for number in household if number in found}
    return (
        listed(lives_with, found, lambda row, detail: " · ".join(part for part in (row.city, detail) if part)),
        listed(related, found, lambda row, detail: detail),
        listed({n: d for n, d in doubtful.items() if n not in lives_with}, found, duplicate_detail),
    )


def other(link: LinkRow, members: Collection[int]) -> int:
    """The record of a link that is not the customer's own."""
    return link.right_id if link.left_id in members else link.left_id


def duplicate_detail(row: ProfileRow, detail: str) -> str:
    """What tells a possible duplicate apart."""
    return " · ".join(part for part in (row.postcode, row.city, detail) if part)


def listed(
    details: Mapping[int, str], found: Mapping[int, ProfileRow], say: Callable[[ProfileRow, str], str]
) -> tuple[Other, ...]:
    """Customers as a list with a line each; those without records are left out."""
    return tuple(
        Other(format_id("cus", found[number].uuid), found[number].kind, found[number].name, say(found[number], detail))
        for number, detail in details.items()
        if found[number].records
    )
