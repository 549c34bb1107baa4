"""A policy as data: read, checked, and ready to judge.

{"schema": 1, "states": [{"code", "label": {nl, en}, "step", "when", "since"?}, ...], "minimum": code of a state,
"bystanders": roles, "void_states": states of orders, "ended_states": states of contracts}. The states are tried in
their order; the first whose criterion (`when`, docs/expressions.md, over rules.facts) is true is the state, unknown is
not true, and when none is true there is none. `since` is an expression that gives a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from klantbeeld.engines.expressions import BOOLEAN, MOMENT, Expression, ExpressionError, Type, compile_expression
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label
from klantbeeld.lifecycle.rules.facts import BY_NAME, CATALOGUE, Fact

SCHEMA = 1
MOST_STATES, MOST_WORDS, LONGEST_LABEL = 12, 100, 60
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_WORD = re.compile(r"[^\x00-\x1f]{1,60}")
_KEYS = frozenset({"schema", "states", "minimum", "bystanders", "void_states", "ended_states"})
_STATE_KEYS = frozenset({"code", "label", "step", "when", "since"})
_CLOCK = re.compile(r"\b(now|today|days_since|days_until|months_since|years_since)\b")


@dataclass(frozen=True, slots=True)
class State:
    """One state: its criterion, and since when it held as far as the facts tell."""

    code: str
    label: Label
    step: int
    when: Expression
    since: Expression | None

    @property
    def sentence(self) -> Label:
        """The criterion for people."""
        return {"nl": self.when.sentence("nl"), "en": self.when.sentence("en")}

    @property
    def since_sentence(self) -> Label | None:
        """What tells since when, for people."""
        return {"nl": self.since.sentence("nl"), "en": self.since.sentence("en")} if self.since else None


@dataclass(frozen=True)
class Rules:
    """A policy that was read and checked."""

    states: tuple[State, ...]
    minimum: str
    bystanders: tuple[str, ...]
    void_states: tuple[str, ...]
    ended_states: tuple[str, ...]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that it looks at, each once, in the order of first use."""
        names = [name for state in self.states for one in (state.when, state.since) if one for name in one.attributes]
        return tuple(BY_NAME[name] for name in dict.fromkeys(names))

    @cached_property
    def is_moving(self) -> bool:
        """Can a state change without anything being said, by time alone?"""
        return any(fact.moving for fact in self.facts) or any(_CLOCK.search(state.when.text) for state in self.states)

    def state(self, code: str) -> State | None:
        """The state with this code, if the policy has it."""
        return next((one for one in self.states if one.code == code), None)

    def judge(self, facts: Mapping[str, Any], *, now: datetime, zone: str) -> str:
        """The state that these facts make; empty when no criterion is true."""
        return next((one.code for one in self.states if one.when.holds(facts, now=now, zone=zone)), "")


def read_policy(document: Any) -> Rules:
    """The policy in a document; raises Invalid with everything that is wrong with it, one line each."""
    problems: list[str] = []
    rules = _read(document, problems)
    if problems or rules is None:
        raise Invalid("\n".join(problems), code="lifecycle.policy", problems=problems)
    return rules


def _read(document: Any, problems: list[str]) -> Rules | None:
    if not isinstance(document, Mapping):
        problems.append("A policy is an object with schema, states and minimum.")
        return None
    problems += [f"{name}: there is no such key." for name in sorted(map(str, document.keys() - _KEYS))]
    if document.get("schema") != SCHEMA:
        problems.append(f"schema: expected {SCHEMA}.")
    states = list(_states(document.get("states"), problems))
    codes = [state.code for state in states]
    problems += [
        f"states: {code} is declared twice." for code in sorted({one for one in codes if codes.count(one) > 1})
    ]
    minimum = document.get("minimum", "")
    if minimum not in ("", *codes):
        problems.append("minimum: expected the code of one of the states, the least that is worth recording.")
    words = {name: _words(document, name, problems) for name in ("bystanders", "void_states", "ended_states")}
    return Rules(tuple(states), str(minimum), **words)


def _states(given: Any, problems: list[str]) -> Iterator[State]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_STATES:
        problems.append(f"states: expected a list of 1 to {MOST_STATES} states, in the order in which they are tried.")
        return
    for number, one in enumerate(given, 1):
        place = f"states[{number}]"
        if not isinstance(one, Mapping):
            problems.append(f"{place}: expected an object with code, label, step and when.")
            continue
        problems += [f"{place}.{name}: there is no such key." for name in sorted(map(str, one.keys() - _STATE_KEYS))]
        code, step = one.get("code"), one.get("step")
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            problems.append(f"{place}.code: expected a small letter, then small letters, digits or _; at most 30.")
        if not isinstance(step, int) or isinstance(step, bool) or not 1 <= step <= 99:
            problems.append(f"{place}.step: expected a number from 1 to 99, the place of the state in the lifecycle.")
        label = _label(one.get("label"), place, problems)
        when = _expression(one.get("when"), BOOLEAN, f"{place}.when", problems)
        since = _expression(one["since"], MOMENT, f"{place}.since", problems) if one.get("since") else None
        if when is not None:
            yield State(str(code), label, step if isinstance(step, int) else 0, when, since)


def _label(given: Any, place: str, problems: list[str]) -> Label:
    texts = given if isinstance(given, Mapping) else {}
    if texts.keys() != {"nl", "en"} or not all(
        isinstance(text, str) and text.strip() and len(text) <= LONGEST_LABEL and _WORD.fullmatch(text)
        for text in texts.values()
    ):
        problems.append(f"{place}.label: expected nl and en, each of 1 to {LONGEST_LABEL} characters.")
        return {"nl": "", "en": ""}
    return {"nl": texts["nl"], "en": texts["en"]}


def _expression(given: Any, wanted: Type, place: str, problems: list[str]) -> Expression | None:
    if not isinstance(given, str) or not given.strip():
        problems.append(f"{place}: expected an expression (docs/expressions.md).")
        return None
    try:
        return compile_expression(given, CATALOGUE, wanted=wanted)
    except ExpressionError as error:
        problems += [f"{place}: {problem.message('en')}" for problem in error.problems]
        return None


def _words(document: Mapping[str, Any], name: str, problems: list[str]) -> tuple[str, ...]:
    given = document.get(name, [])
    if (
        not isinstance(given, list)
        or len(given) > MOST_WORDS
        or not all(isinstance(one, str) and _WORD.fullmatch(one) for one in given)
    ):
        problems.append(f"{name}: expected a list of at most {MOST_WORDS} words.")
        return ()
    return tuple(given)
