"""Typed tree to a sentence in Dutch or English, for people who decide whether the rule says what they mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from klantbeeld.engines.expressions.errors import Language
from klantbeeld.engines.expressions.typed import (
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
    Widen,
)
from klantbeeld.engines.expressions.types import BOOLEAN

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_UNITS = {
    "nl": ((86_400, "dag", "dagen"), (3_600, "uur", "uur"), (60, "minuut", "minuten")),
    "en": ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes")),
}
_PHRASES: dict[Language, dict[str, str]] = {
    "nl": {
        "and": " en ",
        "or": " of ",
        "if": "als geldt: {0}; dan: {1}; anders: {2}",
        "yes": "{0} is ja",
        "no": "{0} is nee",
        "true": "ja",
        "false": "nee",
        "known": "{0} is bekend",
        "unknown": "{0} is niet bekend",
        "in": "{0} is een van {1}",
        "not_in": "{0} is geen van {1}",
        "matches": "{0} voldoet aan het patroon {1}",
        "not_matches": "{0} voldoet niet aan het patroon {1}",
        "choice": "({1} als geldt: {0}; anders {2})",
        "now": "nu",
        "today": "vandaag",
        "zone": "de tijdzone",
        "empty": "een lege lijst",
        "fact": "(ja of nee: {0})",
        "second": "seconde",
        "seconds": "seconden",
        "at": "{0} om {1}",
        "all": "voor elk van {0} ({2}) geldt: {1}",
        "exists": "voor ten minste één van {0} ({2}) geldt: {1}",
        "exists_one": "voor precies één van {0} ({2}) geldt: {1}",
        "not_exists_one": "niet voor precies één van {0} ({2}) geldt: {1}",
        "filter": "die van {0} ({2}) waarvoor geldt: {1}",
        "map": "van elk van {0} ({2}): {1}",
    },
    "en": {
        "and": " and ",
        "or": " or ",
        "if": "if {0}, then {1}, otherwise {2}",
        "yes": "{0} is yes",
        "no": "{0} is no",
        "true": "yes",
        "false": "no",
        "known": "{0} is known",
        "unknown": "{0} is not known",
        "in": "{0} is one of {1}",
        "not_in": "{0} is none of {1}",
        "matches": "{0} matches the pattern {1}",
        "not_matches": "{0} does not match the pattern {1}",
        "choice": "({1} if {0}, otherwise {2})",
        "now": "now",
        "today": "today",
        "zone": "the time zone",
        "empty": "an empty list",
        "fact": "(yes or no: {0})",
        "second": "second",
        "seconds": "seconds",
        "at": "{0} at {1}",
        "all": "for each of {0} ({2}): {1}",
        "exists": "for at least one of {0} ({2}): {1}",
        "exists_one": "for exactly one of {0} ({2}): {1}",
        "not_exists_one": "not for exactly one of {0} ({2}): {1}",
        "filter": "those of {0} ({2}) for which {1}",
        "map": "for each of {0} ({2}): {1}",
    },
}
_DENIAL = {"all": "exists", "exists": "all", "exists_one": "not_exists_one"}
_ARITHMETIC = frozenset("+-*/%")


def make_sentence(node: Typed, language: Language) -> str:
    """Return the sentence, with a capital and a full stop."""
    text = _Speaker(language).clause(node, True) if node.type == BOOLEAN else _Speaker(language).term(node)
    return f"{text[:1].upper()}{text[1:]}."


class _Speaker:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.phrases = _PHRASES[language]

    def say(self, phrase: str, *parts: str) -> str:
        return self.phrases[phrase].format(*parts)

    # --- a statement that is so or not so
    def clause(self, node: Typed, holds: bool) -> str:
        match node:
            case AllOrAny(every=every, terms=terms):
                # Not (a and b) is said as (not a or not b): De Morgan's laws hold in Kleene's logic too.
                joined = self.phrases["and" if every == holds else "or"]
                return joined.join(self.within(term, holds) for term in terms)
            case Apply(overload=overload, operands=(operand,)) if overload.name == "!":
                return self.clause(operand, not holds)
            case Apply(overload=overload, operands=operands) if node.type == BOOLEAN:
                nl, en = (
                    (overload.words.nl, overload.words.en) if holds else (overload.words.not_nl, overload.words.not_en)
                )
                words = nl if self.language == "nl" else en
                if words is not None:
                    return words.format(*(self.term(operand) for operand in operands))
            case Choice(condition=condition, yes=yes, no=no):
                parts = self.clause(condition, True), self.clause(yes, holds), self.clause(no, holds)
                return self.say("if", *parts)
            case Known(read=read):
                return self.say("known" if holds else "unknown", self.term(read))
            case Member(item=item, list=several):
                return self.say("in" if holds else "not_in", self.term(item), self.term(several))
            case Matches(operand=operand, regex=regex):
                return self.say("matches" if holds else "not_matches", self.term(operand), f"“{regex.pattern}”")
            case Comprehension(macro=macro):
                # No one is so = each is not so; that holds in Kleene's logic too.
                macro = macro if holds else _DENIAL[macro]
                body = self.clause(node.body, holds or macro == "not_exists_one")
                return self.say(macro, self.term(node.list), body, node.variable.name)
            case Read() | Variable() | Constant():
                return self.say("yes" if holds else "no", self.term(node))
        return self.say("yes" if holds else "no", self.term(node))

    def within(self, node: Typed, holds: bool) -> str:
        inner = node
        while isinstance(inner, Apply) and inner.overload.name == "!":
            inner = inner.operands[0]
        text = self.clause(node, holds)
        return f"({text})" if isinstance(inner, AllOrAny | Choice | Comprehension) else text

    # --- something that has a value
    def term(self, node: Typed) -> str:
        match node:
            case Constant(value=value):
                return self.value(value)
            case Read(attribute=attribute, language=language):
                return attribute.label(self.language) + (f" ({language})" if language else "")
            case Variable(name=name):
                return name
            case Given(clock=clock):
                return self.phrases[Clock(clock).value]
            case Widen(operand=operand):
                return self.term(operand)
            case Items(items=items):
                return self.listed([self.term(item) for item in items])
            case Choice(condition=condition, yes=yes, no=no):
                return self.say("choice", self.clause(condition, True), self.term(yes), self.term(no))
            case Apply(overload=overload, operands=operands) if node.type != BOOLEAN:
                words = overload.words.nl if self.language == "nl" else overload.words.en
                nested = overload.name in _ARITHMETIC
                return words.format(*(self.operand(each) if nested else self.term(each) for each in operands))
            case Comprehension(macro="filter" | "map" as macro, list=several, variable=variable, body=body):
                said = self.clause(body, True) if macro == "filter" else self.term(body)
                return self.say(macro, self.term(several), said, variable.name)
        return self.say("fact", self.clause(node, True))

    def operand(self, node: Typed) -> str:
        inner = node.operand if isinstance(node, Widen) else node
        text = self.term(node)
        return f"({text})" if isinstance(inner, Apply) and inner.overload.name in _ARITHMETIC else text

    # --- values
    def value(self, value: Any) -> str:
        match value:
            case bool():
                return self.phrases["true" if value else "false"]
            case str():
                return f"“{value}”"
            case Decimal():
                text = f"{value.normalize():f}"
                return text.replace(".", ",") if self.language == "nl" else text
            case datetime():
                clock = f"{value:%H:%M} UTC" if not value.second and not value.microsecond else f"{value:%H:%M:%S} UTC"
                return self.say("at", self.day(value), clock)
            case date():
                return self.day(value)
            case timedelta():
                return self.duration(value)
        return str(value)

    def day(self, day: date) -> str:
        return f"{day.day} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def duration(self, value: timedelta) -> str:
        seconds = value.total_seconds()
        for size, one, many in _UNITS[self.language]:
            if seconds and seconds % size == 0:
                count = int(seconds // size)
                return f"{count} {one if count == 1 else many}"
        amount = self.value(Decimal(value // timedelta(microseconds=1)).scaleb(-6))
        return f"{amount} {self.phrases['second' if amount == '1' else 'seconds']}"

    def listed(self, items: list[str]) -> str:
        if not items:
            return self.phrases["empty"]
        return items[0] if len(items) == 1 else ", ".join(items[:-1]) + self.phrases["or"] + items[-1]
