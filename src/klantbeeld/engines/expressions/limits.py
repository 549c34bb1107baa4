"""How large an expression may be, so that reading, checking and running it are bounded whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one expression; all are checked before anything runs."""

    length: int = 8_000  # characters of text
    depth: int = 40  # levels of nesting; a chain of && or || is one level
    nodes: int = 1_000  # nodes of the tree
    macro_depth: int = 2  # list macros inside each other: the work is the product of the list sizes


DEFAULT_LIMITS = Limits()
