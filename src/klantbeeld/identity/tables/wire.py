"""A cursor that binds on the server, plans once, and takes NumPy arrays of numbers as they are.

Django's cursor binds on the client and plans every statement anew; a record resolved while somebody waits is a dozen
small statements, of which planning would be half.
"""

from __future__ import annotations

import struct
from typing import Any
from weakref import WeakSet

import numpy as np
import psycopg
from django.db import transaction
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from klantbeeld.foundation.wire import is_together, together

__all__ = ["Blobs", "Texts", "copy_in", "is_together", "numbers", "run", "together"]

INT8, INT8_ARRAY = 20, 1016
_HEAD = struct.Struct(">iiiii")  # dimensions, has nulls, type, length, lower bound
_LENGTH = struct.Struct(">i")
_EMPTY = struct.pack(">iii", 0, 0, INT8)
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


_ready: WeakSet[psycopg.Connection[Any]] = WeakSet()
"""Connections that know how to send vectors."""


class _Int8ArrayDumper(Dumper):
    """A NumPy vector of whole numbers as int8[] in PostgreSQL's binary form (array_send in arrayfuncs.c)."""

    format = Format.BINARY
    oid = INT8_ARRAY

    def dump(self, obj: np.ndarray) -> Buffer:
        count = len(obj)
        if not count:
            return _EMPTY
        body = np.empty(count, dtype=_ELEMENT)
        body["length"], body["value"] = 8, obj
        return _HEAD.pack(1, 0, INT8, count, 1) + body.tobytes()


class Blobs(list[bytes]):
    """Byte strings that go as one bytea[]; psycopg would look at every one of them in Python."""


class Texts(list[str]):
    """Texts that go as one text[]; none may hold a NUL."""


class _BlobsDumper(Dumper):
    format = Format.BINARY
    oid = 1001  # bytea[]

    def dump(self, obj: Blobs) -> Buffer:
        return _several(obj, 17)


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = 1009  # text[]

    def dump(self, obj: Texts) -> Buffer:
        return _several([text.encode() for text in obj], 25)


def _several(values: list[bytes], oid: int) -> bytes:
    """An array of values of varying length in PostgreSQL's binary form."""
    if not values:
        return struct.pack(">iii", 0, 0, oid)
    parts = [_HEAD.pack(1, 0, oid, len(values), 1)]
    length = _LENGTH.pack
    for value in values:
        parts += (length(len(value)), value)
    return b"".join(parts)


def run(statement: str, parameters: tuple[Any, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute on Django's connection, inside its transaction, prepared; rows come from the cursor that is returned."""
    connection = transaction.get_connection()
    connection.ensure_connection()
    plain = connection.connection
    if plain not in _ready:
        plain.adapters.register_dumper(np.ndarray, _Int8ArrayDumper)
        plain.adapters.register_dumper(Blobs, _BlobsDumper)
        plain.adapters.register_dumper(Texts, _TextsDumper)
        _ready.add(plain)
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(plain)
    with connection.wrap_database_errors:
        return cursor.execute(statement, parameters, prepare=True, binary=True)


COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TAIL = b"\xff\xff"


def copy_in(statement: str, rows: bytes) -> None:
    """Send ready-made rows to a `COPY ... FROM STDIN (FORMAT binary)`; not within `together`."""
    connection = transaction.get_connection()
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.write(COPY_HEAD + rows + COPY_TAIL)


def numbers(values: Any) -> np.ndarray:
    """Whole numbers as the int64 vector that `run` takes for int8[]."""
    return np.fromiter(values, dtype=np.int64)
