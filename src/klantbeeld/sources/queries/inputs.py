"""Opening what a feed declares, as an input that can be read from any committed place on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from klantbeeld.foundation import catalogue
from klantbeeld.sources.declaration import Feed
from klantbeeld.sources.ports import Cursor, Input


def open_input(
    feed: Feed,
    *,
    path: Path | None = None,
    since: datetime | None = None,
    last: Cursor | None = None,
    within: Sequence[Path] | None = None,
) -> Input:
    """Open a feed: the file given, else what its form names; see `adapters.opening.open_feed`. Raises Invalid."""
    from klantbeeld.sources.adapters.opening import open_feed

    return open_feed(feed, catalogue.all_kinds(), path=path, since=since, last=last, within=within)
