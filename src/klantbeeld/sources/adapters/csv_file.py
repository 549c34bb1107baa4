"""A delimited file as an input: streamed, in bounded memory, with the position of every row that is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from klantbeeld.engines.files import REFUSALS, Refusals, TableError, open_table
from klantbeeld.engines.files.delimited import iterate_rows
from klantbeeld.engines.files.tables import TableFile
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.bsn import Guard, mask_unplaced
from klantbeeld.sources.rules.cells import clean_texts, overlong
from klantbeeld.sources.rules.mapping import Mapper, Row, UnknownColumns

BLOCK = 1 << 20
LOOK_AHEAD = 5_000  # rows in which BSN columns are looked for before the first row is used
GROUP_LIMIT = 5_000  # rows that can be one
CHARACTERS = 16 << 20  # in a chunk, however long its rows are
EXCERPT = 2_000  # characters kept of a row that cannot be read
Numbered = tuple[int, list[str]]


class _Refused(Refusals):
    """Rows that cannot be read, with their text; drained with every chunk."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Refusal] = []

    def add(self, line: int, reason: str, text: str, column: str | None = None) -> None:
        words = REFUSALS[reason]
        shown = mask_unplaced(text[:EXCERPT].rstrip("\r\n").replace("\0", "\ufffd"))
        self.waiting.append(
            Refusal(
                position=line,
                reason=f"row.{reason}",
                message=Label(nl=words["nl"], en=words["en"]),
                column=column or "",
                raw=shown.encode("utf-8", "replace").decode(),
                whole=True,
            )
        )

    def take(self, until: int | None = None) -> list[Refusal]:
        """What was refused up to a line, or everything; it is forgotten here."""
        taken = [one for one in self.waiting if until is None or one.position <= until]
        self.waiting = [] if until is None else [one for one in self.waiting if one.position > until]
        return taken


class CsvInput:
    """A file of a feed whose form is csv. Raises Invalid when the file is no such table or lacks declared columns."""

    def __init__(self, path: Path, feed: Feed, catalogue: Catalogue | None = None) -> None:
        self.name = path.name
        self._path = path
        self._feed = feed
        self._opened = _open(path, feed.form)
        self.mapper = Mapper(feed, self._opened.columns, catalogue)
        self.sha256 = _digest(path)
        self._size = max(path.stat().st_size, 1)
        names = list(self._opened.columns)
        self._groups = _places(names, feed.form.get("group_by", ()))
        self._guard = Guard(names, feed.not_bsn)
        self._begin()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file."""
        return self._opened.columns

    @property
    def refused_columns(self) -> list[str]:
        """Columns that are refused because they hold BSNs."""
        return [self._guard.columns[place] for place in self._guard.refused]

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """See `ports.Input`. The cursor is the last line that is settled."""
        done = int((after or {}).get("line", 0))
        refused = _Refused()
        with self._text() as text:
            rows = (row for row in self._rows(text, refused) if row[0] > done)
            groups = self._grouped(rows)
            while True:
                batch = list(_within(groups, size()))
                last = batch[-1][-1][0] if batch else None
                refusals = [one for one in refused.take(last) if one.position > done]
                if not batch and not refusals:
                    return
                done = last if last is not None else refusals[-1].position
                made = self._made(batch, refusals)
                read = sum(len(group) for group in batch) + sum(1 for one in refusals if one.reason.startswith("row."))
                yield Chunk(
                    made, refusals, read, {"line": done}, self._share(text, bool(batch)), self._guard.take_counts()
                )

    def _begin(self) -> None:
        """Look for BSNs in the first rows, before anything of the file is used."""
        with self._text() as text:
            numbered = ([row] for row in self._rows(text, _Refused()))
            first = [row for group in _within(numbered, LOOK_AHEAD) for _, row in group]
        if first:
            self._guard.inspect([clean_texts(row, self._feed.reading.empty) for row in first])

    def _made(self, batch: list[list[Numbered]], refusals: list[Refusal]) -> list[Row]:
        """Clean rows; a value that is too long is refused, BSNs are taken out."""
        empty = self._feed.reading.empty
        flat = [(line, clean_texts(row, empty)) for group in batch for line, row in group]
        if flat:
            self._guard.inspect([cells for _, cells in flat])
        names = self._guard.columns
        for line, cells in flat:
            for place in overlong(cells):
                value = cells[place] or ""
                refusals.append(
                    Refusal(
                        line,
                        "text.too_long",
                        Label(nl="te lang voor een waarde", en="too long for a value"),
                        names[place],
                        mask_unplaced(value[:200]),
                    )
                )
                cells[place] = None
            self._guard.strip(cells)
        if not self._groups:
            return [Row(line, cells, _raw(names, cells)) for line, cells in flat]
        rows, given = [], iter(flat)
        for group in batch:
            parts = [next(given) for _ in group]
            members = [cells for _, cells in parts]
            raw = {"rows": [_raw(names, one) for one in members]}
            rows.append(Row(parts[0][0], members[0], raw, {"rows": members}))
        return rows

    def _rows(self, text: io.TextIOWrapper, refused: _Refused) -> Iterator[Numbered]:
        dialect = self._opened.dialect
        assert dialect is not None  # noqa: S101 - only delimited files come here
        for _ in range(dialect.skip + (1 if dialect.header else 0)):
            text.readline()
        return iterate_rows(text, dialect, self._opened.columns, refused)

    def _grouped(self, rows: Iterator[Numbered]) -> Iterator[list[Numbered]]:
        """Rows that follow each other with the same values in the columns of `group_by` are one."""
        if not self._groups:
            for row in rows:
                yield [row]
            return
        key = itemgetter(*self._groups)
        group: list[Numbered] = []
        for row in rows:
            if group and (key(row[1]) != key(group[0][1]) or len(group) >= GROUP_LIMIT):
                yield group
                group = []
            group.append(row)
        if group:
            yield group

    def _text(self) -> io.TextIOWrapper:
        assert self._opened.encoding is not None  # noqa: S101
        name = self._opened.encoding.name
        file: Any = (gzip.open if self._opened.compressed else open)(self._path, "rb")
        errors = "replace" if "16" in name or "32" in name else "surrogateescape"
        return io.TextIOWrapper(file, encoding=name, errors=errors, newline="")

    def _share(self, text: io.TextIOWrapper, more: bool) -> float:
        if not more:
            return 1.0
        raw: Any = getattr(text.buffer, "fileobj", None) or text.buffer
        return min(raw.tell() / self._size, 1.0)


def _within(groups: Iterator[list[Numbered]], count: int) -> Iterator[list[Numbered]]:
    """So many groups, or fewer when they are long: memory stays bounded."""
    characters = 0
    for group in islice(groups, count):
        yield group
        characters += sum(sum(map(len, row)) for _, row in group)
        if characters > CHARACTERS:
            return


def _open(path: Path, form: dict[str, Any]) -> TableFile:
    header = form.get("header", True)
    quote = {"none": ""}.get(form.get("quote", ""), form.get("quote"))
    delimiter = {"tab": "\t"}.get(form.get("delimiter", ""), form.get("delimiter"))
    try:
        opened = open_table(
            path,
            encoding=form.get("encoding"),
            delimiter=delimiter,
            quote=quote,
            header=header is True,
            sample_rows=0,
        )
    except TableError as error:
        raise Invalid(error.sentence("en"), code="sources.file", labels=error.text) from error
    if opened.form != "delimited":
        raise Invalid(f"{path.name} is not a delimited text; declare its own form.", code="sources.file")
    if isinstance(header, list):
        if len(header) != len(opened.columns):
            raise Invalid(
                f"{path.name} has {len(opened.columns)} columns, and the declaration names {len(header)}.",
                code="sources.columns",
            )
        opened = replace(opened, columns=tuple(header))
    return opened


def _places(names: list[str], wanted: Any) -> list[int]:
    if unknown := [name for name in wanted if name not in names]:
        raise UnknownColumns(unknown, names)
    return [names.index(name) for name in wanted]


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.digest()


def _raw(names: list[str], cells: list[str | None]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
