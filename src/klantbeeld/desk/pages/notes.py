"""Who corrected what, and why: the notes that our own records keep beside each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klantbeeld.foundation.queries import names_of
from klantbeeld.sources.queries.said import said_ever, said_of


@dataclass(frozen=True, slots=True)
class Notes:
    """By record, attribute -> who said it and why; `names` are those of the actors."""

    said: Mapping[int, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, record_id: int, attribute: str) -> str:
        """The note on one value: `Sanne de Wit: by telephone`; empty when there is none."""
        return told(self.said.get(record_id, {}).get(attribute), self.names)


def notes_on(record_ids: Sequence[int]) -> Notes:
    """The notes on what these records say now; without records no question is asked."""
    if not record_ids:
        return Notes()
    said = said_of(record_ids)
    return Notes(said, names_of(one["by"] for words in said.values() for one in words.values()))


def notes_ever(record_ids: Sequence[int]) -> dict[tuple[str, str], str]:
    """The notes on everything that these records ever said, by attribute and moment (ISO 8601)."""
    said = said_ever(record_ids) if record_ids else {}
    names = names_of(one["by"] for one in said.values())
    return {place: told(one, names) for place, one in said.items()}


def told(note: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    """A note in a line."""
    if not note:
        return ""
    return ": ".join(part for part in (names.get(note["by"], ""), note["reason"]) if part)
