"""A feed's mapping over one input: rows in, drafts out, refusals beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.contracts import AHEAD, Draft, Refusal
from klantbeeld.sources.declaration.check import Catalogue
from klantbeeld.sources.declaration.model import Feed
from klantbeeld.sources.rules.bsn import mask_unplaced
from klantbeeld.sources.rules.mapping.getters import Getters, Places
from klantbeeld.sources.rules.mapping.records import RecordMapper, RecordRefused
from klantbeeld.sources.rules.mapping.rows import Row
from klantbeeld.sources.rules.values import Unreadable

VALUE_SHOWN = 500


class UnknownColumns(Invalid):
    """The declaration names columns that the input does not have."""

    code = "sources.unknown_column"

    def __init__(self, unknown: Sequence[str], columns: Sequence[str]) -> None:
        hints = []
        for name in unknown:
            close = get_close_matches(name, columns, n=1, cutoff=0.5)
            hints.append(f"'{name}'" + (f" (did you mean '{close[0]}'?)" if close else ""))
        super().__init__(
            f"The declaration names columns that the input does not have: {', '.join(hints)}."
            f" It has: {', '.join(list(columns)[:60])}.",
            columns=list(unknown),
        )


class Mapper:
    """Maps the rows of one input of a feed.

    `columns`: the columns of a table, or None for trees (JSON), whose paths are then collected in `columns` as the
    declaration names them; `lists` does the same for the lists inside a row. Raises UnknownColumns.
    """

    def __init__(self, feed: Feed, columns: Sequence[str] | None, catalogue: Catalogue | None = None) -> None:
        self._is_table = columns is not None
        self._places = Places(list(columns or ()), self._is_table, set())
        self._list_places: dict[str, Places] = {}
        self._reading = feed.reading
        getters = self._getters = Getters(self._places, feed.reading)
        self._records = [RecordMapper(spec, getters, self._over, catalogue) for spec in feed.records]
        if self._places.unknown:
            raise UnknownColumns(sorted(self._places.unknown), self._places.columns)

    @property
    def columns(self) -> Sequence[str]:
        """Names of the cells of a row, in order."""
        return self._places.columns

    @property
    def lists(self) -> Mapping[str, Sequence[str]]:
        """Path of each list inside a row -> names of the cells of its items."""
        return {path: places.columns for path, places in self._list_places.items()}

    def map(self, row: Row, at: datetime) -> tuple[list[Draft], list[Refusal]]:
        """Drafts of a row and what was refused of it. `at`: the moment of receipt, by which the future is known."""
        refusals: list[Refusal] = []
        drafts: list[Draft] = []
        latest = at + AHEAD
        self._getters.at = at

        def refuse(column: str, wrong: Unreadable) -> None:
            refusals.append(_refusal(row, column, wrong))

        for record in self._records:
            try:
                draft = record.map(row, refuse, latest)
            except RecordRefused as refused:
                refusals.append(_refusal(row, refused.column, refused.wrong, whole=True))
                continue
            if draft is not None:
                drafts.append(draft)
        return drafts, refusals

    def _over(self, path: str) -> Getters:
        """Getters over the items of a list inside the row; of grouped rows these are rows of the same table."""
        if self._is_table:
            return Getters(self._places, self._reading)
        places = self._list_places.setdefault(path, Places([], False, set()))
        return Getters(places, self._reading)


def _refusal(row: Row, column: str, wrong: Unreadable, *, whole: bool = False) -> Refusal:
    value = mask_unplaced(wrong.value[:VALUE_SHOWN])
    return Refusal(row.position, wrong.reason, wrong.message, column, value, row.raw, whole)
