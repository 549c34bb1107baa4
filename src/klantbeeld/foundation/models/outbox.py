"""What happened, for whoever must know: written in the transaction of the change, read after commit."""

from __future__ import annotations

from django.db import models


class OutboxEvent(models.Model):
    """A past-tense fact with ids (`customer.merged`). Insert-only; partitioned by month.

    `xid` is the writing transaction's place in time (see foundation.migrations.0002). A reader takes events below the
    horizon in the order (xid, id): a transaction that commits late can then never slip in behind the cursor.
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


class Consumer(models.Model):
    """How far one handler of events has come. The row is locked by the relay that works for it."""

    name = models.CharField(max_length=80, primary_key=True)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Processed(models.Model):
    """This consumer has had its effect for this event: written with the effect, so a second delivery does nothing."""

    pk = models.CompositePrimaryKey("consumer", "event_id")
    consumer = models.CharField(max_length=80)
    event_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="processed_at")]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"


class FailedDelivery(models.Model):
    """An event that its handler could not take; tried again with growing pauses, then left for a person."""

    consumer = models.CharField(max_length=80)
    event_id = models.BigIntegerField()
    event_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=1)
    problem = models.TextField()
    retry_at = models.DateTimeField(null=True)  # null: given up

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "event_id"], name="failed_delivery_once")]
        indexes = [models.Index(fields=["consumer", "retry_at"], name="failed_delivery_due")]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id} x{self.attempts}"
