"""What is wrong with an expression: every problem with its place, what was expected and a suggestion, in nl and en."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from klantbeeld.engines.expressions.messages import MESSAGES, PHRASES

Language = Literal["nl", "en"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters [start, end) in the text of an expression, counted from 0."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the range from the start of this one to the end of the other."""
        return Span(self.start, max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Word:
    """A value inside a message that reads differently in each language, as the name of a type does."""

    nl: str
    en: str


Detail = str | int | Word


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, its place, what was expected there and what was perhaps meant."""

    code: str
    span: Span
    details: tuple[tuple[str, Detail], ...] = ()
    expected: tuple[Detail, ...] = ()
    suggestion: str | None = None

    def message(self, language: Language = "en") -> str:
        """Return the sentence in the language: what is wrong, what was expected, what was perhaps meant."""
        values = {key: _say(value, language) for key, value in self.details}
        parts = [MESSAGES[self.code][language].format(**values)]
        if self.expected:
            wanted = ", ".join(_say(each, language) for each in self.expected)
            parts.append(PHRASES["expected"][language].format(wanted=wanted))
        if self.suggestion is not None:
            parts.append(PHRASES["suggestion"][language].format(suggestion=self.suggestion))
        return " ".join(parts)


class ExpressionError(ValueError):
    """An expression that cannot be used; `problems` holds all that was found, in the order of the text."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems, key=lambda problem: problem.span))
        super().__init__(self.report("en"))

    def report(self, language: Language = "en") -> str:
        """Return all problems as text: line and column (from 1), message, the line and carets under the place."""
        return "\n".join(render(self.source, problem, language) for problem in self.problems)


def render(source: str, problem: Problem, language: Language = "en") -> str:
    """Return one problem as three lines: place and message, the line of the source, carets under the place."""
    start = min(problem.span.start, len(source))
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line = source[line_start : line_end if line_end >= 0 else len(source)]
    column = start - line_start
    place = PHRASES["place"][language].format(line=source.count("\n", 0, start) + 1, column=column + 1)
    width = max(1, min(problem.span.end, line_start + len(line)) - start)
    indent = "".join("\t" if character == "\t" else " " for character in line[:column])
    return f"{place}: {problem.message(language)}\n  {line}\n  {indent}{'^' * width}"


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like the given one, if any looks enough like it."""
    close = get_close_matches(name.lower(), {each.lower(): each for each in known}, n=1, cutoff=0.6)
    return next((each for each in known if close and each.lower() == close[0]), None)


def _say(value: Detail, language: Language) -> str:
    if isinstance(value, Word):
        return value.nl if language == "nl" else value.en
    return str(value)
