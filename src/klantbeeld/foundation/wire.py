"""A cursor that binds on the server and plans once, arrays as one text, and COPY in ready-made lines.

Django's cursor binds on the client, quotes every element of an array in Python and plans every statement anew; for
batches of a thousand records that costs more than the work itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def run(statement: str, parameters: tuple[Any, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute on Django's connection, in its transaction, prepared; rows come from the cursor that is returned."""
    connection.ensure_connection()
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
    with connection.wrap_database_errors:
        return cursor.execute(statement, parameters, prepare=True, binary=True)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements inside without waiting; only a fetch, or the end, waits for their answers. No COPY inside.

    The database works on what was sent while Python goes on; and one record needs fewer journeys there and back.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


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
    """Send ready-made lines, each with its line end, to a COPY ... FROM STDIN."""
    if not rows:
        return
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.write(b"".join(rows))
