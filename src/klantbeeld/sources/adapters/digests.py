"""The digest by which a file is known again."""

from __future__ import annotations

import hashlib
from pathlib import Path

BLOCK = 1 << 20


def digest_of(path: Path) -> bytes:
    """SHA-256 of the bytes of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.digest()
