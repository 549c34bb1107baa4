"""A second process that reads, maps and prepares, while this one stores: one interpreter uses one core.

It has no database, no lock and nothing to lose: it is told where to begin, and what it gives is stored here. If it
fails or dies, this process goes on by itself after the last batch that it gave.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from django.conf import settings

from klantbeeld.flows.batches import Batch, Frame, batch_of, batches
from klantbeeld.flows.reader import END, READY
from klantbeeld.identity.actions import Preparer, Recipe
from klantbeeld.sources.declaration import Feed
from klantbeeld.sources.ports import Cursor, FileInput, Input

_logger = logging.getLogger(__name__)
FEWEST = 10_000  # rows still to come for which another process is worth its start of a second
SECONDS_TO_END = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What the other process is asked to prepare: a file in the form of a feed."""

    feed: Feed
    path: Path
    recipe: Recipe


class Reader:
    """The other process. It starts at once and takes about a second to be ready."""

    def __init__(self, order: Order) -> None:
        here, there = socket.socketpair()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        command = [sys.executable, "-m", "klantbeeld.flows.reader", str(there.fileno())]
        with there:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, env=environment, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._connection = Connection(here.detach())
        self._connection.send(order)

    @property
    def is_ready(self) -> bool:
        """Can it begin?"""
        return self._connection.poll()

    def frames(self, after: Cursor | None, pace: Callable[[], int]) -> Iterator[Frame | None]:
        """What it makes of the input after a cursor; None in the end when it did not come to the end.

        Two are always asked for: one is under way while it makes the next.
        """
        connection = self._connection
        try:
            said = connection.recv()
            if said == READY:
                connection.send(after)
                connection.send(pace())
                connection.send(pace())
                while not isinstance(said := connection.recv(), str):
                    yield said
                    connection.send(pace())
            if said != END:
                _logger.warning("The process that reads ahead gave up (%s). This one goes on alone.", said)
                yield None
        except (EOFError, OSError) as error:
            _logger.warning("The process that reads ahead is gone (%r). This one goes on alone.", error)
            yield None

    def close(self) -> None:
        """Let it end; it holds nothing."""
        self._connection.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def read_ahead(
    given: Input, feed: Feed, after: Cursor | None, pace: Callable[[], int], preparer: Preparer
) -> Generator[Batch]:
    """The batches of an input: of a short one made here, of a long file by another process as soon as that is ready.

    Both see the first rows of a file before they use any, so that what they find out about its columns is the same.
    """
    reader: Reader | None = None
    rows = 0
    try:
        for batch in batches(given, after, pace, preparer):
            rows += batch.rows.read
            yield batch
            after = batch.cursor
            if reader is None and isinstance(given, FileInput) and _to_come(rows, batch.share) >= FEWEST:
                reader = Reader(Order(feed, given.path, preparer.recipe))
            if reader is not None and reader.is_ready:
                break
        else:
            return
        for frame in reader.frames(after, pace):
            if frame is None:
                yield from batches(given, after, pace, preparer)
                return
            yield batch_of(frame, preparer)
            after = frame.cursor
    finally:
        if reader is not None:
            reader.close()


def _to_come(rows: int, share: float | None) -> float:
    """How many rows are still to come, judging by the share that was read."""
    return rows / share - rows if share else 0.0
