"""Every operator and function by itself: the closure and PostgreSQL agree on ordinary values, edges and gaps."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.engines.expressions.corpus import CATALOGUE, NOW, ZONE, comparable, in_database

from klantbeeld.engines.expressions import INTEGER, TEXT, Kind, Layout, ast, compile_expression
from klantbeeld.engines.expressions.functions import LIBRARY, find_overloads
from klantbeeld.engines.expressions.overloads import Overload
from klantbeeld.engines.expressions.types import Type
from klantbeeld.engines.expressions.unparse import to_text

COLUMNS = Layout("r.data", {"integer_1": "c.integer_1", "integer_2": "c.integer_2"})  # bigint, which can overflow
EDGES: dict[Kind, list[Any]] = {
    Kind.BOOLEAN: [True, False, None],
    Kind.INTEGER: [0, 1, -1, 7, -12, 100, 2**31, 3_000_000, 119_988, 2**63 - 1, -(2**63), None],
    Kind.DECIMAL: [0, 0.5, -0.5, 1.5, -2.5, 3, 1e-12, -7.123456789012, 1e13, 9.9e25, -9.9e25, 1e26, None],
    Kind.TEXT: ["", "a", "Aa", "aÉ", "Éa", "ß", " x\u00a0", "\tA\n", "😀", "%_", None],
    Kind.DATE: ["2024-02-29", "2023-02-28", "2026-11-21", "2026-12-31", "0001-01-01", "9999-12-31", "2000-01-31", None],
    Kind.MOMENT: [
        *("2026-11-21T22:30:00.25Z", "2024-03-31T01:00:00Z", "2024-10-27T02:30:00+02:00", "1970-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", None),
    ],
    Kind.DURATION: ["0s", "0.000001s", "-1.5s", "3600s", "86399.999999s", "315576000000s", "-315576000000s", None],
}


def tree_of(overload: Overload, second: str | None) -> ast.Node:
    names: list[ast.Node] = [attribute(type_, number) for number, type_ in enumerate(overload.parameters, 1)]
    if second is not None:
        names[1] = ast.Literal(ast.LiteralKind.TEXT, second)
    if overload.style == "operator" and overload.name == "[]":
        return ast.Index(*names)
    if overload.style == "operator":
        return ast.Binary(overload.name, *names) if len(names) == 2 else ast.Unary(overload.name, *names)
    if overload.style == "method":
        return ast.Call(overload.name, names[0], tuple(names[1:]))
    return ast.Call(overload.name, None, tuple(names))


def attribute(type_: Type, number: int) -> ast.Node:
    if type_.kind is Kind.LIST:
        return ast.Select(ast.Name("list"), type_.of.kind.value)
    return ast.Name(f"{type_.kind.value}_{number}")


def documents(overload: Overload) -> list[dict[str, Any]]:
    columns = [edges(type_) for type_ in overload.parameters]
    made = []
    for values in product(*columns):
        document: dict[str, Any] = {}
        for number, (type_, value) in enumerate(zip(overload.parameters, values, strict=True), 1):
            if type_.kind is Kind.LIST:
                document["list"] = {type_.of.kind.value: value}
            else:
                document[f"{type_.kind.value}_{number}"] = value
        made.append(document)
    return made


def edges(type_: Type) -> list[Any]:
    if type_.kind is not Kind.LIST:
        return EDGES[type_.kind]
    values = EDGES[type_.of.kind]
    return [[], values[:1], values, None]


@pytest.mark.parametrize("overload", LIBRARY, ids=lambda each: f"{each.name}({', '.join(map(str, each.parameters))})")
def test_closure_and_postgresql_agree_on_edges(postgresql: psycopg.Connection[Any], overload: Overload) -> None:
    zoned = overload.name.startswith("get") and overload.parameters[1:] == (TEXT,)
    text = to_text(tree_of(overload, "America/New_York" if zoned else None))
    expression = compile_expression(text, CATALOGUE, wanted=overload.result)
    rows = documents(overload)
    run = expression.bind(now=NOW, zone=ZONE)
    ours = [comparable(run(row)) for row in rows]
    for layout in (Layout("r.data"), COLUMNS) if INTEGER in overload.parameters else (Layout("r.data"),):
        theirs = in_database(postgresql, expression, rows, layout)
        assert [row for row, a, b in zip(rows, ours, theirs, strict=True) if a != b] == []
    assert any(value is not None for value in ours)


@pytest.mark.parametrize("overload", LIBRARY, ids=lambda each: f"{each.name}({', '.join(map(str, each.parameters))})")
def test_overload_names_each_operand_once(overload: Overload) -> None:
    """Twice would double the SQL at each level of nesting."""
    assert [overload.sql.count(f"{{{number}}}") for number in range(len(overload.parameters))] == [1] * len(
        overload.parameters
    )


@pytest.mark.parametrize(("name", "style"), [("+", "operator"), ("size", "function"), ("days_since", "function")])
def test_name_with_several_meanings_is_found(name: str, style: Any) -> None:
    assert len(find_overloads(name, style)) > 1


@pytest.mark.parametrize("name", sorted({each.name for each in LIBRARY if each.name.isidentifier()}))
def test_function_is_in_the_documentation(name: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text()
    assert re.search(rf"`{name}[`(]", text)
