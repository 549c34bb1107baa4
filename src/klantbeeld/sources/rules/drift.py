"""What the columns of an input look like, and in what they are others than the last time.

Every row is counted, every so many is looked at. Of few rows only the names of a table's columns mean something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantbeeld.kit.labels import Label
from klantbeeld.sources.rules.mapping.rows import Row
from klantbeeld.sources.rules.trees import leaves

LOOK_EVERY = 20  # rows
COLUMNS = 1_000  # that are kept
ENOUGH_ROWS = 100  # before so many a share says little
ENOUGH_SEEN = 20  # values that were looked at, before their type says something
OF_ONE_TYPE = 0.9
NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}( .*)?")
YES_NO = frozenset({"true", "false", "ja", "nee", "yes", "no", "j", "n", "y"})
TYPE_NL = {"text": "tekst", "number": "getal", "date": "datum", "boolean": "ja/nee"}


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference: kind is new, vanished, type or empties; `verdict` is tell or pause."""

    kind: str
    column: str
    verdict: str
    message: Label

    def as_json(self) -> dict[str, Any]:
        """As the run keeps it."""
        return {"kind": self.kind, "column": self.column, "verdict": self.verdict, "message": dict(self.message)}


class Observer:
    """Watches the rows of one input. `columns`: of a table, None for trees."""

    def __init__(self, columns: Sequence[str] | None) -> None:
        self._columns = tuple(columns) if columns is not None else None
        self.rows = 0
        self._filled: Counter[str] = Counter()
        self._types: dict[str, Counter[str]] = {}
        self._looked = 0

    def see(self, rows: Iterable[Row]) -> None:
        """Take in rows."""
        for row in rows:
            self.rows += 1
            raw = row.raw.get("rows", [{}])[0] if set(row.raw or ()) == {"rows"} else row.raw
            if not isinstance(raw, Mapping):
                continue
            if self._columns is not None:
                self._filled.update(raw.keys())
            look = self.rows % LOOK_EVERY == 1
            if look or self._columns is None:
                self._look(raw, look)

    def _look(self, raw: Mapping[str, Any], look: bool) -> None:
        found = dict(raw) if self._columns is not None else dict(leaves(raw))
        if self._columns is None:
            self._filled.update(found.keys())
        if not look:
            return
        for name, value in found.items():
            if name in self._types or len(self._types) < COLUMNS:
                self._types.setdefault(name, Counter())[type_of(value)] += 1

    def summary(self) -> dict[str, Any] | None:
        """As the run keeps it: rows, and per column the filled share and the type; None when it means little."""
        if not self.rows or (self._columns is None and self.rows < ENOUGH_ROWS):
            return None
        names = self._columns if self._columns is not None else tuple(self._filled)
        columns = {
            name: {"filled": round(self._filled[name] / self.rows, 4), "type": self._type(name)}
            for name in names[:COLUMNS]
        }
        return {"rows": self.rows, "table": self._columns is not None, "columns": columns}

    def _type(self, name: str) -> str:
        seen = self._types.get(name, Counter())
        if (seen.total() < ENOUGH_SEEN // 4 and self.rows < ENOUGH_ROWS) or not seen:
            return ""
        kind, count = seen.most_common(1)[0]
        return kind if count >= OF_ONE_TYPE * seen.total() else "text"


def type_of(value: Any) -> str:
    """What a value looks like: number, date, boolean or text."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    text = str(value).strip()
    if DATE.fullmatch(text):
        return "date"
    if NUMBER.fullmatch(text):
        return "number"
    return "boolean" if text.lower() in YES_NO else "text"


def compare(
    before: Mapping[str, Any] | None, now: Mapping[str, Any] | None, contract: Mapping[str, Any]
) -> list[Drift]:
    """The differences between two summaries, judged by the contract of the feed; those that pause come first."""
    if before is None or now is None or before["table"] != now["table"]:
        return []
    old, new = before["columns"], now["columns"]
    enough = before["rows"] >= ENOUGH_ROWS and now["rows"] >= ENOUGH_ROWS
    found: list[Drift] = []

    def tell(kind: str, column: str, nl: str, en: str) -> None:
        found.append(Drift(kind, column, contract.get(kind, "tell"), Label(nl=nl, en=en)))

    for name in new:
        if name not in old:
            tell("new", name, f"kolom '{name}' is nieuw", f"column '{name}' is new")
    for name in old:
        if name not in new:
            tell("vanished", name, f"kolom '{name}' is verdwenen", f"column '{name}' has vanished")
    if enough:
        jump = contract.get("jump", 0.2)
        for name in (name for name in old if name in new):
            was, is_ = old[name], new[name]
            if was["type"] and is_["type"] and was["type"] != is_["type"]:
                nl = f"kolom '{name}' was {TYPE_NL[was['type']]} en is nu {TYPE_NL[is_['type']]}"
                tell("type", name, nl, f"column '{name}' was {was['type']} and is {is_['type']} now")
            if abs(was["filled"] - is_["filled"]) > jump:
                shares = f"{1 - was['filled']:.0%}", f"{1 - is_['filled']:.0%}"
                nl = f"kolom '{name}' was voor {shares[0]} leeg en is nu voor {shares[1]} leeg"
                tell("empties", name, nl, f"column '{name}' was {shares[0]} empty and is {shares[1]} empty now")
    return sorted(found, key=lambda one: one.verdict != "pause")
