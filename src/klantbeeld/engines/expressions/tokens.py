"""Text to tokens, after the lexis of CEL (cel-spec v0.24, langdef.md, section "Syntax")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from klantbeeld.engines.expressions.errors import Detail, Problem, Span, Word
from klantbeeld.engines.expressions.values import INTEGER_MAX, decimal_fits

KEYWORDS = frozenset({"true", "false", "null", "in"})
RESERVED = frozenset(
    {
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    }
)

_TOKEN = re.compile(
    r"""
    (?P<blank>(?:[\t\n\f\r\ ]|//[^\n]*)+)
  | (?P<text>(?P<prefix>[rRbB]{0,2})(?P<quote>\"{3}|'{3}|"|'))
  | (?P<decimal>(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
  | (?P<integer>0[xX][0-9a-fA-F]+|[0-9]+)(?P<unsigned>[uU]?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = dict(zip("abfnrtv\\?\"'`", "\a\b\f\n\r\t\v\\?\"'`", strict=True))


class TokenKind(StrEnum):
    """What sort of token it is; keywords are names with a sort of their own."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    NAME = "name"
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its sort, its text as written, its place, and the value if it is a literal that can be read."""

    kind: TokenKind
    text: str
    span: Span
    value: int | Decimal | str | None = None


def tokenize(source: str, problems: list[Problem]) -> list[Token]:
    """Return the tokens, ended by an END token; what is not a token is added to `problems` and passed over."""
    return _Lexer(source, problems).run()


class _Lexer:
    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.tokens: list[Token] = []
        self.position = 0

    def run(self) -> list[Token]:
        while self.position < len(self.source):
            match = _TOKEN.match(self.source, self.position)
            if match is None:
                self.stray()
            elif match["text"] is not None:
                self.text(match)
            else:
                self.position = match.end()
                self.plain(match)
        end = len(self.source)
        self.tokens.append(Token(TokenKind.END, "", Span(end, end)))
        return self.tokens

    def stray(self) -> None:
        start = self.position
        character = self.source[start]
        self.position += 1
        meant = {"=": "==", "&": "&&", "|": "||"}.get(character)
        details: tuple[tuple[str, Detail], ...] = (("found", f"`{character}`"),)
        self.problems.append(Problem("unknown_character", Span(start, start + 1), details, suggestion=meant))
        if meant is not None:  # read on as if it had been written well, so that nothing else is blamed
            self.tokens.append(Token(TokenKind.SIGN, meant, Span(start, start + 1)))

    def plain(self, match: re.Match[str]) -> None:
        start, end = match.span()
        if (name := match["name"]) is not None:
            self.emit(TokenKind.KEYWORD if name in KEYWORDS else TokenKind.NAME, start, end)
        elif match["sign"] is not None:
            self.emit(TokenKind.SIGN, start, end)
        elif (integer := match["integer"]) is not None:
            if match["unsigned"]:
                self.complain("left_out", start, end, feature=Word("Een uint (1u)", "A uint (1u)"))
            number = int(integer, 16 if integer[:2].lower() == "0x" else 10) if len(integer) <= 40 else INTEGER_MAX + 2
            if number > INTEGER_MAX + 1:  # one more is allowed here: the parser accepts it after a minus sign only
                self.complain("number_out_of_range", start, end)
            self.emit(TokenKind.INTEGER, start, end, number if number <= INTEGER_MAX + 1 else None)
        elif (decimal := match["decimal"]) is not None:
            value = Decimal(decimal)
            fits = decimal_fits(value)
            if not fits:
                self.complain("number_out_of_range", start, end)
            self.emit(TokenKind.DECIMAL, start, end, value if fits else None)

    def text(self, match: re.Match[str]) -> None:
        start, body = match.start(), match.end()
        quote, prefix = match["quote"], match["prefix"].lower()
        raw = "r" in prefix
        end = self.closing(body, quote, raw)
        if end is None:
            newline = self.source.find("\n", body)
            self.position = len(self.source) if newline < 0 or len(quote) == 3 else newline
            self.complain("open_text", start, self.position, quote=quote)
            self.emit(TokenKind.TEXT, start, self.position)
            return
        self.position = end + len(quote)
        if "b" in prefix:
            self.complain("left_out", start, self.position, feature=Word("Een reeks bytes", "A bytes literal"))
        content = self.source[body:end]
        value = content if raw else _ESCAPE.sub(lambda escape: self.unescape(escape, body), content)
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            self.complain("bad_escape", start, self.position)  # neither can be stored in a database text
            value = ""
        self.emit(TokenKind.TEXT, start, self.position, value)

    def closing(self, position: int, quote: str, raw: bool) -> int | None:
        while position < len(self.source):
            if self.source.startswith(quote, position):
                return position
            if self.source[position] == "\n" and len(quote) == 1:
                return None
            position += 2 if self.source[position] == "\\" and not raw else 1
        return None

    def unescape(self, match: re.Match[str], offset: int) -> str:
        hexadecimal = match[1] or match[2] or match[3]
        number = int(hexadecimal, 16) if hexadecimal else int(match[4], 8) if match[4] else None
        if number is not None and number <= 0x10FFFF:
            return chr(number)
        if number is None and match[5] in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[match[5]]
        self.complain("bad_escape", offset + match.start(), offset + match.end())
        return ""

    def emit(self, kind: TokenKind, start: int, end: int, value: int | Decimal | str | None = None) -> None:
        self.tokens.append(Token(kind, self.source[start:end], Span(start, end), value))

    def complain(self, code: str, start: int, end: int, **details: Detail) -> None:
        found: dict[str, Detail] = {"found": self.source[start:end]} if not details else {}
        self.problems.append(Problem(code, Span(start, end), tuple({**found, **details}.items())))
