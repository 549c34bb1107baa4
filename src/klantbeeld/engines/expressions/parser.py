"""Tokens to tree: a Pratt parser (V. Pratt, "Top Down Operator Precedence", 1973) for the grammar of CEL.

It goes on after a problem, at the next operator or bracket that gives it footing, so that one reading lists them all.
"""

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
    LiteralKind,
    Logic,
    Macro,
    Name,
    Node,
    Select,
    Unary,
    children,
)
from klantbeeld.engines.expressions.errors import Detail, ExpressionError, Problem, Span, Word
from klantbeeld.engines.expressions.limits import DEFAULT_LIMITS, Limits
from klantbeeld.engines.expressions.tokens import RESERVED, Token, TokenKind, tokenize
from klantbeeld.engines.expressions.values import INTEGER_MAX

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})

# How tightly each operator binds its left operand (cel-spec, langdef.md, "Syntax": precedence 8 to 1).
CONDITIONAL, OR, AND, RELATION, SUM, PRODUCT, UNARY, MEMBER = range(1, 9)
_POWER = {
    "?": CONDITIONAL,
    "||": OR,
    "&&": AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), RELATION),
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
    ".": MEMBER,
    "[": MEMBER,
}
_FOOTING = frozenset({",", ")", "]", "}", "?", ":", "&&", "||"})
_LITERALS_AND_NAMES = (TokenKind.INTEGER, TokenKind.DECIMAL, TokenKind.TEXT, TokenKind.NAME)
_WORDS = {"and": "&&", "or": "||", "en": "&&", "of": "||"}
_VALUE = Word("een waarde", "a value")
_OPERATOR = Word("een operator", "an operator")
_END = Word("het einde", "the end")


def parse(source: str, limits: Limits = DEFAULT_LIMITS) -> Node:
    """Return the tree of the text; raises ExpressionError with every problem found."""
    problems: list[Problem] = []
    tree = read(source, problems, limits)
    if problems:
        raise ExpressionError(source, problems)
    return tree


def read(source: str, problems: list[Problem], limits: Limits = DEFAULT_LIMITS) -> Node:
    """Return the tree of the text, with Broken nodes where it is unreadable; problems are added to the list."""
    if len(source) > limits.length:
        details: tuple[tuple[str, Detail], ...] = (("size", len(source)), ("limit", limits.length))
        problems.append(Problem("too_long", Span(limits.length, len(source)), details))
        return Broken()
    tokens = tokenize(source, problems)
    if len(tokens) == 1:
        if not problems:
            problems.append(Problem("empty", Span(0, 0)))
        return Broken()
    try:
        tree = _Parser(tokens, problems, limits).whole()
    except _TooDeepError as error:
        problems.append(Problem("too_deep", error.span, (("limit", limits.depth),)))
        return Broken()
    return tree if _fits(tree, problems, limits) else Broken(span=tree.span)


class _TooDeepError(Exception):
    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class _Parser:
    def __init__(self, tokens: list[Token], problems: list[Problem], limits: Limits) -> None:
        self.tokens = tokens
        self.problems = problems
        self.limits = limits
        self.position = 0
        self.depth = 0
        self.macros = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def whole(self) -> Node:
        tree = self.expression(CONDITIONAL)
        while self.token.kind is not TokenKind.END:
            self.unexpected(_END)
            self.advance()
            self.recover()
            if self.token.text in _POWER:
                tree = self.operators(Broken(span=tree.span), CONDITIONAL)
        return tree

    # --- the Pratt loop
    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise _TooDeepError(self.token.span)
        tree = self.operators(self.prefix(), power)
        self.depth -= 1
        return tree

    def operators(self, left: Node, power: int) -> Node:
        while self.token.kind is not TokenKind.END:
            operator = self.operator()
            strength = _POWER.get(operator, 0)
            if strength < max(power, CONDITIONAL):
                break
            left = self.infix(left, operator, strength)
        return left

    def operator(self) -> str:
        token = self.token
        if token.kind is not TokenKind.NAME:
            return token.text if token.kind in (TokenKind.SIGN, TokenKind.KEYWORD) else ""
        meant = _WORDS.get(token.text.lower(), "")
        if meant:  # read on as if the sign had been written
            self.unexpected(_OPERATOR, meant)
        return meant

    def infix(self, left: Node, operator: str, strength: int) -> Node:
        self.advance()
        if operator == "?":
            return self.conditional(left)
        if operator == ".":
            return self.member(left)
        if operator == "[":
            index = self.expression(CONDITIONAL)
            return Index(left, index, span=left.span.to(self.expect("]").to(index.span)))
        right = self.expression(strength + 1)
        span = left.span.to(right.span)
        if strength > AND:
            return Binary(operator, left, right, span=span)
        terms = [left, right]
        while self.operator() == operator:
            self.advance()
            terms.append(self.expression(strength + 1))
        return Logic(operator, tuple(terms), span=left.span.to(terms[-1].span))

    def conditional(self, condition: Node) -> Node:
        yes = self.expression(OR)
        self.expect(":")
        no = self.expression(CONDITIONAL)
        return Conditional(condition, yes, no, span=condition.span.to(no.span))

    # --- what an expression can start with
    def prefix(self) -> Node:
        token = self.token
        match token.kind:
            case TokenKind.INTEGER | TokenKind.DECIMAL | TokenKind.TEXT:
                self.advance()
                return self.literal(token, token.span, 1)
            case TokenKind.KEYWORD if token.text in ("true", "false"):
                self.advance()
                return Literal(LiteralKind.BOOLEAN, token.text == "true", span=token.span)
            case TokenKind.KEYWORD if token.text == "null":
                self.advance()
                self.problems.append(Problem("null", token.span, expected=("has(...)", "!has(...)")))
                return Broken(span=token.span)
            case TokenKind.NAME if token.text.lower() in ("not", "niet") and self.starts_value(self.position + 1):
                self.unexpected(_VALUE, "!")
                self.advance()
                return Unary("!", self.expression(UNARY), span=token.span)
            case TokenKind.NAME:
                return self.name()
            case TokenKind.SIGN if token.text in "!-([{":
                return self.signed()
        return self.broken()

    def signed(self) -> Node:
        token = self.advance()
        if token.text == "(":
            inner = self.expression(CONDITIONAL)
            self.expect(")")
            return inner
        if token.text == "[":
            items, span = self.several("]")
            return ListLiteral(items, span=token.span.to(span))
        if token.text == "{":
            feature = Word("Een map ({...})", "A map ({...})")
            self.problems.append(Problem("left_out", token.span, (("feature", feature),)))
            while self.token.kind is not TokenKind.END and not self.accept("}"):
                self.recover("}")
                self.position += self.token.text not in ("}", "")
            return Broken(span=token.span)
        number = self.token
        if token.text == "-" and number.kind in (TokenKind.INTEGER, TokenKind.DECIMAL):
            self.advance()
            return self.literal(number, token.span.to(number.span), -1)
        operand = self.expression(UNARY)
        return Unary(token.text, operand, span=token.span.to(operand.span))

    def literal(self, token: Token, span: Span, sign: int) -> Node:
        value = token.value
        if value is None:
            return Broken(span=span)  # the lexer told why
        if isinstance(value, str):
            return Literal(LiteralKind.TEXT, value, span=span)
        if isinstance(value, Decimal):
            return Literal(LiteralKind.DECIMAL, value.copy_negate() if sign < 0 else value, span=span)
        number = sign * value
        if number > INTEGER_MAX:
            self.problems.append(Problem("number_out_of_range", span, (("found", token.text),)))
        return Literal(LiteralKind.INTEGER, number, span=span)

    def name(self) -> Node:
        token = self.advance()
        if token.text in RESERVED:
            self.problems.append(Problem("reserved", token.span, (("found", token.text),)))
            return Broken(span=token.span)
        if not self.accept("("):
            return Name(token.text, span=token.span)
        arguments, end = self.several(")")
        span = token.span.to(end)
        if token.text == "has" and len(arguments) == 1:
            return Has(arguments[0], span=span)
        return Call(token.text, None, arguments, span=span)

    def member(self, target: Node) -> Node:
        token = self.token
        if token.kind is not TokenKind.NAME:
            self.unexpected(Word("een naam", "a name"))
            return Broken(span=target.span)
        self.advance()
        if not self.accept("("):
            return Select(target, token.text, span=target.span.to(token.span))
        self.macros += token.text in MACROS
        if self.macros > self.limits.macro_depth:
            limit = self.limits.macro_depth
            self.problems.append(Problem("macro_too_deep", token.span, (("limit", limit),)))
        arguments, end = self.several(")")
        self.macros -= token.text in MACROS
        span = target.span.to(end)
        if token.text not in MACROS or len(arguments) != 2:
            return Call(token.text, target, arguments, span=span)
        variable, body = arguments
        if not isinstance(variable, Name):
            self.problems.append(Problem("not_a_name", variable.span, (("name", token.text),)))
            return Broken(span=span)
        return Macro(token.text, target, variable.name, body, span=span)

    def several(self, closing: str) -> tuple[tuple[Node, ...], Span]:
        items: list[Node] = []
        while self.token.text != closing and self.token.kind is not TokenKind.END:
            items.append(self.expression(CONDITIONAL))
            if not self.accept(","):
                break
        return tuple(items), self.expect(closing)

    # --- tokens
    def advance(self) -> Token:
        token = self.token
        if token.kind is not TokenKind.END:
            self.position += 1
        return token

    def accept(self, sign: str) -> bool:
        found = self.token.kind is TokenKind.SIGN and self.token.text == sign
        if found:
            self.position += 1
        return found

    def expect(self, sign: str) -> Span:
        span = self.token.span
        if not self.accept(sign):
            self.unexpected(f"`{sign}`")
            self.recover(sign)
            self.accept(sign)
        return span

    def starts_value(self, position: int) -> bool:
        token = self.tokens[min(position, len(self.tokens) - 1)]
        return token.text in ("(", "true", "false") or token.kind in _LITERALS_AND_NAMES

    # --- trouble
    def unexpected(self, expected: Detail, meant: str | None = None) -> None:
        token = self.token
        found: Detail = Word("het einde", "the end") if token.kind is TokenKind.END else f"`{token.text}`"
        problem = Problem("unexpected", token.span, (("found", found),), (expected,), meant)
        if not any(each.span == problem.span for each in self.problems):  # one problem per place; others follow from it
            self.problems.append(problem)

    def broken(self) -> Node:
        span = self.token.span
        self.unexpected(_VALUE)
        self.recover()
        return Broken(span=span)

    def recover(self, also: str = "") -> None:
        nested = 0
        while self.token.kind is not TokenKind.END:
            text = self.token.text if self.token.kind is TokenKind.SIGN else None
            if nested == 0 and text is not None and (text in _FOOTING or text == also):
                return
            nested += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            self.position += 1


def _fits(tree: Node, problems: list[Problem], limits: Limits) -> bool:
    waiting, count = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > limits.depth:  # long chains of arithmetic are deep trees that the recursion above did not meet
            problems.append(Problem("too_deep", node.span, (("limit", limits.depth),)))
            return False
        waiting.extend((child, depth + 1) for child in children(node))
    if count > limits.nodes:
        problems.append(Problem("too_many_nodes", tree.span, (("size", count), ("limit", limits.nodes))))
    return count <= limits.nodes
