"""The cells of a sheet as values: text, numbers, yes and no, days and moments as ISO 8601 text."""

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.trees import ErrorValue
from klantbeeld.engines.files.workbook.book import TEXT_LIMIT, Book, Sheet
from klantbeeld.engines.files.xml_records import BLOCK, SafeParser

REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
LAST_SERIAL = 2_958_466  # the day after 9999-12-31
COLUMNS = 16_384
UNICODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def iterate_rows(book: Book, sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
    """Yield (row number, values) of every row that has a value; values that are not known are ErrorValue.

    Raises TableError when the sheet is damaged.
    """
    reader = _Reader(book)
    with book.open(sheet) as file:
        while block := file.read(BLOCK):
            reader.safe.feed(block)
            while reader.rows:
                yield reader.rows.popleft()
        reader.safe.feed(b"")
        yield from reader.rows


class _Reader:
    """Takes the events of a parser and makes rows of them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts = book.texts
        self._dates = book.dates
        self.safe = SafeParser(book.path, book.limits)
        self.rows: deque[tuple[int, list[Any]]] = deque()
        self._row = 0
        self._cells: list[Any] = []
        self._column = -1
        self._kind = self._style = ""
        self._value: list[str] = []
        self._formula = False
        self._known: dict[str, int] = {}
        parser = self.safe.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            reference = attributes.get("r")
            self._column = self._next() if reference is None else self._place(reference)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._value.clear()
            self._formula = False
            return
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.safe.parser.CharacterDataHandler = self._text
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() and len(number) < 10 else self._row + 1
            self._cells = []
            self._column = -1
        elif name == "rPh":
            self._kind = "phonetic" if self._kind == "inlineStr" else self._kind

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.safe.parser.CharacterDataHandler = None
        elif name == "c":
            value = self._read("".join(self._value))
            if value is not None:
                if len(self._cells) <= self._column:
                    self._cells.extend([None] * (self._column + 1 - len(self._cells)))
                self._cells[self._column] = value
        elif name == "row" and self._cells:
            self.rows.append((self._row, self._cells))

    def _text(self, data: str) -> None:
        if self._kind == "phonetic":
            return
        self._value.append(data)
        if len(data) > 1_000 or len(self._value) > 64:
            self._value[:] = ["".join(self._value)]
            if len(self._value[0]) > TEXT_LIMIT:
                raise TableError(
                    self.safe.path,
                    en=f"row {self._row} has a cell of more than {TEXT_LIMIT} characters",
                    nl=f"rij {self._row} heeft een cel van meer dan {TEXT_LIMIT} tekens",
                )

    def _next(self) -> int:
        """The column of a cell that does not say where it stands: behind the one before it."""
        if self._column + 1 >= COLUMNS:
            raise self._damaged(f"cell {self._column + 2}")
        return self._column + 1

    def _place(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._known.get(letters)
        if column is None:
            if not REFERENCE.fullmatch(reference):
                raise self._damaged(f"'{reference[:20]}'")
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            if column > COLUMNS:
                raise self._damaged(f"'{reference[:20]}'")
            column = self._known[letters] = column - 1
        return column

    def _read(self, text: str) -> Any:
        kind = self._kind
        if kind == "s":
            return self._shared(text)
        if kind in ("inlineStr", "phonetic", "str"):
            return _unescaped(text) or None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return ErrorValue(text or "#ERROR")
        if kind == "d":
            return text.strip() or None
        if not text:
            return ErrorValue("=") if self._formula else None
        return self._number(text)

    def _shared(self, text: str) -> Any:
        try:
            return _unescaped(self._texts[int(text)]) or None
        except (ValueError, IndexError):
            raise self._damaged(f"text {text[:20]!r}") from None

    def _number(self, text: str) -> Any:
        try:
            number = float(text)
        except ValueError:
            raise self._damaged(f"number {text[:20]!r}") from None
        if number != number or abs(number) == float("inf"):
            return ErrorValue(text[:40])
        style = int(self._style) if self._style.isdigit() and len(self._style) < 8 else 0
        if style < len(self._dates) and self._dates[style] and self._style:
            return moment_of(number, from_1904=self._book.from_1904)
        if number.is_integer() and abs(number) < 1e15:
            return int(number)
        return number

    def _damaged(self, what: str) -> TableError:
        return TableError(
            self.safe.path,
            en=f"row {self._row} of the sheet is damaged at {what}",
            nl=f"rij {self._row} van het blad is beschadigd bij {what}",
        )


def moment_of(serial: float, *, from_1904: bool) -> str | ErrorValue:
    """Excel's number of days as ISO 8601 text: a day, a moment, or a time of day.

    In the system of 1900 there is a 29 February 1900 (60), which never was.
    """
    if not 0 <= serial < LAST_SERIAL or (not from_1904 and 60 <= serial < 61):
        return ErrorValue(repr(serial))
    seconds = round((serial % 1) * 86_400)
    days, seconds = int(serial) + seconds // 86_400, seconds % 86_400
    if days == 0 and not from_1904:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not from_1904 and days < 60:
        days += 1
    try:
        moment = (EPOCH_1904 if from_1904 else EPOCH) + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return ErrorValue(repr(serial))
    return moment.isoformat() if seconds else moment.date().isoformat()


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as _x000D_ (section 22.9.2.19); control characters become spaces."""
    if "_x" in text:
        text = UNICODE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return CONTROL.sub(" ", text)
