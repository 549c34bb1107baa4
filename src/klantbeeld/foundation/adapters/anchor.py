"""The heads of the audit chain in a file beside the installation, so that a cut-off tail shows."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

_DIGEST_LETTERS = 64
_TAIL = 1_000  # bytes that surely hold the last whole line


class FileAnchor:
    """One line for each seal: its number and its digest. Copy the file elsewhere to be safe from the administrator."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """The file; in the home of the installation unless another was given."""
        return self._path or Path(settings.HOME.folder) / "audit-heads.txt"

    def remember(self, seal_id: int, digest: bytes) -> None:
        """Add a head and see that it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a", encoding="ascii", opener=_private) as file:
            file.write(f"{seal_id} {digest.hex()}\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> int:
        """The number of the newest head; looks at the end of the file only."""
        if not self.path.exists():
            return 0
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            heads = _read(file.read().decode("ascii"))
        return heads[-1][0] if heads else 0

    def recall(self) -> list[tuple[int, bytes]]:
        """All heads, oldest first."""
        return _read(self.path.read_text(encoding="ascii")) if self.path.exists() else []


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(text: str) -> list[tuple[int, bytes]]:
    """The whole lines of a text; one that was cut off, at either end, is left out."""
    heads = []
    for line in text.splitlines():
        number, _, digest = line.partition(" ")
        if number.isdigit() and len(digest) == _DIGEST_LETTERS:
            heads.append((int(number), bytes.fromhex(digest)))
    return heads
