"""Answers kept so that a repeated request has one effect (draft-ietf-httpapi-idempotency-key-header-07)."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """One key of one client: the hash of its request and the answer given."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_sha256 = models.BinaryField(max_length=32)
    status = models.SmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once_per_client")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"
