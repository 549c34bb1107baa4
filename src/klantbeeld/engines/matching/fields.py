"""What the columns of a table mean, so that every later step knows how to normalise and compare them.

A `Schema` maps named columns to semantic `FieldType`s. Nothing else about a file has to be declared: keys, levels,
weights and thresholds come from the data or from the shipped default model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class FieldType(StrEnum):
    """The meaning of one column. The value is what a mapping file writes."""

    GIVEN_NAME = "given_name"  # one or more given names, also a nickname
    MIDDLE_NAME = "middle_name"  # further given names
    INITIALS = "initials"
    FAMILY_NAME = "family_name"  # with or without prefix; double names allowed
    NAME_PREFIX = "name_prefix"  # tussenvoegsel: "van der"
    PARTNER_NAME = "partner_name"  # family name of the partner, when kept apart
    FULL_NAME = "full_name"  # "J.P. de Vries", "Vries, Jan de"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    BIRTH_MONTH = "birth_month"
    BIRTH_DAY = "birth_day"
    GENDER = "gender"
    STREET = "street"  # may hold the house number too
    HOUSE_NUMBER = "house_number"  # may hold the suffix too
    HOUSE_SUFFIX = "house_suffix"
    POSTCODE = "postcode"
    CITY = "city"
    REGION = "region"  # state, province
    COUNTRY = "country"
    ADDRESS = "address"  # a whole address in one text
    PHONE = "phone"
    EMAIL = "email"
    IDENTIFIER = "identifier"  # evidence of identity when `Field.evidence`
    ORGANISATION_NAME = "organisation_name"
    KVK = "kvk"  # Dutch chamber of commerce number
    VAT = "vat"
    WEBSITE = "website"
    RECORD_KIND = "record_kind"  # says per record whether it is a person or an organisation
    CATEGORY = "category"  # other categorical text: birth place, occupation
    TEXT = "text"  # free text, compared by the words that are shared
    IGNORE = "ignore"


ADDRESS_TYPES = frozenset(
    {
        FieldType.STREET,
        FieldType.HOUSE_NUMBER,
        FieldType.HOUSE_SUFFIX,
        FieldType.POSTCODE,
        FieldType.CITY,
        FieldType.REGION,
        FieldType.COUNTRY,
        FieldType.ADDRESS,
    }
)


class Kind(StrEnum):
    """What the records of a table are about."""

    PERSON = "person"
    ORGANISATION = "organisation"
    MIXED = "mixed"  # decided per record: RECORD_KIND, else an organisation name without a personal name


class DateOrder(StrEnum):
    """How an ambiguous date such as 03/04/1980 is read; dates that are not ambiguous ignore it.

    OPEN: a table decides by its dates that are not ambiguous (`resolve` and `train` put what they find in the schema of
    the model); day first where nothing tells, so for one record too.
    """

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, its meaning, and for identifiers and addresses which one.

    `scheme` names an identifier ("passport", "loyalty_card") or a category; the column name when empty. Columns of
    the same scheme are values of one field. `group` tells addresses apart ("billing", "delivery"): address columns
    of one group form one address.
    `evidence`: False for numbers that do not say who somebody is (a policy or parcel number).
    """

    name: str
    type: FieldType
    scheme: str = ""
    group: str = ""
    evidence: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", FieldType(self.type))

    @property
    def key(self) -> str:
        """The name under which values of an identifier, category or text are kept."""
        return self.scheme or self.name


@dataclass(frozen=True, slots=True)
class Schema:
    """The meaning of all columns of a table.

    `source`: column that names the system a record came from; the model learns how often one system holds somebody
    twice, so linking two clean files and deduplicating one file are the same call.
    `record_key`: column with a stable key per record; ties are broken by it, so the result does not depend on the
    order of rows. Without it the row number is the key.
    `country`: ISO 3166 code used to read national phone numbers; `date_order`: how to read ambiguous dates.
    """

    fields: tuple[Field, ...]
    kind: Kind = Kind.PERSON
    source: str = ""
    record_key: str = ""
    country: str = "NL"
    date_order: DateOrder = DateOrder.OPEN

    @classmethod
    def of(cls, mapping: Mapping[str, str | FieldType | Field], **options: Any) -> Schema:
        """Make a schema from {column: type}; a value may be a `Field` where a scheme or group is needed.

        Raises ValueError naming the column when a type is unknown.
        """
        fields: list[Field] = []
        for name, meaning in mapping.items():
            if isinstance(meaning, Field):
                fields.append(replace(meaning, name=name))
                continue
            try:
                fields.append(Field(name, FieldType(meaning)))
            except ValueError:
                known = ", ".join(sorted(t.value for t in FieldType))
                raise ValueError(f"Column {name!r}: unknown field type {meaning!r}; use one of {known}") from None
        return cls(tuple(fields), **options)

    def of_type(self, *types: FieldType) -> tuple[Field, ...]:
        """The fields of these types, in the order of the schema."""
        return tuple(f for f in self.fields if f.type in types)

    def has(self, *types: FieldType) -> bool:
        return any(f.type in types for f in self.fields)

    def to_dict(self) -> dict[str, Any]:
        """The schema as JSON values."""
        return {
            "kind": self.kind.value,
            "source": self.source,
            "record_key": self.record_key,
            "country": self.country,
            "date_order": self.date_order.value,
            "fields": [
                {"name": f.name, "type": f.type.value, "scheme": f.scheme, "group": f.group, "evidence": f.evidence}
                for f in self.fields
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """Read back what `to_dict` wrote."""
        fields = tuple(
            Field(f["name"], FieldType(f["type"]), f.get("scheme", ""), f.get("group", ""), f.get("evidence", True))
            for f in data["fields"]
        )
        return cls(
            fields,
            Kind(data.get("kind", "person")),
            data.get("source", ""),
            data.get("record_key", ""),
            data.get("country", "NL"),
            DateOrder(data.get("date_order", "dmy")),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about two records, by their stable keys: `together` True = must-link, False = cannot."""

    left: str
    right: str
    together: bool


def decided(decisions: Iterable[Decision | tuple[str, str, bool]]) -> tuple[Decision, ...]:
    """Accept plain triples too; sorted and without order, so that the same decisions give the same result."""
    made = [d if isinstance(d, Decision) else Decision(*d) for d in decisions]
    ordered = {(min(d.left, d.right), max(d.left, d.right), d.together) for d in made}
    return tuple(Decision(*d) for d in sorted(ordered))
