"""Tree to text, in one canonical spelling; reading that text gives the same tree."""

from __future__ import annotations

from decimal import Decimal

from klantbeeld.engines.expressions.ast import (
    Binary,
    Broken,
    Call,
    Conditional,
    Has,
    Index,
    ListLiteral,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Select,
    Unary,
)
from klantbeeld.engines.expressions.parser import AND, CONDITIONAL, MEMBER, OR, PRODUCT, RELATION, SUM, UNARY

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_STRENGTH = {"||": OR, "&&": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


def to_text(node: Node, power: int = CONDITIONAL) -> str:
    """Return the text of the tree, in parentheses where it binds less tightly than `power`."""
    text, strength = _write(node)
    return f"({text})" if strength < power else text


def quote(text: str) -> str:
    """Return the text as CEL literal in double quotes."""
    return '"' + "".join(_escape(character) for character in text) + '"'


def number(value: Decimal) -> str:
    """Return a decimal as CEL literal; it always has a point, without which it would be read as an int."""
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"


def _write(node: Node) -> tuple[str, int]:
    match node:
        case Literal(value=bool(value)):
            return ("true" if value else "false"), MEMBER
        case Literal(value=str(value)):
            return quote(value), MEMBER
        case Literal(value=value):
            text = number(value) if isinstance(value, Decimal) else str(value)
            return text, (UNARY if text.startswith("-") else MEMBER)
        case Name(name=name):
            return name, MEMBER
        case Select(operand=operand, field=field):
            return f"{to_text(operand, MEMBER)}.{field}", MEMBER
        case Index(operand=operand, index=index):
            return f"{to_text(operand, MEMBER)}[{to_text(index)}]", MEMBER
        case Has(operand=operand):
            return f"has({to_text(operand)})", MEMBER
        case Call(function=function, target=target, arguments=arguments):
            before = "" if target is None else f"{to_text(target, MEMBER)}."
            return f"{before}{function}({_list(arguments)})", MEMBER
        case Macro(macro=macro, target=target, variable=variable, body=body):
            return f"{to_text(target, MEMBER)}.{macro}({variable}, {to_text(body)})", MEMBER
        case ListLiteral(items=items):
            return f"[{_list(items)}]", MEMBER
        case Unary(operator=operator, operand=operand):
            inner = to_text(operand, UNARY)
            digit = operator == "-" and isinstance(operand, Literal) and inner[0] in ".0123456789"
            return (f"{operator}({inner})" if digit else f"{operator}{inner}"), UNARY
        case Binary(operator=operator, left=left, right=right):
            strength = _STRENGTH.get(operator, RELATION)
            return f"{to_text(left, strength)} {operator} {to_text(right, strength + 1)}", strength
        case Logic(operator=operator, terms=terms):
            strength = _STRENGTH[operator]
            return f" {operator} ".join(to_text(term, strength + 1) for term in terms), strength
        case Conditional(condition=condition, yes=yes, no=no):
            return f"{to_text(condition, OR)} ? {to_text(yes, OR)} : {to_text(no)}", CONDITIONAL
        case Broken():
            return "…", MEMBER  # only ever seen in a message about the rest
    raise TypeError(f"A {type(node).__name__} has no text.")


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(to_text(node) for node in nodes)


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"
