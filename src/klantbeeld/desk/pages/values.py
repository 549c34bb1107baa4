"""Golden values made ready to read: written out, with their source, freshness and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.profiles.contracts import ProfileView, Value
from klantbeeld.sources.contracts import SourceTrust, StoredRecord
from klantbeeld.ui.templatetags.moments import day
from klantbeeld.ui.words import label

CONTACT = frozenset({"address", "email", "phone"})

WHY = {
    "only": gettext_noop("the only value stated"),
    "steward": gettext_noop("established by an employee"),
    "verified": gettext_noop("confirmed by the customer"),
    "rank": gettext_noop("the most trusted source"),
    "recent": gettext_noop("the most recent statement"),
    "frequent": gettext_noop("stated most often"),
    "complete": gettext_noop("the most complete"),
    "tie": gettext_noop("equally good values, fixed order"),
}
RULES = {
    "steward": gettext_noop("established by an employee"),
    "verified": gettext_noop("confirmed by the customer"),
    "rank": gettext_noop("trust in the source"),
    "recent": gettext_noop("most recent"),
    "frequent": gettext_noop("stated most often"),
    "complete": gettext_noop("most complete"),
}


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One golden value; `tip` is its provenance in a line."""

    text: str
    role: str
    source: str
    tip: str
    past: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute with its golden values, best first."""

    code: str
    label: str
    values: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together under one heading."""

    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The records of a customer and the sources they come from, for badges."""

    records: Mapping[int, StoredRecord]
    sources: Mapping[int, SourceTrust]

    def source_of(self, record_id: int) -> str:
        """The name of a record's source in the reader's language; empty when the record is no longer a member."""
        record = self.records.get(record_id)
        return label(self.sources[record.source_id].label) if record else ""

    def at(self, record_id: int) -> datetime | None:
        """When the source gave the record's current version."""
        record = self.records.get(record_id)
        return (record.source_at or record.received_at) if record else None


def groups(view: ProfileView, witnesses: Witnesses) -> tuple[Group, ...]:
    """The golden record as groups of facts: who it is, how to reach them, and the rest."""
    specs = attributes(view.kind)
    facts = [
        Fact(code, label(spec.label), tuple(shown(value, spec, witnesses) for value in view.values[code]))
        for code, spec in sorted(specs.items(), key=lambda item: (item[1].position, item[0]))
        if view.values.get(code)
    ]
    contact = tuple(fact for fact in facts if fact.code in CONTACT)
    rest = tuple(fact for fact in facts if fact.code not in CONTACT)
    headed = ((gettext("Who"), rest), (gettext("Contact"), contact))
    return tuple(Group(heading, members) for heading, members in headed if members)


def shown(value: Value, spec: AttributeSpec, witnesses: Witnesses) -> ShownValue:
    """One golden value made ready to read."""
    source, at = witnesses.source_of(value.record_id), witnesses.at(value.record_id)
    parts = [source, date_format(at, "j M Y") if at else "", gettext(WHY[value.why]), period(value)]
    return ShownValue(
        text=written(value.value, spec),
        role=role_word(value.role),
        source=source,
        tip=" · ".join(part for part in parts if part),
        past=bool(value.to_date) and value.to_date < date.today().isoformat(),
    )


def period(value: Value) -> str:
    """The period in which a value holds."""
    if not value.from_date and not value.to_date:
        return ""
    return f"{day(value.from_date)} – {day(value.to_date)}".strip()


ROLE_WORDS = {
    "home": gettext_noop("home"),
    "post": gettext_noop("postal"),
    "visit": gettext_noop("visiting"),
    "billing": gettext_noop("billing"),
    "delivery": gettext_noop("delivery"),
    "work": gettext_noop("work"),
    "mobile": gettext_noop("mobile"),
    "private": gettext_noop("private"),
}


def role_word(role: str) -> str:
    """What an address, phone or e-mail address is for; a declared role without a translation is shown as it is."""
    return gettext(ROLE_WORDS[role]) if role in ROLE_WORDS else role


def written(value: Any, spec: AttributeSpec) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping):
        return address(value) if spec.type == "address" else ", ".join(str(part) for part in value.values() if part)
    if spec.type == "date":
        return day(str(value))
    if spec.type == "boolean":
        return gettext("yes") if value else gettext("no")
    chosen = dict(spec.choices).get(str(value))
    return label(chosen) if chosen else str(value)


def address(parts: Mapping[str, Any]) -> str:
    """An address on one line: `Dam 1 A, 1012 JS Amsterdam`."""
    part = {name: str(value) for name, value in parts.items() if value not in (None, "")}
    street = " ".join(part[name] for name in ("street", "house_number", "house_suffix") if name in part)
    postcode = part.get("postcode", "")
    if len(postcode) == 6 and postcode[:4].isdigit():
        postcode = f"{postcode[:4]} {postcode[4:].upper()}"
    town = " ".join(piece for piece in (postcode, part.get("city", "")) if piece)
    return ", ".join(piece for piece in (street, town, part.get("country", "")) if piece)


def told(values: Sequence[Any], spec: AttributeSpec | None) -> str:
    """Several values of one attribute in a line, for the history."""
    if spec is None:
        return ", ".join(map(str, values))
    return ", ".join(written(value, spec) for value in values)


def shown_candidate(value: Any, spec: AttributeSpec) -> str:
    """A value in the contest; a family name is contested together with its prefix."""
    if isinstance(value, Mapping) and set(value) == {"prefix", "name"}:
        return f"{value['prefix']} {value['name']}".strip()
    return written(value, spec)
