"""! - + * / % on booleans and numbers, and the functions that turn one number into another."""

from __future__ import annotations

import operator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from klantbeeld.engines.expressions import values
from klantbeeld.engines.expressions.functions.bounds import bounded_decimal, bounded_integer
from klantbeeld.engines.expressions.overloads import Overload, Words
from klantbeeld.engines.expressions.types import BOOLEAN, DECIMAL, INTEGER, TEXT

_PLUS = Words("{0} plus {1}", "{0} plus {1}")
_MINUS = Words("{0} min {1}", "{0} minus {1}")
_TIMES = Words("{0} maal {1}", "{0} times {1}")
_BY = Words("{0} gedeeld door {1}", "{0} divided by {1}")
_REST = Words("de rest van {0} gedeeld door {1}", "the remainder of {0} divided by {1}")
_NEGATED = Words("min {0}", "minus {0}")
_SIZE = Words("de grootte van {0}", "the magnitude of {0}")
_ROUNDED = Words("{0} afgerond op een geheel getal", "{0} rounded to a whole number")
_WHOLE = Words("het gehele deel van {0}", "the whole part of {0}")
_SAME = Words("{0}", "{0}")

_WHOLES = (INTEGER, INTEGER)
_NUMBERS = (DECIMAL, DECIMAL)


def _round(value: Decimal) -> int | None:
    return values.bounded_integer(int(value.to_integral_value(ROUND_HALF_UP)))


def _truncate(value: Decimal) -> int | None:
    return values.bounded_integer(int(value.to_integral_value(ROUND_DOWN)))


def _whole(sign: str, compute: object, sql: str, words: Words) -> Overload:
    def bounded(left: int, right: int) -> int | None:
        return values.bounded_integer(compute(left, right))  # type: ignore[operator]

    return Overload(sign, "operator", _WHOLES, INTEGER, bounded, bounded_integer(sql), words)


def _number(sign: str, compute: object, sql: str, words: Words) -> Overload:
    def bounded(left: Decimal, right: Decimal) -> Decimal | None:
        return values.bounded_decimal(compute(left, right))  # type: ignore[operator]

    return Overload(sign, "operator", _NUMBERS, DECIMAL, bounded, bounded_decimal(sql), words)


def _negate(value: int) -> int | None:
    return values.bounded_integer(-value)


# The quotient comes from one digit more than is kept: div() truncates, round() then rounds half away from zero.
_QUOTIENT = "div({0} * 10000000000000, NULLIF({1}, 0)) * 0.0000000000001"

ARITHMETIC = (
    Overload(
        "!",
        "operator",
        (BOOLEAN,),
        BOOLEAN,
        operator.not_,
        "NOT {0}",
        Words("niet: {0}", "not: {0}"),
    ),
    Overload("-", "operator", (INTEGER,), INTEGER, _negate, bounded_integer("- {0}::numeric"), _NEGATED),
    Overload("-", "operator", (DECIMAL,), DECIMAL, Decimal.copy_negate, "- {0}", _NEGATED),
    _whole("+", operator.add, "{0}::numeric + {1}::numeric", _PLUS),
    _whole("-", operator.sub, "{0}::numeric - {1}::numeric", _MINUS),
    _whole("*", operator.mul, "{0}::numeric * {1}::numeric", _TIMES),
    Overload(
        "/",
        "operator",
        _WHOLES,
        INTEGER,
        values.divide_integers,
        bounded_integer("div({0}::numeric, NULLIF({1}::numeric, 0))"),
        _BY,
    ),
    Overload(
        "%",
        "operator",
        _WHOLES,
        INTEGER,
        values.remainder,
        "mod({0}::numeric, NULLIF({1}::numeric, 0))",
        _REST,
    ),
    _number("+", values.EXACT.add, "{0} + {1}", _PLUS),
    _number("-", values.EXACT.subtract, "{0} - {1}", _MINUS),
    _number("*", values.EXACT.multiply, "{0} * {1}", _TIMES),
    Overload("/", "operator", _NUMBERS, DECIMAL, values.divide_decimals, bounded_decimal(_QUOTIENT), _BY),
    Overload(
        "abs",
        "function",
        (INTEGER,),
        INTEGER,
        lambda value: values.bounded_integer(abs(value)),
        bounded_integer("abs({0}::numeric)"),
        _SIZE,
    ),
    Overload("abs", "function", (DECIMAL,), DECIMAL, Decimal.copy_abs, "abs({0})", _SIZE),
    Overload("int", "function", (INTEGER,), INTEGER, lambda value: value, "{0}", _SAME),
    Overload("int", "function", (DECIMAL,), INTEGER, _truncate, bounded_integer("trunc({0})"), _WHOLE),
    Overload("round", "function", (DECIMAL,), INTEGER, _round, bounded_integer("round({0})"), _ROUNDED),
    Overload("double", "function", (DECIMAL,), DECIMAL, lambda value: value, "{0}", _SAME),
    Overload(
        "string",
        "function",
        (INTEGER,),
        TEXT,
        str,
        "trunc({0}::numeric)::text",
        Words("{0} als tekst", "{0} as text"),
    ),
)
