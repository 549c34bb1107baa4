"""An expression that was read and checked: one object that runs it, writes its SQL and says it in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from klantbeeld.engines.expressions import ast, values
from klantbeeld.engines.expressions.catalogue import Catalogue
from klantbeeld.engines.expressions.check import check
from klantbeeld.engines.expressions.closure import Frame, make_closure
from klantbeeld.engines.expressions.errors import ExpressionError, Language, Problem
from klantbeeld.engines.expressions.limits import DEFAULT_LIMITS, Limits
from klantbeeld.engines.expressions.parser import read
from klantbeeld.engines.expressions.sentence import make_sentence
from klantbeeld.engines.expressions.sql import Sql, make_sql
from klantbeeld.engines.expressions.sql_layout import Layout
from klantbeeld.engines.expressions.typed import Read, Typed, walk
from klantbeeld.engines.expressions.types import BOOLEAN, Type
from klantbeeld.engines.expressions.unparse import to_text

DEFAULT_LAYOUT = Layout()


def compile_expression(
    source: str, catalogue: Catalogue, *, wanted: Type | None = BOOLEAN, limits: Limits = DEFAULT_LIMITS
) -> Expression:
    """Return the expression, ready for use; raises ExpressionError with every problem found.

    `wanted` is the type it must have: a condition unless said otherwise, any type when None.
    """
    problems: list[Problem] = []
    tree = read(source, problems, limits)
    node = check(tree, catalogue, problems, wanted)
    if problems or node is None:
        raise ExpressionError(source, problems)
    return Expression(source, tree, node)


def list_problems(
    source: str, catalogue: Catalogue, *, wanted: Type | None = BOOLEAN, limits: Limits = DEFAULT_LIMITS
) -> tuple[Problem, ...]:
    """Return what is wrong with the text, in the order of the text; nothing if it can be used."""
    try:
        compile_expression(source, catalogue, wanted=wanted, limits=limits)
    except ExpressionError as error:
        return error.problems
    return ()


@dataclass(frozen=True)
class Expression:
    """An expression without problems: the text as written, its tree and its typed tree."""

    source: str
    tree: ast.Node
    node: Typed

    @property
    def type(self) -> Type:
        """Return the type of its value."""
        return self.node.type

    @cached_property
    def text(self) -> str:
        """Return it in the one canonical spelling."""
        return to_text(self.tree)

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Return the names of the attributes it uses, each once, in the order of first use."""
        return tuple(dict.fromkeys(each.attribute.name for each in walk(self.node) if isinstance(each, Read)))

    @cached_property
    def _closure(self) -> Callable[[Frame], Any]:
        return make_closure(self.node)

    def evaluate(self, record: Mapping[str, Any], *, now: datetime, zone: str = "UTC") -> Any:
        """Return its value for a record, None when unknown.

        `record` holds JSON values or the Python values they stand for; `now` is an aware moment, and `zone` (an IANA
        name) tells on which day a moment falls. Raises ValueError for a `now` without offset and for a zone that
        does not exist.
        """
        return self._closure(_frame(record, now, zone))

    def holds(self, record: Mapping[str, Any], *, now: datetime, zone: str = "UTC") -> bool:
        """Say whether the condition is true for a record; unknown is not true."""
        return self.evaluate(record, now=now, zone=zone) is True

    def bind(self, *, now: datetime, zone: str = "UTC") -> Callable[[Mapping[str, Any]], Any]:
        """Return a function of the record alone, for many records at one moment."""
        closure, frame = self._closure, _frame({}, now, zone)
        today = frame.today
        at = frame.now
        return lambda record: closure(Frame(record, at, today, zone))

    def sql(
        self,
        layout: Layout = DEFAULT_LAYOUT,
        *,
        now: datetime,
        zone: str = "UTC",
        prefix: str = "e",
        fold: bool = True,
    ) -> Sql:
        """Return it as PostgreSQL expression of its type; see `make_sql` for `prefix` and `fold`."""
        return make_sql(self.node, layout, _frame({}, now, zone), prefix=prefix, fold=fold)

    def sentence(self, language: Language) -> str:
        """Return it as a sentence in Dutch or English."""
        return make_sentence(self.node, language)


def _frame(record: Mapping[str, Any], now: datetime, zone: str) -> Frame:
    if now.tzinfo is None:
        raise ValueError("`now` has no offset; hand in an aware moment.")
    there = values.local(now, zone)
    if there is None:
        raise ValueError(f"`now` ({now.isoformat()}) lies outside the years 1 to 9999 in {zone}.")
    return Frame(record, now.astimezone(UTC), there.date(), zone)
