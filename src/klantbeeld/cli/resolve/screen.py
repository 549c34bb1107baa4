"""What a person sees while it runs: progress bars on a terminal, for what takes longer than two seconds."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.progress import TaskID

from klantbeeld.cli.language import Language

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.5  # seconds before a bar appears


class Screen:
    """The terminal of a run. `human` is where people's text goes: stdout, or stderr when stdout carries JSON."""

    def __init__(self, language: Language, *, json: bool, quiet: bool = False) -> None:
        from rich.console import Console

        self.language = language
        self.quiet = quiet
        self.human: Console = Console(file=sys.stderr if json else sys.stdout, highlight=False, soft_wrap=False)
        self.errors: Console = Console(stderr=True, highlight=False)
        self.seconds: dict[str, float] = {}
        self._progress: Progress | None = None
        self._lock = threading.Lock()
        self._under_way = False
        self._state: tuple[str, float | None] = ("", None)

    def say(self, *what: Any) -> None:
        """Show text or a table to people, unless they asked for silence."""
        if not self.quiet:
            self.human.print(*what)

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator["Screen"]:
        """Time a phase and show that it is under way when it takes long; `advance` tells how far it is."""
        started = time.perf_counter()
        self._state, self._under_way = (title, None), True
        timer = threading.Timer(PATIENCE, self._start)
        timer.daemon = True
        if self.errors.is_terminal and not self.quiet:
            timer.start()
        try:
            yield self
        finally:
            timer.cancel()
            self._stop()
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def advance(self, step: str, share: float) -> None:
        """Tell how far the phase is: what it is doing, and the share done, 0..1."""
        with self._lock:
            title = self._state[0].partition(" · ")[0]
            self._state = (f"{title} · {step}" if step else title, share)
            self._show()

    def _start(self) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with self._lock:
            if not self._under_way:  # the phase ended while this was being imported
                return
            self._progress = Progress(*columns, console=self.errors, transient=True)
            self._progress.add_task(self._state[0], total=None)  # moves to and fro until a share is told
            self._progress.start()
            self._show()

    def _show(self) -> None:
        description, share = self._state
        if self._progress is not None:
            total = None if share is None else 1.0
            self._progress.update(TaskID(0), description=description, completed=share or 0.0, total=total)

    def _stop(self) -> None:
        with self._lock:
            self._under_way = False
            if self._progress is not None:
                self._progress.stop()
                self._progress = None
