"""The systems as files: semicolon CSV in Windows-1252, with the truth beside them for scoring."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from klantbeeld.demo.mess import FOLD
from klantbeeld.demo.systems import Feed, System, build_system
from klantbeeld.demo.truth import truth_rows
from klantbeeld.demo.world import World

ENCODING = "cp1252"
FILE_SYSTEMS = ("policies", "pos", "calls", "archive")
"""The systems whose own form is a file."""

TRUTH = "truth.csv"
Progress = Callable[[str, int, int], None]
"""Told (what, rows done, rows in all) after each block."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file as written: its path, rows without the header, bytes and SHA-256."""

    path: Path
    rows: int
    size: int
    sha256: str


def file_name(feed: Feed) -> str:
    """Give the name of a feed's file: `pos_cards.csv`."""
    return f"{feed.source}_{feed.name}.csv"


def write_files(
    world: World, folder: Path, systems: Sequence[str] = FILE_SYSTEMS, progress: Progress | None = None
) -> tuple[Written, ...]:
    """Write the feeds of systems to a folder, and `truth.csv`: who is behind each record of a party in these systems.

    Every file is complete or not there: it is written beside its place and then renamed. Feeds whose own form is JSON
    become flat: dots in the names of the columns, a list as one line each. OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    built = [build_system(world, code) for code in systems]
    written = [_write_feed(feed, folder, progress) for system in built for feed in system.feeds]
    return (*written, _write_truth(built, folder))


def rows_of(feed: Feed, progress: Progress | None = None) -> Iterator[tuple[object, ...]]:
    """Give the rows of a feed, without the header."""
    for block in feed.blocks():
        columns = feed.render(block)
        flat = [columns[name].tolist() for name in feed.columns if name != "lines"]
        if "lines" in columns:
            for head, lines in zip(zip(*flat, strict=True), columns["lines"].tolist(), strict=True):
                for line in lines:
                    yield (*head, *line.values())
        else:
            yield from zip(*flat, strict=True)
        if progress:
            progress(feed.name, int(block[-1]) + 1, feed.count)


def header(feed: Feed) -> list[str]:
    """Give the names of a feed's columns in its file."""
    names = [name for name in feed.columns if name != "lines"]
    if "lines" in feed.columns:
        names += ["sku", "title", "quantity", "unitPrice", "unitCost", "margin", "fulfilledBy"]
    return names


def _write_feed(feed: Feed, folder: Path, progress: Progress | None) -> Written:
    return _write(folder / file_name(feed), header(feed), rows_of(feed, progress))


def _write_truth(systems: Sequence[System], folder: Path) -> Written:
    return _write(folder / TRUTH, ["source", "external_id", "entity"], truth_rows(systems))


def _write(path: Path, names: Sequence[str], rows: Iterator[tuple[object, ...]]) -> Written:
    beside = path.with_suffix(".part")
    with beside.open("w", encoding=ENCODING, errors=FOLD, newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(names)
        counted = _Counted(rows)
        writer.writerows(counted)
    with beside.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    beside.replace(path)
    return Written(path, counted.count, path.stat().st_size, digest)


class _Counted:
    """Counts rows on their way, so that the writer can take them all in one call."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self.count = 0
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        for self.count, row in enumerate(self._rows, start=1):  # noqa: B020
            yield row
