"""One child process: prefixed lines, back-off, draining, and leftovers that are really ours."""

from __future__ import annotations

import signal
import sys
import time

import psutil
import pytest

from klantbeeld.config.processes.children import Child, ProcessDefinition, end_leftovers, pause_before_restart


def _child(code: str) -> tuple[Child, list[tuple[str, str]]]:
    said: list[tuple[str, str]] = []
    child = Child(
        ProcessDefinition("trial", (sys.executable, "-c", code)), lambda name, text: said.append((name, text))
    )
    return child, said


def test_pause_doubles_up_to_half_a_minute() -> None:
    assert [pause_before_restart(failures) for failures in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_lines_of_a_child_carry_its_name() -> None:
    child, said = _child("print('één'); import sys; print('two', file=sys.stderr)")
    child.start()
    assert child.finish(time.monotonic() + 30) == 0
    assert sorted(said) == [("trial", "two"), ("trial", "één")]


def test_failing_child_waits_before_it_is_started_again() -> None:
    child, said = _child("raise SystemExit(3)")
    assert child.keep_alive() is True
    while child.is_running:
        time.sleep(0.01)
    assert child.keep_alive() is False, "its pause has begun"
    assert said == [("trial", "ended with code 3; starting again in 0.5 s")]
    assert child.failures == 1
    while not child.keep_alive():
        time.sleep(0.01)
    child.finish(time.monotonic() + 30)


def test_child_that_does_not_end_is_killed_with_all_it_started() -> None:
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    child, said = _child(code)
    child.start()
    while not said:
        time.sleep(0.01)
    grandchild = psutil.Process(int(said[0][1]))
    child.terminate()
    assert child.finish(time.monotonic() + 0.2) is None
    grandchild.wait(timeout=10)


@pytest.mark.parametrize(("shift", "ended"), [(0.0, ["trial"]), (-100.0, [])])
def test_leftover_is_ended_only_when_it_was_born_at_the_moment_written_down(shift: float, ended: list[str]) -> None:
    child, _ = _child("import time; time.sleep(600)")
    child.start()
    identity = child.identity()
    assert identity is not None
    pid, born_at = identity
    assert end_leftovers({"trial": (pid, born_at + shift)}) == ended
    assert child.is_running is (not ended)
    psutil.Process(pid).send_signal(signal.SIGKILL) if child.is_running else None
    child.finish(time.monotonic() + 10)
