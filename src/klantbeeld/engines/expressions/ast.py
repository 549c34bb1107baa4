"""The tree of an expression as written; spans do not take part in equality, so a round trip can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from klantbeeld.engines.expressions.errors import Span

NOWHERE = Span(0, 0)


class LiteralKind(StrEnum):
    """The four sorts of literal; the sort is kept because 1, 1.0 and true are equal in Python."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has: its place in the text."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out."""

    kind: LiteralKind
    value: bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name standing alone: an attribute, `now`, `today`, or the variable of a macro."""

    name: str


@dataclass(frozen=True, slots=True)
class Select(Node):
    """operand.field"""

    operand: Node
    field: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """operand[index]"""

    operand: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """function(arguments) or target.function(arguments)"""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Has(Node):
    """has(operand)"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """target.exists(variable, body), and likewise all, exists_one, filter and map"""

    macro: str
    target: Node
    variable: str
    body: Node


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """!operand or -operand"""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """left operator right, for relations and arithmetic"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """Two or more terms joined by && or by ||; a chain is one node."""

    operator: str
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """condition ? yes : no"""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """[item, item]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """The place of something unreadable; its problem has been reported."""


def children(node: Node) -> Iterator[Node]:
    """Yield the direct children of the node, from left to right."""
    match node:
        case Select(operand=only) | Has(operand=only) | Unary(operand=only):
            yield only
        case Index(operand=first, index=second) | Binary(left=first, right=second):
            yield from (first, second)
        case Macro(target=first, body=second):
            yield from (first, second)
        case Conditional(condition=first, yes=second, no=third):
            yield from (first, second, third)
        case Call(target=target, arguments=arguments):
            yield from arguments if target is None else (target, *arguments)
        case Logic(terms=several) | ListLiteral(items=several):
            yield from several
