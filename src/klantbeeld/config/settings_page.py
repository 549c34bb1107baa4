"""python -m klantbeeld.config.settings_page: the page of settings, written from the list itself."""

from __future__ import annotations

import sys

from klantbeeld.config import settings  # noqa: F401 - declares the options
from klantbeeld.config.options import OPTIONS

_HEAD = """# Settings

Every setting is an environment variable. None is needed to start: what is made at the first start is kept in the data
folder. This page is written from `src/klantbeeld/config/settings.py`.

| variable | type | default | meaning |
|---|---|---|---|
"""


def settings_page() -> str:
    """docs/settings.md as text."""
    rows = [
        f"| `{entry.name}` | {entry.kind} | {entry.default or '(empty)'} | {entry.meaning} |\n" for entry in OPTIONS
    ]
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(settings_page())
