"""Rows that are trees (JSON): cells and lists by path, and BSNs taken out wherever they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from klantbeeld.sources.rules.bsn import MARKS, Column, is_named, mask_text
from klantbeeld.sources.rules.cells import clean_value

DEPTH_LIMIT = 30


def at_path(tree: Any, path: str) -> Any:
    """What stands at a path with dots; None when there is nothing. A number in the path is a place in a list."""
    value = tree
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def cells_of(tree: Any, paths: Sequence[str], empty: Collection[str]) -> list[Any]:
    """The cells of a row, clean, in the order of the paths."""
    return [clean_value(at_path(tree, path), empty) for path in paths]


def lists_of(tree: Any, lists: Mapping[str, Sequence[str]], empty: Collection[str]) -> dict[str, list[list[Any]]]:
    """The cells of the items of each list inside a row."""
    found = {}
    for path, paths in lists.items():
        items = at_path(tree, path)
        if isinstance(items, list):
            found[path] = [cells_of(item, paths, empty) for item in items]
    return found


def leaves(tree: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every scalar with its path; places in lists are left out of the path."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value, path, depth + 1)
    elif tree is not None:
        yield path, tree


class TreeGuard:
    """Watches the paths of a feed of trees, and takes BSNs out of them (see rules.bsn)."""

    def __init__(self, excepted: Iterable[str] = ()) -> None:
        self._excepted = frozenset(excepted)
        self._columns: dict[str, Column] = {}
        self.refused: set[str] = set()
        self.counts: Counter[str] = Counter()

    def inspect(self, trees: Iterable[Any]) -> None:
        """Look at rows before anything of them is used."""
        for tree in trees:
            for path, value in leaves(tree):
                column = self._columns.get(path)
                if column is None:
                    column = self._columns[path] = Column(named=is_named(path))
                if not isinstance(value, bool):
                    column.add((str(value).strip(),))
        for path, column in self._columns.items():
            if column.named or (path not in self._excepted and column.is_refused):
                self.refused.add(path)

    def strip(self, tree: Any) -> Any:
        """A copy of a row without refused values; they are counted."""
        return self._strip(tree, "", 0)

    def take_counts(self) -> dict[str, int]:
        """How many values were refused per path since the last call."""
        counts, self.counts = dict(self.counts), Counter()
        return counts

    def _strip(self, value: Any, path: str, depth: int) -> Any:
        if depth > DEPTH_LIMIT:
            return None
        if isinstance(value, Mapping):
            made = {}
            for key, inner in value.items():
                place = f"{path}.{key}" if path else str(key)
                if place in self.refused:
                    self.counts[place] += sum(1 for _ in leaves(inner)) if inner not in (None, "") else 0
                    continue
                made[str(key)] = self._strip(inner, place, depth + 1)
            return made
        if isinstance(value, list):
            return [self._strip(inner, path, depth + 1) for inner in value]
        if isinstance(value, str) and any(mark in value.lower() for mark in MARKS):
            text, found = mask_text(value)
            if found:
                self.counts[path] += found
            return text
        return value
