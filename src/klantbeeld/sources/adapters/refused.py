"""Rows of a file that cannot be read, with their text, until the next batch takes them along."""

from __future__ import annotations

from klantbeeld.engines.files import REFUSALS, Refusals
from klantbeeld.kit.labels import Label
from klantbeeld.sources.contracts import Refusal
from klantbeeld.sources.rules.bsn import mask_unplaced

EXCERPT = 2_000  # characters kept of a row that cannot be read
WAITING = 2_000  # refused rows after which a batch is closed, so that a file of nothing else stays in bounded memory


class EnoughRefused(Exception):  # noqa: N818 - a signal, not an error
    """So many rows in a row were refused that they have to be put away before reading goes on."""


class Refused(Refusals):
    """Rows that cannot be read, with their text; drained with every chunk.

    `done`: the last position that is settled: what is refused up to there was told before. `enough`: so many wait that
    reading stopped for them.
    """

    def __init__(self, done: int = 0, *, enough: bool = False) -> None:
        super().__init__()
        self.waiting: list[Refusal] = []
        self.done = done
        self.enough = enough

    def add(self, line: int, reason: str, text: str, column: str | None = None) -> None:
        """See `Refusals.add`. Raises EnoughRefused through the reader once many wait."""
        if line <= self.done:
            return
        words = REFUSALS[reason]
        shown = mask_unplaced(text[:EXCERPT].rstrip("\r\n").replace("\0", "\ufffd"))
        self.waiting.append(
            Refusal(
                position=line,
                reason=f"row.{reason}",
                message=Label(nl=words["nl"], en=words["en"]),
                column=column or "",
                raw=shown.encode("utf-8", "replace").decode(),
                whole=True,
            )
        )
        if len(self.waiting) >= WAITING:
            raise EnoughRefused

    def take(self, until: int | None = None) -> list[Refusal]:
        """What was refused up to a position, or everything; it is forgotten here."""
        taken = [one for one in self.waiting if until is None or one.position <= until]
        self.waiting = [] if until is None else [one for one in self.waiting if one.position > until]
        self.done = max(self.done, until or 0, taken[-1].position if taken else 0)
        return taken
