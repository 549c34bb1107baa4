"""Reading a value of an attribute as machines and employees write it: of its form, or refused with what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from klantbeeld.foundation.contracts import AttributeSpec

MOST_TEXT = 20_000
MOST_ENTRIES = 200
MOST_ROLE = 30
ADDRESS_PARTS = frozenset({"street", "house_number", "house_suffix", "postcode", "city", "region", "country"})
_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOMENT = "expected a moment with its time zone: 2026-11-21T12:00:00+01:00"


class Faulty(Exception):  # noqa: N818 - a value is faulty
    """A value that is not of its form; the text says what was expected.

    `code` is stable, so that surfaces can tell it in other languages, with `where` in its places.
    """

    def __init__(self, code: str, text: str, **where: Any) -> None:
        super().__init__(text)
        self.code = code
        self.where = where


def read_attribute(spec: AttributeSpec, value: Any) -> Any:
    """A value as it is stored, of an attribute with several values as a list of entries; raises Faulty.

    >>> read_attribute(AttributeSpec("person", "birth_date", {"nl": "", "en": ""}, "date"), "1980-05")
    '1980-05'
    """
    if not spec.many:
        return _READ[spec.type](spec, value)
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MOST_ENTRIES:
        raise Faulty("most_values", f"expected at most {MOST_ENTRIES} values", most=MOST_ENTRIES)
    return [_entry(spec, entry) for entry in entries]


def _entry(spec: AttributeSpec, entry: Any) -> dict[str, Any]:
    if not (isinstance(entry, dict) and "value" in entry):
        return {"value": _READ[spec.type](spec, entry)}
    unknown = {str(name)[:60] for name in entry.keys() - {"value", "role", "from", "to"}}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise Faulty("unknown_part", f"a value has value, role, from and to; not {names}", names=names)
    read = {"value": _READ[spec.type](spec, entry["value"])}
    if entry.get("role"):
        read["role"] = _text(spec, entry["role"])
        if len(read["role"]) > MOST_ROLE:
            raise Faulty("long_role", f"expected a role of at most {MOST_ROLE} characters", most=MOST_ROLE)
    for name in ("from", "to"):
        if entry.get(name):
            read[name] = _date(spec, entry[name])
    return read


def _text(_: AttributeSpec, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Faulty("text", "expected text")
    if len(value) > MOST_TEXT:
        raise Faulty("long_text", f"expected at most {MOST_TEXT} characters", most=MOST_TEXT)
    return value


def _number(_: AttributeSpec, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        raise Faulty("number", "expected a number")
    return value


def _boolean(_: AttributeSpec, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Faulty("boolean", "expected true or false")
    return value


def _date(_: AttributeSpec, value: Any) -> str:
    found = _PARTIAL_DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise Faulty("date", "expected a date: 1980, 1980-05 or 1980-05-31") from None
    return str(value)


def _moment(_: AttributeSpec, value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            moment.astimezone(UTC)  # what falls outside the years 1 to 9999 there, cannot be read back
            return moment.isoformat()
    except (ValueError, OverflowError) as error:
        raise Faulty("moment", _MOMENT) from error
    raise Faulty("moment", _MOMENT)


def _money(_: AttributeSpec, value: Any) -> str:
    text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise Faulty("money", 'expected an amount with at most four decimals: "1234.50"')
    return text


def _choice(spec: AttributeSpec, value: Any) -> str:
    codes = [code for code, _ in spec.choices]
    if not isinstance(value, str) or value not in codes:
        raise Faulty("choice", f"expected one of {', '.join(codes)}", codes=", ".join(codes))
    return value


def _email(spec: AttributeSpec, value: Any) -> str:
    text = _text(spec, value)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise Faulty("email", "expected an e-mail address")
    return text


def _phone(spec: AttributeSpec, value: Any) -> str:
    text = _text(spec, value)
    if len(text) > 40 or not any(letter.isdigit() for letter in text):
        raise Faulty("phone", "expected a phone number")
    return text


def _address(spec: AttributeSpec, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value or value.keys() - ADDRESS_PARTS:
        parts = ", ".join(sorted(ADDRESS_PARTS))
        raise Faulty("address", f"expected an address with parts of {parts}", parts=parts)
    return {part: _text(spec, str(text) if type(text) is int else text) for part, text in value.items() if text}


def _lines(_: AttributeSpec, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value) or len(value) > 1000:
        raise Faulty("lines", "expected a list of at most 1000 lines")
    return value


_READ: Mapping[str, Callable[[AttributeSpec, Any], Any]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "moment": _moment,
    "money": _money,
    "choice": _choice,
    "email": _email,
    "phone": _phone,
    "address": _address,
    "lines": _lines,
}
