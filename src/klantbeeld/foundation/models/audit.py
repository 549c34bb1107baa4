"""Who did or saw what, to whom, why. Insert-only; partitioned by month; sealed in batches."""

from __future__ import annotations

from django.db import models


class AuditLine(models.Model):
    """One act of one actor. `subject` is an internal id, `detail` holds names of fields, never personal values.

    `xid` orders lines by the transaction that wrote them (see foundation.migrations.0002): below the horizon nothing
    can be added any more, so a range of it can be sealed.
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    xid = models.BigIntegerField()
    actor = models.CharField(max_length=80)  # user:12, key:7, system:relay
    purpose = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)  # profiles.correct, customers.read
    subject_kind = models.CharField(max_length=20, blank=True)  # customer, record, source, key
    subject_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        managed = False  # made by hand in the migration: partitioned
        db_table = "foundation_auditline"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"


class AuditSeal(models.Model):
    """A hash over the audit lines with from_xid <= xid < to_xid and over the seal before it."""

    from_xid = models.BigIntegerField(unique=True)
    to_xid = models.BigIntegerField(unique=True)
    lines = models.IntegerField()
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(to_xid__gt=models.F("from_xid")), name="seal_forward")]

    def __str__(self) -> str:
        return f"{self.from_xid}-{self.to_xid}"
