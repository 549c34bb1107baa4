"""The rows of one endpoint, in an order that stays complete while rows change under the reader."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from klantbeeld.demo.dice import Ints
from klantbeeld.demo.service.changes import CHANGING, DELETED, change
from klantbeeld.demo.systems import Feed
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import iso_moment

Row = dict[str, Any]


class BadCursor(ValueError):  # noqa: N818
    """A cursor that this service did not give."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: rows with nested values, the cursor of the next page ("" at the end), rows in all."""

    rows: list[Row]
    next_cursor: str
    total: int


@dataclass(frozen=True, slots=True)
class _Change:
    """The values of a row that differ from those it was made with, and its place in the order of changes."""

    sequence: int
    moment: int
    values: dict[str, str | bool]


class Shelf:
    """One feed as an endpoint gives it; safe to read and change from several threads.

    By cursor, rows come in the order of their last change. A changed row moves to the end of that order, so that a
    reader who goes on meets it there: every row is seen at least once, and a changed one as it is now. By page, rows
    come in the order of their number, and a removed row stays as a mark, so that pages do not shift.
    """

    def __init__(self, world: World, feed: Feed, now: Callable[[], int], missing: str) -> None:
        """Take the moment as whole seconds since 1970 from `now`; `missing` is how the service writes no value."""
        self.feed = feed
        self._world, self._now, self._missing = world, now, missing
        self._order = np.lexsort((np.arange(feed.count), feed.changed)).astype(np.int64)
        self._moments = feed.changed[self._order]
        self._changes: dict[int, _Change] = {}
        self._log: list[int] = []
        self._lock = threading.Lock()

    def by_cursor(self, cursor: str, size: int, since: int | None = None) -> Page:
        """Give the page after a cursor ("" is the first), of rows changed at or after `since`; BadCursor."""
        with self._lock:
            base, logged = _read_cursor(cursor)
            if not cursor and since is not None:
                base = int(np.searchsorted(self._moments, since, side="left"))
            rows: list[int] = []
            while len(rows) < size and base < len(self._order):
                block = self._order[base : base + size - len(rows)].tolist()
                base += len(block)
                rows += [row for row in block if row not in self._changes]
            while len(rows) < size and logged < len(self._log):
                row = self._log[logged]
                logged += 1
                changed = self._changes[row]
                if changed.sequence == logged - 1 and (since is None or changed.moment >= since):
                    rows.append(row)
            ended = base >= len(self._order) and logged >= len(self._log)
            return Page(self._rows(rows), "" if ended else _write_cursor(base, logged), self._count(since))

    def by_page(self, number: int, size: int, since: int | None = None) -> Page:
        """Give the numbered page (1 is the first), of rows changed at or after `since`; empty after the last."""
        with self._lock:
            wanted = self._numbers(since)
            rows = wanted[(number - 1) * size : number * size]
            return Page(self._rows(rows.tolist()), "", len(wanted))

    def change(self, count: int) -> list[str]:
        """Change `count` rows, chosen by the world's own chance; gives their ids. ValueError when it never changes."""
        if (self.feed.source, self.feed.name) not in CHANGING or self.feed.external_ids is None:
            raise ValueError(f"{self.feed.source}/{self.feed.name} does not change; these do: {_changing()}.")
        with self._lock:
            chosen = [self._change_one() for _ in range(count)]
        return [str(value) for value in self.feed.external_ids(np.asarray(chosen, dtype=np.int64)).tolist()]

    def _change_one(self) -> int:
        sequence = len(self._log)
        dice = self._world.dice.within(f"changes/{self.feed.source}")
        row = int(dice.below("row", np.asarray([sequence], dtype=np.int64), self.feed.count)[0])
        before = self._changes.get(row)
        values = {**(before.values if before else {}), **change(self._world, self.feed, row, sequence)}
        newest = int(self._moments[-1]) if len(self._moments) else 0
        self._changes[row] = _Change(sequence, max(self._now(), newest + 1), values)
        self._log.append(row)
        return row

    def _numbers(self, since: int | None) -> Ints:
        numbers = np.arange(self.feed.count, dtype=np.int64)
        if since is None:
            return numbers
        wanted = self.feed.changed >= since
        for row, changed in self._changes.items():
            wanted[row] = changed.moment >= since
        return numbers[wanted]

    def _count(self, since: int | None) -> int:
        return self.feed.count if since is None else len(self._numbers(since))

    def _rows(self, numbers: list[int]) -> list[Row]:
        if not numbers:
            return []
        columns = self.feed.render(np.asarray(numbers, dtype=np.int64))
        flat = [columns[name].tolist() for name in self.feed.columns]
        dated, changes = self.feed.columns[-1], (self.feed.source, self.feed.name) in CHANGING
        found = []
        for number, values in zip(numbers, zip(*flat, strict=True), strict=True):
            row = dict(zip(self.feed.columns, values, strict=True))
            if changes:
                row[DELETED] = False
            if changed := self._changes.get(number):
                moment = iso_moment(np.asarray([changed.moment], dtype=np.int64))[0]
                row |= {**changed.values, dated: moment}
            found.append(_nest(row, self._missing))
        return found


def _changing() -> str:
    return ", ".join(f"{source}/{feed}" for source, feed in CHANGING)


def _nest(row: Row, missing: str) -> Row:
    """Nest the dotted names; write what is missing as null, as an empty text, or not at all ("omitted")."""
    found: Row = {}
    for name, value in row.items():
        if value == "":
            if missing == "omitted":
                continue
            value = None if missing == "null" else ""
        *parents, last = name.split(".")
        place = found
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return found


def _write_cursor(base: int, logged: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([base, logged]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    try:
        base, logged = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if base < 0 or logged < 0:
            raise ValueError(cursor)
        return int(base), int(logged)
    except (ValueError, TypeError) as error:
        raise BadCursor("The cursor is not one of this service: start again without it.") from error
