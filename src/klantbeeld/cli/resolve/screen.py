"""What a person sees while it runs: progress bars on a terminal, for what takes longer than two seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

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
        self._task: Any = None
        self._started = 0.0
        self._title = ""

    def say(self, *what: Any) -> None:
        """Show text or a table to people, unless they asked for silence."""
        if not self.quiet:
            self.human.print(*what)

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator["Screen"]:
        """Time a phase and give it a bar when it takes long; `advance` moves the bar."""
        self._started, self._title = time.perf_counter(), title
        try:
            yield self
        finally:
            self._stop()
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - self._started

    def advance(self, step: str, share: float) -> None:
        """Tell how far the phase is: what it is doing, and the share done, 0..1."""
        if self.quiet or not self.errors.is_terminal or time.perf_counter() - self._started < PATIENCE:
            return
        if self._progress is None:
            self._start()
        assert self._progress is not None  # noqa: S101  # just made
        description = f"{self._title} · {step}" if step else self._title
        self._progress.update(self._task, completed=share, description=description)

    def _start(self) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self.errors, transient=True)
        self._task = self._progress.add_task(self._title, total=1.0)
        self._progress.start()

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
