"""Regular expressions that are safe on every path: the part of RE2 that any automaton runs in linear time.

Characters, classes, groups, |, ? * + {m,n}, ^ and $; no flags, look-around, back-references or word boundaries. In
Python they run on our own automaton (automaton.py), never on `re`, so no pattern can take exponential time. For
PostgreSQL the same tree is written out again, with every character that could mean something escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from klantbeeld.engines.expressions.automaton import (
    Alternatives,
    Anchor,
    Automaton,
    Characters,
    Part,
    Ranges,
    Repeat,
    Sequence,
    complement,
    size,
)
from klantbeeld.engines.expressions.errors import Detail, Word

STATE_LIMIT = 500
REPEAT_LIMIT = 100
NESTING_LIMIT = 20

_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_CLASSES = {
    "d": _DIGIT,
    "w": _WORD,
    "s": _SPACE,
    "D": complement(_DIGIT),
    "W": complement(_WORD),
    "S": complement(_SPACE),
}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_ANY = complement(((10, 10),))  # as RE2 without flags, the point does not match a newline

_UNSAFE = {
    "lookaround": Word("vooruit- of terugkijken", "look-around"),
    "flags": Word("een vlag of een groep met naam", "a flag or a named group"),
    "escape": Word("de escape {0}", "the escape {0}"),
    "posix": Word("een POSIX-klasse", "a POSIX class"),
}


class RegexError(ValueError):
    """A pattern that cannot be used: the code of the problem and the details of its message."""

    def __init__(self, code: str, **details: Detail) -> None:
        super().__init__(code)
        self.code = code
        self.details = tuple(details.items())


@dataclass(frozen=True)
class Regex:
    """A pattern that was read: as written, as tree, and ready for each path."""

    pattern: str
    tree: Part

    @cached_property
    def automaton(self) -> Automaton:
        """Return the machine that runs it in time linear in the length of the text."""
        return Automaton(self.tree)

    @cached_property
    def postgresql(self) -> str:
        """Return it as PostgreSQL advanced regular expression; the prefix keeps options at its start out."""
        return "***:" + _write(self.tree)


def read_regex(pattern: str) -> Regex:
    """Return the pattern read and checked; raises RegexError if it is wrong, unsafe or too large."""
    tree = _Reader(pattern).whole()
    if (states := size(tree)) > STATE_LIMIT:
        raise RegexError("pattern_too_large", size=states, limit=STATE_LIMIT)
    return Regex(pattern, tree)


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.nesting = 0

    @property
    def next(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def whole(self) -> Part:
        tree = self.alternatives()
        if self.next:
            raise self.wrong("een haakje te veel", "one bracket too many")
        return tree

    def alternatives(self) -> Part:
        branches = [self.sequence()]
        while self.accept("|"):
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Alternatives(tuple(branches))

    def sequence(self) -> Part:
        parts: list[Part] = []
        while self.next and self.next not in "|)":
            parts.append(self.repeated(self.atom()))
        if not parts:
            raise self.wrong("hier ontbreekt iets", "something is missing here")
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, part: Part) -> Part:
        bounds = self.bounds()
        if bounds is None:
            return part
        if isinstance(part, Anchor):
            raise self.wrong("een begin of einde kan niet worden herhaald", "a start or end cannot be repeated")
        self.accept("?")  # a reluctant repeat matches the same texts
        if self.next and self.next in "?*+{":
            raise self.wrong("een herhaling van een herhaling", "a repeat of a repeat")
        return Repeat(part, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.accept(sign):
                return bounds
        if not self.accept("{"):
            return None
        least = self.integer()
        most: int | None = least
        if self.accept(","):
            most = None if self.next == "}" else self.integer()
        if not self.accept("}") or (most is not None and most < least):
            raise self.wrong("een herhaling is {m}, {m,} of {m,n}", "a repeat is {m}, {m,} or {m,n}")
        return least, most

    def integer(self) -> int:
        start = self.position
        while self.next.isascii() and self.next.isdigit():
            self.position += 1
        digits = self.pattern[start : self.position]
        if not digits or len(digits) > 4 or int(digits) > REPEAT_LIMIT:
            raise self.wrong(
                f"hier hoort een getal van 0 tot en met {REPEAT_LIMIT}", f"a number from 0 to {REPEAT_LIMIT} goes here"
            )
        return int(digits)

    def atom(self) -> Part:
        character = self.take()
        match character:
            case "(":
                return self.group()
            case "[":
                return self.bracket()
            case ".":
                return Characters(_ANY)
            case "^":
                return Anchor(at_start=True)
            case "$":
                return Anchor(at_start=False)
            case "\\" if self.next in ("A", "z"):
                return Anchor(at_start=self.take() == "A")
            case "\\":
                return Characters(self.escape())
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise self.wrong(f"zet \\ voor {character}", f"put \\ before {character}")
        return Characters(((ord(character), ord(character)),))

    def group(self) -> Part:
        self.nesting += 1
        if self.nesting > NESTING_LIMIT:
            raise self.wrong("te diep genest", "nested too deeply")
        if self.accept("?") and not self.accept(":"):
            kind = (
                "lookaround"
                if self.next in ("=", "!") or self.pattern[self.position :][:2] in ("<=", "<!")
                else "flags"
            )
            raise RegexError("pattern_unsupported", feature=_UNSAFE[kind])
        tree = self.alternatives()
        if not self.accept(")"):
            raise self.wrong("een haakje sluiten ontbreekt", "a closing bracket is missing")
        self.nesting -= 1
        return tree

    def bracket(self) -> Part:
        negated = self.accept("^")
        ranges: list[tuple[int, int]] = []
        while self.next != "]":
            low = self.item()
            if self.next == "-" and self.pattern[self.position + 1 : self.position + 2] not in ("]", ""):
                self.position += 1
                high = self.item()
                if len(low) != 1 or len(high) != 1 or low[0][0] != low[0][1] or low[0][0] > high[0][1]:
                    raise self.wrong("dit bereik kan niet", "this range is not possible")
                low = ((low[0][0], high[0][1]),)
            ranges.extend(low)
        self.position += 1
        if not ranges:
            raise self.wrong("een lege klasse", "an empty class")
        return Characters(complement(tuple(ranges)) if negated else tuple(sorted(ranges)))

    def item(self) -> Ranges:
        character = self.take()
        if character == "\\":
            return self.escape()
        if character == "[" and self.next and self.next in ":.=":
            raise RegexError("pattern_unsupported", feature=_UNSAFE["posix"])
        return ((ord(character), ord(character)),)

    def escape(self) -> Ranges:
        character = self.take()
        if character in _CLASSES:
            return _CLASSES[character]
        code = _CONTROLS.get(character)
        if code is None and not character.isalnum() and character.isascii():
            code = ord(character)
        if code is None:
            word = _UNSAFE["escape"]
            feature = Word(word.nl.format(f"\\{character}"), word.en.format(f"\\{character}"))
            raise RegexError("pattern_unsupported", feature=feature)
        return ((code, code),)

    def accept(self, character: str) -> bool:
        found = self.next == character
        self.position += found
        return found

    def take(self) -> str:
        character = self.next
        if not character:
            raise self.wrong("het houdt te vroeg op", "it ends too early")
        self.position += 1
        return character

    def wrong(self, nl: str, en: str) -> RegexError:
        return RegexError("pattern_syntax", position=self.position, reason=Word(nl, en))


def _write(part: Part) -> str:
    match part:
        case Anchor(at_start=at_start):
            return "^" if at_start else "$"
        case Characters(ranges=ranges):
            return _class(ranges)
        case Sequence(parts=parts):
            return "".join(_write(each) for each in parts)
        case Alternatives(branches=branches):
            return f"(?:{'|'.join(_write(each) for each in branches)})"
        case Repeat(part=inner, least=least, most=most):
            return f"(?:{_write(inner)}){{{least},{'' if most is None else most}}}"
    raise TypeError(part)


def _class(ranges: Ranges) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _character(ranges[0][0])
    return f"[{''.join(f'{_character(low)}-{_character(high)}' for low, high in ranges)}]"


def _character(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
