"""The codes of sources by id: they never change, so they are read once."""

from __future__ import annotations

from collections.abc import Iterable

from klantbeeld.identity.tables.wire import run

_codes: dict[int, str] = {}


def source_codes(source_ids: Iterable[int]) -> dict[int, str]:
    """Code per source id."""
    if not _codes.keys() >= (wanted := set(source_ids)):
        _codes.clear()
        _codes.update(run("SELECT id, code FROM sources_source").fetchall())
    return {source: _codes[source] for source in wanted}
