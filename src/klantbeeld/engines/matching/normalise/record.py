"""From the columns of one record to its features: the plan of a schema, carried out for one record.

The batch road (`columns`) carries out the same plan with the same functions once per distinct value.

Features are JSON values: text per single-valued atom ("given": "jan peter"), lists for values of which a record may
have several ("phones", "emails", "aliases" beside "organisation", "addresses" as [postcode, number, suffix, street,
city]) and dicts of lists per scheme ("ids", "categories", "texts"). Missing values are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from klantbeeld.engines.matching.fields import DateOrder, Field, FieldType, Kind, Schema
from klantbeeld.engines.matching.normalise import address, codes, contact, dates, names
from klantbeeld.engines.matching.normalise.text import clean

Parse = Callable[[str], tuple[str, ...]]
Combine = Callable[..., str]

SLOTS = 8
"""Values kept of one kind per record (phones, e-mail addresses, addresses, numbers of one scheme)."""

ADDRESS_PARTS = ("postcode", "number", "suffix", "street", "city")


@dataclass(frozen=True, slots=True)
class Bulk:
    """That many values of a column may be read by `bulk`: e-mail addresses, or phone numbers of a country."""

    mail: bool
    country: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table, the function for its values and the atoms that it fills (first filled wins)."""

    name: str
    parse: Parse
    atoms: tuple[str, ...]
    bulk: Bulk | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """An atom made from others, after all columns are read."""

    atom: str
    inputs: tuple[str, ...]
    make: Combine


@dataclass(frozen=True, slots=True)
class Plan:
    """How a schema is read: columns in order of trust, then joins; `atoms` is what comes out."""

    columns: tuple[Column, ...]
    joins: tuple[Join, ...]
    atoms: tuple[str, ...]
    kind: Kind


def _one(function: Callable[[str], str]) -> Parse:
    return lambda text: (function(text),)


def _twice(parse: Parse) -> Parse:
    return lambda text: parse(text) * 2


def _join_words(left: str, right: str) -> str:
    return " ".join(dict.fromkeys(f"{left} {right}".split()))


def _initials(own: str, given: str, middle: str) -> str:
    """Own initials when there are at least as many letters as the given names show."""
    shown = (given + middle)[:6]
    return own if len(own) >= len(shown) or not shown else shown


def _kind(stated: str, organisation: str, given: str, family: str) -> str:
    if stated:
        return stated
    return Kind.ORGANISATION.value if organisation and not (given or family) else Kind.PERSON.value


_TEMPORARY = frozenset(
    {"~given_letters", "~middle", "~middle_letters", "~own", "~partner", "~year", "~month", "~day", "~kind", "~birth"}
)


@lru_cache(maxsize=64)
def plan_of(schema: Schema) -> Plan:
    """Compile a schema; the same schema gives the same plan."""
    columns: list[Column] = []
    for kind in _ORDER:
        for number, found in enumerate(schema.of_type(kind)):
            parse, atoms = _PERSONAL[kind]
            if kind is FieldType.ORGANISATION_NAME and 0 < number <= SLOTS:
                columns.append(Column(found.name, _twice(parse), (*atoms, f"aliases#{number}")))
            else:
                columns.append(Column(found.name, parse, atoms))
    month_first = schema.date_order is DateOrder.MONTH_FIRST
    for found in schema.of_type(FieldType.BIRTH_DATE):
        columns.append(Column(found.name, lambda text: (dates.birth_date(text, month_first),), ("~birth",)))
    columns += _address_columns(schema)
    slots: dict[str, int] = {}
    for found in schema.fields:
        columns += _slotted(found, slots, schema.country)
    if schema.source:
        columns.append(Column(schema.source, _one(codes.category), ("source",)))
    joins = _joins(schema, {a for c in columns for a in c.atoms})
    made = dict.fromkeys([a for c in columns for a in c.atoms] + [j.atom for j in joins])
    return Plan(tuple(columns), joins, tuple(a for a in made if a not in _TEMPORARY), schema.kind)


_PERSONAL: dict[FieldType, tuple[Parse, tuple[str, ...]]] = {
    FieldType.GIVEN_NAME: (names.given_name, ("given", "~given_letters", "generation")),
    FieldType.MIDDLE_NAME: (names.given_name, ("~middle", "~middle_letters", "generation")),
    FieldType.INITIALS: (_one(names.initials), ("~own",)),
    FieldType.FAMILY_NAME: (names.family_name, ("family", "generation")),
    FieldType.PARTNER_NAME: (names.family_name, ("~partner", "generation")),
    FieldType.FULL_NAME: (names.full_name, ("given", "~given_letters", "family", "generation")),
    FieldType.ORGANISATION_NAME: (_one(codes.organisation_name), ("organisation",)),
    FieldType.GENDER: (_one(codes.gender), ("gender",)),
    FieldType.RECORD_KIND: (_one(codes.record_kind), ("~kind",)),
    FieldType.BIRTH_YEAR: (lambda text: (text,), ("~year",)),
    FieldType.BIRTH_MONTH: (lambda text: (text,), ("~month",)),
    FieldType.BIRTH_DAY: (lambda text: (text,), ("~day",)),
}
_ORDER = tuple(_PERSONAL)


def _joins(schema: Schema, present: set[str]) -> tuple[Join, ...]:
    joins: list[Join] = []
    if present & {"~own", "~given_letters", "~middle_letters"}:
        joins.append(Join("initials", ("~own", "~given_letters", "~middle_letters"), _initials))
    if "~middle" in present:
        joins.append(Join("given", ("given", "~middle"), _join_words))
    if "~partner" in present:
        joins.append(Join("family", ("family", "~partner"), _join_words))
    if present & {"~year", "~month", "~day", "~birth"}:
        joins.append(Join("birth", ("~birth", "~year", "~month", "~day"), _birth))
    if schema.kind is Kind.MIXED:
        joins.append(Join("kind", ("~kind", "organisation", "given", "family"), _kind))
    return tuple(joins)


def _birth(whole: str, year: str, month: str, day: str) -> str:
    return whole or (dates.birth_parts(year, month, day) if year or month or day else "")


def _address_columns(schema: Schema) -> list[Column]:
    from klantbeeld.engines.matching.fields import ADDRESS_TYPES

    groups: dict[str, list[Field]] = {}
    for found in schema.fields:
        if found.type in ADDRESS_TYPES and found.type not in (FieldType.COUNTRY, FieldType.REGION):
            groups.setdefault(found.group, []).append(found)
    columns: list[Column] = []
    slot = 0
    for fields in groups.values():
        if all(f.type is FieldType.CITY for f in fields):  # a place alone is a category: its frequency tells
            columns += [Column(f.name, _one(address.place), (f"categories.{f.key}#0",)) for f in fields]
            continue
        part = dict(zip(ADDRESS_PARTS, (f"addresses.{slot}.{p}" for p in ADDRESS_PARTS), strict=True))
        readers: tuple[tuple[FieldType, Parse, tuple[str, ...]], ...] = (
            (FieldType.POSTCODE, _one(address.postcode), (part["postcode"],)),
            (FieldType.HOUSE_NUMBER, address.house_number, (part["number"], part["suffix"])),
            (FieldType.HOUSE_SUFFIX, _one(address.house_suffix), (part["suffix"],)),
            (
                FieldType.STREET,
                address.street_line,
                (part["street"], part["number"], part["suffix"], part["postcode"], part["city"]),
            ),
            (FieldType.CITY, _one(address.place), (part["city"],)),
            (FieldType.ADDRESS, address.whole_address, tuple(part.values())),
        )
        for kind, parse, atoms in readers:
            columns += [Column(f.name, parse, atoms) for f in fields if f.type is kind]
        slot += 1
    return columns


def _slotted(found: Field, slots: dict[str, int], country: str) -> list[Column]:
    """Columns of which a record may have several values: each column has a slot of its own."""
    if found.type is FieldType.PHONE:
        stem, parse = "phones", _one(lambda text: contact.phone(text, country))
    elif found.type is FieldType.EMAIL:
        stem, parse = "emails", _one(contact.email)
    elif found.type is FieldType.IDENTIFIER and found.evidence:
        stem, parse = f"ids.{found.key}", _one(codes.identifier)
    elif found.type is FieldType.KVK:
        stem, parse = "ids.kvk", _one(codes.kvk)
    elif found.type is FieldType.VAT:
        stem, parse = "ids.vat", _one(codes.vat)
    elif found.type is FieldType.WEBSITE:
        stem, parse = "ids.website", _one(contact.website)
    elif found.type is FieldType.CATEGORY:
        stem, parse = f"categories.{found.key}", _one(codes.category)
    elif found.type is FieldType.TEXT:
        stem, parse = f"texts.{found.key}", _one(codes.bag_of_words)
    else:
        return []
    number = slots.get(stem, 0)
    slots[stem] = number + 1
    bulk = Bulk(stem == "emails", country) if stem in ("emails", "phones") else None
    return [Column(found.name, parse, (f"{stem}#{number}",), bulk)] if number < SLOTS else []


Reader = Callable[[Any], tuple[tuple[str, str], ...]]
"""A value of one column -> the atoms that it fills."""
REMEMBERED = 8_192  # distinct values per column
REMEMBERED_LENGTH = 64
_latest: tuple[Schema, Plan, tuple[tuple[str, Reader], ...]] | None = None


def _online(schema: Schema) -> tuple[Plan, tuple[tuple[str, Reader], ...]]:
    """The plan of a schema with readers that remember values; a schema is asked for thousands of times in a row."""
    global _latest
    latest = _latest
    if latest is None or latest[0] is not schema:
        latest = _latest = (schema, plan_of(schema), _readers(schema))
    return latest[1], latest[2]


@lru_cache(maxsize=16)
def _readers(schema: Schema) -> tuple[tuple[str, Reader], ...]:
    return tuple((column.name, _reader(column)) for column in plan_of(schema).columns)


def _reader(column: Column) -> Reader:
    """Reads a value once: names, streets and towns return often."""

    def read(value: Any) -> tuple[tuple[str, str], ...]:
        text = clean(value)
        if not text:
            return ()
        return tuple((atom, part) for atom, part in zip(column.atoms, column.parse(text), strict=True) if part)

    remembered = lru_cache(maxsize=REMEMBERED)(read)
    return lambda value: (remembered if type(value) is str and len(value) <= REMEMBERED_LENGTH else read)(value)


def normalise_record(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Give the features of one record: {column: value} in, JSON values out (see the module for their form).

    A value may be a list where a record may have several (phones, e-mail addresses, numbers, address columns).
    """
    plan, readers = _online(schema)
    atoms: dict[str, str] = {}
    extra: dict[str, list[str]] = {}
    for name, read in readers:
        value = values.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, list | tuple):
            for atom, part in read(value):
                atoms.setdefault(atom, part)
            continue
        for position, one in enumerate(value):
            for atom, part in read(one):
                if position == 0:
                    atoms.setdefault(atom, part)
                elif atom == "organisation":
                    _add_extra(extra, "aliases#", position, part)
                elif "#" in atom or atom.startswith("addresses."):
                    _add_extra(extra, atom, position, part)
    for join in plan.joins:
        made = join.make(*(atoms.get(i, "") for i in join.inputs))
        if made:
            atoms[join.atom] = made
    return gather(atoms, extra)


def _add_extra(extra: dict[str, list[str]], atom: str, position: int, part: str) -> None:
    if "#" in atom:
        extra.setdefault(atom.split("#")[0], []).append(part)
    else:
        _, slot, name = atom.split(".")
        extra.setdefault(f"addresses.{slot}+{position}.{name}", []).append(part)


@lru_cache(maxsize=4_096)
def _place_of(atom: str) -> tuple[str, str, str]:
    """Where an atom goes: temporary; address, slot and part; slot, family and key; or flat."""
    if atom.startswith("~"):
        return "temporary", "", ""
    if atom.startswith("addresses."):
        _, slot, name = atom.split(".")
        return "address", slot, name
    if "#" in atom:
        family, _, key = atom.split("#")[0].partition(".")
        return "slot", family, key
    return "flat", "", ""


def gather(atoms: Mapping[str, str], extra: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """Bring flat atoms ("phones#0", "addresses.0.street") into the form of features; equal values once."""
    features: dict[str, Any] = {}
    places: dict[str, dict[str, str]] = {}
    pairs: list[tuple[str, str]] = list(atoms.items())
    for atom, parts in (extra or {}).items():
        pairs += [(atom if atom.startswith("addresses.") else f"{atom}#", part) for part in parts]
    for atom, part in pairs:
        form, first, second = _place_of(atom)
        if form == "temporary":
            continue
        if form == "address":
            places.setdefault(first, {})[second] = part
        elif form == "slot":
            into = features.setdefault(first, {}).setdefault(second, []) if second else features.setdefault(first, [])
            if part not in into and len(into) < SLOTS:
                into.append(part)
        else:
            features[atom] = part
    found: list[list[str]] = []
    for place in places.values():
        row = [place.get(name, "") for name in ADDRESS_PARTS]
        if row not in found and len(found) < SLOTS:
            found.append(row)
    if found:
        features["addresses"] = found
    return features


def atoms_of(features: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The flat atoms of features: the way back from `gather`."""
    for name, value in features.items():
        if isinstance(value, str):
            yield name, value
        elif name == "addresses":
            for slot, row in enumerate(value):
                for part, text in zip(ADDRESS_PARTS, row, strict=True):
                    if text:
                        yield f"addresses.{slot}.{part}", text
        elif isinstance(value, list):
            for slot, text in enumerate(value):
                yield f"{name}#{slot}", text
        else:
            for key, several in value.items():
                for slot, text in enumerate(several):
                    yield f"{name}.{key}#{slot}", text
