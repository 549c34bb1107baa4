"""Opening what a feed declares, as an input that can be read from any committed place on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from klantbeeld.foundation import catalogue
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.declaration import Feed
from klantbeeld.sources.ports import Input


def open_input(
    feed: Feed, *, path: Path | None = None, since: datetime | None = None, within: Sequence[Path] | None = None
) -> Input:
    """Open a feed: the file given, else what its form names. `since` asks a service only for what changed after it.

    `within`: the only folders whose files may be read; None when whoever asks may read any file of this machine.
    Raises Invalid when there is nothing to read, or when it is not what the declaration says.
    """
    known = catalogue.all_kinds()
    if feed.type == "csv":
        from klantbeeld.sources.adapters.csv_file import CsvInput

        file = path or (Path(feed.form["path"]) if "path" in feed.form else None)
        if file is None:
            raise Invalid(f"Feed '{feed.name}' names no file; give one.", code="sources.no_file", feed=feed.name)
        if within is not None and not any(file.resolve().is_relative_to(folder.resolve()) for folder in within):
            raise Invalid(
                f"Feed '{feed.name}' names a file outside the import folder (KLANTBEELD_IMPORT_DIR).",
                code="sources.file_outside",
                feed=feed.name,
            )
        if not file.is_file():
            raise Invalid(f"There is no file {file}.", code="sources.file_missing", feed=feed.name)
        return CsvInput(file, feed, known)
    if path is not None:
        raise Invalid(f"Feed '{feed.name}' is not read from a file.", code="sources.no_file_wanted", feed=feed.name)
    if feed.type == "rest":
        from klantbeeld.sources.adapters.rest import RestInput

        return RestInput(feed, known, since=since)
    raise Invalid(
        f"Feed '{feed.name}' is delivered by its source (form {feed.type}); there is nothing to import.",
        code="sources.delivered",
        feed=feed.name,
    )
