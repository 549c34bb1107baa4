"""Golden values made ready to read: written out, with their source, freshness and reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import phonenumbers
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from klantbeeld.desk.pages.notes import Notes, notes_on
from klantbeeld.desk.pages.spelling import Spelling
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.profiles.contracts import COUPLED, ProfileView, Value
from klantbeeld.sources.contracts import SourceTrust, StoredRecord
from klantbeeld.ui.templatetags.moments import day, written_day
from klantbeeld.ui.words import label

CONTACT = frozenset({"address", "email", "phone"})
SHOWN = 3
"""Values of one attribute that are shown at once; the others are folded."""
LINKS = {"email": "mailto:", "phone": "tel:"}
HOME_REGION = "NL"
HOME = frozenset({"NL", "NLD", "NEDERLAND", "NETHERLANDS", "THE NETHERLANDS"})
STALE_DAYS = 365
"""From this age on a value is marked as stale."""

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
    """One golden value; `tip` is its provenance in a line, `href` how to reach the customer by it.

    `verified` tells who heard from the customer that it is so, and when; empty when nobody did.
    """

    text: str
    role: str
    source: str
    tip: str
    past: bool
    stale: bool
    href: str
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute with its golden values, best first; `more` are folded."""

    code: str
    label: str
    values: tuple[ShownValue, ...]
    more: tuple[ShownValue, ...]

    @property
    def corrected_as(self) -> str:
        """The attribute by which it is corrected: a prefix goes with its name; empty for what no form can write."""
        return LEADERS.get(self.code, self.code)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together under one heading; `unknown` are attributes of which nothing is known yet."""

    label: str
    facts: tuple[Fact, ...]
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The records of a customer and the sources they come from, for badges."""

    records: Mapping[int, StoredRecord]
    sources: Mapping[int, SourceTrust]
    spelling: Spelling = field(default_factory=Spelling)
    notes: Notes = field(default_factory=Notes)

    @classmethod
    def of(cls, records: Iterable[StoredRecord], sources: Mapping[int, SourceTrust]) -> Witnesses:
        """The witnesses that these records are."""
        known = {record.id: record for record in records}
        ours = [record.id for record in known.values() if sources[record.source_id].builtin]
        return cls(known, sources, Spelling(known.values()), notes_on(ours))

    @property
    def source_names(self) -> dict[int, str]:
        """The sources by internal id, in the reader's language."""
        return {number: label(source.label) for number, source in self.sources.items()}

    def source_of(self, record_id: int) -> str:
        """The name of a record's source in the reader's language; empty when the record is no longer a member."""
        record = self.records.get(record_id)
        return label(self.sources[record.source_id].label) if record else ""

    def at(self, record_id: int) -> datetime | None:
        """When the source gave the record's current version."""
        record = self.records.get(record_id)
        return (record.source_at or record.received_at) if record else None


LEADERS = {prefix: name for name, prefix in COUPLED.items()}
"""Prefixes of names, which are corrected with their name."""


def groups(view: ProfileView, witnesses: Witnesses, allowed: Collection[str] = ()) -> tuple[Group, ...]:
    """The golden record as groups of facts: how to reach them, and who it is; `allowed` are attributes one may see."""
    specs = attributes(view.kind)
    # A name in one piece says nothing new beside its parts.
    told = {code for code in view.values if view.values[code]} - (
        {"full_name"} if view.values.get("family_name") else set()
    )
    facts = [
        fact(code, spec, view.values[code], witnesses)
        for code, spec in sorted(specs.items(), key=lambda item: (item[1].position, item[0]))
        if code in told
    ]
    contact = tuple(one for one in facts if one.code in CONTACT)
    rest = tuple(one for one in facts if one.code not in CONTACT)
    unknown = [
        (code, label(spec.label))
        for code, spec in sorted(specs.items(), key=lambda item: (item[1].position, item[0]))
        if code in allowed and code not in view.values and code not in LEADERS and code != "full_name"
    ]
    headed = ((gettext("Who"), rest), (gettext("Contact"), contact))
    return tuple(
        Group(heading, members, tuple(one for one in unknown if (one[0] in CONTACT) == (members is contact)))
        for heading, members in headed
        if members
    )


def fact(code: str, spec: AttributeSpec, values: Sequence[Value], witnesses: Witnesses) -> Fact:
    """One attribute; values that read the same are shown once, at their best place, and those of the past last."""
    made: dict[tuple[str, str], ShownValue] = {}
    for value in values:
        one = shown(value, spec, witnesses)
        made.setdefault((one.text.casefold(), one.role), one)
    ordered = sorted(made.values(), key=lambda one: one.past)
    return Fact(code, label(spec.label), tuple(ordered[:SHOWN]), tuple(ordered[SHOWN:]))


def shown(value: Value, spec: AttributeSpec, witnesses: Witnesses) -> ShownValue:
    """One golden value made ready to read."""
    source, at = witnesses.source_of(value.record_id), witnesses.at(value.record_id)
    note = witnesses.notes.of(value.record_id, spec.code)
    parts = [source, written_day(at) if at else "", gettext(WHY.get(value.why, "")), period(value), note]
    text = written(value.value, spec, witnesses.spelling)
    return ShownValue(
        text=text,
        role=role_word(value.role),
        source=source,
        tip=" · ".join(part for part in parts if part),
        past=bool(value.to_date) and value.to_date < date.today().isoformat(),
        stale=at is not None and (timezone.now() - at).days > STALE_DAYS,
        href=LINKS[spec.code] + "".join(text.split()) if spec.code in LINKS else "",
        verified=" · ".join(
            part for part in (gettext("confirmed by the customer"), written_day(at) if at else "", note) if part
        )
        if value.verified
        else "",
    )


def period(value: Value) -> str:
    """The period in which a value holds."""
    if not value.from_date and not value.to_date:
        return ""
    return f"{day(value.from_date)} – {day(value.to_date)}".strip()


ROLE_WORDS = {
    "home": gettext_noop("home"),
    "post": gettext_noop("postal"),
    "postal": gettext_noop("postal"),
    "visit": gettext_noop("visiting"),
    "visiting": gettext_noop("visiting"),
    "invoice": gettext_noop("billing"),
    "billing": gettext_noop("billing"),
    "delivery": gettext_noop("delivery"),
    "work": gettext_noop("work"),
    "mobile": gettext_noop("mobile"),
    "private": gettext_noop("private"),
}


def role_word(role: str) -> str:
    """What an address, phone or e-mail address is for; a declared role without a translation is shown as it is."""
    return gettext(ROLE_WORDS[role]) if role in ROLE_WORDS else role


def written(value: Any, spec: AttributeSpec, spelling: Spelling | None = None) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping):
        if spec.type == "address":
            return address(value, spelling or Spelling())
        return ", ".join(str(part) for part in value.values() if part)
    if spec.type == "date":
        return day(str(value))
    if spec.type == "boolean":
        return gettext("yes") if value else gettext("no")
    if spec.code == "iban":
        return spaced(str(value))
    if spec.code == "phone":
        return written_phone(str(value))
    chosen = dict(spec.choices).get(str(value))
    return label(chosen) if chosen else str(value)


def spaced(number: str) -> str:
    """A long number in groups of four, as it stands on a card (ISO 13616 for an IBAN)."""
    bare = "".join(number.split())
    return " ".join(bare[place : place + 4] for place in range(0, len(bare), 4))


def written_phone(number: str) -> str:
    """A phone number as people write it here; abroad with its country; one that is none as it is (ITU-T E.123)."""
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def address(parts: Mapping[str, Any], spelling: Spelling) -> str:
    """An address on one line: `Dam 1 A, 1012 JS Amsterdam`; the country only when it is another than ours."""
    part = {name: str(value) for name, value in parts.items() if value not in (None, "")}
    for name in ("street", "city"):
        if name in part:
            part[name] = spelling.read(part[name])
    street = " ".join(part[name] for name in ("street", "house_number", "house_suffix") if name in part)
    postcode = written_postcode(part.get("postcode", ""))
    town = " ".join(piece for piece in (postcode, part.get("city", "")) if piece)
    country = part.get("country", "")
    return ", ".join(piece for piece in (street, town, "" if country.upper() in HOME else country) if piece)


def written_postcode(postcode: str) -> str:
    """A Dutch postcode with its space; any other as it is."""
    bare = postcode.replace(" ", "")
    return f"{bare[:4]} {bare[4:].upper()}" if len(bare) == 6 and bare[:4].isdigit() else postcode


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
