"""A table of a database as an input: streamed, read-only, and from where the last complete import ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from klantbeeld.engines.files.parquet_records import plain
from klantbeeld.engines.files.trees import fault_of
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.adapters.batches import within
from klantbeeld.sources.adapters.databases import Database, open_database
from klantbeeld.sources.adapters.record_file import LOOK_AHEAD, weight
from klantbeeld.sources.adapters.record_rows import Numbered, RecordRows
from klantbeeld.sources.adapters.refused import EnoughRefused, Refused
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.mapping import Mapper


class SqlInput:
    """A table or query of a feed whose form is sql. Raises Invalid (refused, unknown table or column), Unavailable.

    With `cursor` the rows come in the order of that column, so that a killed run goes on at the highest value that was
    committed, and the next import begins there; rows with that same value come again, which changes nothing. Without it
    every run reads everything.
    """

    sha256 = None

    def __init__(self, feed: Feed, catalogue: Catalogue | None = None, *, last: Cursor | None = None) -> None:
        self._form = feed.form
        self._cursor: str = feed.form.get("cursor", "")
        known = last if last and last.get("of") == self._cursor else {}
        self._last = known.get("high") if self._cursor else None
        self._database = open_database(feed.form)
        with self._selected(None, probe=True) as (columns, rows):
            if self._cursor and self._cursor not in columns:
                listed = ", ".join(columns[:60])
                raise Invalid(
                    f"There is no cursor column '{self._cursor}'; there is {listed}.", code="sources.unknown_column"
                )
            self.columns = tuple(columns)
            self._rows = RecordRows(feed, catalogue, columns)
            self._rows.inspect([dict(zip(columns, map(plain, row), strict=True)) for row in islice(rows, LOOK_AHEAD)])
        self.name = f"{self._database.name} {feed.form.get('table', 'query')}"[:300]

    @property
    def refused_columns(self) -> list[str]:
        """Columns that are refused because they hold BSNs."""
        return self._rows.refused_columns

    @property
    def mapper(self) -> Mapper:
        """See `ports.Input`."""
        return self._rows.mapper

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """See `ports.Input`. The cursor holds the highest value of the cursor column, and how many rows came before."""
        if (after or {}).get("end"):
            return
        high = (after or {}).get("high", self._last)
        number = int((after or {}).get("rows", 0))
        ended = False
        while not ended:
            refused = Refused(number)
            with self._selected(high) as (columns, rows):
                groups = self._rows.groups(self._records(columns, rows, number, refused))
                enough = False
                while not enough and not ended:
                    batch: list[list[Numbered]] = []
                    try:
                        for group in within(groups, size(), weight):
                            batch.append(group)
                    except EnoughRefused:
                        enough = True
                    refusals = refused.take(None)
                    ended = not batch and not refusals
                    if ended:
                        break
                    number = refused.done = max(refused.done, batch[-1][-1][0] if batch else 0)
                    if self._cursor:  # the database has put them in order; those without a value tell nothing
                        values = [record[self._cursor] for group in batch for _, record in group]
                        high = next((value for value in reversed(values) if value is not None), high)
                    made = self._rows.make(batch, refusals)
                    read = sum(len(group) for group in batch) + sum(1 for one in refusals if one.whole)
                    cursor = {"of": self._cursor, "high": high, "rows": number} if self._cursor else {}
                    yield Chunk(made, refusals, read, cursor, None, self._rows.take_counts())
                    if enough:
                        raise Invalid(
                            f"{self.name} holds thousands of rows in a row that cannot be kept; see the quarantine.",
                            code="sources.unreadable",
                        )

    def _records(self, columns: list[str], rows: Iterator[Any], number: int, refused: Refused) -> Iterator[Numbered]:
        for place, row in enumerate(rows, start=number + 1):
            record = dict(zip(columns, map(plain, row), strict=True))
            if fault := fault_of(record):
                refused.add(place, fault[0], str(record), fault[1])
            else:
                yield place, record

    @contextmanager
    def _selected(self, high: Any, *, probe: bool = False) -> Iterator[tuple[list[str], Iterator[Any]]]:
        """Names of the columns and the rows, in one transaction that cannot write."""
        statement, values = statement_of(self._form, self._database, high, probe=probe)
        with self._database.read(statement, values) as (columns, rows):
            if len(set(columns)) != len(columns):
                raise Invalid(f"Two columns of {self._database.name} have the same name.", code="sources.columns")
            yield columns, rows


def statement_of(form: dict[str, Any], database: Database, high: Any, *, probe: bool) -> tuple[str, list[Any]]:
    """The one SELECT that is sent, and its values; a probe looks at some rows in any order."""
    if "query" in form:
        query = form["query"].strip().rstrip(";").strip()
        inner = f"({database.written(query)}\n) AS kb_source"
    else:
        inner = database.written(".".join(map(database.quoted, form["table"].split("."))))
    statement, values = f"SELECT * FROM {inner}", []  # noqa: S608 - quoted names; a query is the operator's own
    if cursor := form.get("cursor"):
        column = database.written(database.quoted(cursor))
        if high is not None:
            # Rows without a value in it can only be known by reading them again.
            statement += f" WHERE ({column} >= {database.placeholder} OR {column} IS NULL)"
            values.append(high)
        if not probe:
            statement += f" ORDER BY {column}"
    return f"{statement} LIMIT {LOOK_AHEAD}" if probe else statement, values
