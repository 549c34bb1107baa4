"""Tree to typed tree: names are looked up, types are checked, each operator becomes the overload that applies.

Every problem is reported; what contains a problem is not blamed again.
"""

from __future__ import annotations

from collections.abc import Callable

from klantbeeld.engines.expressions import ast, values
from klantbeeld.engines.expressions.catalogue import CLOCK_NAMES, Catalogue
from klantbeeld.engines.expressions.errors import Detail, Problem, Span, Word, did_you_mean
from klantbeeld.engines.expressions.functions import CONSTANTS, find_overloads, list_names
from klantbeeld.engines.expressions.overloads import Style
from klantbeeld.engines.expressions.parser import MACROS
from klantbeeld.engines.expressions.regex import RegexError, read_regex
from klantbeeld.engines.expressions.resolution import choose, listed, signatures, widen
from klantbeeld.engines.expressions.typed import (
    CLOCK_TYPES,
    AllOrAny,
    Apply,
    Choice,
    Clock,
    Comprehension,
    Constant,
    Given,
    Items,
    Known,
    Matches,
    Member,
    Read,
    Typed,
    Variable,
)
from klantbeeld.engines.expressions.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
    LABELS,
    MOMENT,
    TEXT,
    Kind,
    Type,
    accepts,
    common,
    list_of,
)
from klantbeeld.engines.expressions.unparse import to_text
from klantbeeld.engines.expressions.values import Value

ORDERINGS = frozenset({"<", "<=", ">", ">="})
RELATIONS = ORDERINGS | {"==", "!="}
_LITERALS = {
    ast.LiteralKind.BOOLEAN: BOOLEAN,
    ast.LiteralKind.INTEGER: INTEGER,
    ast.LiteralKind.DECIMAL: DECIMAL,
    ast.LiteralKind.TEXT: TEXT,
}
_PARSERS: dict[str, tuple[Type, Callable[[str], Value | None]]] = {
    "date": (DATE, values.parse_date),
    "timestamp": (MOMENT, values.parse_moment),
    "duration": (DURATION, values.parse_duration),
}
_EXAMPLES = {"date": '"2026-11-21"', "timestamp": '"2026-11-21T09:30:00+01:00"', "duration": '"36h"'}


def check(tree: ast.Node, catalogue: Catalogue, problems: list[Problem], wanted: Type | None = BOOLEAN) -> Typed | None:
    """Return the typed tree, or None when problems were added to the list; `wanted` is the type it must have."""
    checker = _Checker(catalogue, problems)
    node = checker.node(tree) if wanted is None else checker.of_type(tree, wanted)
    return node if not problems else None


class _Checker:
    def __init__(self, catalogue: Catalogue, problems: list[Problem]) -> None:
        self.catalogue = catalogue
        self.problems = problems
        self.scope: list[Variable] = []

    def node(self, node: ast.Node) -> Typed | None:
        match node:
            case ast.Literal(kind=kind, value=value):
                return Constant(_LITERALS[kind], value)
            case ast.Name() | ast.Select():
                return self.reference(node)
            case ast.Has(operand=operand):
                return self.has(operand)
            case ast.Unary(operator=operator, operand=operand):
                return self.apply(node.span, operator, "operator", (operand,))
            case ast.Binary(operator="in"):
                return self.member(node)
            case ast.Binary(operator=operator, left=left, right=right):
                return self.binary(node, operator, left, right)
            case ast.Logic(operator=operator, terms=terms):
                checked = [self.of_type(term, BOOLEAN) for term in terms]
                known = tuple(term for term in checked if term is not None)
                return AllOrAny(BOOLEAN, operator == "&&", known) if len(known) == len(checked) else None
            case ast.Conditional():
                return self.conditional(node)
            case ast.ListLiteral():
                return self.items(node)
            case ast.Index(operand=operand, index=index):
                return self.apply(node.span, "[]", "operator", (operand, index))
            case ast.Call():
                return self.call(node)
            case ast.Macro():
                return self.macro(node)
        return None  # Broken: reported by the parser

    def of_type(self, node: ast.Node, wanted: Type) -> Typed | None:
        checked = self.node(node)
        if checked is None:
            return None
        if not accepts(wanted, checked.type):
            return self.wrong("wrong_type", node.span, (wanted.word,), found=checked.type.word)
        return widen(checked, wanted)

    # --- names
    def reference(self, node: ast.Name | ast.Select) -> Typed | None:
        name = _dotted(node)
        if name is None:
            return self.select(node) if isinstance(node, ast.Select) else None
        for variable in reversed(self.scope):
            if variable.name == name:
                return variable
        if name in CLOCK_NAMES:
            clock = Clock(name)
            return Given(CLOCK_TYPES[clock], clock)
        attribute = self.catalogue.find_attribute(name)
        if attribute is not None:
            return Read(attribute.type, attribute)
        if isinstance(node, ast.Select):
            return self.select(node)
        return self.unknown(node.span, name)

    def select(self, node: ast.Select) -> Typed | None:
        name = _dotted(node)
        before = _dotted(node.operand)
        owner = self.catalogue.find_attribute(before) if before else None
        if owner is not None and owner.type == LABELS and node.field in ("nl", "en"):
            return Read(TEXT, owner, node.field)
        if owner is None and name is not None and not any(v.name == name.split(".")[0] for v in self.scope):
            return self.unknown(node.span, name)
        if owner is None and self.node(node.operand) is None:
            return None
        expected = ("nl", "en") if owner is not None and owner.type == LABELS else ()
        title = before or "..."
        return self.wrong("unknown_field", node.span, expected, name=title, field=node.field)

    def unknown(self, span: Span, name: str) -> Typed | None:
        if self.catalogue.is_prefix(name):
            below = tuple(each for each in self.catalogue.names if each.startswith(f"{name}."))
            return self.wrong("no_value", span, below[:5], name=name)
        known = (*self.catalogue.names, *CLOCK_NAMES, *(variable.name for variable in self.scope))
        details: tuple[tuple[str, Detail], ...] = (("name", name),)
        self.problems.append(Problem("unknown_attribute", span, details, suggestion=did_you_mean(name, known)))
        return None

    def has(self, operand: ast.Node) -> Typed | None:
        if not isinstance(operand, ast.Name | ast.Select):
            return self.wrong("not_an_attribute", operand.span, ())
        read = self.reference(operand)
        if read is None or isinstance(read, Read):
            return None if read is None else Known(BOOLEAN, read)
        return self.wrong("not_an_attribute", operand.span, ())

    # --- operators
    def binary(self, node: ast.Node, operator: str, left: ast.Node, right: ast.Node) -> Typed | None:
        if isinstance(left, ast.Binary) and {operator, left.operator} <= ORDERINGS:
            meant = f"{to_text(left)} && {to_text(left.right)} {operator} {to_text(right)}"
            self.problems.append(Problem("chained_comparison", node.span, suggestion=meant))
            return None
        if operator not in RELATIONS:
            return self.apply(node.span, operator, "operator", (left, right))
        first, second = self.node(left), self.node(right)
        if first is None or second is None:
            return None
        both = common(first.type, second.type)
        if both is None or both == LABELS or both.kind is Kind.LIST:
            return self.wrong("not_comparable", node.span, (), left=first.type.word, right=second.type.word)
        return self.resolve(node.span, operator, "operator", (first, second))

    def member(self, node: ast.Binary) -> Typed | None:
        item, several = self.node(node.left), self.node(node.right)
        if item is None or several is None:
            return None
        if several.type.kind is not Kind.LIST:
            wanted = Word("een lijst", "a list")
            return self.wrong("wrong_type", node.right.span, (wanted,), found=several.type.word)
        if several.type.element is None:
            several = Items(list_of(item.type), ())
        both = common(item.type, several.type.of)
        if both is None or both == LABELS or both.kind is Kind.LIST:
            found = {"left": item.type.word, "right": several.type.of.word}
            return self.wrong("not_comparable", node.span, (), **found)
        return Member(BOOLEAN, widen(item, both), widen(several, list_of(both)))

    def conditional(self, node: ast.Conditional) -> Typed | None:
        condition = self.of_type(node.condition, BOOLEAN)
        yes, no = self.node(node.yes), self.node(node.no)
        if condition is None or yes is None or no is None:
            return None
        both = common(yes.type, no.type)
        if both is None:
            return self.wrong("mixed_choice", node.span, (), left=yes.type.word, right=no.type.word)
        if both == LABELS or (both.kind is Kind.LIST and both.element is None):
            return self.wrong("empty_list" if both.kind is Kind.LIST else "wrong_type", node.span, (), found=both.word)
        return Choice(both, condition, widen(yes, both), widen(no, both))

    def items(self, node: ast.ListLiteral) -> Typed | None:
        checked = [self.node(item) for item in node.items]
        known = [item for item in checked if item is not None]
        if len(known) < len(checked):
            return None
        if not known:
            return Items(Type(Kind.LIST), ())
        element = known[0].type
        for item, written in zip(known, node.items, strict=True):
            if item.type == LABELS:
                return self.wrong("wrong_type", written.span, (TEXT.word,), found=item.type.word)
            if item.type.kind is Kind.LIST:
                return self.wrong("nested_list", written.span, ())
            both = common(element, item.type)
            if both is None:
                return self.wrong("mixed_list", written.span, (), left=element.word, right=item.type.word)
            element = both
        return Items(list_of(element), tuple(widen(item, element) for item in known))

    # --- functions
    def call(self, node: ast.Call) -> Typed | None:
        constant = node.target is None and node.function in CONSTANTS and len(node.arguments) == 1
        if constant and isinstance(node.arguments[0], ast.Literal):
            return self.constant(node)
        if node.function == "matches" and node.target is not None and len(node.arguments) == 1:
            return self.matches(node)
        style: Style = "function" if node.target is None else "method"
        if not find_overloads(node.function, style):
            return self.no_function(node, style)
        operands = node.arguments if node.target is None else (node.target, *node.arguments)
        applied = self.apply(node.span, node.function, style, operands)
        if isinstance(applied, Apply) and len(node.arguments) == 1 and node.function.startswith("get"):
            return self.zoned(applied, node.arguments[0])
        return applied

    def no_function(self, node: ast.Call, style: Style) -> Typed | None:
        names = {"function": ("has", *CONSTANTS), "method": ("matches", *MACROS)}[style]
        known = (*list_names(style), *names)
        other = list_names("method" if style == "function" else "function")
        meant = did_you_mean(node.function, known) or did_you_mean(node.function, other)
        details: tuple[tuple[str, Detail], ...] = (("name", node.function),)
        if node.function in known:  # the name exists, but not with so many arguments
            found = ", ".join("?" for _ in node.arguments)
            return self.wrong("no_overload", node.span, (), name=node.function, found=found)
        self.problems.append(Problem("unknown_function", node.span, details, suggestion=meant))
        for each in node.arguments if node.target is None else (node.target, *node.arguments):
            self.node(each)
        return None

    def constant(self, node: ast.Call) -> Typed | None:
        argument = node.arguments[0]
        text = argument.value if isinstance(argument, ast.Literal) else None
        type_, parse = _PARSERS[node.function]
        value = parse(text) if isinstance(text, str) else None
        if value is None:
            found = f"`{text}`"
            return self.wrong("bad_constant", argument.span, (_EXAMPLES[node.function],), found=found, type=type_.word)
        return Constant(type_, value)

    def matches(self, node: ast.Call) -> Typed | None:
        operand = self.of_type(node.target, TEXT) if node.target is not None else None
        pattern = node.arguments[0]
        if not isinstance(pattern, ast.Literal) or not isinstance(pattern.value, str):
            return self.wrong("not_constant", pattern.span, (), name="matches")
        try:
            regex = read_regex(pattern.value)
        except RegexError as error:
            return self.wrong(error.code, pattern.span, (), **dict(error.details))
        return None if operand is None else Matches(BOOLEAN, operand, regex)

    def zoned(self, applied: Apply, written: ast.Node) -> Typed | None:
        zone = applied.operands[1]
        if not isinstance(zone, Constant) or not isinstance(zone.value, str):
            return self.wrong("not_constant", written.span, (), name=applied.overload.name)
        try:
            values.get_zone(zone.value)
        except ValueError:
            found, word = f"`{zone.value}`", Word("tijdzone", "time zone")
            return self.wrong("bad_constant", written.span, ('"Europe/Amsterdam"',), found=found, type=word)
        return applied

    def macro(self, node: ast.Macro) -> Typed | None:
        several = self.node(node.target)
        if several is not None and (several.type.kind is not Kind.LIST or several.type.element is None):
            wanted = Word("een lijst", "a list")
            return self.wrong("wrong_type", node.target.span, (wanted,), found=several.type.word)
        taken = {*CLOCK_NAMES, *self.catalogue.names, *(variable.name for variable in self.scope)}
        if node.variable in taken or self.catalogue.is_prefix(node.variable):
            return self.wrong("name_taken", node.span, (), name=node.variable)
        if several is None:
            return None
        variable = Variable(several.type.of, node.variable, len(self.scope))
        self.scope.append(variable)
        body = self.node(node.body) if node.macro == "map" else self.of_type(node.body, BOOLEAN)
        self.scope.pop()
        if body is None:
            return None
        if node.macro == "map" and body.type.kind is Kind.LIST:
            return self.wrong("nested_list", node.body.span, ())
        if body.type == LABELS:
            return self.wrong("wrong_type", node.body.span, (TEXT.word,), found=body.type.word)
        result = {"map": list_of(body.type), "filter": several.type}.get(node.macro, BOOLEAN)
        return Comprehension(result, node.macro, several, variable, body)

    # --- overloads
    def apply(self, span: Span, name: str, style: Style, written: tuple[ast.Node, ...]) -> Typed | None:
        operands = [self.node(each) for each in written]
        known = tuple(each for each in operands if each is not None)
        return self.resolve(span, name, style, known) if len(known) == len(operands) else None

    def resolve(self, span: Span, name: str, style: Style, operands: tuple[Typed, ...]) -> Typed | None:
        given = tuple(operand.type for operand in operands)
        candidates = find_overloads(name, style)
        overload = choose(candidates, given)
        if overload is None:
            return self.wrong("no_overload", span, signatures(candidates), name=name, found=listed(given))
        widened = tuple(widen(each, type_) for each, type_ in zip(operands, overload.parameters, strict=True))
        clocks = (Clock(each) for each in overload.given)
        return Apply(overload.result, overload, widened, tuple(Given(CLOCK_TYPES[each], each) for each in clocks))

    def wrong(self, code: str, span: Span, expected: tuple[Detail, ...], **details: Detail) -> Typed | None:
        self.problems.append(Problem(code, span, tuple(details.items()), expected))
        return None


def _dotted(node: ast.Node) -> str | None:
    """Return `a.b.c` for a chain of names, else None."""
    if isinstance(node, ast.Name):
        return node.name
    if isinstance(node, ast.Select) and (before := _dotted(node.operand)) is not None:
        return f"{before}.{node.field}"
    return None
