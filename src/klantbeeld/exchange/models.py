"""Deliveries in bulk that were accepted and are stored in the background."""

from __future__ import annotations

from django.db import models

from klantbeeld.kit.ids import new_uuid


class BulkDelivery(models.Model):
    """Records that a machine delivered in one request. `position` is how far they have been committed.

    `body` holds the records until they are stored or given up, and nothing after that.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    uuid = models.UUIDField(default=new_uuid, unique=True)
    source = models.CharField(max_length=60)
    client = models.CharField(max_length=80)
    key = models.BigIntegerField()
    purpose = models.CharField(max_length=60, blank=True)
    body = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    records = models.IntegerField()
    position = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    superseded = models.IntegerField(default=0, db_default=0)
    gone = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)  # records that went to quarantine
    refusals = models.JSONField(default=list)  # the first of them: [{pointer, reason, message: label}]
    problem = models.TextField(blank=True)
    accepted_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} {self.accepted_at:%Y-%m-%d %H:%M}"
