"""How a delimited text is written: delimiter, quotation mark, escape, and whether the first row names the columns."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from klantbeeld.engines.files.guess.headers import read_header

DELIMITERS = (";", ",", "\t", "|", ":", "^", "~", "\x1f")
DELIMITER_NAMES = {"\t": "tab", "\x1f": "unit separator"}
CELL_IS_DATA = re.compile(
    r"""
    [^@\s]+@[^@\s]+\.\w+                         # an e-mail address
    | [+-]?\d[\d.,\s/:-]*                        # a number, date, phone
    | \d{4}\ ?[A-Z]{2}                           # a Dutch postcode
    | (true|false|null|n/a|\\N)
    """,
    re.VERBOSE | re.IGNORECASE,
)
EXCEL_SEPARATOR = re.compile(r"^\ufeff?sep=(.)\r?\n?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter, quotation mark (None: none is used), escape sign, whether there is a header, lines before it."""

    delimiter: str
    quote: str | None
    escape: str | None
    header: bool
    skip: int = 0

    @property
    def delimiter_label(self) -> str:
        """Return the delimiter as people write it."""
        return DELIMITER_NAMES.get(self.delimiter, self.delimiter)

    def reader_options(self) -> dict[str, object]:
        """Return the arguments of `csv.reader` for this dialect."""
        if self.quote is None:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE, "escapechar": self.escape}
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "escapechar": self.escape,
            "doublequote": True,
            "quoting": csv.QUOTE_MINIMAL,
        }


def detect_dialect(
    lines: Sequence[str], *, delimiter: str | None = None, quote: str | None = None, header: bool | None = None
) -> Dialect:
    """Return the dialect of a text from its first lines; what is given is not guessed."""
    skip = 0
    while skip < len(lines) and not lines[skip].strip("\r\n \ufeff"):
        skip += 1
    if skip < len(lines) and (excel := EXCEL_SEPARATOR.match(lines[skip])):
        delimiter = delimiter or excel.group(1)
        skip += 1
    body = [line for line in lines[skip:] if line.strip()]
    text = "".join(body)
    chosen_quote = quote if quote is not None else _quote(text)
    escape = "\\" if chosen_quote and f"\\{chosen_quote}" in text and chosen_quote * 2 not in text else None
    chosen = delimiter or _delimiter(body, chosen_quote or None, escape)
    found = Dialect(chosen, chosen_quote or None, escape, True, skip)
    if header is None:
        header = _has_header(_parse(body[:50], found))
    return Dialect(chosen, chosen_quote or None, escape, header, skip)


def _quote(text: str) -> str:
    double, single = text.count('"'), len(re.findall(r"(?:^|[;,\t|])'[^'\n]*'(?=[;,\t|\r\n]|$)", text, re.MULTILINE))
    return "'" if single >= 3 and double == 0 else '"'


def _delimiter(body: Sequence[str], quote: str | None, escape: str | None) -> str:
    """Choose the delimiter that splits most rows into the same, larger number of values as the header."""
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        widths = [len(row) for row in _parse(body, Dialect(candidate, quote, escape, True)) if row]
        wide = Counter(width for width in widths if width > 1)
        if not wide or widths[0] < 2:
            continue
        width, times = wide.most_common(1)[0]
        consistent = times / len(widths)
        score = consistent * (1 - 1 / (width + 1)) * (1.0 if widths[0] == width else 0.7)
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    return best


def _parse(body: Sequence[str], dialect: Dialect) -> list[list[str]]:
    try:
        return list(csv.reader(body, **dialect.reader_options()))  # type: ignore[arg-type]
    except csv.Error:
        return []


def _has_header(rows: list[list[str]]) -> bool:
    """Say whether the first row names the columns: by known names, else because none of it looks like data."""
    if not rows:
        return True
    filled = [cell.strip() for cell in rows[0] if cell.strip()]
    known = sum(read_header(cell) is not None for cell in filled)
    if known >= 2 and 2 * known >= len(filled):
        return True
    if any(CELL_IS_DATA.fullmatch(cell) for cell in filled):
        return False
    return known > 0 or len(set(filled)) * 2 > len(filled)
