"""Addresses of style sheets, scripts and pictures that change with their content, so that no browser keeps old ones.

Nothing is collected or renamed: the content's hash stands in the query, and the answer may be kept for a year.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

DIGITS = 10


class VersionedStorage(StaticFilesStorage):
    """Files where their packages have them, under an address with a version: `/static/ui/base.css?v=0f3a...`."""

    def url(self, name: str | None) -> str:
        """The address of a file; one that no package has gets no version."""
        address: str = super().url(name)
        version = (_version.__wrapped__ if settings.DEBUG else _version)(name or "")
        return f"{address}?v={version}" if version else address


@lru_cache(maxsize=1000)
def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:DIGITS] if isinstance(found, str) else ""
