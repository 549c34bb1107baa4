"""Which overload applies to operands of given types, and how a whole number becomes the decimal it wants."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from klantbeeld.engines.expressions.errors import Word
from klantbeeld.engines.expressions.overloads import Overload
from klantbeeld.engines.expressions.typed import Constant, Items, Typed, Widen
from klantbeeld.engines.expressions.types import Kind, Type, accepts


def choose(candidates: tuple[Overload, ...], given: tuple[Type, ...]) -> Overload | None:
    """Return the overload for exactly these types, else the first that accepts them, if any does."""
    for overload in candidates:
        if overload.parameters == given:
            return overload
    for overload in candidates:
        wanted = overload.parameters
        if len(wanted) == len(given) and all(accepts(*pair) for pair in zip(wanted, given, strict=True)):
            return overload
    return None


def signatures(candidates: Iterable[Overload]) -> tuple[Word, ...]:
    """Return what the overloads take, each form once, for a message."""
    forms = dict.fromkeys(listed(each.parameters, general=True) for each in candidates)
    return tuple(Word(f"({form.nl})", f"({form.en})") for form in forms)


def listed(types: Iterable[Type], *, general: bool = False) -> Word:
    """Return the types in words with commas between them; `general` leaves out what a list is of."""
    words = [_LIST if general and each.kind is Kind.LIST else each.word for each in types]
    return Word(", ".join(each.nl for each in words), ", ".join(each.en for each in words))


def widen(node: Typed, wanted: Type) -> Typed:
    """Return the node as node of the wanted type, which accepts its own."""
    if node.type == wanted:
        return node
    if isinstance(node, Constant) and isinstance(node.value, int):
        return Constant(wanted, Decimal(node.value))
    if isinstance(node, Items):
        return Items(wanted, tuple(widen(item, wanted.of) for item in node.items))
    return Widen(wanted, node)


_LIST = Word("lijst", "list")
