"""== != < <= > >= for every scalar type; texts are ordered by code point, as in CEL, whatever the collation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from klantbeeld.engines.expressions.overloads import Overload, Words
from klantbeeld.engines.expressions.types import BOOLEAN, DATE, DECIMAL, DURATION, INTEGER, MOMENT, SCALARS, TEXT, Type

_COMPUTE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SQL = {"==": "=", "!=": "<>"}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_EQUAL = {"==": ("is", "is"), "!=": ("is niet", "is not")}
_NUMBER = {
    "<": ("is kleiner dan", "is less than"),
    "<=": ("is hoogstens", "is at most"),
    ">": ("is groter dan", "is more than"),
    ">=": ("is minstens", "is at least"),
}
_TIME = {
    "<": ("ligt vóór", "is before"),
    "<=": ("ligt niet na", "is not after"),
    ">": ("ligt na", "is after"),
    ">=": ("ligt niet vóór", "is not before"),
}
_LENGTH = {
    "<": ("is korter dan", "is shorter than"),
    "<=": ("is hoogstens", "is at most"),
    ">": ("is langer dan", "is longer than"),
    ">=": ("is minstens", "is at least"),
}
_ORDER = {
    "<": ("komt op volgorde vóór", "sorts before"),
    "<=": ("komt op volgorde niet na", "does not sort after"),
    ">": ("komt op volgorde na", "sorts after"),
    ">=": ("komt op volgorde niet vóór", "does not sort before"),
}
_PHRASES = {INTEGER: _NUMBER, DECIMAL: _NUMBER, DATE: _TIME, MOMENT: _TIME, DURATION: _LENGTH, TEXT: _ORDER}


def _of(type_: Type) -> Iterator[Overload]:
    phrases = {**_EQUAL, **_PHRASES.get(type_, {})}  # CEL also orders booleans; nobody means that, so it is left out
    for sign, (nl, en) in phrases.items():
        not_nl, not_en = phrases[_OPPOSITE[sign]]
        words = Words(f"{{0}} {nl} {{1}}", f"{{0}} {en} {{1}}", f"{{0}} {not_nl} {{1}}", f"{{0}} {not_en} {{1}}")
        collate = ' COLLATE "C"' if type_ == TEXT and sign in _ORDER else ""
        sql = f"{{0}}{collate} {_SQL.get(sign, sign)} {{1}}{collate}"
        yield Overload(sign, "operator", (type_, type_), BOOLEAN, _COMPUTE[sign], sql, words)


COMPARISONS = tuple(overload for type_ in SCALARS for overload in _of(type_))
