"""The typed tree: every name is resolved and every operator or function is the one overload that applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from klantbeeld.engines.expressions.catalogue import Attribute
from klantbeeld.engines.expressions.overloads import Overload
from klantbeeld.engines.expressions.regex import Regex
from klantbeeld.engines.expressions.types import DATE, MOMENT, TEXT, Type
from klantbeeld.engines.expressions.values import Value


class Clock(StrEnum):
    """What is handed in with an evaluation: the moment, the day it falls on in the zone, and the zone itself."""

    NOW = "now"
    TODAY = "today"
    ZONE = "zone"


CLOCK_TYPES = {Clock.NOW: MOMENT, Clock.TODAY: DATE, Clock.ZONE: TEXT}


@dataclass(frozen=True, slots=True)
class Typed:
    """What every typed node has: the type of its value."""

    type: Type


@dataclass(frozen=True, slots=True)
class Constant(Typed):
    """A value written in the expression."""

    value: Value


@dataclass(frozen=True, slots=True)
class Read(Typed):
    """The value of an attribute; `language` is set for one side of labels."""

    attribute: Attribute
    language: str | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Return where the value stands in the document."""
        return self.attribute.path if self.language is None else (*self.attribute.path, self.language)


@dataclass(frozen=True, slots=True)
class Variable(Typed):
    """The element a macro is looking at; `slot` is the depth of that macro, from 0."""

    name: str
    slot: int


@dataclass(frozen=True, slots=True)
class Given(Typed):
    """The moment, day or zone that is handed in."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Known(Typed):
    """has(attribute): whether it has a readable value; true or false, never unknown."""

    read: Read


@dataclass(frozen=True, slots=True)
class AllOrAny(Typed):
    """Terms joined by && (`every`) or by || in Kleene's three-valued logic."""

    every: bool
    terms: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Choice(Typed):
    """condition ? yes : no; unknown when the condition is."""

    condition: Typed
    yes: Typed
    no: Typed


@dataclass(frozen=True, slots=True)
class Items(Typed):
    """A list written out; an item may be unknown."""

    items: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Member(Typed):
    """item in list: Kleene's `or` over the equalities."""

    item: Typed
    list: Typed


@dataclass(frozen=True, slots=True)
class Apply(Typed):
    """An operator or function on its operands; unknown when one of them is. `given` come after those written."""

    overload: Overload
    operands: tuple[Typed, ...]
    given: tuple[Typed, ...] = ()


@dataclass(frozen=True, slots=True)
class Widen(Typed):
    """A whole number, or a list of them, read as exact decimal."""

    operand: Typed


@dataclass(frozen=True, slots=True)
class Matches(Typed):
    """text.matches(pattern)"""

    operand: Typed
    regex: Regex


@dataclass(frozen=True, slots=True)
class Comprehension(Typed):
    """A list macro: for each element of the list, the body with the variable set to it."""

    macro: str
    list: Typed
    variable: Variable
    body: Typed


def parts(node: Typed) -> Iterator[Typed]:
    """Yield the direct children of the node, from left to right."""
    match node:
        case AllOrAny(terms=several) | Items(items=several):
            yield from several
        case Choice(condition=first, yes=second, no=third):
            yield from (first, second, third)
        case Member(item=first, list=second) | Comprehension(list=first, body=second):
            yield from (first, second)
        case Apply(operands=operands, given=given):
            yield from (*operands, *given)
        case Widen(operand=only) | Matches(operand=only) | Known(read=only):
            yield only


def walk(node: Typed) -> Iterator[Typed]:
    """Yield the node and everything below it, from left to right."""
    yield node
    for part in parts(node):
        yield from walk(part)
