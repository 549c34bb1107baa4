"""A row of an input as the mapper takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One clean row: cells in the order of the mapper's columns (None: no value), and the lists inside it.

    `raw`: the row as it came, without what is refused; it is kept so that it can be mapped again.
    """

    position: int
    cells: Sequence[Any]
    raw: Any
    lists: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
