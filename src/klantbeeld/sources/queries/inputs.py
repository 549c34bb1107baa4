"""Opening what a feed declares, as inputs that can be read from any committed place on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Q

from klantbeeld.foundation import catalogue
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.declaration import Feed, declaration_of
from klantbeeld.sources.models import Run, Source
from klantbeeld.sources.ports import Cursor, Input

if TYPE_CHECKING:
    from klantbeeld.sources.adapters.watched import WatchedFile


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


def reopen(feed: Feed, path: Path) -> Input:
    """A file that was opened as an input of this feed before, for another process. Raises Invalid."""
    from klantbeeld.sources.adapters.opening import open_file

    return open_file(feed, path, catalogue.all_kinds())


def open_inputs(
    source_code: str,
    feed: Feed,
    *,
    path: Path | None = None,
    full: bool = False,
    since: datetime | None = None,
    within: Sequence[Path] | None = None,
) -> Generator[Input, None, None]:
    """The inputs of a feed, one after another; use each before asking for the next.

    A watched feed has an input for each file that was not imported yet; of one that cannot be opened the run fails,
    which is remembered. Any other feed has one. `full` asks for everything in place of what is new, and for files that
    were imported before. Raises Invalid and Unavailable.
    """
    if path is not None or not feed.is_watched:
        last = None if full or feed.is_file else last_cursor(source_code, feed.name)
        yield open_input(feed, path=path, since=since, last=last, within=within)
        return
    from klantbeeld.sources.adapters.opening import open_file
    from klantbeeld.sources.adapters.unopened import Unopened
    from klantbeeld.sources.adapters.watched import fetched

    for file in new_files(source_code, feed, within=within, again=full):
        with fetched(feed, file, within) as own:
            given: Input
            try:
                given = open_file(feed, own, catalogue.all_kinds(), name=file.mark)
            except Invalid as problem:
                given = Unopened(file.mark, problem)
            yield given


def new_files(source_code: str, feed: Feed, *, within: Sequence[Path] | None, again: bool = False) -> list[WatchedFile]:
    """Files of a watched feed that were not imported, the oldest first; `again`: all of them.

    A file that failed or was paused is tried again once the declaration is another one.
    """
    from klantbeeld.sources.adapters.watched import list_files

    files = list_files(feed, within)
    if again:
        return files
    source = Source.objects.get(code=source_code)
    settled = Run.objects.filter(
        Q(state=Run.State.DONE)
        | Q(state__in=(Run.State.FAILED, Run.State.PAUSED), declaration_version=source.declaration_version),
        source=source,
        feed=feed.name,
    )
    return [one for one in files if not settled.filter(input_name__startswith=one.mark).exists()]


def sources_with_new_files(within: Sequence[Path]) -> list[str]:
    """Codes of the sources in whose watched folders on this machine a file has appeared; paused ones are left out."""
    found = []
    for source in Source.objects.filter(paused_at=None, builtin=False):
        feeds = [one for one in declaration_of(source.declaration).feeds if "folder" in one.form]
        if any(new_files(source.code, one, within=within) for one in feeds if _may_look(one, within)):
            found.append(source.code)
    return found


def last_cursor(source_code: str, feed: str) -> Cursor | None:
    """Where the last complete run of a feed that read anything ended."""
    done = Run.objects.filter(source__code=source_code, feed=feed, state=Run.State.DONE, cursor__isnull=False)
    run = done.order_by("-started_at").first()
    return dict(run.cursor) if run and run.cursor else None


def _may_look(feed: Feed, within: Sequence[Path]) -> bool:
    folder = Path(feed.form["folder"]["path"]).resolve()
    return any(folder.is_relative_to(one.resolve()) for one in within) and folder.is_dir()
