"""The systems as they deliver: tills in a database, the call centre in NDJSON, the archive in XML, the rest in CSV."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from klantbeeld.demo.files import ENCODING, write_files
from klantbeeld.demo.world import World

TILLS = "pos.db"
ARCHIVE = "archive_relations.xml"
CALLS = ("calls_callers", "calls_log")


def deliver(world: World, folder: Path) -> None:
    """Write every system that delivers files to a folder in its own form, beside the same in CSV.

    OSError when the folder cannot be written.
    """
    write_files(world, folder)
    _tills(folder)
    for name in CALLS:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(folder / f"{name}.csv"))
        _write(folder / f"{name}.ndjson", lines)
    _write(folder / ARCHIVE, _archive(folder / "archive_relations.csv"))


def _tills(folder: Path) -> None:
    beside = folder / "pos.part"
    beside.unlink(missing_ok=True)
    connection = sqlite3.connect(beside)
    try:
        for table in ("cards", "receipts"):
            rows = _rows(folder / f"pos_{table}.csv")
            first = next(rows)
            names = ", ".join(f'"{name}" TEXT' for name in first)
            connection.execute(f"CREATE TABLE {table} ({names})")
            marks = ", ".join("?" * len(first))
            insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - our own names
            connection.execute(insert, list(first.values()))
            connection.executemany(insert, (list(row.values()) for row in rows))
        connection.commit()
    finally:
        connection.close()
    beside.replace(folder / TILLS)


def _archive(path: Path) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<archief jaar="2009">\n<relaties>\n'
    for row in _rows(path):
        fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in row.items() if name != "OUDNR")
        yield f"<relatie nr={quoteattr(row['OUDNR'])}>{fields}</relatie>\n"
    yield "</relaties>\n</archief>\n"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding=ENCODING, newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _write(path: Path, texts: Iterator[str]) -> None:
    beside = path.with_suffix(".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.writelines(texts)
    beside.replace(path)
