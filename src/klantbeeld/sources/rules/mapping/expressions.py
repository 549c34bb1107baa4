"""Conditions of a declaration in the rule language, over values of the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DATE,
    DECIMAL,
    MOMENT,
    TEXT,
    Attribute,
    Catalogue,
    Expression,
    compile_expression,
    list_problems,
)
from klantbeeld.engines.expressions import Problem as ExpressionProblem

TYPES = {"text": TEXT, "number": DECIMAL, "money": DECIMAL, "boolean": BOOLEAN, "date": DATE, "moment": MOMENT}


def kind_of(spec: Any) -> str:
    """How a value of a condition is read: as it says, else as text; an amount as the number it is."""
    kind = str(spec.get("as", "text")) if isinstance(spec, Mapping) else "text"
    return "number" if kind == "money" else kind


def compiled(condition: Mapping[str, Any]) -> Expression:
    """The expression of a condition that was checked."""
    return compile_expression(condition["expression"], _catalogue(condition))


def problems_of(condition: Mapping[str, Any]) -> list[ExpressionProblem]:
    """Everything that is wrong with the expression of a condition."""
    return list(list_problems(condition["expression"], _catalogue(condition)))


def _catalogue(condition: Mapping[str, Any]) -> Catalogue:
    return Catalogue(
        [Attribute(name, TYPES[kind_of(spec)], nl=name, en=name) for name, spec in condition["columns"].items()]
    )
