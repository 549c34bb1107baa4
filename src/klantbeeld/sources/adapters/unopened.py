"""A file that could not be opened: its run fails with the reason, so that people find it where they look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from klantbeeld.kit.errors import KlantbeeldError
from klantbeeld.sources.ports import Chunk, Cursor
from klantbeeld.sources.rules.mapping import Mapper


class Unopened:
    """Stands in for the input that it should have been."""

    sha256 = None
    columns = None

    def __init__(self, name: str, problem: KlantbeeldError) -> None:
        self.name = name
        self._problem = problem

    @property
    def mapper(self) -> Mapper:
        """There is none."""
        raise self._problem

    def chunks(self, after: Cursor | None, size: Callable[[], int]) -> Iterator[Chunk]:
        """Raises what was wrong."""
        raise self._problem
