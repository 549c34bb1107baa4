"""python -m klantbeeld.config.processes worker|bulk THREADS: one worker, as the supervisor or a unit starts it."""

from __future__ import annotations

import sys

from klantbeeld.config.options import SettingError
from klantbeeld.config.start import setup_django

if __name__ == "__main__":
    try:
        setup_django()
    except SettingError as error:
        sys.exit(str(error))
    from klantbeeld.config.processes.worker import work

    work("bulk" if sys.argv[1] == "bulk" else "short", int(sys.argv[2]))
