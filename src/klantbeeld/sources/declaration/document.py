"""YAML or JSON to plain values, with the line and column of every key.

JSON is read by the same reader, since it is nearly a part of YAML. Plain scalars follow YAML 1.2's core schema (section
10.3), so that `no`, `on` and dates stay text. Anchors are refused: they are how a small text becomes a huge one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from klantbeeld.kit.labels import Label
from klantbeeld.sources.declaration.problems import DeclarationError, Path, Problem

SIZE_LIMIT = 1 << 20  # characters
DEPTH_LIMIT = 40
INTEGER = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
CORE = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """A text as plain values, and where each path of it stands: (line, column), from 1."""

    value: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int | None, int | None]:
        """Where a path stands; for a key that is absent, the place of what should have held it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (None, None))

    def problem(self, path: Path, nl: str, en: str) -> Problem:
        """A problem at a path, with its place."""
        line, column = self.place(path)
        return Problem(path, Label(nl=nl, en=en), line, column)


def read_document(text: str) -> Document:
    """Read YAML or JSON; raises DeclarationError with the place when it is neither."""
    document = Document()
    if len(text) > SIZE_LIMIT:
        raise DeclarationError(
            [document.problem((), "de declaratie is groter dan 1 MB", "the declaration is larger than 1 MB")]
        )
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or "unreadable"
        message = Label(nl=f"dit is geen YAML of JSON: {reason}", en=f"this is not YAML or JSON: {reason}")
        raise DeclarationError(
            [Problem((), message, mark.line + 1 if mark else None, mark.column + 1 if mark else None)]
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = Label(nl=f"dit is geen YAML of JSON: {error}", en=f"this is not YAML or JSON: {error}")
        raise DeclarationError([Problem((), message)]) from error
    problems: list[Problem] = []
    reader = _Reader(document, problems)
    document.value = reader.read(root, ()) if root is not None else None
    if problems:
        raise DeclarationError(problems)
    return document


class _Reader:
    """Turns YAML nodes into values and notes their places."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self._document = document
        self._problems = problems
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path) -> Any:
        self._document.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if id(node) in self._seen:
            self._note(path, "ankers en verwijzingen (& en *) mogen hier niet", "anchors and aliases are not allowed")
            return None
        self._seen.add(id(node))
        if len(path) > DEPTH_LIMIT:
            self._note(path, "te diep genest", "nested too deep")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, number)) for number, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*path, key)
            if key in found:
                self._document.places[inner] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
                self._note(inner, f"`{key}` staat er twee keer", f"`{key}` is written twice")
                continue
            self._document.places[inner] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            found[key] = self.read(value_node, inner)
        return found

    def _note(self, path: Path, nl: str, en: str) -> None:
        self._problems.append(self._document.problem(path, nl, en))


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted, or a block of text
        return text
    if text in NULLS:
        return None
    if text in CORE:
        return CORE[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
