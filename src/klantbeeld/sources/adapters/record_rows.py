"""Records as they come (trees, or rows with values of their own kind) into rows that the mapper takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from klantbeeld.engines.files.trees import ErrorValue
from klantbeeld.kit.labels import Label
from klantbeeld.sources.adapters.batches import grouped
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.rules.bsn import mask_unplaced
from klantbeeld.sources.rules.cells import clean_value
from klantbeeld.sources.rules.mapping import Mapper, Row, UnknownColumns
from klantbeeld.sources.rules.trees import TreeGuard, cells_of, leaves, lists_of
from klantbeeld.sources.rules.values import TEXT_LIMIT

Numbered = tuple[int, dict[str, Any]]


class RecordRows:
    """Makes rows of the records of one input. `columns`: of a table, whose names are not paths; None for trees.

    Raises UnknownColumns when a table lacks a column that the declaration names.
    """

    def __init__(self, feed: Feed, catalogue: Catalogue | None, columns: Sequence[str] | None = None) -> None:
        if columns is not None:
            feed = with_iso(feed)
        self.mapper = Mapper(feed, None, catalogue)
        self._feed = feed
        self._is_table = columns is not None
        self._guard = TreeGuard(feed.not_bsn)
        self.group_by: tuple[str, ...] = tuple(feed.form.get("group_by", ()))
        if columns is not None:
            self._check(columns)

    @property
    def refused_columns(self) -> list[str]:
        """Paths that are refused because they hold BSNs."""
        return sorted(self._guard.refused)

    def inspect(self, records: Sequence[dict[str, Any]]) -> None:
        """Look for BSNs in records before anything of them is used."""
        self._guard.inspect(records)

    def make(self, batch: Sequence[Sequence[Numbered]], refusals: list[Refusal]) -> list[Row]:
        """One row of each group of records; values that cannot be kept are added to the refusals."""
        self._guard.inspect(record for group in batch for _, record in group)
        rows = []
        for group in batch:
            trees = [self._tidy(number, self._guard.strip(record), refusals) for number, record in group]
            rows.append(self._row(group[0][0], trees))
        return rows

    def take_counts(self) -> dict[str, int]:
        """How many BSNs were refused per path since the last call."""
        return self._guard.take_counts()

    def groups(self, records: Iterator[Numbered]) -> Iterator[list[Numbered]]:
        """Records that follow each other with the same values in the columns of `group_by` are one."""
        return grouped(records, self._key if self.group_by else None)

    def _key(self, record: dict[str, Any]) -> list[Any]:
        return [record.get(name) for name in self.group_by]

    def _row(self, number: int, trees: list[dict[str, Any]]) -> Row:
        empty, mapper = self._feed.reading.empty, self.mapper
        if self._is_table:
            trees = [{name: one for name, one in tree.items() if one is not None} for tree in trees]
        first = trees[0]
        if not self._is_table:
            return Row(number, cells_of(first, mapper.columns, empty), first, lists_of(first, mapper.lists, empty))
        raw = {"rows": trees} if self.group_by else first
        cells = [clean_value(first.get(name), empty) for name in mapper.columns]
        lists = {path: self._items(path, names, first, trees) for path, names in mapper.lists.items()}
        return Row(number, cells, raw, lists)

    def _items(
        self, path: str, names: Sequence[str], first: dict[str, Any], trees: list[dict[str, Any]]
    ) -> list[list[Any]]:
        empty = self._feed.reading.empty
        if path == "rows" and self.group_by:
            return [[clean_value(tree.get(name), empty) for name in names] for tree in trees]
        items = first.get(path)
        return [cells_of(item, names, empty) for item in items] if isinstance(items, list) else []

    def _check(self, columns: Sequence[str]) -> None:
        known = set(columns)
        wanted = [*self.mapper.columns, *self.group_by]
        for path, names in self.mapper.lists.items():
            if path == "rows" and self.group_by:
                wanted += names
            elif path not in known:
                wanted.append(path)
        if unknown := sorted({name for name in wanted if name not in known}):
            raise UnknownColumns(unknown, columns)

    def _tidy(self, number: int, tree: dict[str, Any], refusals: list[Refusal]) -> dict[str, Any]:
        """The tree without values that are too long or not known; these are refused, the rest goes on."""
        wrong = [
            (path, value)
            for path, value in leaves(tree)
            if isinstance(value, str) and (len(value) > TEXT_LIMIT or type(value) is ErrorValue)
        ]
        if not wrong:
            return tree
        seen: set[str] = set()
        for path, value in wrong:
            if path not in seen:
                seen.add(path)
                refusals.append(_unusable(number, path, value))
        cleaned: dict[str, Any] = _without(tree)
        return cleaned


def with_iso(feed: Feed) -> Feed:
    """The feed as a source reads it whose days come as ISO text, besides those that are declared."""
    reading = replace(feed.reading, dates=_and_iso(feed.reading.dates))
    return replace(feed, reading=reading, records=tuple(_patterns(one) for one in feed.records))


def _patterns(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {
            key: list(_and_iso(tuple(one))) if key == "dates" and isinstance(one, list) else _patterns(one)
            for key, one in spec.items()
        }
    return [_patterns(one) for one in spec] if isinstance(spec, list) else spec


def _and_iso(patterns: tuple[str, ...]) -> tuple[str, ...]:
    return patterns if "iso" in patterns else (*patterns, "iso")


def _unusable(number: int, path: str, value: str) -> Refusal:
    if type(value) is not ErrorValue:
        label = Label(nl="te lang voor een waarde", en="too long for a value")
        return Refusal(number, "text.too_long", label, path, mask_unplaced(value[:200]))
    if value == "=":
        label = Label(
            nl="een formule zonder uitkomst; open de werkmap in Excel en sla haar op",
            en="a formula without a result; open the workbook in Excel and save it",
        )
    else:
        label = Label(nl="een fout in de cel, geen waarde", en="an error in the cell, no value")
    return Refusal(number, "cell.error", label, path, str(value)[:200])


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one) for one in value]
    unusable = isinstance(value, str) and (len(value) > TEXT_LIMIT or type(value) is ErrorValue)
    return None if unusable else value
