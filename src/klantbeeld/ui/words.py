"""Labels that are data, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def label(texts: Mapping[str, Any]) -> str:
    """A label in the reader's language; when it lacks that language, in the one it has."""
    language = "en" if (get_language() or "nl").startswith("en") else "nl"
    return str(texts.get(language) or next(iter(texts.values()), ""))
