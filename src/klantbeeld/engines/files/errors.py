"""What can be wrong with a file, in Dutch and English; and the rows that were refused, with their position."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Language = Literal["en", "nl"]
Text = Mapping[Language, str]

REFUSALS: dict[str, dict[Language, str]] = {
    "too_few": {"en": "too few values", "nl": "te weinig waarden"},
    "too_many": {"en": "too many values", "nl": "te veel waarden"},
    "quote": {"en": "a quotation mark is opened and never closed", "nl": "een aanhalingsteken wordt niet gesloten"},
    "nul": {"en": "contains a NUL character", "nl": "bevat een NUL-teken"},
    "bytes": {
        "en": "contains bytes that are not valid in this encoding",
        "nl": "bevat bytes die in deze codering niet bestaan",
    },
    "too_long": {"en": "longer than a row or value may be", "nl": "langer dan een regel of waarde mag zijn"},
    "not_json": {"en": "is not JSON", "nl": "is geen JSON"},
    "no_object": {"en": "not an object with fields", "nl": "geen object met velden"},
    "duplicate_key": {"en": "a key is written twice in one object", "nl": "een sleutel staat twee keer in één object"},
    "not_finite": {
        "en": "holds NaN, an infinity or a number that is too large",
        "nl": "bevat NaN, oneindig of een te groot getal",
    },
    "out_of_order": {
        "en": "the number of the row is lower than that of the row before",
        "nl": "het rijnummer is lager dan dat van de rij ervoor",
    },
    "too_deep": {"en": "nested too deep", "nl": "te diep genest"},
    "too_many_fields": {"en": "more values than a record may have", "nl": "meer waarden dan een record mag hebben"},
    "surrogate": {"en": "holds half of a surrogate pair", "nl": "bevat de helft van een surrogaatpaar"},
    "not_vcard": {"en": "a card that is not ended, or no card", "nl": "een kaart zonder einde, of geen kaart"},
}


class TableError(Exception):
    """A file that cannot be read as a table: what is wrong, where, and what to do, in both languages."""

    def __init__(self, path: Path, *, en: str, nl: str, line: int | None = None) -> None:
        super().__init__(en)
        self.path = path
        self.line = line
        self.text: dict[Language, str] = {"en": en, "nl": nl}

    def sentence(self, language: Language) -> str:
        """Return the message with file and line in front, as compilers write it."""
        where = self.path.name if self.line is None else f"{self.path.name}:{self.line}"
        return f"{where}: {self.text[language]}"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was left out: line number from 1, the reason (a key of REFUSALS), the column, and how it starts."""

    line: int
    reason: str
    column: str | None
    excerpt: str


@dataclass(slots=True)
class Refusals:
    """All rows of one file that were left out, counted by reason; the first `kept` of them in full."""

    kept: int = 200
    count: int = 0
    by_reason: dict[str, int] = field(default_factory=dict)
    rows: list[RefusedRow] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, line: int, reason: str, text: str, column: str | None = None) -> None:
        """Count one refused row and keep it if it is among the first."""
        self.count += 1
        self.lines.append(line)
        self.by_reason[reason] = self.by_reason.get(reason, 0) + 1
        if len(self.rows) < self.kept:
            self.rows.append(RefusedRow(line, reason, column, _excerpt(text)))


def _excerpt(text: str, length: int = 80) -> str:
    """Show the start of a text safely: control characters and undecodable bytes as escapes, one line, bounded."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:length].rstrip("\r\n"))
    return shown + ("…" if len(text) > length else "")
