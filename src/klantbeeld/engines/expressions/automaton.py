"""A finite automaton that searches a text in one pass (K. Thompson, "Regular Expression Search Algorithm", 1968).

Sets of states are made into states of a deterministic automaton as they are met and kept up to a bound (R. Cox,
"Regular Expression Matching Can Be Simple And Fast", 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]
HIGHEST = 0x10FFFF
_KEPT = 4_096  # transitions remembered; each is a character in a set of states


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a regular expression."""


@dataclass(frozen=True, slots=True)
class Characters(Part):
    """One character out of the ranges of code points (both ends included)."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Anchor(Part):
    """The start or the end of the text."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class Sequence(Part):
    """Parts after each other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Alternatives(Part):
    """One of the branches."""

    branches: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    """The part at least so often, at most so often (None: without end)."""

    part: Part
    least: int
    most: int | None


def complement(ranges: Ranges) -> Ranges:
    """Return every code point from 1 that is not in the ranges; U+0000 does not occur in a text."""
    result, low = [], 1
    for start, end in sorted(ranges):
        if start > low:
            result.append((low, start - 1))
        low = max(low, end + 1)
    return (*result, (low, HIGHEST)) if low <= HIGHEST else tuple(result)


def size(part: Part) -> int:
    """Return how many states the automaton of the part has."""
    match part:
        case Sequence(parts=several):
            return sum(size(each) for each in several)
        case Alternatives(branches=several):
            return sum(size(each) + 1 for each in several)
        case Repeat(part=inner, least=least, most=most):
            return (size(inner) + 1) * max(1, least + 1 if most is None else most)
    return 1


# A state is (kind, ranges, next states): "read" a character, "fork", or hold at the "start" or "end" of the text.
_State = tuple[str, Ranges, tuple[int, ...]]
_States = frozenset[int]
_FOUND = 0


class Automaton:
    """The machine of one regular expression."""

    def __init__(self, tree: Part) -> None:
        self._states: list[_State] = [("found", (), ())]
        self._first = self._build(tree, _FOUND)
        self._steps: dict[tuple[_States, str], _States] = {}
        self._opening = self._reach(frozenset({self._first}), {"start"})
        self._reopening = self._reach(frozenset({self._first}), set())

    def search(self, text: str) -> bool:
        """Say whether the expression matches anywhere in the text."""
        current = self._opening
        for character in text:
            if _FOUND in current:
                return True
            after = self._steps.get((current, character))
            current = self._step(current, character) if after is None else after
        return _FOUND in self._reach(current, {"end"} if text else {"start", "end"})

    def _step(self, current: _States, character: str) -> _States:
        code = ord(character)
        after: set[int] = set()
        for each in current:
            kind, ranges, following = self._states[each]
            if kind == "read" and any(low <= code <= high for low, high in ranges):
                after.update(following)
        result = self._reach(frozenset(after), set()) | self._reopening
        if len(self._steps) >= _KEPT:
            self._steps.clear()
        self._steps[current, character] = result
        return result

    def _reach(self, states: _States, holding: set[str]) -> _States:
        """Return the states that are reached without reading, given which of "start" and "end" hold here."""
        reached: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            kind, _, following = self._states[state]
            if kind == "fork" or kind in holding:
                waiting.extend(following)
        return frozenset(reached)

    def _add(self, kind: str, ranges: Ranges, *following: int) -> int:
        self._states.append((kind, ranges, following))
        return len(self._states) - 1

    def _build(self, part: Part, after: int) -> int:
        """Add the states of the part, which go on to `after`, and return the first of them."""
        match part:
            case Characters(ranges=ranges):
                return self._add("read", ranges, after)
            case Anchor(at_start=at_start):
                return self._add("start" if at_start else "end", (), after)
            case Sequence(parts=several):
                for each in reversed(several):
                    after = self._build(each, after)
                return after
            case Alternatives(branches=several):
                return self._add("fork", (), *(self._build(each, after) for each in several))
            case Repeat(part=inner, least=least, most=most):
                return self._repeat(inner, least, most, after)
        raise TypeError(part)

    def _repeat(self, inner: Part, least: int, most: int | None, after: int) -> int:
        if most is None:
            loop = self._add("fork", ())
            self._states[loop] = ("fork", (), (self._build(inner, loop), after))
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self._add("fork", (), self._build(inner, after), end)
        for _ in range(least):
            after = self._build(inner, after)
        return after
