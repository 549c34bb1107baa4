"""Where attributes are in the database, and how each type is read there without ever raising an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from klantbeeld.engines.expressions.functions.bounds import (
    bounded_decimal,
    bounded_duration,
    bounded_integer,
    bounded_moment,
)
from klantbeeld.engines.expressions.types import Kind, Type
from klantbeeld.engines.expressions.values import DATE_PATTERN, MOMENT_PATTERN, SECONDS_PATTERN

_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62}){0,2}")
_TO_DATE = """'$.datetime("YYYY-MM-DD")', '{}', true"""  # silent: a day that does not exist gives NULL, not an error


@dataclass(frozen=True, slots=True)
class Layout:
    """A jsonb column that holds the document, and columns for the attributes that have one of their own.

    Names are `column`, `alias.column` or `schema.table.column`. A column must have the type that the attribute
    declares (bigint or smaller, numeric with at most 12 decimals, text with a deterministic collation, boolean, date,
    timestamptz, interval without months, arrays of these, jsonb for labels); it is then read as it is, so that its
    index is of use. Raises ValueError for a name that is not a plain one.
    """

    document: str | None = "data"
    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.columns.values(), *(() if self.document is None else (self.document,))):
            if not _COLUMN.fullmatch(name):
                raise ValueError(f"{name!r} is not a column name; use column, alias.column or schema.table.column.")

    def find_column(self, attribute: str) -> str | None:
        """Return the quoted column of the attribute, if it has one."""
        name = self.columns.get(attribute)
        return None if name is None else _quote(name)

    def document_for(self, attribute: str) -> str:
        """Return the quoted jsonb column; raises LookupError if there is none to find the attribute in."""
        if self.document is None:
            raise LookupError(f"The attribute {attribute!r} has no column, and the layout has no document.")
        return _quote(self.document)


def from_column(type_: Type, column: str) -> str:
    """Return SQL for the value in a column; the casts do nothing where the column has the declared type."""
    match type_.kind:
        case Kind.INTEGER | Kind.LIST | Kind.LABELS:
            return column
        case Kind.DURATION:
            return f"extract(epoch from {column})"
        case Kind.MOMENT:
            return f"{column}::timestamptz"
    return f"{column}::{'numeric' if type_.kind is Kind.DECIMAL else type_.kind.value}"


def from_json(type_: Type, json: str) -> str:
    """Return SQL for the value in a jsonb fragment: NULL where it is absent or not of the type."""
    if type_.kind is Kind.LIST:
        element = from_json(type_.of, "expr_j.expr_e")
        elements = f"jsonb_array_elements({json}) WITH ORDINALITY AS expr_j(expr_e, expr_n)"
        array = f"COALESCE((SELECT array_agg({element} ORDER BY expr_j.expr_n) FROM {elements}), '{{}}')"  # noqa: S608
        return f"(CASE jsonb_typeof({json}) WHEN 'array' THEN {array} END)"
    name, value = _scalar(type_.kind, json)
    return f"(CASE WHEN jsonb_typeof({json}) = '{name}' THEN {value} END)"


def _scalar(kind: Kind, json: str) -> tuple[str, str]:
    number, text = f"({json})::numeric", f"({json} #>> '{{}}')"
    match kind:
        case Kind.BOOLEAN:
            return "boolean", f"({json})::boolean"
        case Kind.DECIMAL:
            return "number", bounded_decimal(number)
        case Kind.INTEGER:
            return "number", bounded_integer(f"CASE WHEN trunc({number}) = {number} THEN trunc({number}) END")
        case Kind.TEXT:
            return "string", text
        case Kind.DATE:
            day = f"(jsonb_path_query_first({json}, {_TO_DATE}) #>> '{{}}')::date"
            return "string", _where(text, DATE_PATTERN, day)
        case Kind.MOMENT:
            exists = f"jsonb_path_query_first(to_jsonb(left({text}, 10)), {_TO_DATE}) IS NOT NULL"
            moment = f"CASE WHEN {exists} THEN {bounded_moment(f'{text}::timestamptz')} END"
            return "string", _where(text, MOMENT_PATTERN, moment)
        case Kind.DURATION:
            return "string", _where(text, SECONDS_PATTERN, bounded_duration(f"rtrim({text}, 's')::numeric"))
    return "object", json


def _where(text: str, pattern: str, value: str) -> str:
    return f"CASE WHEN {text} ~ '^(?:{pattern})$' THEN {value} END"


def _quote(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split("."))
