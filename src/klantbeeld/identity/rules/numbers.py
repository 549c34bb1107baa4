"""Finding by number: what a record is found under, and how a text that somebody types can be read.

Both sides come down to the same few forms: `p` phone number in E.164, `e` e-mail address in lower case, `a` postcode
with house number, `n` any other number as capitals and digits without separators and leading zeros. The forms are
hashed into the key table; a hit is checked against the record's own value, so a colliding hash finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from klantbeeld.engines.matching.normalise.contact import phone as e164
from klantbeeld.identity.ports import Said

COUNTRY = "NL"
LONGEST = 200
SHORTEST = 3
"""Shorter numbers find half the house."""

_SEPARATORS = re.compile(r"[^0-9A-Z]+")
_POSTCODE = re.compile(r"\s*[1-9]\d{3}\s*[A-Za-z]{2}[\s,;-]*\d")
_HAS_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
NUMBERS = frozenset({"iban", "kvk", "vat", "number"})
"""Attributes, besides identifiers, whose values are numbers that people search by."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A number as a record carries it: its form, and what it is."""

    form: str
    scheme: str
    value: str
    of: str
    is_part: bool = False  # a house without its suffix


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed."""

    form: str
    as_what: str  # phone, email, address, number


def carried_by(record: Said, types: Mapping[str, str]) -> list[Carried]:
    """Everything the record is found under. `types`: attribute code -> type of the catalogue."""
    found = [one for number in record.identifiers if (one := _number(number.scheme, number.value, number.of))]
    for code, value in record.attributes.items():
        kind = types.get(code, "")
        if kind in _READERS:
            for one in _several(value):
                found += _READERS[kind](one, record.kind.code)
        elif code in NUMBERS:
            scheme = code if code != "number" else f"{record.kind.code}_number"
            found += [made for one in _several(value) if (made := _number(scheme, str(one), record.kind.code))]
    return list({(one.form, one.scheme): one for one in reversed(found)}.values())


def readings_of(text: str) -> list[Reading]:
    """Every way to read a typed text as a number; none for what is too short, too long or only words."""
    text = text.strip()
    if len(text) > LONGEST:
        return []
    if "@" in text:
        return [Reading(_email_form(text), "email")]
    plain = number_form(text)
    readings = []
    if _HAS_DIGIT.search(text) and len(plain) >= SHORTEST:
        readings.append(Reading("n:" + plain, "number"))
        phone = "" if _LETTER.search(text) else e164(text, COUNTRY)
        if phone.startswith("+"):
            readings.append(Reading("p:" + phone, "phone"))
    if _POSTCODE.match(text):
        readings.append(Reading("a:" + _SEPARATORS.sub("", text.upper()), "address"))
    return readings


def number_form(text: str) -> str:
    """Capitals and digits, without separators and leading zeros."""
    return _SEPARATORS.sub("", text.upper()).lstrip("0")


def how(reading: Reading, carried: Carried, text: str) -> str:
    """How the typed text meets the value: `exact`, `without_suffix`, `leading_zeros`, `notation`."""
    typed, value = text.strip(), carried.value.strip()
    if typed == value:
        return "exact"
    if carried.is_part:
        return "without_suffix"
    bare_typed, bare_value = _SEPARATORS.sub("", typed.upper()), _SEPARATORS.sub("", value.upper())
    return "leading_zeros" if reading.as_what == "number" and bare_typed != bare_value else "notation"


def _number(scheme: str, value: str, of: str) -> Carried | None:
    if scheme == "email":
        return Carried(_email_form(value), scheme, value, of) if "@" in value else None
    if scheme == "phone":
        return next(_phones(value, of), None)
    form = number_form(value[:LONGEST])
    return Carried("n:" + form, scheme, value, of) if form else None


def _several(value: Any) -> Iterator[Any]:
    """The values of an attribute: one, or those of a list of {"value": ...}."""
    for one in value if isinstance(value, list) else (value,):
        inner = one["value"] if isinstance(one, dict) and "value" in one else one
        if inner not in (None, ""):
            yield inner


def _email_form(text: str) -> str:
    return "e:" + text.strip().lower()


def _emails(value: Any, of: str) -> Iterator[Carried]:
    text = str(value)
    if "@" in text:
        yield Carried(_email_form(text), "email", text, of)


def _phones(value: Any, of: str) -> Iterator[Carried]:
    number = e164(str(value), COUNTRY)
    if number:
        yield Carried(("p:" if number.startswith("+") else "n:") + number, "phone", str(value), of)


def _addresses(value: Any, of: str) -> Iterator[Carried]:
    if not isinstance(value, dict):
        return
    parts = [str(value.get(part) or "") for part in ("postcode", "house_number", "house_suffix")]
    postcode, number, suffix = (_SEPARATORS.sub("", part.upper()) for part in parts)
    if postcode and number:
        shown = " ".join(part for part in parts if part)
        if suffix:
            yield Carried(f"a:{postcode}{number}{suffix}", "address", shown, of)
        yield Carried(f"a:{postcode}{number}", "address", shown, of, is_part=bool(suffix))


_READERS = {"email": _emails, "phone": _phones, "address": _addresses}
