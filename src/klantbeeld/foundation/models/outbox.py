"""What happened, for whoever must know: written in the transaction of the change, read after commit."""

from __future__ import annotations

from django.db import models


class OutboxEvent(models.Model):
    """A past-tense fact with ids (`customer.merged`). Partitioned by month.

    `xid` is the writing transaction's id. A reader takes events with xid below pg_snapshot_xmin(pg_current_snapshot())
    in the order (xid, id): a transaction that commits late can then never slip in behind the cursor.
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    xid = models.BigIntegerField()
    type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_uuid = models.UUIDField(null=True)
    version = models.IntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        managed = False  # made by hand in the migration: partitioned
        db_table = "foundation_outboxevent"

    def __str__(self) -> str:
        return f"{self.type} {self.subject_kind}:{self.subject_id}"
