"""Functions on lists; the macros are in the grammar."""

from __future__ import annotations

from klantbeeld.engines.expressions.overloads import Overload, Style, Words
from klantbeeld.engines.expressions.types import INTEGER, SCALARS, list_of
from klantbeeld.engines.expressions.values import Scalar

_STYLES: tuple[Style, Style] = ("method", "function")
_SIZE = Words("het aantal in {0}", "the number in {0}")
_AT = Words("nummer {1} (vanaf 0) van {0}", "number {1} (from 0) of {0}")


def _at(items: tuple[Scalar | None, ...], index: int) -> Scalar | None:
    return items[index] if 0 <= index < len(items) else None


LISTS = (
    *(
        Overload("size", style, (list_of(each),), INTEGER, len, "cardinality({0})", _SIZE)
        for each in SCALARS
        for style in _STYLES
    ),
    *(
        Overload(
            "[]",
            "operator",
            (list_of(each), INTEGER),
            each,
            _at,
            "({0})[LEAST(GREATEST({1}, -1), 2147483646)::int + 1]",  # arrays count from 1; outside them is NULL
            _AT,
        )
        for each in SCALARS
    ),
)
