"""A whole installation in a folder of its own, run by the real `klantbeeld up`."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from klantbeeld.config.home import Home
from klantbeeld.config.processes.children import end_leftovers
from klantbeeld.config.processes.state import find_state

PATIENCE_SECONDS = 90.0
PROCESSES = {"web", "intake", "live", "worker", "bulk"}


def free_row(length: int = 4) -> int:
    """The first of `length` free ports in a row."""
    while True:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            first = int(trial.getsockname()[1])
        if first + length < 65_000 and all(_is_free(first + offset) for offset in range(length)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Installation:
    """One data folder with its ports; `up` starts the supervisor, and its lines are kept."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_row()
        self.lines: list[str] = []
        self._environment = {
            **os.environ,
            "KLANTBEELD_HOME": str(folder),
            "KLANTBEELD_WEB_PROCESSES": "1",
            "KLANTBEELD_POSTGRES_USER": "nobody",
            "KLANTBEELD_POSTGRES_BIN": os.environ.get("KLANTBEELD_TEST_PG", ""),
            "KLANTBEELD_DRAIN_SECONDS": "10",
            "KLANTBEELD_LANGUAGE": "en",
            **environment,
        }
        for name in ("DATABASE_URL", "KLANTBEELD_DATABASE_OWNER_URL"):
            if name not in environment:
                self._environment.pop(name, None)
        self._process: subprocess.Popen[str] | None = None
        self._fresh: queue.Queue[str] = queue.Queue()

    def command(self, *arguments: str) -> list[str]:
        """`klantbeeld ARGUMENTS` by the Python that runs the tests."""
        return [sys.executable, "-c", "from klantbeeld.cli import main; main()", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def up(self) -> None:
        """Start the supervisor, and return when the screens answer and all processes are started."""
        self._process = subprocess.Popen(
            self.command("up", "--port", str(self.port), "--no-demo"),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        self.wait_for_line("klantbeeld is ready")
        self.wait_until(lambda: (self.folder / "up.json").exists() and len(self.children) == len(PROCESSES))

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._fresh.put(line.rstrip())

    def wait_for_line(self, text: str) -> str:
        """The next line with `text` in it; fails with everything that was said when none comes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                line = self._fresh.get(timeout=0.1)
            except queue.Empty:
                assert self.is_running or not self._fresh.empty(), "\n".join(["ended:", *self.lines])
                continue
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError("\n".join([f"no line with {text!r}:", *self.lines]))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Return when `condition` holds; fails with everything that was said when it never does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "\n".join(self.lines)
            time.sleep(0.05)

    @property
    def is_running(self) -> bool:
        """Whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def children(self) -> dict[str, int]:
        """Process numbers by name, as the supervisor wrote them down."""
        state = json.loads((self.folder / "up.json").read_text(encoding="utf-8"))
        return {name: pid for name, (pid, _) in state["children"].items()}

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the supervisor alone."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def wait(self) -> int:
        """The exit code of the supervisor, when it has ended."""
        assert self._process is not None
        code = self._process.wait(timeout=PATIENCE_SECONDS)
        while not self._fresh.empty():
            self.lines.append(self._fresh.get())
        return code

    def down(self) -> int:
        """Stop in order; returns the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def clear(self) -> None:
        """End everything of this installation, however the test left it."""
        if self.is_running:
            self.down()
        if state := find_state(Home(self.folder)):
            end_leftovers(state.children)
        if (self.folder / "database").exists():
            self.run("database", "stop", "--immediate")

    def get(self, path: str, *, offset: int = 0, method: str = "GET") -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers of one request to web (offset 0), intake (1) or live (2)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port + offset, timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            body = answer.read()
            is_json = "json" in (answer.getheader("Content-Type") or "")
            return answer.status, json.loads(body) if is_json else body, {k.lower(): v for k, v in answer.getheaders()}
        finally:
            connection.close()

    def psql(self, statement: str) -> str:
        """What a statement answers, as the application."""
        made = self.run("psql", "-AtX", "-v", "ON_ERROR_STOP=1", "-c", statement)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()
