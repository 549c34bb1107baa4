"""Opening what a feed declares: a file, the files of a folder or server, a table, a service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.declaration import Catalogue, Feed
from klantbeeld.sources.ports import Cursor, Input


def open_feed(
    feed: Feed,
    known: Catalogue,
    *,
    path: Path | None = None,
    since: datetime | None = None,
    last: Cursor | None = None,
    within: Sequence[Path] | None = None,
    name: str = "",
) -> Input:
    """The input of a feed: the file given, else what its form names.

    `since`: when the last complete import began; `last`: where it ended; both ask a service or database only for what
    is new. `within`: the only folders whose files may be read; None when whoever asks may read any. `name`: what the
    file is called where it came from.
    Raises Invalid when there is nothing to read, or when it is not what the declaration says.
    """
    if feed.is_file:
        return open_file(feed, _file_of(feed, path, within), known, name=name)
    if path is not None:
        raise Invalid(f"Feed '{feed.name}' is not read from a file.", code="sources.no_file_wanted", feed=feed.name)
    if feed.type == "rest":
        from klantbeeld.sources.adapters.rest import RestInput

        return RestInput(feed, known, since=since, last=last)
    if feed.type == "sql":
        from klantbeeld.sources.adapters.sql import SqlInput

        if "path" in feed.form:
            allowed(feed, Path(feed.form["path"]), within)
        return SqlInput(feed, known, last=last)
    raise Invalid(
        f"Feed '{feed.name}' is delivered by its source (form {feed.type}); there is nothing to import.",
        code="sources.delivered",
        feed=feed.name,
    )


def open_file(feed: Feed, file: Path, known: Catalogue, *, name: str = "") -> Input:
    """A file in the form of a feed. Raises Invalid."""
    if feed.type == "csv":
        from klantbeeld.sources.adapters.csv_file import CsvInput

        return CsvInput(file, feed, known, name=name)
    from klantbeeld.sources.adapters.record_file import RecordInput

    return RecordInput(file, feed, known, name=name)


def allowed(feed: Feed, file: Path, within: Sequence[Path] | None) -> Path:
    """The path itself; raises Invalid when it lies outside the folders that may be read."""
    if within is not None and not any(file.resolve().is_relative_to(folder.resolve()) for folder in within):
        raise Invalid(
            f"Feed '{feed.name}' names a file outside the import folder (KLANTBEELD_IMPORT_DIR).",
            code="sources.file_outside",
            feed=feed.name,
        )
    return file


def _file_of(feed: Feed, path: Path | None, within: Sequence[Path] | None) -> Path:
    file = path or (Path(feed.form["path"]) if "path" in feed.form else None)
    if file is None:
        raise Invalid(f"Feed '{feed.name}' names no file; give one.", code="sources.no_file", feed=feed.name)
    allowed(feed, file, within)
    if not file.is_file():
        raise Invalid(f"There is no file {file}.", code="sources.file_missing", feed=feed.name)
    return file
