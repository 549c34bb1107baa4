"""Monthly partitions of the audit log and the outbox, made ahead of time."""

from __future__ import annotations

from django.db import connection

MONTHS_AHEAD = 3


def make_partitions(ahead: int = MONTHS_AHEAD) -> int:
    """Make the partitions of this month and `ahead` more where they are missing; returns how many were made.

    Without them rows go to the default partition: nothing is lost, but that month cannot be dropped as a whole.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT kb_make_partitions(%s)", [ahead])
        (made,) = cursor.fetchone()
    return int(made)
