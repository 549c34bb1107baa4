"""The measured process: makes the files, declares the sources, imports them, writes the figures as JSON."""

from __future__ import annotations

import functools
import json
import os
import platform
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from klantbeeld.config.start import setup_django

FEEDS = (("policies", "relations"), ("pos", "cards"), ("calls", "callers"))
PER_PERSON = 1.35  # records of these feeds for each person of the world


class Phases:
    """Seconds per phase; what a phase spends in another one that is inside it counts there only."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._stack: list[list[float]] = []

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        self._stack.append([0.0])
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            inner = self._stack.pop()[0]
            self.seconds[name] += spent - inner
            if self._stack:
                self._stack[-1][0] += spent

    def wrap(self, owner: Any, name: str, phase: str) -> None:
        """Measure calls of a function where the flow finds it."""
        function: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            with self.within(phase):
                return function(*arguments, **named)

        setattr(owner, name, measured)


def write_feeds(records: int, seed: int, folder: Path) -> dict[str, Path]:
    """Files of party records of several systems, together exactly this many records."""
    import csv

    from klantbeeld.demo.files import header, rows_of
    from klantbeeld.demo.mess import FOLD
    from klantbeeld.demo.systems import build_system
    from klantbeeld.demo.world import build_world

    world = build_world(int(records / PER_PERSON), seed)
    left, paths = records, {}
    for code, name in FEEDS:
        feed = build_system(world, code).feed(name)
        path = folder / f"{code}_{name}.csv"
        with path.open("w", encoding="cp1252", errors=FOLD, newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(header(feed))
            rows = list(islice(rows_of(feed), left))
            writer.writerows(rows)
        left -= len(rows)
        paths[code] = path
    if left:
        raise SystemExit(f"the world is {left} records too small; raise PER_PERSON")
    return paths


def declare_as_csv(code: str, actor: Any) -> None:
    """Declare a system of the demo as one that delivers CSV, whatever it delivers there."""
    from klantbeeld.demo.declarations import declaration_for
    from klantbeeld.sources import actions

    declaration = declaration_for(code, Path())
    for feed in declaration["feeds"]:
        feed["form"] = {"type": "csv", "path": f"{feed['name']}.csv", "delimiter": ";", "encoding": "windows-1252"}
    actions.declare(declaration=declaration, actor=actor)


def main(records: int, seed: int, home: Path) -> dict[str, Any]:
    """Make, import, measure."""
    paths = write_feeds(records, seed, home)
    setup_django()
    import psutil
    from django.db import connection

    from klantbeeld.engines import matching
    from klantbeeld.flows import imports, receive, settle
    from klantbeeld.foundation.access import Actor

    matching.warm()
    actor = Actor.system("bench")
    for code in paths:
        declare_as_csv(code, actor)
    phases = Phases()
    measure(phases, imports, receive, settle)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('server_version')")
        backend, version = cursor.fetchone()
    process, load = psutil.Process(backend), os.getloadavg()[0]
    cpu_before, database_before = time.process_time(), sum(process.cpu_times()[:2])
    reader_before = _children()
    began = time.perf_counter()
    for (code, feed), path in zip(FEEDS, paths.values(), strict=True):
        (run,) = imports.import_source(source_code=code, feed=feed, path=path, actor=actor)
        if run.state != "done" or run.refused:
            print(f"{code}: {run.state}, {run.refused} refused: {run.problem}", file=sys.stderr)
    wall = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_customer WHERE retired_at IS NULL")
        customers = cursor.fetchone()[0]
    return {
        "records": records,
        "systems": len(paths),
        "customers": customers,
        "wall": wall,
        "cpu": time.process_time() - cpu_before,
        "database_cpu": sum(process.cpu_times()[:2]) - database_before,
        "reader_cpu": _children() - reader_before,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "reader_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "python": platform.python_version(),
        "postgresql": version,
        "cores": os.cpu_count(),
        "load": load,
        "phases": dict(phases.seconds),
    }


def measure(phases: Phases, imports: Any, receive: Any, settle: Any) -> None:
    """Put a clock on every phase of the flow."""
    phases.wrap(receive.sources, "store_records", "store")
    phases.wrap(receive.identity, "resolve", "resolve: features, keys, links, customers")
    phases.wrap(receive.interactions, "record_facts", "roles and activities")
    phases.wrap(settle.profiles, "project", "project: golden records")
    phases.wrap(settle.audit, "write", "audit")
    phases.wrap(settle.outbox, "publish", "outbox")
    phases.wrap(imports._Import, "_commit", "commit and the rest")


def _children() -> float:
    """CPU seconds of processes that were started here and have ended: those that read ahead."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    found = main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    (Path(sys.argv[3]) / "figures.json").write_text(json.dumps(found), encoding="utf-8")
