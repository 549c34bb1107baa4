"""A connection to a real PostgreSQL, in a time zone and date style of its own, on which expressions are run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgresql(database_server: Any) -> Iterator[psycopg.Connection[Any]]:
    """Autocommit; nothing in an expression may depend on these settings."""
    with database_server.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        connection.execute("SET DateStyle = 'ISO, DMY'")
        connection.execute("SET IntervalStyle = 'sql_standard'")
        connection.execute("SET jit = off")
        yield connection
