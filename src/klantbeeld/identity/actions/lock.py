"""One writer of identity at a time (docs/adr/0003)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from klantbeeld.identity.tables.wire import run, together

WRITER = 0x6B6C616E74  # "klant"


@dataclass(frozen=True, slots=True)
class Held:
    """The lock, held by the running transaction, and the model that was active when it was taken (None: none yet)."""

    model: tuple[int, str] | None

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
        run("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
        # Every statement of ours goes by an index, for one record as for thousands: planning them anew finds nothing.
        run("SET LOCAL plan_cache_mode = force_generic_plan")
        row = run("SELECT number, digest FROM identity_matchmodel WHERE active").fetchone()
    held = Held((int(row[0]), str(row[1])) if row else None)
    transaction.on_commit(held)
    return held
