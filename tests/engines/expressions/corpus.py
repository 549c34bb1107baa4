"""A generated corpus: well-typed trees made from the library itself, and records with gaps, edges and wrong types."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
    LABELS,
    MOMENT,
    TEXT,
    Attribute,
    Catalogue,
    Expression,
    Kind,
    Layout,
    Type,
    ast,
    list_of,
)
from klantbeeld.engines.expressions.functions import LIBRARY
from klantbeeld.engines.expressions.overloads import Overload

NOW = datetime(2026, 11, 21, 22, 30, 0, 250_000, tzinfo=UTC)  # the next day in Amsterdam
ZONE = "Europe/Amsterdam"
ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kathmandu")
SCALARS = (BOOLEAN, INTEGER, DECIMAL, TEXT, DATE, MOMENT, DURATION)
CATALOGUE = Catalogue(
    (
        *(Attribute(f"{type_.kind.value}_{number}", type_) for type_ in SCALARS for number in (1, 2)),
        *(Attribute(f"list.{type_.kind.value}", list_of(type_)) for type_ in SCALARS),
        Attribute("title", LABELS, "titel", "title"),
    )
)

# The same examples each time; KLANTBEELD_TEST_EXAMPLES=20000 looks for new ones.
_EXAMPLES = os.environ.get("KLANTBEELD_TEST_EXAMPLES")
RELAXED = settings(
    max_examples=int(_EXAMPLES or 250),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=_EXAMPLES is None,
    database=None,
)

# --- values
WHOLES = st.one_of(
    st.integers(-5, 40),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63), 2**31, 3_000_000]),
)
DECIMALS = st.one_of(
    st.decimals(-100, 100, places=2),
    st.decimals(-(10**25), 10**25, places=12),
    st.sampled_from(
        [Decimal("0.0"), Decimal("0.000000000001"), Decimal("-0.5"), Decimal("99999999999999999999999999.5")]
    ),
)
CHARACTERS = st.sampled_from(list("abzAZ09 _-\"'\\\n%éÉßŸİΩ漢😀{}$\t\u00a0"))
WORDS = st.one_of(st.sampled_from(["", "a", "Delft", "Den Haag", "%s", "{0}"]), st.text(CHARACTERS, max_size=6))
DAYS = st.one_of(
    st.dates(),
    st.sampled_from(["0001-01-01", "9999-12-31", "2024-02-29", "2023-02-28", "2026-11-21", "2026-11-22"]),
).map(str)
MOMENTS = st.one_of(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from([datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999), NOW.replace(tzinfo=None)]),
).flatmap(lambda at: st.sampled_from(["Z", "+01:00", "-05:30", "+14:00"]).map(lambda offset: at.isoformat() + offset))
LENGTHS = st.one_of(
    st.integers(-100_000, 10_000_000).map(lambda seconds: f"{seconds}s"),
    st.sampled_from(["0s", "0.000001s", "-1.5s", "315576000000s", "315576000001s", "86400s"]),
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOLEAN: st.booleans(),
    Kind.INTEGER: WHOLES,
    Kind.DECIMAL: DECIMALS,
    Kind.TEXT: WORDS,
    Kind.DATE: DAYS,
    Kind.MOMENT: MOMENTS,
    Kind.DURATION: LENGTHS,
}
# What may stand in a document where something else was declared.
STRANGE = st.sampled_from(
    [
        *(None, True, 12, 3.0, 2.5, 1e30, 1e-20, 2**63, "x", "", [], {}, ["a", None, 1], {"nl": 3, "en": "title"}),
        *("2023-02-29", "0000-01-01", "2024-1-1", "24-01-01", "2024-01-01\n", "12s", "1h"),
        *("2024-01-01T25:00:00Z", "2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "2024-01-01T00:00:60Z"),
        "0001-01-01T00:00:00+14:00",
    ]
)


@cache
def records() -> st.SearchStrategy[dict[str, Any]]:
    """Documents in which any attribute may be absent or of another type."""
    fields = {f"{type_.kind.value}_{number}": _field(type_) for type_ in SCALARS for number in (1, 2)}
    lists = {
        type_.kind.value: st.one_of(st.lists(st.one_of(VALUES[type_.kind], STRANGE), max_size=4), STRANGE)
        for type_ in SCALARS
    }
    labels = st.one_of(st.fixed_dictionaries({}, optional={"nl": WORDS, "en": WORDS}), STRANGE)
    nested = st.one_of(st.fixed_dictionaries({}, optional=lists), st.fixed_dictionaries({}, optional=lists), STRANGE)
    return st.fixed_dictionaries({}, optional={**fields, "list": nested, "title": labels})


def _field(type_: Type) -> st.SearchStrategy[Any]:
    value = VALUES[type_.kind]
    return st.one_of(value, value, value, STRANGE)


def to_json(document: Any) -> str:
    """The document as JSON text."""
    return json.dumps(document)


def plain(document: Any) -> Any:
    """The document with decimals as numbers that JSON writes without loss."""
    if isinstance(document, dict):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, list):
        return [plain(value) for value in document]
    return float(document) if isinstance(document, Decimal) else document


# --- trees
@dataclass(frozen=True, eq=False)
class Grammar:
    """Which part of the language the trees are made of."""

    overloads: tuple[Overload, ...] = LIBRARY
    types: tuple[Type, ...] = SCALARS
    names: Callable[[Type], Iterable[str]] | None = None
    constants: dict[Kind, st.SearchStrategy[ast.Node]] | None = None
    widening: bool = True
    macros: tuple[str, ...] = ("all", "exists", "exists_one", "filter", "map")
    has: bool = True
    clock: bool = True


def _literal(kind: ast.LiteralKind) -> Callable[[Any], ast.Node]:
    return lambda value: ast.Literal(kind, value)


def _call(function: str) -> Callable[[str], ast.Node]:
    return lambda text: ast.Call(function, None, (ast.Literal(ast.LiteralKind.TEXT, text),))


CONSTANTS: dict[Kind, st.SearchStrategy[ast.Node]] = {
    Kind.BOOLEAN: st.booleans().map(_literal(ast.LiteralKind.BOOLEAN)),
    Kind.INTEGER: WHOLES.map(_literal(ast.LiteralKind.INTEGER)),
    Kind.DECIMAL: DECIMALS.map(_literal(ast.LiteralKind.DECIMAL)),
    Kind.TEXT: WORDS.map(_literal(ast.LiteralKind.TEXT)),
    Kind.DATE: DAYS.map(_call("date")),
    Kind.MOMENT: MOMENTS.filter(lambda text: not text.startswith(("0001", "9999"))).map(_call("timestamp")),
    Kind.DURATION: st.sampled_from(["36h", "1h30m", "-90s", "1.5s", "0", "2540400h10m0.000000000000s"]).map(
        _call("duration")
    ),
}
PATTERNS = [
    "^a",
    "[A-Z][a-z]+$",
    "\\d{2,}",
    ".",
    "^\\w*$",
    "(a|b)+z?",
    "[^a-z]",
    "^Den (Haag|Bosch)$",
    "\\s",
    "é|É",
    "a{0}",
]


WHOLE = Grammar()


def trees(type_: Type, grammar: Grammar = WHOLE, depth: int = 4) -> st.SearchStrategy[ast.Node]:
    """Trees of which the value has the type."""
    return _trees(type_, grammar, depth, ())


@cache
def _trees(type_: Type, g: Grammar, depth: int, scope: tuple[tuple[str, Type], ...]) -> st.SearchStrategy[ast.Node]:
    leaves = _leaves(type_, g, scope)
    if depth <= 0:
        return leaves
    return st.one_of(leaves, st.deferred(lambda: _branches(type_, g, depth - 1, scope)))


@cache
def _leaves(type_: Type, g: Grammar, scope: tuple[tuple[str, Type], ...]) -> st.SearchStrategy[ast.Node]:
    options: list[st.SearchStrategy[ast.Node]] = []
    if type_.kind is Kind.LIST:
        options.append(st.just(ast.Select(ast.Name("list"), type_.of.kind.value)))
        return options[0]
    options.append(st.sampled_from([ast.Name(f"{type_.kind.value}_{number}") for number in (1, 2)]))
    options.append((g.constants or CONSTANTS)[type_.kind])
    options.extend(st.just(ast.Name(name)) for name, of in scope if of == type_)
    if type_ == TEXT and g.has:
        options.append(st.sampled_from([ast.Select(ast.Name("title"), side) for side in ("nl", "en")]))
    if g.clock and type_ in (MOMENT, DATE):
        options.append(st.just(ast.Name("now" if type_ == MOMENT else "today")))
    if g.widening and type_ == DECIMAL:
        options.append(_leaves(INTEGER, g, scope))
    return st.one_of(options)


@cache
def _branches(type_: Type, g: Grammar, depth: int, scope: tuple[tuple[str, Type], ...]) -> st.SearchStrategy[ast.Node]:
    def of(wanted: Type) -> st.SearchStrategy[ast.Node]:
        return _trees(wanted, g, depth, scope)

    options: list[st.SearchStrategy[ast.Node]] = []
    if type_.kind is Kind.LIST:
        options.append(st.lists(of(type_.of), min_size=1, max_size=3).map(lambda items: ast.ListLiteral(tuple(items))))
        if "filter" in g.macros and len(scope) < 2:
            options.append(_macro("filter", type_.of, BOOLEAN, g, depth, scope))
        if "map" in g.macros and len(scope) < 2:
            options.extend(_macro("map", each, type_.of, g, depth, scope) for each in g.types)
        return st.one_of(options)
    usable = [each for each in g.overloads if each.result == type_ and set(each.parameters) <= _usable(g)]
    if usable:
        options.append(st.sampled_from(usable).flatmap(lambda overload: _applied(overload, of)))
    options.append(st.builds(ast.Conditional, of(BOOLEAN), of(type_), of(type_)))
    if type_ == BOOLEAN:
        options.extend(_conditions(g, depth, scope, of))
    return st.one_of(options)


@cache
def _usable(g: Grammar) -> set[Type]:
    return {*g.types, *(list_of(each) for each in g.types)}


def _conditions(
    g: Grammar, depth: int, scope: tuple[tuple[str, Type], ...], of: Callable[[Type], st.SearchStrategy[ast.Node]]
) -> Iterable[st.SearchStrategy[ast.Node]]:
    terms = st.lists(of(BOOLEAN), min_size=2, max_size=3).map(tuple)
    yield st.builds(ast.Logic, st.sampled_from(["&&", "||"]), terms)
    yield st.sampled_from(g.types).flatmap(
        lambda each: st.builds(ast.Binary, st.just("in"), of(each), of(list_of(each)))
    )
    pattern = st.sampled_from(PATTERNS).map(_literal(ast.LiteralKind.TEXT))
    yield st.builds(lambda text, regex: ast.Call("matches", text, (regex,)), of(TEXT), pattern)
    if g.has:
        names = [ast.Name(f"{each.kind.value}_1") for each in g.types] + [ast.Name("title")]
        yield st.sampled_from(names).map(lambda name: ast.Has(name))
    if len(scope) < 2:
        for macro in set(g.macros) - {"filter", "map"}:
            for each in g.types:
                yield _macro(macro, each, BOOLEAN, g, depth, scope)


def _macro(
    macro: str, element: Type, body: Type, g: Grammar, depth: int, scope: tuple[tuple[str, Type], ...]
) -> st.SearchStrategy[ast.Node]:
    variable = "xyz"[len(scope)]
    inner = _trees(body, g, min(depth, 2), (*scope, (variable, element)))
    target = _trees(list_of(element), g, min(depth, 1), scope)
    return st.builds(lambda over, what: ast.Macro(macro, over, variable, what), target, inner)


def _applied(overload: Overload, of: Callable[[Type], st.SearchStrategy[ast.Node]]) -> st.SearchStrategy[ast.Node]:
    operands = [of(each) for each in overload.parameters]
    if overload.name.startswith("get") and len(operands) == 2:
        operands[1] = st.sampled_from(ZONES).map(_literal(ast.LiteralKind.TEXT))
    return st.tuples(*operands).map(lambda written: _written(overload, written))


def _written(overload: Overload, operands: tuple[ast.Node, ...]) -> ast.Node:
    if overload.style == "function":
        return ast.Call(overload.name, None, operands)
    if overload.style == "method":
        return ast.Call(overload.name, operands[0], operands[1:])
    if overload.name == "[]":
        return ast.Index(*operands)
    if len(operands) == 2:
        return ast.Binary(overload.name, *operands)
    number = isinstance(operands[0], ast.Literal) and overload.name == "-"
    return ast.Unary("-", ast.Unary("-", operands[0])) if number else ast.Unary(overload.name, operands[0])


# --- both paths
def in_database(
    postgresql: psycopg.Connection[Any],
    expression: Expression,
    documents: list[Any],
    layout: Layout,
    *,
    fold: bool = True,
) -> list[Any]:
    """What PostgreSQL makes of the expression for each document."""
    sql = expression.sql(layout, now=NOW, zone=ZONE, fold=fold)
    value = f"extract(epoch from {sql.text})" if expression.type == MOMENT else sql.text
    rows = "unnest(%(documents)s::jsonb[]) WITH ORDINALITY AS r(data, n)"
    if layout.columns:
        typed = ", ".join(f"(r.data ->> '{name}')::bigint AS {name}" for name in layout.columns)
        rows += f", LATERAL (SELECT {typed} OFFSET 0) AS c"
    statement = f"SELECT {value} FROM {rows} ORDER BY n"
    parameters = {**sql.parameters, "documents": [to_json(each) for each in documents]}
    return [row[0] for row in postgresql.execute(statement, parameters)]


def comparable(value: Any) -> Any:
    """The value as the database would give it."""
    if isinstance(value, tuple | list):
        return [comparable(each) for each in value]
    if isinstance(value, datetime):
        return comparable(value - datetime(1970, 1, 1, tzinfo=UTC))
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(microseconds=1)).scaleb(-6)
    return value
