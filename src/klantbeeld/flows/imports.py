"""Import: a feed of a source is read to its end in short batches, each committed with the place where to go on.

A run that was killed, at any point, goes on after its last committed batch; since storing is idempotent the result is
that of one go.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.batches import Batch
from klantbeeld.flows.beside import read_ahead
from klantbeeld.flows.receive import receive_prepared
from klantbeeld.foundation.access import Actor, require
from klantbeeld.identity.actions import Preparer
from klantbeeld.kit.errors import Invalid, KlantbeeldError
from klantbeeld.sources import actions as sources
from klantbeeld.sources import queries
from klantbeeld.sources.contracts import RunBegun, RunRow, Stored
from klantbeeld.sources.declaration import Feed
from klantbeeld.sources.ports import Input, Observer, Row, compare

SCOPE = "records:write"
SMALLEST, LARGEST = 250, 2_000  # rows in a batch
BATCH_SECONDS = 0.6  # a record that arrives over the API waits about so long at most
REFUSED_SHARE = 0.2
ENOUGH_ROWS = 100  # before so many rows a share says little
ENOUGH_REFUSED = 5


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nothing come between batches.

    A batch makes hundreds of thousands of objects and hardly any cycles: with the usual thresholds the collector walks
    over all of them again and again, a tenth of the time of an import.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(250_000, 20, 20)
    # The database answers dozens of times a batch: whoever waits for it goes on at once, not after 5 ms.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*before)
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `share`: 0..1 of the input, None when that cannot be told."""

    feed: str
    rows: int
    refused: int
    share: float | None


class Pace:
    """How many rows the next batch takes, so that a batch lasts about BATCH_SECONDS."""

    def __init__(self, size: int = 500) -> None:
        self.size = size

    def __call__(self) -> int:
        return self.size

    def learn(self, rows: int, seconds: float) -> None:
        """Take in how long a batch took; sizes change by at most a factor of two."""
        if rows >= self.size // 2 and seconds > 0:
            wanted = rows * BATCH_SECONDS / seconds
            self.size = int(min(max(wanted, self.size / 2, SMALLEST), self.size * 2, LARGEST))


def import_source(
    *,
    source_code: str,
    actor: Actor,
    feed: str = "",
    path: Path | None = None,
    full: bool = False,
    within: Sequence[Path] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[RunRow]:
    """Import one feed of a source, or all of them in their declared order; returns the runs.

    `path`: the file to read in place of the declared one; needs the name of the feed when there are several. `full`
    asks a service or database for everything instead of what changed, and reads watched files again. `within`: the only
    folders whose files may be read. Stops after a feed that was paused.
    Raises Refused, Missing, Invalid (the input is not what was declared), Conflict (paused, or an import is running).
    """
    require(actor, SCOPE)
    source_id, declaration, _ = queries.load_declaration(source_code)
    if feed or path is not None:
        chosen = declaration.find_feed(feed)
        if chosen is None:
            names = ", ".join(one.name for one in declaration.feeds)
            raise Invalid(f"Name the feed of '{source_code}': {names}.", code="sources.feed", feeds=names)
        feeds = [chosen]
    else:
        feeds = [one for one in declaration.feeds if one.type != "rows"]
    sources.claim_import(source_id)
    runs: list[RunRow] = []
    try:
        for one in feeds:
            since = None if full or one.is_file else queries.last_complete(source_code, one.name)
            # Closed by name: what was fetched is gone when we go, also halfway.
            with closing(
                queries.open_inputs(source_code, one, path=path, full=full, since=since, within=within)
            ) as inputs:
                for given in inputs:
                    run_uuid = _Import(source_code, declaration.purpose, one, actor, progress).run(given)
                    runs.append(queries.get_run(run_uuid, actor=Actor.system("import")))
                    if runs[-1].state == "paused":
                        return runs
    finally:
        sources.release_import(source_id)
    return runs


class _Import:
    """One run over one input."""

    def __init__(
        self,
        source_code: str,
        purpose: str,
        feed: Feed,
        actor: Actor,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._source = source_code
        self._purpose = purpose
        self._feed = feed
        self._actor = actor
        self._progress = progress

    def run(self, given: Input) -> UUID:
        """Read the input to its end; returns the public id of the run."""
        begun = sources.begin_run(
            source_code=self._source,
            feed=self._feed.name,
            input_name=given.name,
            input_sha256=given.sha256,
            actor=self._actor,
            at=timezone.now(),
        )
        try:
            with _undisturbed():
                problem = self._read(given, begun)
        except KlantbeeldError as error:
            sources.fail_run(run_id=begun.id, problem=error.message, actor=self._actor, at=timezone.now())
            raise
        if problem:
            sources.pause_run(run_id=begun.id, problem=problem, actor=self._actor, at=timezone.now())
        else:
            sources.finish_run(run_id=begun.id, actor=self._actor, at=timezone.now())
        return begun.uuid

    def _read(self, given: Input, begun: RunBegun) -> str:
        """Commit batch after batch; returns why to pause, or nothing."""
        rows, refused = begun.rows, begun.refused
        watch = _Watch(self._source, self._feed, given, begun)
        pace = Pace()
        preparer = Preparer(begun.source_id)
        with closing(_ahead(read_ahead(given, self._feed, begun.cursor, pace, preparer))) as ahead:
            for batch in ahead:
                if problem := watch.see(batch.seen):
                    return problem
                started = time.perf_counter()
                self._commit(batch, begun)
                pace.learn(batch.rows.good, time.perf_counter() - started)
                rows += batch.rows.read
                refused += batch.rows.refused
                if self._progress is not None:
                    self._progress(Progress(self._feed.name, rows, refused, batch.share))
                if rows >= ENOUGH_ROWS and refused > REFUSED_SHARE * rows:
                    return _too_many(refused, rows)
        if refused >= ENOUGH_REFUSED and refused > REFUSED_SHARE * rows:
            return _too_many(refused, rows)
        return watch.judge()

    @transaction.atomic
    def _commit(self, batch: Batch, begun: RunBegun) -> None:
        at = timezone.now()
        stored = Stored()
        if batch.prepared.drafts:
            stored = receive_prepared(
                source_code=self._source,
                source_id=begun.source_id,
                batch=batch.prepared,
                actor=self._actor,
                purpose=self._purpose,
                run_id=begun.id,
                at=at,
            ).stored
        sources.quarantine(source_id=begun.source_id, run_id=begun.id, refusals=batch.refusals, at=at)
        sources.advance_run(
            run_id=begun.id,
            stored=stored,
            read=batch.rows.read,
            refused=batch.rows.refused,
            partial=batch.rows.partial,
            skipped=batch.rows.skipped,
            cursor=batch.cursor,
            share=batch.share,
        )


class _Watch:
    """Whether the columns of an input are still those of the run before; tells why to pause, or nothing.

    Looked at after the first rows, before they are committed, and at the end. A run that goes on after a kill has not
    seen all its rows, so it is not compared.
    """

    def __init__(self, source: str, feed: Feed, given: Input, begun: RunBegun) -> None:
        self._feed = feed
        self._run_id = begun.id
        self._partly = begun.is_resumed
        self._before = queries.last_observed(source, feed.name)
        self._observer = Observer(given.columns)
        self._looked = False

    def see(self, raws: Iterable[Any]) -> str:
        """Take in rows as they came."""
        self._observer.see(Row(0, (), raw) for raw in raws)
        if self._looked or self._observer.rows < ENOUGH_ROWS:
            return ""
        self._looked = True
        return self.judge()

    def judge(self) -> str:
        """Keep what was seen; why to pause."""
        if self._partly:
            return ""
        observed = self._observer.summary()
        drift = compare(self._before, observed, self._feed.contract)
        sources.note_columns(run_id=self._run_id, observed=observed, drift=[one.as_json() for one in drift])
        pausing = [one.message["en"] for one in drift if one.verdict == "pause"]
        return f"The input is not what it was: {'; '.join(pausing[:5])}." if pausing else ""


def _ahead(items: Generator[Batch]) -> Generator[Batch]:
    """Get the next batch while the database works on this one; the iterator is closed with this one."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import-reader") as pool, closing(items):
        waiting: Future[Batch | None] = pool.submit(next, items, None)
        try:
            while (item := waiting.result()) is not None:
                waiting = pool.submit(next, items, None)
                yield item
        finally:
            wait([waiting])  # a generator that runs cannot be closed


def _too_many(refused: int, rows: int) -> str:
    return f"{refused} of {rows} rows were refused, more than {REFUSED_SHARE:.0%}; see the quarantine."
