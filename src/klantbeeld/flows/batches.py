"""From a stretch of an input to a batch that can be stored: all that needs no database, so any process may do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from klantbeeld.flows.receive import Prepared, prepare
from klantbeeld.identity.actions import KeyRows, Preparer, Ready
from klantbeeld.kit.errors import KlantbeeldError
from klantbeeld.kit.labels import Label
from klantbeeld.profiles.contracts import Alone
from klantbeeld.sources import actions as sources
from klantbeeld.sources.contracts import Draft, Refusal
from klantbeeld.sources.ports import Chunk, Cursor, Input


class Counts(NamedTuple):
    """Rows of a batch: all that were read, those that could be read as rows, and the rest as in `sources.RunRow`."""

    read: int
    good: int
    refused: int
    partial: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A chunk with its drafts, prepared, and what was refused. `cursor` and `share`: as of the chunk.

    `seen`: its rows as they came, for whoever watches what an input looks like.
    """

    prepared: Prepared
    refusals: list[Refusal]
    seen: list[Any]
    rows: Counts
    cursor: Cursor
    share: float | None


class Frame(NamedTuple):
    """A batch as it goes from one process to another: plain columns, because objects take their time to travel."""

    drafts: tuple[list[Any], ...]
    packed: list[bytes]
    keys: tuple[Any, Any, Any]
    alone: list[Any]
    refusals: list[Refusal]
    seen: list[Any]
    rows: Counts
    cursor: Cursor
    share: float | None


def batches(given: Input, after: Cursor | None, pace: Callable[[], int], preparer: Preparer) -> Iterator[Batch]:
    """The batches of an input from just after a cursor; nothing of this touches the database."""
    for chunk in given.chunks(after, pace):
        yield map_chunk(given, chunk, timezone.now(), preparer)


def map_chunk(given: Input, chunk: Chunk, at: datetime, preparer: Preparer) -> Batch:
    """Map the rows of a chunk, gather what was refused, and prepare what goes on."""
    drafts: list[Draft] = []
    refusals = list(chunk.refusals)
    empty = []
    for row in chunk.rows:
        made, refused = given.mapper.map(row, at)
        drafts += made
        if refused:
            refusals += refused
        if not made:
            empty.append(row.position)
    try:
        prepared = prepare(drafts, preparer)
    except KlantbeeldError:
        # One of them cannot be kept, which is no reason to stop the others: told apart only when it happens.
        drafts, unusable = sources.sift(drafts)
        refusals += unusable
        left = {draft.position for draft in drafts}
        empty = [row.position for row in chunk.rows if row.position not in left]
        prepared = prepare(drafts, preparer)
    positions = {one.position for one in refusals}
    skipped = sum(1 for position in empty if position not in positions)
    partial = len(positions.intersection(row.position for row in chunk.rows)) - (len(empty) - skipped)
    for column, count in chunk.bsn.items():
        refusals.append(_bsn(column, count))
    rows = Counts(chunk.read, len(chunk.rows), len(positions), partial, skipped)
    return Batch(prepared, refusals, [row.raw for row in chunk.rows], rows, chunk.cursor, chunk.share)


def frame_of(batch: Batch) -> Frame:
    """A batch that a Preparer made, for another process."""
    ready = batch.prepared.ready
    assert ready is not None  # noqa: S101 - batches are always prepared
    keys = (ready.keys.key, ready.keys.type, ready.keys.record)
    return Frame(
        sources.to_columns(batch.prepared.drafts),
        list(ready.packed),
        keys,
        [one and tuple(one) for one in batch.prepared.alone],
        batch.refusals,
        batch.seen,
        batch.rows,
        batch.cursor,
        batch.share,
    )


def batch_of(frame: Frame, preparer: Preparer) -> Batch:
    """The batch in a frame; `preparer` is the one of which the other process has the double."""
    drafts = sources.from_columns(frame.drafts)
    ready = Ready.of(preparer, drafts, frame.packed, KeyRows(*frame.keys))
    alone = [one and Alone._make(one) for one in frame.alone]
    return Batch(Prepared(drafts, ready, alone), frame.refusals, frame.seen, frame.rows, frame.cursor, frame.share)


def _bsn(column: str, count: int) -> Refusal:
    return Refusal(
        position=0,
        reason="bsn.refused",
        message=Label(
            nl="burgerservicenummers worden geweigerd en nergens bewaard; zijn het andere nummers, zet de kolom dan in"
            " `not_bsn`",
            en="citizen service numbers are refused and kept nowhere; if these are other numbers, put the column in"
            " `not_bsn`",
        ),
        column=column,
        count=count,
    )
