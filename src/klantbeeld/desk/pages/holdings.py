"""Contracts with the objects that belong to them, the roles held in both, and parcels apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from klantbeeld.desk.pages.values import Witnesses
from klantbeeld.desk.pages.words import role_word, state_word, type_word
from klantbeeld.interactions.contracts import RoleRow
from klantbeeld.sources.contracts import Kind, StoredRecord
from klantbeeld.ui.templatetags.moments import written_day

SHOWN = 6
"""Contracts and objects that are shown at once; the others are folded."""
PARCEL = "parcel"


@dataclass(frozen=True, slots=True)
class Holding:
    """A contract or object with the customer's roles in it; `parts` are the objects that the contract is about."""

    record: int
    kind: str
    title: str
    number: str
    roles: str
    period: str
    state: str
    past: bool
    source: str
    parts: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel; `order` is the number of the order that it belongs to."""

    title: str
    number: str
    state: str
    at: datetime | None
    order: str
    source: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a customer has; `more` is folded, `parcels` go with their orders on the timeline."""

    shown: tuple[Holding, ...]
    more: tuple[Holding, ...]
    parcels: tuple[Parcel, ...]

    @property
    def count(self) -> int:
        """Contracts and objects, those of the parts included."""
        return sum(1 + len(one.parts) for one in (*self.shown, *self.more))


def holdings(roles: Sequence[RoleRow], targets: Mapping[int, StoredRecord], witnesses: Witnesses) -> Holdings:
    """Contracts and objects, those that go on first; an object goes with the contract that names its number."""
    parcels = {
        role.target_id: parcel(role, targets.get(role.target_id), witnesses) for role in roles if is_parcel(role)
    }
    lines: dict[tuple[int, date | None, date | None], list[RoleRow]] = {}
    for role in roles:
        if role.target_kind in (Kind.CONTRACT, Kind.OBJECT) and not is_parcel(role):
            lines.setdefault((role.target_id, role.from_date, role.to_date), []).append(role)
    made = [holding(together, witnesses) for together in lines.values()]
    listed = sorted(joined(made, targets), key=lambda one: one.past)
    return Holdings(tuple(listed[:SHOWN]), tuple(listed[SHOWN:]), tuple(parcels.values()))


def is_parcel(role: RoleRow) -> bool:
    """Is it something that was delivered, not something that is held?"""
    return role.target_kind is Kind.OBJECT and role.type == PARCEL


def holding(together: Sequence[RoleRow], witnesses: Witnesses) -> Holding:
    """Several roles in one target for the same period are one line."""
    first = together[0]
    title = first.title or type_word(first.type) or gettext("not yet received")
    return Holding(
        record=first.target_id,
        kind=first.target_kind.code,
        title=title[:1].upper() + title[1:],
        number="" if first.number in title else first.number,
        roles=", ".join(dict.fromkeys(role_word(role.role) for role in together)),
        period=period(first.from_date, first.to_date),
        state=state_word(first.state),
        past=not first.holds_on(date.today()),
        source=witnesses.source_names.get(first.source_id, ""),
    )


def joined(lines: Sequence[Holding], targets: Mapping[int, StoredRecord]) -> list[Holding]:
    """Each object below the first contract that names one of its numbers, the others by themselves."""
    objects = [line for line in lines if line.kind == Kind.OBJECT.code]
    placed: set[int] = set()
    made = []
    for line in lines:
        if line.kind != Kind.CONTRACT.code:
            continue
        named = own_numbers(targets.get(line.record), of=Kind.OBJECT.code)
        parts = [
            place
            for place, one in enumerate(objects)
            if place not in placed and one.past == line.past and named & own_numbers(targets.get(one.record))
        ]
        placed.update(parts)
        made.append(with_parts(line, [objects[place] for place in parts]))
    return [*made, *(one for place, one in enumerate(objects) if place not in placed)]


def with_parts(line: Holding, parts: Sequence[Holding]) -> Holding:
    """A contract with its objects; a period that is the contract's own is not said again."""
    told = tuple(
        Holding(
            one.record, one.kind, one.title, one.number, one.roles, "" if one.period == line.period else one.period,
            one.state, one.past, one.source if one.source != line.source else "",
        )
        for one in parts
    )  # fmt: skip
    return Holding(
        line.record, line.kind, line.title, line.number, line.roles, line.period, line.state, line.past, line.source,
        told,
    )  # fmt: skip


def own_numbers(record: StoredRecord | None, of: str = "object") -> set[tuple[str, str]]:
    """The numbers of objects that a record carries."""
    return {(one.scheme, one.value) for one in record.identifiers if one.of == of} if record else set()


def parcel(role: RoleRow, record: StoredRecord | None, witnesses: Witnesses) -> Parcel:
    """A parcel with its moment and its order, as its record tells them."""
    said: Mapping[str, Any] = record.attributes if record else {}
    orders = [one.value for one in record.identifiers if one.scheme == "order"] if record else []
    title = role.title or type_word(role.type)
    return Parcel(
        title=title,
        number="" if role.number in title else role.number,
        state=state_word(role.state),
        at=moment(said.get("at")),
        order=orders[0] if orders else "",
        source=witnesses.source_names.get(role.source_id, ""),
    )


def moment(text: Any) -> datetime | None:
    """A stored moment; None when there is none or it is not one."""
    try:
        return parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None


def period(start: date | None, end: date | None) -> str:
    """A period as people say it: `since 1 Jan 2024`, `until 1 Jan 2024`, `1 Jan 2020 – 1 Jan 2024`."""
    if start is None and end is None:
        return ""
    if end is None and start is not None:
        return gettext("since %(day)s") % {"day": written_day(start)}
    if start is None and end is not None:
        return gettext("until %(day)s") % {"day": written_day(end)}
    return f"{written_day(start or date.min)} – {written_day(end or date.max)}"
