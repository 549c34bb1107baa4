"""What an overload is: one operator or function for certain types, with its Python, its SQL and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from klantbeeld.engines.expressions.types import Type

Style = Literal["operator", "function", "method"]


@dataclass(frozen=True, slots=True)
class Words:
    """How it reads in a sentence, {0} {1} being its operands; `not_` how its denial reads, where it has its own."""

    nl: str
    en: str
    not_nl: str | None = None
    not_en: str | None = None


@dataclass(frozen=True, slots=True)
class Overload:
    """One meaning of an operator or function.

    `compute` gets known values only and may answer None (unknown). `sql` is a template over fragments in which every
    operand occurs once (else nesting would double the text each time) and which can never raise an error in the
    database. `given` names what is handed in after the operands: now, today, zone.
    """

    name: str
    style: Style
    parameters: tuple[Type, ...]
    result: Type
    compute: Callable[..., Any]
    sql: str
    words: Words
    given: tuple[str, ...] = ()
