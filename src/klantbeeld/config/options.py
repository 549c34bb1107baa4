"""Declaring settings: every option is a name, a type, a default and one sentence, kept in one list.

Knows no Django, so that the supervisor and the documentation read the same list as the web processes do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T", str, int, bool, Path)

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class SettingError(ValueError):
    """An environment variable holds what its setting cannot use; the text names variable, value and expectation."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting as its documentation shows it."""

    name: str
    kind: str
    default: str
    meaning: str


OPTIONS: list[Option] = []


def option(name: str, default: T, meaning: str, *, shown: str | None = None) -> T:
    """Read the environment variable `name` as the type of `default`, and add it to the documented list.

    `meaning` is one sentence for the administrator; `shown` replaces a default that differs per machine in the
    documentation. Raises SettingError when the text does not parse.
    """
    kind: type = Path if isinstance(default, Path) else type(default)
    if shown is None:
        shown = {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)
    OPTIONS.append(Option(name, _KIND[kind], shown, meaning))
    text = os.environ.get(name)
    if text is None:
        return default
    parse = cast("Callable[[str], T]", _PARSE[kind])
    try:
        return parse(text.strip())
    except ValueError as error:
        raise SettingError(f"{name}={text!r}: expected {_EXPECTED[kind]}. {meaning}") from error


def _parse_bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


def _parse_path(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError(text)
    return path


_KIND: dict[type, str] = {str: "text", int: "number", bool: "yes/no", Path: "folder"}
_PARSE: dict[type, Callable[[str], object]] = {str: str, int: int, bool: _parse_bool, Path: _parse_path}
_EXPECTED: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "yes or no (also 1/0, true/false, on/off)",
    Path: "the absolute path of a folder",
}
