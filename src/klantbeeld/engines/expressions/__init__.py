"""One rule language (a CEL profile): text -> typed AST -> closure, SQL, Dutch and English sentence."""

from klantbeeld.engines.expressions.catalogue import Attribute, Catalogue
from klantbeeld.engines.expressions.errors import ExpressionError, Language, Problem, Span
from klantbeeld.engines.expressions.limits import DEFAULT_LIMITS, Limits
from klantbeeld.engines.expressions.program import Expression, compile_expression, list_problems
from klantbeeld.engines.expressions.sql import Sql
from klantbeeld.engines.expressions.sql_layout import Layout
from klantbeeld.engines.expressions.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
    LABELS,
    MOMENT,
    TEXT,
    Kind,
    Type,
    list_of,
)

__all__ = [
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "DEFAULT_LIMITS",
    "DURATION",
    "INTEGER",
    "LABELS",
    "MOMENT",
    "TEXT",
    "Attribute",
    "Catalogue",
    "Expression",
    "ExpressionError",
    "Kind",
    "Language",
    "Layout",
    "Limits",
    "Problem",
    "Span",
    "Sql",
    "Type",
    "compile_expression",
    "list_of",
    "list_problems",
]
