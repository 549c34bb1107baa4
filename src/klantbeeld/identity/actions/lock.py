"""One writer of identity at a time (docs/adr/0003)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import transaction
from psycopg import Cursor

from klantbeeld.identity.tables.wire import run, together

WRITER = 0x6B6C616E74  # "klant"

# Every statement of ours goes by an index, for one record as for thousands: planning them anew finds nothing.
_LOCK = "SELECT pg_advisory_xact_lock(%s), set_config('plan_cache_mode', 'force_generic_plan', true)"
_MODEL = "SELECT number, digest FROM identity_matchmodel WHERE active"


class Held:
    """The lock, held by the running transaction."""

    def __init__(self, asked: Cursor[tuple[Any, ...]]) -> None:
        self._asked = asked

    @cached_property
    def model(self) -> tuple[int, str] | None:
        """Number and digest of the model that was active when the lock was taken (None: none yet)."""
        row = self._asked.fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def __call__(self) -> None:
        """Nothing has to be done at the end: the database lets go of the lock."""


def hold_writer() -> Held:
    """Wait for, and hold until the transaction ends, the lock of the one writer of identity.

    Flows take it first, so that two transactions never hold each other's records while waiting for it.
    Raises RuntimeError outside a transaction: the lock would be gone at once.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("The writer's lock is held for a transaction; open one with transaction.atomic().")
    # Django forgets what was to run on commit when the transaction, or the savepoint in which the lock was taken, is
    # rolled back: exactly as long as the database keeps the lock.
    for _, function, _ in connection.run_on_commit:
        if isinstance(function, Held):
            return function
    with together():
        run(_LOCK, (WRITER,))
        held = Held(run(_MODEL))  # asked once the lock is held, so that it is the model which then is in force
    transaction.on_commit(held)
    return held
