"""What people decided, where their words contradict each other: the newest word holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from klantbeeld.identity.rules.components import find

SAME, DIFFERENT = "same", "different"


@dataclass(frozen=True, slots=True)
class Word:
    """One decision in force on two records."""

    id: int
    verdict: str
    left: int
    right: int
    made_at: datetime

    @property
    def ends(self) -> tuple[int, int]:
        """Both records."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Judged:
    """The decisions that hold together, and those that a newer one contradicts: overruled id -> overruling id."""

    holding: tuple[Word, ...]
    overruled: dict[int, int]
    ties: tuple[Word, ...] = ()

    def must(self, live: set[int]) -> list[tuple[int, int]]:
        """Pairs of live records that belong together, also through records that are gone, as a star per set."""
        parent: dict[int, int] = {}
        for word in self.holding:
            if word.verdict == SAME:
                _join(parent, word.left, word.right)
        sets: dict[int, list[int]] = {}
        for record in parent:
            if record in live:
                sets.setdefault(find(parent, record), []).append(record)
        return [(min(held), other) for held in sets.values() for other in sorted(held)[1:]]

    def cannot(self, live: set[int]) -> list[tuple[int, int]]:
        """Pairs of live records that are not one customer."""
        return [
            (word.left, word.right)
            for word in self.holding
            if word.verdict == DIFFERENT and word.left in live and word.right in live
        ]

    def partner(self, companion: int, live: set[int]) -> int | None:
        """The live record that a companion goes with: the first that it was tied to, of those that are still there."""
        for word in sorted(self.ties, key=lambda word: word.id):
            if companion in word.ends:
                other = word.right if word.left == companion else word.left
                if other in live:
                    return other
        return None


def judge(words: Iterable[Word], companions: frozenset[int] = frozenset()) -> Judged:
    """Keep what holds, newest first: a word is overruled when newer words together say the opposite.

    Three records decided a = b and b = c, and later a different from c: the oldest of the two "same" gives way.
    `companions` are records that are no evidence themselves (what employees wrote about a customer): a word that ties
    one says where it goes and nothing about the others, so that a correction never glues records together.
    """
    words = list(words)
    ties = tuple(word for word in words if word.verdict == SAME and companions & set(word.ends))
    words = [word for word in words if word not in ties]
    parent: dict[int, int] = {}
    apart: list[Word] = []
    holding: list[Word] = []
    overruled: dict[int, int] = {}
    for word in sorted(words, key=lambda word: (word.made_at, word.id), reverse=True):
        against = _contradiction(word, parent, apart, holding)
        if against is not None:
            overruled[word.id] = against.id
            continue
        holding.append(word)
        if word.verdict == SAME:
            _join(parent, word.left, word.right)
        else:
            apart.append(word)
    return Judged(tuple(holding), overruled, ties)


def _contradiction(word: Word, parent: dict[int, int], apart: Sequence[Word], holding: Sequence[Word]) -> Word | None:
    left, right = _root(parent, word.left), _root(parent, word.right)
    if word.verdict == DIFFERENT:
        if left != right:
            return None
        return next(held for held in holding if held.verdict == SAME and _root(parent, held.left) == left)
    for other in apart:
        if {_root(parent, other.left), _root(parent, other.right)} == {left, right}:
            return other
    return None


def _root(parent: dict[int, int], record: int) -> int:
    return find(parent, record) if record in parent else record


def _join(parent: dict[int, int], left: int, right: int) -> None:
    parent.setdefault(left, left)
    parent.setdefault(right, right)
    a, b = find(parent, left), find(parent, right)
    if a != b:
        parent[max(a, b)] = min(a, b)
