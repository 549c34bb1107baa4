"""From a record as a partner writes it to a draft: every value is checked against the attribute catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from klantbeeld.foundation import catalogue
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft

MOST_TEXT = 20_000
MOST_ENTRIES = 200
ADDRESS_PARTS = frozenset({"street", "house_number", "house_suffix", "postcode", "city", "region", "country"})
_MONEY = re.compile(r"-?\d{1,15}(\.\d{1,4})?")
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_BSN = re.compile(r"(^|_)(bsn|sofi)|burgerservice|sofinummer", re.IGNORECASE)

Fault = dict[str, str]


class Faulty(Exception):  # noqa: N818 - a value is faulty
    """A value that is not of its form; the text says what was expected."""


def draft_of(kind: Kind, external_id: str, body: Mapping[str, Any], *, pointer: str = "", position: int = 0) -> Draft:
    """The draft in a checked body (rest.records.RecordIn, dumped); raises Invalid with every fault at once.

    `pointer` is where the body stands in the request (RFC 6901).
    """
    faults: list[Fault] = []
    specs = catalogue.attributes(kind.code)
    attributes: dict[str, Any] = {}
    for code, value in body["attributes"].items():
        place = f"{pointer}/attributes/{code}"
        spec = specs.get(code)
        if spec is None:
            faults.append({"pointer": place, "message": f"there is no attribute '{code[:60]}' of a {kind.code}"})
        elif value is not None:
            try:
                attributes[code] = read_attribute(spec, value)
            except Faulty as fault:
                faults.append({"pointer": place, "message": str(fault)})
    identifiers = tuple(Identifier(row["scheme"], row["value"], row["of"] or kind.code) for row in body["identifiers"])
    for number, identifier in enumerate(identifiers):
        if _BSN.search(identifier.scheme):
            # UAVG article 46: not without a legal ground, and consent is none. The value is not repeated.
            message = "a citizen service number (BSN) is refused: there is no legal ground to keep it"
            faults.append({"pointer": f"{pointer}/identifiers/{number}", "message": message})
    roles = tuple(_roles(kind, external_id, body["roles"], pointer, faults))
    if faults:
        raise Invalid(f"{faults[0]['pointer']}: {faults[0]['message']}.", code="record.invalid", errors=faults)
    return Draft(
        kind=kind,
        external_id=external_id,
        attributes=attributes,
        identifiers=identifiers,
        roles=roles,
        source_at=body["source_at"],
        gone=body["gone"],
        position=position,
    )


def read_attribute(spec: AttributeSpec, value: Any) -> Any:
    """A value as it is stored; raises Faulty."""
    if not spec.many:
        return _READ[spec.type](spec, value)
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MOST_ENTRIES:
        raise Faulty(f"expected at most {MOST_ENTRIES} values")
    return [_entry(spec, entry) for entry in entries]


def _entry(spec: AttributeSpec, entry: Any) -> dict[str, Any]:
    if not (isinstance(entry, dict) and "value" in entry):
        return {"value": _READ[spec.type](spec, entry)}
    unknown = entry.keys() - {"value", "role", "from", "to"}
    if unknown:
        raise Faulty(f"a value has value, role, from and to; not {', '.join(sorted(unknown))}")
    read = {"value": _READ[spec.type](spec, entry["value"])}
    if entry.get("role"):
        read["role"] = _text(spec, entry["role"])[:30]
    for name in ("from", "to"):
        if entry.get(name):
            read[name] = _date(spec, entry[name])
    return read


def _text(_: AttributeSpec, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Faulty("expected text")
    if len(value) > MOST_TEXT:
        raise Faulty(f"expected at most {MOST_TEXT} characters")
    return value


def _number(_: AttributeSpec, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        raise Faulty("expected a number")
    return value


def _boolean(_: AttributeSpec, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Faulty("expected true or false")
    return value


def _date(_: AttributeSpec, value: Any) -> str:
    found = _PARTIAL_DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise Faulty("expected a date: 1980, 1980-05 or 1980-05-31") from None
    return str(value)


def _moment(_: AttributeSpec, value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Faulty("expected a moment with its time zone: 2026-11-21T12:00:00+01:00")
    return moment.isoformat()


def _money(_: AttributeSpec, value: Any) -> str:
    text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise Faulty('expected an amount with at most four decimals: "1234.50"')
    return text


def _choice(spec: AttributeSpec, value: Any) -> str:
    codes = [code for code, _ in spec.choices]
    if not isinstance(value, str) or value not in codes:
        raise Faulty(f"expected one of {', '.join(codes)}")
    return value


def _email(spec: AttributeSpec, value: Any) -> str:
    text = _text(spec, value)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise Faulty("expected an e-mail address")
    return text


def _phone(spec: AttributeSpec, value: Any) -> str:
    text = _text(spec, value)
    if len(text) > 40 or not any(letter.isdigit() for letter in text):
        raise Faulty("expected a phone number")
    return text


def _address(spec: AttributeSpec, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value or value.keys() - ADDRESS_PARTS:
        raise Faulty(f"expected an address with parts of {', '.join(sorted(ADDRESS_PARTS))}")
    return {part: _text(spec, str(text) if isinstance(text, int) else text) for part, text in value.items() if text}


def _lines(_: AttributeSpec, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value) or len(value) > 1000:
        raise Faulty("expected a list of at most 1000 lines")
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


def _roles(
    kind: Kind, external_id: str, rows: list[dict[str, Any]], pointer: str, faults: list[Fault]
) -> Iterator[RoleDraft]:
    own = Reference(kind, external_id)
    for number, row in enumerate(rows):
        holder, target = (_reference(row[name]) or own for name in ("holder", "target"))
        if own not in (holder, target) or holder == target:
            message = "a role ties this record to another one: leave out holder or target for this record itself"
            faults.append({"pointer": f"{pointer}/roles/{number}", "message": message})
            continue
        if row["from_date"] and row["to_date"] and row["from_date"] > row["to_date"]:
            faults.append({"pointer": f"{pointer}/roles/{number}", "message": "ends before it begins"})
            continue
        yield RoleDraft(row["role"], holder, target, row["from_date"], row["to_date"])


def _reference(row: Mapping[str, str] | None) -> Reference | None:
    return None if row is None else Reference(Kind[row["kind"].upper()], row["external_id"], row["source"])
