"""One writer of identity at a time (docs/adr/0003)."""

from __future__ import annotations

from django.db import transaction

from klantbeeld.identity.tables.wire import run

WRITER = 0x6B6C616E74  # "klant"


def hold_writer() -> None:
    """Wait for, and hold until the transaction ends, the lock of the one writer of identity.

    Flows take it first, so that two transactions never hold each other's records while waiting for it.
    Raises RuntimeError outside a transaction: the lock would be gone at once.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The writer's lock is held for a transaction; open one with transaction.atomic().")
    run("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
