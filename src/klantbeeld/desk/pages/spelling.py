"""Better spellings of what a source wrote in capitals, for reading only: the record itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from klantbeeld.sources.contracts import StoredRecord

# fmt: off
SMALL = frozenset({
    "aan", "achter", "an", "bij", "de", "den", "der", "die", "en", "het", "in", "la", "le", "op", "over", "'s", "'t",
    "te", "ten", "ter", "uit", "van", "voor",
})
# fmt: on
"""Words that Dutch place and street names write small, but for the first word (Groene Boekje, 16.B)."""


class Spelling:
    """The spellings of towns and streets that the records of one customer use."""

    def __init__(self, records: Iterable[StoredRecord] = ()) -> None:
        self.known: dict[str, str] = {}
        for record in records:
            for part in address_parts(record):
                if not is_shouted(part) and part != part.lower():
                    self.known.setdefault(part.casefold(), part)

    def read(self, text: str) -> str:
        """The text; one in capitals as another record spells it, and else by the rules of the language."""
        if not is_shouted(text):
            return text
        return self.known.get(text.casefold()) or spoken(text)


def address_parts(record: StoredRecord) -> list[str]:
    """The towns and streets that a record names."""
    stated: Any = record.attributes.get("address") or []
    entries = stated if isinstance(stated, list) else [{"value": stated}]
    values = [entry.get("value") for entry in entries if isinstance(entry, dict)]
    return [
        str(value[name])
        for value in values
        if isinstance(value, dict)
        for name in ("city", "street")
        if value.get(name)
    ]


def is_shouted(text: str) -> bool:
    """Is it written in capitals only? Two letters or fewer may be an abbreviation."""
    return len(text) > 2 and text == text.upper() and text != text.lower()


def spoken(text: str) -> str:
    """Capitals as Dutch writes names: `DEN HAAG` gives `Den Haag`, `'S-HERTOGENBOSCH` gives `'s-Hertogenbosch`."""
    made = []
    for number, word in enumerate(text.lower().split(" ")):
        parts = word.split("-")
        made.append("-".join(part if keeps_small(part, number, place) else raised(part)
                             for place, part in enumerate(parts)))  # fmt: skip
    return " ".join(made)


def keeps_small(part: str, word: int, place: int) -> bool:
    """Articles and prepositions stay small, but for the first word; 's and 't always."""
    return part in ("'s", "'t") or (part in SMALL and word + place > 0)


def raised(part: str) -> str:
    """A word with its first letter raised; ij goes up as one."""
    return "IJ" + part[2:] if part.startswith("ij") else part[:1].upper() + part[1:]
