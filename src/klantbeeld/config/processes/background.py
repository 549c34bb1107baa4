"""Work that goes on beside the jobs of a worker, in a thread of its own."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Background:
    """Runs `work` until stopped; `work` returns soon after the event it is handed is set.

    When it fails for a reason it did not foresee, the whole process ends in order, and the supervisor starts it again.
    """

    def __init__(self, name: str, work: Callable[[threading.Event], None]) -> None:
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work(self._stop)
        except Exception:
            log.exception("%s failed; this process ends and is started again", self._thread.name)
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """End after what runs now."""
        self._stop.set()
        self._thread.join(timeout=10)
