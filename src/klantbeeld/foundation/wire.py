"""A cursor that binds on the server and plans once, arrays as one text, and COPY in ready-made lines.

Django's cursor binds on the client, quotes every element of an array in Python and plans every statement anew; for
batches of a thousand records that costs more than the work itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.pq import PipelineStatus

NULL = "\\N"
_MEANT = {"t": "\t", "n": "\n", "r": "\r"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def run(statement: str, parameters: tuple[Any, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute on Django's connection, in its transaction, prepared; rows come from the cursor that is returned."""
    used = transaction.get_connection()
    used.ensure_connection()
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(used.connection)
    with used.wrap_database_errors:
        return cursor.execute(statement, parameters, prepare=True, binary=True)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements inside without waiting; only a fetch, or the end, waits for their answers.

    The database works on what was sent while Python goes on; and one record needs fewer journeys there and back. An
    error comes out at the next fetch, or at the end of the outermost `together`: one within another waits for nothing.
    """
    if is_together():
        yield
        return
    used = transaction.get_connection()
    with used.wrap_database_errors, used.connection.pipeline() as pipeline:
        # psycopg looks at the socket at every statement: with twenty of them that costs more than they do. libpq keeps
        # what is sent until something is fetched, or the end.
        pipeline._communicate_gen = partial(_hand_over, pipeline)
        yield


def _hand_over(pipeline: psycopg.Pipeline) -> Iterator[Any]:
    """Give libpq what waits to be sent, without waiting for anything."""
    queue = pipeline.command_queue
    while queue:
        queue.popleft()()
    yield from ()


def is_together() -> bool:
    """Are statements sent without waiting now? COPY cannot be used then."""
    used = transaction.get_connection()
    used.ensure_connection()
    return bool(used.connection.pgconn.pipeline_status != PipelineStatus.OFF)


def numbers(values: Iterable[int | None]) -> str:
    """Whole numbers as one parameter: `%s::bigint[]`."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def texts(values: Iterable[str]) -> str:
    """Texts as one parameter, `%s::text[]`; raises ValueError when one holds a NUL, which PostgreSQL cannot keep."""
    listed = list(values)
    joined = "\0".join(listed)
    if joined.count("\0") != max(len(listed) - 1, 0):
        raise ValueError("A text holds a NUL character.")
    if not listed:
        return "{}"
    body = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'{{"{body}"}}'


def escaped(text: str) -> str:
    """A text as a column of COPY's text format."""
    return text.translate(_ESCAPES)


def escaped_json(data: bytes) -> bytes:
    """JSON without control characters as a column of COPY's text format: only backslashes need doubling."""
    return data.replace(b"\\", b"\\\\") if b"\\" in data else data


def copy(statement: str, rows: list[bytes]) -> None:
    """Send ready-made lines, each with its line end, to a COPY ... FROM STDIN.

    Within `together` they go as one INSERT each, for a pipeline takes no COPY: right for a few of them.
    """
    if not rows:
        return
    if is_together():
        insert = _insert_like(statement)
        for row in rows:
            run(insert, tuple(map(_column, row.decode().removesuffix("\n").split("\t"))))
        return
    cursor = psycopg.Cursor(connection.connection)
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.write(b"".join(rows))


@lru_cache(maxsize=64)
def _insert_like(statement: str) -> str:
    """The INSERT of one row that puts in what this COPY does, from the same texts."""
    into = statement.split("COPY", 1)[1].rsplit("FROM STDIN", 1)[0].strip()
    count = into.count(",") + 1
    return f"INSERT INTO {into} VALUES ({', '.join(['%s'] * count)})"  # noqa: S608 - what a statement of ours says


def _column(text: str) -> str | None:
    """What a column of COPY's text format says."""
    if text == NULL:
        return None
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text
