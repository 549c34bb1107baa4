"""What of a stored record is evidence of who somebody is: from catalogue and identifiers to columns of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from klantbeeld.engines.matching import Field, FieldType, Schema
from klantbeeld.engines.matching import Kind as EngineKind
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.ports import Said
from klantbeeld.sources.contracts import Kind

ADDRESS = ("street", "house_number", "house_suffix", "postcode", "city")
SCHEMES = ("iban", "kvk", "loyalty", "passport", "vat")
"""Schemes of numbers that are compared from the start; others join when a model is trained."""

LOCAL_SCHEMES = frozenset({"customer_number", "email", "phone"})
"""Numbers that mean nothing outside their own source (two sources count from 1), or that are compared as attributes."""

_TYPES = {"kvk": FieldType.KVK, "vat": FieldType.VAT}


def schema_of(kind: Kind, specs: Mapping[str, AttributeSpec], schemes: Iterable[str]) -> Schema:
    """The engine's schema for a kind of party: its attributes that say something about identity, and its numbers."""
    fields: list[Field] = []
    for code, spec in specs.items():
        if not spec.matching:
            continue
        meaning = FieldType(spec.matching)
        if meaning is FieldType.ADDRESS:
            fields += [Field(f"{code}.{part}", FieldType(part), group=code) for part in ADDRESS]
        else:
            fields.append(Field(code, meaning, scheme=code if meaning is FieldType.IDENTIFIER else ""))
    wanted = sorted(set(schemes) - LOCAL_SCHEMES)
    fields += [Field(f"#{scheme}", _TYPES.get(scheme, FieldType.IDENTIFIER), scheme=scheme) for scheme in wanted]
    return Schema(tuple(fields), EngineKind(kind.code), source="source")


def values_of(record: Said, specs: Mapping[str, AttributeSpec]) -> dict[str, Any]:
    """The columns of one record, lists where it has several values."""
    values: dict[str, Any] = {"source": str(record.source_id)}
    for code, value in record.attributes.items():
        spec = specs.get(code)
        if spec is None or not spec.matching or value in (None, "", []):
            continue
        plain = [_plain(one) for one in value] if isinstance(value, list) else [_plain(value)]
        if spec.matching == FieldType.ADDRESS:
            places = [place for place in plain if isinstance(place, dict)]
            for part in ADDRESS:
                values[f"{code}.{part}"] = [place.get(part) or "" for place in places]
        else:
            values[code] = plain if len(plain) > 1 else plain[0]
    for number in record.identifiers:
        if number.of == record.kind.code and number.scheme not in LOCAL_SCHEMES:
            values.setdefault(f"#{number.scheme}", []).append(number.value)
    return values


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value
