"""Which supervisor runs on a data directory, and what it started: one at a time, and findable by other commands."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from klantbeeld.config.home import Home
from klantbeeld.config.processes.errors import ProcessError


@dataclass(frozen=True, slots=True)
class State:
    """What up.json holds; children by name with process number and moment of birth (seconds since 1970)."""

    pid: int
    address: str
    children: dict[str, tuple[int, float]] = field(default_factory=dict)


def write_state(home: Home, state: State) -> None:
    """Replace up.json as a whole."""
    draft = home.state_file.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
    draft.replace(home.state_file)


def find_state(home: Home) -> State | None:
    """What the last supervisor wrote, whether it still runs or not; None when it ended in order."""
    try:
        found = json.loads(home.state_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, PermissionError):
        return None
    children = {name: (int(pid), float(born_at)) for name, (pid, born_at) in found["children"].items()}
    return State(found["pid"], found["address"], children)


def is_supervised(home: Home) -> bool:
    """Whether a supervisor holds the data directory now."""
    try:
        with home.lock_file.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def sole_supervisor(home: Home) -> Iterator[None]:
    """Hold the data directory; raises ProcessError when another supervisor does. A killed one holds nothing."""
    with home.lock_file.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            state = find_state(home)
            where = f" as process {state.pid}, at {state.address}" if state else ""
            raise ProcessError(
                f"klantbeeld runs already on {home.folder}{where}. Stop that one first (Ctrl+C, or kill -TERM), or set"
                " KLANTBEELD_HOME for a second installation."
            ) from None
        os.set_inheritable(file.fileno(), False)
        yield
        home.state_file.unlink(missing_ok=True)
