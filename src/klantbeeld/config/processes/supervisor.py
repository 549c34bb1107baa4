"""`klantbeeld up`: the database, then what must be prepared, then all processes; kept running until it is told to stop.

SIGTERM or Ctrl+C drains: running requests and jobs get KLANTBEELD_DRAIN_SECONDS, then the database stops. A second one
ends at once.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from klantbeeld.config import settings
from klantbeeld.config.processes import definitions
from klantbeeld.config.processes.addresses import check_free
from klantbeeld.config.processes.children import Child, ProcessDefinition, end_leftovers
from klantbeeld.config.processes.cluster import Cluster
from klantbeeld.config.processes.embedded import Keeper, embedded_cluster, make_ready
from klantbeeld.config.processes.errors import ProcessError
from klantbeeld.config.processes.prepared import nothing_to_prepare
from klantbeeld.config.processes.state import State, find_state, sole_supervisor, write_state
from klantbeeld.config.translations.__main__ import compile_all

_TICK_SECONDS = 0.2
_DISK_SECONDS = 5.0
_READY_SECONDS = 60.0
_SAME_STOP_SECONDS = 1.0
_HEAD_START_SECONDS = 15.0
# The flag goes only when there is clearly more room, so that it does not flap.
_ENOUGH_AGAIN = 1.25


def serve(announce: Callable[[], None]) -> None:
    """Run everything until SIGTERM or SIGINT; `announce` is called when the screens answer.

    Raises ProcessError (also for a port in use, another supervisor, or a database that does not come up).
    """
    home = settings.HOME
    home.create()
    home.ensure_secrets()
    with sole_supervisor(home):
        left = find_state(home)
        if left is not None:
            for name in end_leftovers(left.children):
                write(name, "ended: its supervisor was killed")
        check_free(settings.HOST, _ports())
        Supervisor(announce).run()


def _ports() -> dict[str, int]:
    names = ["WEB_PORT", "INTAKE_PORT", "LIVE_PORT", *(["DEMO_PORT"] if settings.DEMO else [])]
    return {f"KLANTBEELD_{name}": getattr(settings, name) for name in names}


class Supervisor:
    """The running whole: one loop over the children, one thread for the database."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._stops = 0
        self._stopped_at = 0.0
        self._cluster: Cluster | None = None
        self._keeper: Keeper | None = None
        self._children: list[Child] = []
        self._disk_looked_at = 0.0
        self._is_ready = threading.Event()

    def run(self) -> None:
        """Start, keep running, stop in order."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            if self._start_database() and self._prepare():
                self._children = [Child(definition, write) for definition in definitions.all_processes()]
                self._keep_running()
        finally:
            self._stop_all()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        # One stop often arrives twice: `make up` passes on what the terminal or the system also sent to us.
        if self._stops == 0 or now - self._stopped_at > _SAME_STOP_SECONDS:
            self._stops += 1
        if self._stops == 1:
            self._stopped_at = now

    def _start_database(self) -> bool:
        if settings.DATABASE_URL:
            return True
        self._cluster = embedded_cluster(settings.HOME)
        make_ready(self._cluster, settings.HOME, lambda text: write("database", text))
        self._keeper = Keeper(self._cluster, lambda text: write("database", text))
        self._keeper.start()
        return not self._stops

    def _prepare(self) -> bool:
        compile_all()
        if not nothing_to_prepare():
            self._step("database", KLANTBEELD_DATABASE_ROLE="owner")
        if settings.DEMO and settings.HOME.demo_marker.exists() and not self._stops:
            self._step("demo")
        return not self._stops

    def _step(self, step: str, **environment: str) -> None:
        """Run one step of `prepare` to its end, or until we are told to stop; raises ProcessError when it fails."""
        command = (sys.executable, "-m", "klantbeeld.config.processes.prepare", step)
        child = Child(ProcessDefinition("prepare", command, environment), write)
        child.start()
        while child.is_running and not self._stops:
            time.sleep(0.05)
        child.terminate()
        code = child.finish(time.monotonic() + settings.DRAIN_SECONDS)
        if code != 0 and not self._stops:
            raise ProcessError(f"Preparing ({step}) failed; the lines above tell why.")

    def _keep_running(self) -> None:
        threading.Thread(target=self._announce_when_ready, daemon=True).start()
        began = time.monotonic()
        while not self._stops:
            self._look_at_disk()
            is_low = settings.HOME.low_disk_flag.exists()
            started = False
            # The screens first: everything at once makes everything late on a small machine.
            is_time = self._is_ready.is_set() or time.monotonic() - began > _HEAD_START_SECONDS
            for child in self._children if is_time else self._children[:1]:
                if is_low and child.definition.pauses_on_low_disk:
                    child.terminate()
                else:
                    started |= child.keep_alive()
            if started:
                self._write_state()
            time.sleep(_TICK_SECONDS)

    def _write_state(self) -> None:
        children = {child.name: identity for child in self._children if (identity := child.identity())}
        write_state(settings.HOME, State(os.getpid(), address(), children))

    def _announce_when_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not self._stops and time.monotonic() < deadline:
            if _answers(settings.HOST, settings.WEB_PORT):
                self._is_ready.set()
                self._announce()
                return
            time.sleep(0.05)

    def _look_at_disk(self) -> None:
        if time.monotonic() - self._disk_looked_at < _DISK_SECONDS:
            return
        self._disk_looked_at = time.monotonic()
        free = shutil.disk_usage(settings.HOME.folder).free // 2**20
        flag = settings.HOME.low_disk_flag
        if free < settings.LOW_DISK_MB and not flag.exists():
            flag.touch()
            write("klantbeeld", f"only {free} MB free on the disk of {settings.HOME.folder}: writes are refused")
        elif free > settings.LOW_DISK_MB * _ENOUGH_AGAIN and flag.exists():
            flag.unlink()
            write("klantbeeld", f"{free} MB free on the disk again: writes are taken")

    def _stop_all(self) -> None:
        if self._children:
            write("klantbeeld", "finishing what runs, then stopping")
        for child in self._children:
            child.terminate()
        deadline = time.monotonic() + settings.DRAIN_SECONDS
        while any(child.is_running for child in self._children) and self._stops < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._stops > 1:
            write("klantbeeld", "stopping at once")
        for child in self._children:
            if child.finish(time.monotonic()) is None:
                write(child.name, "did not finish in time and was ended")
        if self._keeper is not None:
            self._keeper.stop()
        if self._cluster is not None:
            self._cluster.stop("fast" if self._stops < 2 else "immediate")
            write("database", "stopped")


def address() -> str:
    """Where the screens are."""
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return settings.PUBLIC_URL or f"http://{host}:{settings.WEB_PORT}"


_output = threading.Lock()


def write(name: str, text: str) -> None:
    """Write lines to standard output, each behind the name of the process that says it."""
    with _output:
        for line in text.splitlines() or [""]:
            sys.stdout.write(f"{name:<10} | {line}\n")
        sys.stdout.flush()


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def run_program(command: list[str], environment: dict[str, str]) -> int:
    """Run a program in our place in the terminal (psql), and return its exit code."""
    return subprocess.run(command, env=environment, check=False).returncode
