"""A file of records (Excel, JSON, NDJSON, XML, Parquet, vCard) as an input: streamed, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.kinds import Form
from klantbeeld.engines.files.records import RecordFile, open_records
from klantbeeld.engines.files.xml_records import Shape
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.adapters.batches import batches, within
from klantbeeld.sources.adapters.digests import digest_of
from klantbeeld.sources.adapters.record_rows import Numbered, RecordRows
from klantbeeld.sources.adapters.refused import EnoughRefused, Refused
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.mapping import Mapper

FORMS: dict[str, Form] = {
    "xlsx": "workbook",
    "json": "json",
    "ndjson": "ndjson",
    "xml": "xml",
    "parquet": "parquet",
    "vcard": "vcard",
}
LOOK_AHEAD = 5_000  # records in which BSNs are looked for before the first is used


class RecordInput:
    """A file of a feed of records. Raises Invalid when the file is of another form or lacks declared columns."""

    def __init__(self, path: Path, feed: Feed, catalogue: Catalogue | None = None, *, name: str = "") -> None:
        with told():
            self._opened = _open(path, feed, Mapper(feed, None, catalogue))
            self._rows = RecordRows(feed, catalogue, self._opened.columns)
            self.name = f"{name or path.name} ({self._opened.label})"[:300]
            self.sha256 = digest_of(path)
            self.path = path
            self._begin()

    @property
    def mapper(self) -> Mapper:
        """See `ports.Input`."""
        return self._rows.mapper

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns of a table, None for trees."""
        return self._opened.columns

    @property
    def refused_columns(self) -> list[str]:
        """Paths that are refused because they hold BSNs."""
        return self._rows.refused_columns

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """See `ports.Input`. The cursor is the last record that is settled."""
        refused = Refused(int((after or {}).get("record", 0)), enough=True)
        while refused.enough:
            refused = Refused(refused.done)
            with told(), self._opened.read(refused) as reading:
                groups = self._rows.groups(one for one in reading if one[0] > refused.done)
                for batch, refusals in batches(groups, refused, size, weight):
                    yield self._chunk(batch, refusals, refused.done, reading.share if batch else 1.0)

    def _chunk(
        self, batch: Sequence[Sequence[Numbered]], refusals: list[Refusal], done: int, share: float | None
    ) -> Chunk:
        read = sum(len(group) for group in batch) + len(refusals)
        rows = self._rows.make(batch, refusals)
        return Chunk(rows, refusals, read, {"record": done}, share, self._rows.take_counts())

    def _begin(self) -> None:
        """Look for BSNs in the first records, before anything of the file is used."""
        first: list[dict[str, Any]] = []
        # What is wrong further on is told by the reading itself, where it comes to it.
        with suppress(EnoughRefused, TableError), self._opened.read(Refused()) as reading:
            for group in within(([one] for one in reading), LOOK_AHEAD, weight):
                first += [record for _, record in group]
        self._rows.inspect(first)


@contextmanager
def told() -> Iterator[None]:
    """Turn the error of a file into one of ours, with its Dutch and English."""
    try:
        yield
    except TableError as error:
        raise Invalid(error.sentence("en"), code="sources.file", labels=error.text) from error


def weight(value: Any) -> int:
    """Characters, roughly, of a record; a value counts for at least ten."""
    if isinstance(value, str):
        return len(value) + 10
    if isinstance(value, dict):
        return 10 + sum(map(weight, value.values()))
    return 10 + sum(map(weight, value)) if isinstance(value, list) else 10


def _open(path: Path, feed: Feed, mapper: Mapper) -> RecordFile:
    form = feed.form
    header = form.get("header", True)
    shape = Shape()
    if form["type"] == "xml":
        shape = shape_of(list(mapper.columns), mapper.lists)
    return open_records(
        path,
        FORMS[form["type"]],
        encoding=form.get("encoding"),
        place=form.get("sheet", form.get("records_at")),
        header=header if isinstance(header, list) else None,
        skip=form.get("skip"),
        shape=shape,
    )


def shape_of(paths: Sequence[str], lists: Any) -> Shape:
    """Which paths of a record are lists, and which hold other elements, as the declaration uses them."""
    listed = set(lists)
    containers: set[str] = set()
    inner = [f"{path}.{one}" for path, names in lists.items() for one in names]
    for path in [*paths, *lists, *inner]:
        steps = path.split(".")
        before: list[str] = []
        for step in steps[:-1]:
            before.append(step)
            if steps[len(before)].isdigit():
                listed.add(".".join(one for one in before if not one.isdigit()))
            elif not step.isdigit():
                containers.add(".".join(one for one in before if not one.isdigit()))
    return Shape(frozenset(listed), frozenset(containers - listed))
