"""One child process of the supervisor: started, its lines prefixed, started again with back-off, drained."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import psutil

# A child that lived this long had started well: its next failure counts as the first.
_STEADY_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
Write = Callable[[str, str], None]


def pause_before_restart(failures: int) -> float:
    """Seconds to wait before start number `failures` + 1: doubling from half a second to half a minute."""
    return float(min(_FIRST_PAUSE * 2 ** max(failures - 1, 0), _LONGEST_PAUSE))


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """What a child process is: its name in the log, its command, and the settings that differ from ours."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    # Stopped while the disk is almost full: it would only write.
    pauses_on_low_disk: bool = False


class Child:
    """A running (or just failed) process of one definition, with everything it starts in a session of its own."""

    def __init__(self, definition: ProcessDefinition, write: Write) -> None:
        self.definition = definition
        self.failures = 0
        self._write = write
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._next_start_at = 0.0
        self._reader: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The name in the log."""
        return self.definition.name

    @property
    def is_running(self) -> bool:
        """Whether the process lives now."""
        return self._process is not None and self._process.poll() is None

    def identity(self) -> tuple[int, float] | None:
        """Process number and moment of birth (seconds since 1970), which together name a process for good."""
        if self._process is None:
            return None
        with contextlib.suppress(psutil.NoSuchProcess):
            return self._process.pid, psutil.Process(self._process.pid).create_time()
        return None

    def start(self) -> None:
        """Start the process."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            self.definition.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.definition.environment},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def keep_alive(self) -> bool:
        """Start the process again when it is down and its pause is over; True when it was started now."""
        now = time.monotonic()
        if self._process is not None and not self.is_running:
            self._note_end(now)
        if self._process is None and now >= self._next_start_at:
            self.start()
            return True
        return False

    def _note_end(self, now: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # What it started must not stay behind holding the port.
        _signal_group(process.pid, signal.SIGKILL)
        self.failures = 1 if now - self._started_at > _STEADY_SECONDS else self.failures + 1
        pause = pause_before_restart(self.failures)
        self._next_start_at = now + pause
        self._write(self.name, f"ended with {_how(process.returncode)}; starting again in {pause:g} s")

    def terminate(self) -> None:
        """Ask the process to finish what it does and end."""
        if self._process is not None and self.is_running:
            self._process.terminate()

    def finish(self, deadline: float) -> int | None:
        """Wait until `deadline` (monotonic seconds) for the end, then kill.

        Returns the exit code, or None when the process had to be killed.
        """
        process, self._process = self._process, None
        if process is None:
            return 0
        code: int | None = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=max(deadline - time.monotonic(), 0.01))
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()
        if self._reader is not None:
            self._reader.join(timeout=2)
        return code

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout:
            for line in process.stdout:
                self._write(self.name, line.decode(errors="replace").rstrip())


def end_leftovers(identities: Mapping[str, tuple[int, float]]) -> list[str]:
    """Kill the children that a supervisor left behind when it was killed itself; returns their names.

    A number that another process has by now is left alone: the moment of birth must agree too.
    """
    ended = []
    for name, (pid, born_at) in identities.items():
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if abs(process.create_time() - born_at) < 1.0:
                _signal_group(pid, signal.SIGKILL)
                with contextlib.suppress(psutil.TimeoutExpired):
                    process.wait(timeout=5)
                ended.append(name)
    return ended


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
