"""What happened: one line for each event, its parcels with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from klantbeeld.desk.pages.holdings import Parcel
from klantbeeld.desk.pages.words import activity_icon, activity_word, role_word, state_word
from klantbeeld.foundation.access import Actor
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import TimelineRow
from klantbeeld.kit.errors import Invalid

SHOWN = 25
"""Events that come with the page; the next arrive on request."""
COUNTED = 200
"""Events that are counted for the chips; beyond them a count says so."""
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
ORDINARY = frozenset({"customer", "caller"})
"""Roles that an event of one's own goes without saying."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    type: str
    icon: str
    at: datetime
    title: str
    number: str
    detail: str
    amount: str
    source: str
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class TypeChip:
    """A type of event, how many there are, and whether only these are shown."""

    code: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stretch of the timeline; `after` is where the next begins, `lone` are parcels whose order is not known."""

    events: tuple[Event, ...]
    chips: tuple[TypeChip, ...]
    total: int
    is_more_than_total: bool
    after: str
    chosen: str
    lone: tuple[Parcel, ...]


def first(
    members: Sequence[int], parcels: Sequence[Parcel], sources: Mapping[int, str], *, actor: Actor, purpose: str
) -> Timeline:
    """The newest events, with the chips that count them."""
    page = interactions.timeline(members, actor=actor, purpose=purpose, limit=COUNTED)
    known = {row.number for row in page.rows if row.number}
    shown = page.rows[:SHOWN]
    more = page.rows[SHOWN:] or page.before
    return Timeline(
        events=events(shown, parcels, sources),
        chips=chips(page.rows),
        total=len(page.rows),
        is_more_than_total=page.before is not None,
        after=written_place(shown[-1]) if more else "",
        chosen="",
        lone=tuple(one for one in parcels if not one.order or one.order not in known),
    )


def stretch(
    members: Sequence[int],
    parcels: Sequence[Parcel],
    sources: Mapping[int, str],
    *,
    actor: Actor,
    purpose: str,
    chosen: str = "",
    before: str = "",
) -> Timeline:
    """Events of one type, or all, from a place on. Raises Invalid for a place that no timeline gave."""
    page = interactions.timeline(
        members,
        actor=actor,
        purpose=purpose,
        types=[chosen] if chosen else None,
        before=place(before) if before else None,
        limit=SHOWN * 2,
    )
    after = written_place(page.rows[-1]) if page.before and page.rows else ""
    return Timeline(events(page.rows, parcels, sources), (), 0, False, after, chosen, ())


def written_place(row: TimelineRow) -> str:
    """The place after a row, for an address: a moment and an internal number, nothing about the customer."""
    return f"{row.at.isoformat()}~{row.record_id}"


def place(text: str) -> tuple[datetime, int]:
    """The place that an address names."""
    moment, _, number = text.partition("~")
    try:
        at = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not number.isdigit() or len(number) > 18:
        raise Invalid(gettext("This place on the timeline does not exist; open the customer again."))
    return at, int(number)


def events(rows: Iterable[TimelineRow], parcels: Sequence[Parcel], sources: Mapping[int, str]) -> tuple[Event, ...]:
    """Rows of the timeline, each order with its parcels."""
    of_order: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        if parcel.order:
            of_order.setdefault(parcel.order, []).append(parcel)
    return tuple(event(row, tuple(of_order.get(row.number, ())), sources) for row in rows)


def event(row: TimelineRow, parcels: tuple[Parcel, ...], sources: Mapping[int, str]) -> Event:
    """A row of the timeline."""
    title = row.title or activity_word(row.type)
    roles = ", ".join(role_word(role) for role in row.roles if role not in ORDINARY)
    return Event(
        type=row.type,
        icon=activity_icon(row.type),
        at=row.at,
        title=title,
        number="" if row.number in title else row.number,
        detail=" · ".join(part for part in (roles, state_word(row.state)) if part),
        amount=money(row.amount, row.currency),
        source=sources.get(row.source_id, ""),
        parcels=parcels,
    )


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as the reader writes it: `€ 1.234,50` in Dutch, `€1,234.50` in English."""
    if amount is None:
        return ""
    code = currency or "EUR"
    sign = SIGNS.get(code, code)
    gap = "" if (get_language() or "nl").startswith("en") and sign != code else "\N{NO-BREAK SPACE}"
    return f"{sign}{gap}{number_format(amount, decimal_pos=2, force_grouping=True)}"


def chips(rows: Iterable[TimelineRow]) -> tuple[TypeChip, ...]:
    """The types of events, most frequent first."""
    counts = Counter(one.type for one in rows)
    return tuple(TypeChip(code, activity_word(code), count, False) for code, count in counts.most_common())
