"""What is wrong in a declaration: line, key and what was expected, in Dutch and English, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.labels import Label

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (line and column from 1, None when the text had none), the key, and why."""

    path: Path
    message: Label
    line: int | None = None
    column: int | None = None

    @property
    def key(self) -> str:
        """The place as people write it: `feeds[0].records[1].kind`."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text or "."

    def sentence(self, language: str = "en") -> str:
        """The problem on one line: `line 12, feeds[0].name: ...`."""
        where = "" if self.line is None else f"{'regel' if language == 'nl' else 'line'} {self.line}, "
        return f"{where}{self.key}: {self.message['nl' if language == 'nl' else 'en']}"


class DeclarationError(Invalid):
    """A declaration that cannot be used; `problems` holds every reason, in the order of the text."""

    code = "sources.declaration"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.line or 0, one.column or 0, one.key)))
        super().__init__(
            "\n".join(one.sentence() for one in self.problems),
            problems=[
                {"line": one.line, "column": one.column, "key": one.key, "message": one.message}
                for one in self.problems
            ],
        )

    def sentences(self, language: str = "en") -> list[str]:
        """All problems as lines of text."""
        return [one.sentence(language) for one in self.problems]
