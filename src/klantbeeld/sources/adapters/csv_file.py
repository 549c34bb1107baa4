"""A delimited file as an input: streamed, in bounded memory, with the position of every row that is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from klantbeeld.engines.files import TableError, open_table
from klantbeeld.engines.files.delimited import iterate_rows
from klantbeeld.engines.files.kinds import LABELS
from klantbeeld.engines.files.tables import TableFile
from klantbeeld.engines.files.texts import open_text
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label
from klantbeeld.sources.adapters.batches import batches, grouped, within
from klantbeeld.sources.adapters.digests import digest_of
from klantbeeld.sources.adapters.record_file import told
from klantbeeld.sources.adapters.refused import EnoughRefused, Refused
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.bsn import Guard, mask_unplaced
from klantbeeld.sources.rules.cells import clean_texts, overlong
from klantbeeld.sources.rules.mapping import Mapper, Row, UnknownColumns

LOOK_AHEAD = 5_000  # rows in which BSN columns are looked for before the first row is used
Numbered = tuple[int, list[str]]


class CsvInput:
    """A file of a feed whose form is csv. Raises Invalid when the file is no such table or lacks declared columns."""

    def __init__(self, path: Path, feed: Feed, catalogue: Catalogue | None = None, *, name: str = "") -> None:
        self.path = path
        self._feed = feed
        self._opened = _open(path, feed.form)
        self.name = f"{name or path.name} ({_label(self._opened)})"[:300]
        self.mapper = Mapper(feed, self._opened.columns, catalogue)
        self.sha256 = digest_of(path)
        self._size = max(path.stat().st_size, 1)
        names = list(self._opened.columns)
        places = _places(names, feed.form.get("group_by", ()))
        self._key = itemgetter(*places) if places else None
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
        refused = Refused(int((after or {}).get("line", 0)), enough=True)
        while refused.enough:
            refused = Refused(refused.done)
            with told(), self._text() as text:
                rows = (row for row in self._rows(text, refused) if row[0] > refused.done)
                for batch, refusals in batches(grouped(rows, self._key), refused, size, _weight):
                    yield self._chunk(batch, refusals, refused.done, self._share(text, bool(batch)))

    def _chunk(self, batch: list[list[Numbered]], refusals: list[Refusal], done: int, share: float) -> Chunk:
        read = sum(len(group) for group in batch) + len(refusals)
        made = self._made(batch, refusals)
        return Chunk(made, refusals, read, {"line": done}, share, self._guard.take_counts())

    def _begin(self) -> None:
        """Look for BSNs in the first rows, before anything of the file is used."""
        first: list[list[str]] = []
        # What is wrong further on is told by the reading itself, where it comes to it.
        with suppress(EnoughRefused, TableError), self._text() as text:
            numbered = ([row] for row in self._rows(text, Refused()))
            for group in within(numbered, LOOK_AHEAD, _weight):
                first += [row for _, row in group]
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
        if self._key is None:
            return [Row(line, cells, _raw(names, cells)) for line, cells in flat]
        rows, given = [], iter(flat)
        for group in batch:
            parts = [next(given) for _ in group]
            members = [cells for _, cells in parts]
            raw = {"rows": [_raw(names, one) for one in members]}
            rows.append(Row(parts[0][0], members[0], raw, {"rows": members}))
        return rows

    def _rows(self, text: io.TextIOWrapper, refused: Refused) -> Iterator[Numbered]:
        dialect = self._opened.dialect
        assert dialect is not None  # noqa: S101 - only delimited files come here
        for _ in range(dialect.skip + (1 if dialect.header else 0)):
            text.readline()
        return iterate_rows(text, dialect, self._opened.columns, refused)

    def _text(self) -> io.TextIOWrapper:
        assert self._opened.encoding is not None  # noqa: S101
        return open_text(self.path, self._opened.encoding, compressed=self._opened.compressed)

    def _share(self, text: io.TextIOWrapper, more: bool) -> float:
        if not more:
            return 1.0
        raw: Any = getattr(getattr(text.buffer, "raw", None), "fileobj", None) or text.buffer
        return min(raw.tell() / self._size, 1.0)


def _weight(row: list[str]) -> int:
    return sum(map(len, row))


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
        text = {
            "en": f"this looks like {LABELS[opened.form]}, not like CSV; declare its own form",
            "nl": f"dit lijkt op {LABELS[opened.form]}, niet op CSV; declareer zijn eigen vorm",
        }
        raise Invalid(f"{path.name}: {text['en']}", code="sources.file", labels=text)
    if isinstance(header, list):
        if len(header) != len(opened.columns):
            raise Invalid(
                f"{path.name} has {len(opened.columns)} columns, and the declaration names {len(header)}.",
                code="sources.columns",
            )
        opened = replace(opened, columns=tuple(header))
    return opened


def _label(opened: TableFile) -> str:
    """How the file turned out to be written, for people."""
    assert opened.dialect is not None  # noqa: S101 - it is delimited
    assert opened.encoding is not None  # noqa: S101
    delimiter = opened.dialect.delimiter_label
    return f"{'TSV' if delimiter == 'tab' else f'CSV {delimiter}'}, {opened.encoding.label}"


def _places(names: list[str], wanted: Any) -> list[int]:
    if unknown := [name for name in wanted if name not in names]:
        raise UnknownColumns(unknown, names)
    return [names.index(name) for name in wanted]


def _raw(names: list[str], cells: list[str | None]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
