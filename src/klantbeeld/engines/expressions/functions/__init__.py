"""Every operator and function of the language, each once, with its type, its Python, its SQL and its words."""

from __future__ import annotations

from collections import defaultdict

from klantbeeld.engines.expressions.functions.arithmetic import ARITHMETIC
from klantbeeld.engines.expressions.functions.calendar import CALENDAR
from klantbeeld.engines.expressions.functions.comparisons import COMPARISONS
from klantbeeld.engines.expressions.functions.getters import GETTERS
from klantbeeld.engines.expressions.functions.lists import LISTS
from klantbeeld.engines.expressions.functions.texts import TEXTS
from klantbeeld.engines.expressions.overloads import Overload, Style

LIBRARY = (*COMPARISONS, *ARITHMETIC, *TEXTS, *LISTS, *CALENDAR, *GETTERS)

# Handled by the checker itself, because they take a constant or bind a name.
CONSTANTS = ("date", "timestamp", "duration")


def find_overloads(name: str, style: Style) -> tuple[Overload, ...]:
    """Return the meanings of the name, in the order in which they are tried; none if there is no such name."""
    return tuple(_BY_NAME.get((name, style), ()))


def list_names(style: Style) -> tuple[str, ...]:
    """Return every name that can be used in this style."""
    return tuple(sorted({name for name, each in _BY_NAME if each == style}))


_BY_NAME: dict[tuple[str, Style], list[Overload]] = defaultdict(list)
for _overload in LIBRARY:
    _BY_NAME[_overload.name, _overload.style].append(_overload)
