"""The types of values, and which type stands in for which: a whole number wherever a number is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from klantbeeld.engines.expressions.errors import Word


class Kind(StrEnum):
    """The kinds of values; in CEL: bool, int, double, string, -, timestamp, duration, map, list."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    DURATION = "duration"
    LABELS = "labels"
    LIST = "list"


_WORDS = {
    Kind.BOOLEAN: Word("ja/nee", "boolean"),
    Kind.INTEGER: Word("geheel getal", "integer"),
    Kind.DECIMAL: Word("getal", "number"),
    Kind.TEXT: Word("tekst", "text"),
    Kind.DATE: Word("datum", "date"),
    Kind.MOMENT: Word("tijdstip", "moment"),
    Kind.DURATION: Word("duur", "duration"),
    Kind.LABELS: Word("tekst per taal (kies .nl of .en)", "text per language (choose .nl or .en)"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, and for a list the kind of its elements (None while unknown, as in `[]`)."""

    kind: Kind
    element: Kind | None = None

    @property
    def word(self) -> Word:
        """Return what the type is called in a message."""
        if self.kind is not Kind.LIST:
            return _WORDS[self.kind]
        if self.element is None:
            return Word("lege lijst", "empty list")
        inner = _WORDS[self.element]
        return Word(f"lijst van {inner.nl}", f"list of {inner.en}")

    @property
    def of(self) -> Type:
        """Return the type of the elements of a list."""
        if self.element is None:
            raise TypeError(f"A {self} has no type of elements.")
        return Type(self.element)

    def __str__(self) -> str:
        return f"list<{self.element or '?'}>" if self.kind is Kind.LIST else str(self.kind)


BOOLEAN = Type(Kind.BOOLEAN)
INTEGER = Type(Kind.INTEGER)
DECIMAL = Type(Kind.DECIMAL)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
MOMENT = Type(Kind.MOMENT)
DURATION = Type(Kind.DURATION)
LABELS = Type(Kind.LABELS)
SCALARS = (BOOLEAN, INTEGER, DECIMAL, TEXT, DATE, MOMENT, DURATION)


def list_of(element: Type) -> Type:
    """Return the type of a list with such elements."""
    return Type(Kind.LIST, element.kind)


def accepts(wanted: Type, given: Type) -> bool:
    """Say whether a value of the given type may stand where the other is wanted."""
    if wanted == given or (wanted == DECIMAL and given == INTEGER):
        return True
    if wanted.kind is not Kind.LIST or given.kind is not Kind.LIST:
        return False
    return given.element is None or (wanted.element, given.element) == (Kind.DECIMAL, Kind.INTEGER)


def common(left: Type, right: Type) -> Type | None:
    """Return the type both can be read as, if there is one."""
    if accepts(left, right):
        return left
    return right if accepts(right, left) else None
