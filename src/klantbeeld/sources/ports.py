"""What the receive flow asks of an input, whatever its form; `adapters` answer for files and services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.rules.drift import Observer, compare
from klantbeeld.sources.rules.mapping import Mapper, Row

__all__ = ["Chunk", "Cursor", "FileInput", "Input", "Observer", "Row", "compare"]

Cursor = dict[str, Any]
"""Where an input goes on after a stretch that was committed; JSON, written and read by the adapter alone."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of an input: clean rows, and what could not become a row.

    `read`: rows read for it, good and refused; `cursor`: where to go on after it; `share`: 0..1 of the input that is
    behind it, None when that cannot be told; `bsn`: refused BSN values per column.
    """

    rows: list[Row]
    refusals: list[Refusal]
    read: int
    cursor: Cursor
    share: float | None = None
    bsn: dict[str, int] = field(default_factory=dict)


class Input(Protocol):
    """An input that can be read from any committed place on."""

    @property
    def name(self) -> str:
        """What was read, for people: the name of a file, the address of a service."""

    @property
    def sha256(self) -> bytes | None:
        """Digest of a file, by which a run that was killed knows its input again; None for a service."""

    @property
    def mapper(self) -> Mapper:
        """Makes drafts of its rows."""

    @property
    def columns(self) -> Sequence[str] | None:
        """The columns of a table; None for trees, whose fields may come and go with every record."""

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """Stretches of about `size()` rows, from just after the cursor, or from the beginning."""


@runtime_checkable
class FileInput(Input, Protocol):
    """An input that is a file on this machine: another process can open it too."""

    @property
    def path(self) -> Path:
        """Where it is."""
