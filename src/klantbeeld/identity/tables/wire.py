"""A cursor that binds on the server, plans once, and takes NumPy arrays of numbers as they are.

Django's cursor binds on the client and plans every statement anew; a record resolved while somebody waits is a dozen
small statements, of which planning would be half.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

INT8, INT8_ARRAY = 20, 1016
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


class _Int8ArrayDumper(Dumper):
    """A NumPy vector of whole numbers as int8[] in PostgreSQL's binary form (array_send in arrayfuncs.c)."""

    format = Format.BINARY
    oid = INT8_ARRAY

    def dump(self, obj: np.ndarray) -> Buffer:
        head = np.array([1 if len(obj) else 0, 0, INT8], dtype=">i4")
        if not len(obj):
            return head.tobytes()
        body = np.empty(len(obj), dtype=_ELEMENT)
        body["length"], body["value"] = 8, obj
        return head.tobytes() + np.array([len(obj), 1], dtype=">i4").tobytes() + body.tobytes()


def run(statement: str, parameters: tuple[Any, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute on Django's connection, inside its transaction, prepared; rows come from the cursor that is returned."""
    connection.ensure_connection()
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
    cursor.adapters.register_dumper(np.ndarray, _Int8ArrayDumper)
    with connection.wrap_database_errors:
        return cursor.execute(statement, parameters, prepare=True, binary=True)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements inside in one go; only a fetch, or the end, waits for their answers."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def numbers(values: Any) -> np.ndarray:
    """Whole numbers as the int64 vector that `run` takes for int8[]."""
    return np.fromiter(values, dtype=np.int64)
