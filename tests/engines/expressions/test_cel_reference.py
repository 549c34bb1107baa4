"""Where our language and CEL overlap, the independent implementation `common-expression-language` gives our answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.expressions.corpus import (
    CATALOGUE,
    CONSTANTS,
    NOW,
    RELAXED,
    Grammar,
    trees,
)

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INTEGER,
    MOMENT,
    TEXT,
    Kind,
    ast,
    compile_expression,
)
from klantbeeld.engines.expressions.functions import LIBRARY
from klantbeeld.engines.expressions.overloads import Overload
from klantbeeld.engines.expressions.unparse import to_text

TYPES = (BOOLEAN, INTEGER, DECIMAL, TEXT, MOMENT, DURATION)
OURS_ALONE = {"lower", "trim", "days", "hours", "minutes", "abs", "round", "[]"}
# What this implementation (cel-rust 0.14.5) lacks, although the specification has it.
LACKING = {("+", (DURATION, MOMENT)), ("-", (DURATION,))}


def in_both(overload: Overload) -> bool:
    """Leave out our extensions, doubles that are divided (a decimal differs there), and what cel-rust lacks."""
    own = overload.name in OURS_ALONE or bool(overload.given)
    inexact = overload.name == "/" and overload.parameters == (DECIMAL, DECIMAL)
    zoned = overload.style == "method" and overload.parameters == (MOMENT, TEXT)
    lacking = zoned or (overload.name, overload.parameters) in LACKING
    return {overload.result, *overload.parameters} <= set(TYPES) and not (own or inexact or lacking)


def literals(kind: ast.LiteralKind, values: st.SearchStrategy[Any]) -> st.SearchStrategy[ast.Node]:
    return values.map(lambda value: ast.Literal(kind, value))


# Quarters are exact as double and as decimal.
QUARTERS = st.integers(-400, 400).map(lambda quarter: Decimal(quarter) / 4)
SMALL = st.integers(-50, 50)
LETTERS = st.text("abzAZ 0", max_size=4)  # cel-rust counts bytes in size(), the specification code points
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=NOW.tzinfo)
)
LENGTHS = st.integers(-10_000_000, 10_000_000).map(lambda seconds: timedelta(seconds=seconds))
COMMON = Grammar(
    overloads=tuple(overload for overload in LIBRARY if in_both(overload)),
    types=TYPES,
    constants={
        **CONSTANTS,
        Kind.INTEGER: literals(ast.LiteralKind.INTEGER, st.one_of(SMALL, st.just(2**63 - 1))),
        Kind.DECIMAL: literals(ast.LiteralKind.DECIMAL, QUARTERS),
        Kind.TEXT: literals(ast.LiteralKind.TEXT, LETTERS),
        Kind.DURATION: st.sampled_from(["36h", "1h30m", "-90s"]).map(
            lambda text: ast.Call("duration", None, (ast.Literal(ast.LiteralKind.TEXT, text),))
        ),
        Kind.MOMENT: TIMES.map(
            lambda at: ast.Call("timestamp", None, (ast.Literal(ast.LiteralKind.TEXT, at.isoformat()),))
        ),
    },
    widening=False,
    has=False,
    clock=False,
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOLEAN: st.booleans(),
    Kind.INTEGER: st.one_of(SMALL, st.sampled_from([2**63 - 1, -(2**63)])),
    Kind.DECIMAL: QUARTERS,
    Kind.TEXT: LETTERS,
    Kind.MOMENT: TIMES,
    Kind.DURATION: LENGTHS,
}
RECORDS = st.fixed_dictionaries(
    {
        **{f"{type_.kind.value}_{number}": VALUES[type_.kind] for type_ in TYPES for number in (1, 2)},
        "list": st.fixed_dictionaries({type_.kind.value: st.lists(VALUES[type_.kind], max_size=3) for type_ in TYPES}),
    }
)
ERRORS = (ZeroDivisionError, OverflowError)


def as_double(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_double(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_double(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


@RELAXED
@given(data=st.data())
def test_cel_gives_the_same_value_wherever_it_gives_one(data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(TYPES))
    tree = data.draw(trees(wanted, COMMON, 3))
    record = data.draw(RECORDS)
    expression = compile_expression(to_text(tree), CATALOGUE, wanted=wanted)
    ours = as_double(expression.evaluate(record, now=NOW))
    try:
        theirs = cel.evaluate(expression.text, as_double(record))
    except ERRORS:
        return  # an error in CEL is unknown to us, or what Kleene's logic can tell all the same
    assert (type(ours), ours) == (type(theirs), theirs), expression.text


STRICT = replace(COMMON, macros=())


@RELAXED
@given(data=st.data())
def test_an_error_in_cel_is_unknown(data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from([INTEGER, DECIMAL]))
    tree = data.draw(trees(wanted, STRICT, 2))
    record = data.draw(RECORDS)
    expression = compile_expression(to_text(tree), CATALOGUE, wanted=wanted)
    try:
        cel.evaluate(expression.text, as_double(record))
    except ERRORS:
        assert expression.evaluate(record, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 % -2", 1),
        ("0x1F + 1", 32),
        ("1 + 2 * 3 - 4", 3),
        ("(1 + 2) * 3", 9),
        ("2 - 3 - 4", -5),
        ("-9223372036854775808", -(2**63)),
        ('"a" + "b" == "ab" ? 1 : 2', 1),
        ("false ? 1 : true ? 2 : 3", 2),
        ('r"\\d"', "\\d"),
        ('"\\u00e9\\n\\x41\\101"', "é\nAA"),
        ("'''a\"b'''", 'a"b'),
        ("[1, 2, 3].filter(x, x > 1).map(x, x * x).exists_one(x, x == 9)", True),
        ('timestamp("2024-03-31T01:30:00Z").getHours()', 1),
        ('timestamp("2024-12-31T23:30:00Z").getDayOfYear()', 365),
        ('duration("1h30m") + duration("30m") == duration("2h")', True),
        ("1 == 1 || 1 / 0 == 1", True),
        ("1 / 0 == 1 || 1 == 1", True),
        ("1 / 0 == 1 && 1 == 2", False),
    ],
)
def test_value_of_cel_text_is_that_of_cel(text: str, value: Any) -> None:
    assert compile_expression(text, CATALOGUE, wanted=None).evaluate({}, now=NOW) == value
    assert cel.evaluate(text) == value
