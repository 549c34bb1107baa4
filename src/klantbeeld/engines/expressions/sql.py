"""Typed tree to PostgreSQL (15 and later): text with named placeholders, and the parameters beside it.

Nothing a user wrote reaches the text: constants and paths are parameters, columns are checked and quoted. Unknown is
NULL, and NULL behaves in SQL as unknown does here (ISO/IEC 9075-2, 6.39, is Kleene's logic). No fragment can raise an
error, in whatever order the planner runs it, and none repeats an operand, so the text grows linearly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from string import Formatter
from typing import Any

from klantbeeld.engines.expressions.closure import Frame, make_closure
from klantbeeld.engines.expressions.functions.texts import NAMED
from klantbeeld.engines.expressions.sql_layout import Layout, from_column, from_json
from klantbeeld.engines.expressions.typed import (
    AllOrAny,
    Apply,
    Choice,
    Clock,
    Comprehension,
    Constant,
    Given,
    Items,
    Known,
    Matches,
    Member,
    Read,
    Typed,
    Variable,
    Widen,
    walk,
)
from klantbeeld.engines.expressions.types import DATE, INTEGER, MOMENT, TEXT, Kind, Type, list_of

_CASTS = {
    Kind.BOOLEAN: "boolean",
    Kind.INTEGER: "bigint",
    Kind.DECIMAL: "numeric",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamptz",
    Kind.DURATION: "numeric",  # seconds
}
_FINISH = {
    "all": "CASE WHEN bool_or(NOT expr_q.expr_k) THEN false WHEN bool_or(expr_q.expr_k IS NULL) THEN NULL"
    " ELSE true END",
    "exists": "CASE WHEN bool_or(expr_q.expr_k) THEN true WHEN bool_or(expr_q.expr_k IS NULL) THEN NULL ELSE false END",
    "exists_one": "CASE WHEN count(*) FILTER (WHERE expr_q.expr_k) > 1 THEN false"
    " WHEN bool_or(expr_q.expr_k IS NULL) THEN NULL ELSE count(*) FILTER (WHERE expr_q.expr_k) = 1 END",
    "filter": "CASE WHEN bool_or(expr_q.expr_k IS NULL) THEN NULL"
    " ELSE COALESCE(array_agg(expr_q.expr_v ORDER BY expr_q.expr_n) FILTER (WHERE expr_q.expr_k), '{}') END",
    "map": "COALESCE(array_agg(expr_q.expr_k ORDER BY expr_q.expr_n), '{}')",
}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL: text with placeholders `%(name)s` as psycopg and Django take them, and their values."""

    text: str
    parameters: Mapping[str, Any]

    @property
    def condition(self) -> str:
        """Return the text for WHERE that holds only where the expression is true, also under NOT."""
        return f"{self.text} IS TRUE"


def make_sql(node: Typed, layout: Layout, frame: Frame, *, prefix: str = "e", fold: bool = True) -> Sql:
    """Return the SQL of the node.

    `frame` holds what is handed in (its record is not looked at). `prefix` starts every placeholder name, so that two
    expressions fit in one statement. With `fold`, what depends on no attribute is computed here, so that the
    database sees a plain value and can use an index.
    """
    writer = _Writer(layout, frame, prefix, fold)
    return Sql(writer.write(node), writer.parameters)


class _Writer:
    def __init__(self, layout: Layout, frame: Frame, prefix: str, fold: bool) -> None:
        if not prefix.isidentifier():
            raise ValueError(f"The prefix {prefix!r} is not a name; use letters, digits and _.")
        self.layout = layout
        self.frame = frame
        self.prefix = prefix
        self.fold = fold
        self.parameters: dict[str, Any] = {}
        self.bound: dict[tuple[str, str], str] = {}
        self.named = _Named(self)

    def write(self, node: Typed) -> str:
        if self.fold and isinstance(node, Apply | Choice | Items | Widen) and _is_constant(node):
            return self.constant(node.type, make_closure(node)(self.frame))
        match node:
            case Constant(type=type_, value=value):
                return self.constant(type_, value)
            case Given(clock=clock):
                return self.given(clock)
            case Read():
                return self.read(node)
            case Variable(slot=slot):
                return f"expr_t{slot}.expr_v"
            case Known(read=read):
                return f"({self.read(read)} IS NOT NULL)"
            case AllOrAny(every=every, terms=terms):
                return f"({(' AND ' if every else ' OR ').join(self.write(term) for term in terms)})"
            case Choice(condition=condition, yes=yes, no=no):
                branches = f"WHEN true THEN {self.write(yes)} WHEN false THEN {self.write(no)}"
                return f"(CASE {self.write(condition)} {branches} END)"
            case Items(type=type_, items=items):
                return f"(ARRAY[{', '.join(self.write(item) for item in items)}]::{_cast(type_)})"
            case Member(item=item, list=several):
                # Without a cast, ANY would take the SELECT of a list macro for a set of rows.
                cast = f"::{_cast(several.type)}" if isinstance(several, Comprehension) else ""
                return f"({self.write(item)} = ANY ({self.write(several)}{cast}))"
            case Apply(overload=overload, operands=operands):
                return f"({Formatter().vformat(overload.sql, [self.write(each) for each in operands], self.named)})"
            case Widen(type=type_, operand=operand):
                return f"({self.write(operand)}::{_cast(type_)})"
            case Matches(operand=operand, regex=regex):
                return f"({self.write(operand)} ~ {self.constant(TEXT, regex.postgresql)})"
            case Comprehension():
                return self.comprehension(node)
        raise TypeError(f"A {type(node).__name__} has no SQL.")

    def comprehension(self, node: Comprehension) -> str:
        slot = node.variable.slot
        elements = f"unnest(expr_l{slot}.expr_a) WITH ORDINALITY AS expr_t{slot}(expr_v, expr_n)"
        columns = f"expr_t{slot}.expr_v, expr_t{slot}.expr_n, {self.write(node.body)} AS expr_k"
        result = f"(SELECT {_FINISH[node.macro]} FROM (SELECT {columns} FROM {elements} OFFSET 0) AS expr_q)"  # noqa: S608
        source = f"(SELECT {self.write(node.list)} AS expr_a OFFSET 0) AS expr_l{slot}"  # OFFSET 0: computed once
        return f"(SELECT CASE WHEN expr_l{slot}.expr_a IS NULL THEN NULL ELSE {result} END FROM {source})"  # noqa: S608

    def read(self, node: Read) -> str:
        column = self.layout.find_column(node.attribute.name)
        if column is None:
            document = self.layout.document_for(node.attribute.name)
            path = node.path
            if len(path) == 1:
                return from_json(node.type, f"({document} -> {self.constant(TEXT, path[0])})")
            return from_json(node.type, f"({document} #> {self.constant(list_of(TEXT), path)})")
        if node.language is not None:
            return from_json(node.type, f"({column} -> {self.constant(TEXT, node.language)})")
        return from_column(node.type, column)

    def given(self, clock: Clock) -> str:
        if clock is Clock.NOW:
            return self.constant(MOMENT, self.frame.now)
        return self.constant(*((DATE, self.frame.today) if clock is Clock.TODAY else (TEXT, self.frame.zone)))

    def constant(self, type_: Type, value: Any) -> str:
        cast = "bigint[]" if type_ == list_of(INTEGER) else _cast(type_)
        key = (cast, repr(value))
        if key not in self.bound:
            name = f"{self.prefix}{len(self.bound)}"
            self.bound[key] = f"%({name})s::{cast}"
            self.parameters[name] = _plain(value)
        return self.bound[key]


class _Named(dict[str, str]):
    """What the templates of the library name besides operands; each is bound when it is first met."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__()
        self.writer = writer

    def __missing__(self, name: str) -> str:
        return self.writer.constant(TEXT, NAMED[name]) if name in NAMED else self.writer.given(Clock(name))


def _cast(type_: Type) -> str:
    if type_.kind is not Kind.LIST:
        return _CASTS[type_.kind]
    element = type_.of.kind
    return "numeric[]" if element is Kind.INTEGER else f"{_CASTS[element]}[]"


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(microseconds=1)).scaleb(-6)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _is_constant(node: Typed) -> bool:
    return not any(isinstance(each, Read | Variable) for each in walk(node))
