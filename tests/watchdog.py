"""Stops the tests' database cluster and removes its folder when the test run ends, however it ends.

Started by the controller of the run with a pipe as standard input; the pipe closes when the controller is gone, killed
included. Standard library only: python watchdog.py FOLDER
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def _stop(pid_file: Path) -> None:
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    with contextlib.suppress(ProcessLookupError):
        # SIGQUIT is PostgreSQL's immediate stop: nothing in this cluster is worth a checkpoint.
        os.kill(pid, signal.SIGQUIT)
    for _ in range(200):
        if not pid_file.exists():
            return
        time.sleep(0.05)


def main(folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for pid_file in folder.glob("**/data/postmaster.pid"):
        _stop(pid_file)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
