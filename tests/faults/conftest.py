"""Clusters of their own for tests that break them; durable, so that what is tested is what the product promises."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.database import throwaway_cluster

from klantbeeld.config.processes.cluster import Cluster


@pytest.fixture
def cluster(run_folder: Path) -> Iterator[Cluster]:
    """A running durable cluster in a folder of its own."""
    cluster = throwaway_cluster(run_folder / f"fault-{secrets.token_hex(4)}", durable=True)
    cluster.create()
    cluster.start()
    yield cluster
    with contextlib.suppress(psutil.NoSuchProcess):
        cluster.stop("immediate")


class Writer:
    """Inserts numbers one by one, each in a transaction, from a thread; remembers which were acknowledged."""

    def __init__(self, cluster: Cluster) -> None:
        self.acknowledged: list[int] = []
        self._cluster = cluster
        self._next = 1
        self._stop = threading.Event()
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint NOT NULL)")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._cluster.connect() as connection:
                    while not self._stop.is_set():
                        number, self._next = self._next, self._next + 1
                        connection.execute("INSERT INTO written VALUES (%s)", [number])
                        self.acknowledged.append(number)
            except psycopg.Error:
                self._stop.wait(0.02)

    def wait_for(self, more: int) -> None:
        """Wait until `more` further numbers were acknowledged."""
        goal = len(self.acknowledged) + more
        while len(self.acknowledged) < goal:
            assert self._thread.is_alive()
            self._stop.wait(0.005)

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def stored(self) -> list[int]:
        """Every number in the table."""
        with self._cluster.connect() as connection:
            return [row[0] for row in connection.execute("SELECT number FROM written ORDER BY number").fetchall()]


@pytest.fixture
def writer(cluster: Cluster) -> Iterator[Writer]:
    """A thread that writes until the test ends."""
    writer = Writer(cluster)
    yield writer
    writer.stop()
