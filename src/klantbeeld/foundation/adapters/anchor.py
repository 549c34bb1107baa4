"""The heads of the audit chain in a file beside the installation, so that a cut-off tail shows."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


class FileAnchor:
    """One line for each seal: its number and its digest. Copy the file elsewhere to be safe from the administrator."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """The file; in the home of the installation unless another was given."""
        return self._path or Path(settings.HOME_DIR) / "audit-heads.txt"

    def remember(self, seal_id: int, digest: bytes) -> None:
        """Add a head and see that it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{seal_id} {digest.hex()}\n")
            file.flush()
            os.fsync(file.fileno())

    def recall(self) -> list[tuple[int, bytes]]:
        """All heads, oldest first; a last line that was cut off by a power cut is left out."""
        if not self.path.exists():
            return []
        heads = []
        for line in self.path.read_text(encoding="ascii").splitlines():
            number, _, digest = line.partition(" ")
            if number.isdigit() and len(digest) == 64:
                heads.append((int(number), bytes.fromhex(digest)))
        return heads
