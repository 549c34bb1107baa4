"""The declared attributes an expression may use: name, type, place in the document, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from klantbeeld.engines.expressions.errors import Language
from klantbeeld.engines.expressions.tokens import KEYWORDS, RESERVED
from klantbeeld.engines.expressions.types import Kind, Type

CLOCK_NAMES = frozenset({"now", "today"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: `city` or `address.city`; its path in the document is its name split at the points."""

    name: str
    type: Type
    nl: str | None = None
    en: str | None = None
    path: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        parts = self.name.split(".")
        if not _NAME.fullmatch(self.name) or not (RESERVED | KEYWORDS).isdisjoint(parts):
            raise ValueError(f"{self.name!r} cannot be used in an expression; use letters, digits, _ and points.")
        if parts[0] in CLOCK_NAMES:
            raise ValueError(f"{self.name!r} would hide `{parts[0]}`; choose another name for the attribute.")
        if self.type.kind is Kind.LIST and self.type.element in (None, Kind.LABELS, Kind.LIST):
            raise ValueError(f"{self.name!r} must be a list of one scalar type, not {self.type}.")
        if not self.path:
            object.__setattr__(self, "path", tuple(parts))

    def label(self, language: Language) -> str:
        """Return what people call it in the language; without a label, its name in words."""
        return (self.nl if language == "nl" else self.en) or self.name.replace(".", " ").replace("_", " ")


class Catalogue:
    """The attributes by name; raises ValueError when a name is declared twice."""

    def __init__(self, attributes: Iterable[Attribute]) -> None:
        self._attributes: dict[str, Attribute] = {}
        for attribute in attributes:
            if attribute.name in self._attributes:
                raise ValueError(f"The attribute {attribute.name!r} is declared twice.")
            self._attributes[attribute.name] = attribute

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._attributes.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names, in the order of declaration."""
        return tuple(self._attributes)

    def find_attribute(self, name: str) -> Attribute | None:
        """Return the attribute with this name, if it is declared."""
        return self._attributes.get(name)

    def is_prefix(self, name: str) -> bool:
        """Say whether attributes exist below this name, as `address.city` below `address`."""
        return any(each.startswith(f"{name}.") for each in self._attributes)
