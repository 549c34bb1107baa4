"""The model under which everything is matched: frozen, kept as data, one active at a time."""

from __future__ import annotations

from collections.abc import Mapping

from klantbeeld.identity.ports import Matcher
from klantbeeld.identity.tables.wire import run

_loaded: dict[int, Mapping[int, Matcher]] = {}


def active_matchers() -> Mapping[int, Matcher]:
    """The matchers of the active model by kind; before any training the engine's default model becomes active."""
    row = run("SELECT number FROM identity_matchmodel WHERE active").fetchone()
    number = int(row[0]) if row else _begin()
    if number not in _loaded:
        from klantbeeld.identity.adapters.engine import load

        parameters = run("SELECT parameters FROM identity_matchmodel WHERE number = %s", (number,)).fetchone()
        _loaded.clear()
        _loaded[number] = load(parameters[0])
    return _loaded[number]


def _begin() -> int:
    raise NotImplementedError
