"""Rows of a delimited text, one by one, in bounded memory; what cannot be a row is refused with its position.

A quotation mark that is never closed would swallow the rest of a file. So a record is given a limit of lines and
length; beyond it only its first line is refused and reading goes on at the second.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TextIO

from klantbeeld.engines.files.dialect import Dialect
from klantbeeld.engines.files.errors import Refusals

LINE_LIMIT = 8 * 1024 * 1024  # characters in one line
RECORD_LINES = 250  # lines in one quoted record
RECORD_LIMIT = 2 * 1024 * 1024  # characters in one record of several lines
REPLACEMENT = "\ufffd"


class _UnclosedQuoteError(Exception):
    pass


class _Lines:
    """Lines of a text with their numbers, the lines of the record under way, and a way back."""

    def __init__(self, text: TextIO, line: int) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.line = line  # number of the last line handed out, from 1
        self.pending: list[str] = []
        self.size = 0
        self.too_long = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.pending) >= RECORD_LINES or self.size > RECORD_LIMIT:
            raise _UnclosedQuoteError
        line = self._back.popleft() if self._back else self._read()
        if not line:
            if self.pending:
                raise _UnclosedQuoteError
            raise StopIteration
        self.line += 1
        self.pending.append(line)
        if len(self.pending) > 1:
            self.size += len(line)
        return line

    def done(self) -> None:
        """Forget the lines of the record that was just read."""
        self.pending.clear()
        self.size = 0
        self.too_long = False

    def retry(self) -> tuple[int, str]:
        """Give up the first line of the record; the others come again. Returns its number and text."""
        first, *others = self.pending
        number = self.line - len(others)
        self._back.extendleft(reversed(others))
        self.line -= len(others)
        self.done()
        return number, first

    def _read(self) -> str:
        line = self._text.readline(LINE_LIMIT)
        if len(line) >= LINE_LIMIT and not line.endswith("\n"):
            self.too_long = True
            while True:
                rest = self._text.readline(LINE_LIMIT)
                if not rest or rest.endswith("\n"):
                    break
        return line


def iterate_rows(
    text: TextIO, dialect: Dialect, columns: Sequence[str], refusals: Refusals
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number of its first line, values) per good row; the text stands just after the header.

    Every row has exactly as many values as there are columns. Blank lines are passed over. `text` must be opened with
    newline="" and decode undecodable bytes to surrogates or U+FFFD.
    """
    lines = _Lines(text, dialect.skip + (1 if dialect.header else 0))
    width = len(columns)
    while True:
        reader = csv.reader(lines, **dialect.reader_options())  # type: ignore[arg-type]
        try:
            for row in reader:
                if len(row) == width and not lines.too_long and _is_clean(lines.pending):
                    number = lines.line - len(lines.pending) + 1
                    lines.done()
                    yield number, row
                elif not row:
                    lines.done()
                elif _judge(lines, row, columns, refusals):
                    number = lines.line - len(lines.pending) + 1
                    lines.done()
                    yield number, row[:width]
                else:
                    break
            else:
                return
        except _UnclosedQuoteError:
            number, first = lines.retry()
            refusals.add(number, "quote", first)
        except csv.Error:
            number, first = lines.retry()
            refusals.add(number, "too_long" if len(first) > csv.field_size_limit() else "quote", first)


def _is_clean(pending: list[str]) -> bool:
    """Say whether the lines hold no NUL and only characters that were really in the file."""
    for line in pending:
        if "\0" in line or REPLACEMENT in line:
            return False
        if not line.isascii():
            try:
                line.encode("utf-8")
            except UnicodeEncodeError:
                return False
    return True


def _judge(lines: _Lines, row: list[str], columns: Sequence[str], refusals: Refusals) -> bool:
    """Accept a row with only empty values too many; refuse the others with a reason, and let the reader begin again."""
    reason, column = _reason(lines, row, columns)
    if reason is None:
        return True
    number, first = lines.retry()
    refusals.add(number, reason, first, column)
    return False


def _reason(lines: _Lines, row: list[str], columns: Sequence[str]) -> tuple[str | None, str | None]:
    if lines.too_long:
        return "too_long", None
    for reason, wrong in (("nul", "\0"), ("bytes", REPLACEMENT)):
        if any(wrong in line for line in lines.pending):
            return reason, _column_with(row, columns, wrong)
    if not _is_clean(lines.pending):
        return "bytes", next((name for name, value in zip(columns, row, strict=False) if not _is_clean([value])), None)
    if len(row) < len(columns):
        return "too_few", columns[len(row)]
    if len(row) > len(columns) and any(value.strip() for value in row[len(columns) :]):
        return "too_many", None
    return None, None


def _column_with(row: list[str], columns: Sequence[str], wrong: str) -> str | None:
    return next((name for name, value in zip(columns, row, strict=False) if wrong in value), None)
