"""The form by which a value is corrected: its fields, and what was filled in as the value that it stands for."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from klantbeeld.desk.pages.values import LEADERS
from klantbeeld.flows.correct import SOURCES, Voice
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import COUPLED, Value
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.door import said
from klantbeeld.ui.words import label

SCOPE = "customers:correct"
PARTS = {
    "street": (gettext_noop("Street"), "wide"),
    "house_number": (gettext_noop("Number"), "small"),
    "house_suffix": (gettext_noop("Suffix"), "small"),
    "postcode": (gettext_noop("Postcode"), "small"),
    "city": (gettext_noop("Town"), ""),
    "country": (gettext_noop("Country"), "small"),
}
EXPECTED = {
    "text": gettext_noop("Fill in a text."),
    "number": gettext_noop("Fill in a number."),
    "money": gettext_noop("Fill in an amount, such as 1234,50."),
    "date": gettext_noop("Fill in a date, such as 31-05-1980, 05-1980 or 1980."),
    "choice": gettext_noop("Choose one of the list."),
    "boolean": gettext_noop("Choose one of the list."),
    "email": gettext_noop("Fill in an e-mail address."),
    "phone": gettext_noop("Fill in a phone number."),
    "address": gettext_noop("Fill in at least a postcode with a number, or a street and a town."),
}
"""What a form asks for, by type of attribute; the types that are missing have no form."""
MODES = {"number": "decimal", "money": "decimal", "email": "email", "phone": "tel"}
DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ])?(\d{4})")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `choices` make it a list to choose from."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    mode: str = ""
    hint: str = ""
    width: str = ""
    most: int = 300


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it is shown; `told`: something was corrected here before, and can be taken back."""

    customer: str
    attribute: str
    label: str
    address: str
    version: int
    fields: tuple[Field, ...]
    is_list: bool
    told: bool
    stated_by: str = "customer"
    reason: str = ""
    error: str = ""


def form_of(
    customer: uuid.UUID,
    attribute: str,
    *,
    actor: Actor,
    purpose: str,
    given: Mapping[str, Any] | None = None,
    error: str = "",
) -> Form:
    """The form for one attribute, with the best value in it, or what was filled in (`given`) and what is wrong with it.

    Raises Refused, and Missing for an attribute that the actor cannot see or that no form can write.
    """
    grant = require(actor, SCOPE, purpose)
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    spec = attributes(view.kind).get(attribute)
    allowed = attribute in grant.attributes(view.kind) and attribute not in LEADERS
    if spec is None or not allowed or spec.type not in EXPECTED:
        raise Missing(f"There is no attribute '{attribute[:60]}' that you can correct.", code="corrections.attribute")
    public = format_id("cus", view.uuid)
    known = view.values.get(attribute, ())
    return Form(
        customer=public,
        attribute=attribute,
        label=label(spec.label),
        address=reverse("desk:correct", args=[public, attribute]),
        version=view.version if given is None else version_of(given),
        fields=fields(spec, first(known), prefix_of(attribute, view.values), given),
        is_list=spec.many,
        told=bool(entries_told(view.customer_id, attribute)),
        stated_by=voice_of(given),
        reason=said(given, "reason", 1000) if given is not None else "",
        error=error,
    )


def voice_of(given: Mapping[str, Any] | None) -> Voice:
    """Who says so; the customer unless the form says that the employee established it."""
    return "employee" if given is not None and given.get("stated_by") == "employee" else "customer"


def first(values: Sequence[Value]) -> Any:
    """The best value, None when nothing is known."""
    return values[0].value if values else None


def prefix_of(attribute: str, values: Mapping[str, Sequence[Value]]) -> str:
    """The prefix that goes with a family name."""
    return str(first(values.get(COUPLED.get(attribute, ""), ())) or "")


def fields(spec: AttributeSpec, value: Any, prefix: str, given: Mapping[str, Any] | None) -> tuple[Field, ...]:
    """The fields for an attribute: one, or the parts of an address."""
    if spec.type == "address":
        known = value if isinstance(value, Mapping) else {}
        return tuple(
            Field(
                part,
                gettext(text),
                said(given, part, 200) if given is not None else str(known.get(part) or ""),
                width=width,
            )
            for part, (text, width) in PARTS.items()
        )
    shown = said(given, "value", 1000) if given is not None else shown_value(spec, value, prefix)
    choices: tuple[tuple[str, str], ...] = ()
    if spec.type == "choice":
        choices = (("", "–"), *((code, label(text)) for code, text in spec.choices))
    if spec.type == "boolean":
        choices = (("", "–"), ("true", gettext("yes")), ("false", gettext("no")))
    hint = "31-05-1980" if spec.type == "date" else ""
    return (Field("value", label(spec.label), shown, choices, MODES.get(spec.type, ""), hint, "wide"),)


def shown_value(spec: AttributeSpec, value: Any, prefix: str) -> str:
    """A value as it is typed: a date with its day first, a family name with its prefix."""
    if value is None:
        return ""
    if spec.type == "boolean":
        return "true" if value else "false"
    if spec.type == "date":
        return "-".join(reversed(str(value).split("-")))
    return f"{prefix} {value}".strip()


def read(spec: AttributeSpec, given: Mapping[str, Any]) -> Any:
    """What was filled in, as the value that it stands for; what cannot be read stays text, which the flow refuses."""
    if spec.type == "address":
        return {part: text for part in PARTS if (text := said(given, part, 200))}
    text = said(given, "value", 1000)
    if spec.type == "boolean":
        return {"true": True, "false": False}.get(text)
    if spec.type == "date":
        return iso_date(text)
    if spec.type in ("number", "money"):
        plain = text.replace(" ", "")
        plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
        if spec.type == "money":
            return plain
        return float(plain) if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", plain) else text
    return text


def iso_date(text: str) -> str:
    """A date as it is stored: `31-5-1980` gives `1980-05-31`, `5-1980` gives `1980-05`; any other text stays."""
    found = DAY_FIRST.fullmatch(text.strip())
    if not found:
        return text
    day, month, year = found.groups()
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def is_blank(value: Any) -> bool:
    """Was nothing filled in?"""
    return value in ("", None, {})


def as_stated(customer_id: int, spec: AttributeSpec, value: Any, voice: Voice) -> Any:
    """The value as the flow takes it; of a list the new one first, and after it what the same voice said before."""
    if not spec.many:
        return value
    before = entries_told(customer_id, spec.code, SOURCES[voice])
    return [{"value": value}, *(entry for entry in before if entry["value"] != value)]


def entries_told(customer_id: int, attribute: str, source: str = "") -> list[dict[str, Any]]:
    """What our own records, or those of one of our sources, say of an attribute of this customer, as entries."""
    sources = trust_of_sources()
    members = identity.members_of([customer_id]).get(customer_id, ())
    stated = [
        record.attributes[attribute]
        for record in load_records(members)
        if sources[record.source_id].builtin
        and attribute in record.attributes
        and source in ("", sources[record.source_id].code)
    ]
    return [
        entry if isinstance(entry, dict) and "value" in entry else {"value": entry}
        for one in stated
        for entry in (one if isinstance(one, list) else [one])
    ]


def version_of(given: Mapping[str, Any]) -> int:
    """The version of the golden record that the form was made on; 0 when it does not tell."""
    text = said(given, "version", 9)
    return int(text) if text.isascii() and text.isdigit() else 0
