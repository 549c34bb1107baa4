"""The register of purposes and the append-only log of what customers allowed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Purpose(models.Model):
    """Why data is used, and the legal basis of that (GDPR article 6)."""

    class Basis(models.TextChoices):
        CONSENT = "consent"
        CONTRACT = "contract"
        LEGAL_OBLIGATION = "legal_obligation"
        VITAL_INTERESTS = "vital_interests"
        PUBLIC_TASK = "public_task"
        LEGITIMATE_INTERESTS = "legitimate_interests"

    code = models.SlugField(max_length=60, unique=True)
    label = models.JSONField()
    basis = models.CharField(max_length=24, choices=Basis.choices)
    reads_profiles = models.BooleanField(default=True, help_text="A request may state this purpose to read profiles.")
    kinds: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=20), default=list)

    def __str__(self) -> str:
        return self.code


class ConsentEvent(models.Model):
    """One act of a person: gave, withdrew, objected. Never changed; it hangs on a source record, not on a customer."""

    class Act(models.TextChoices):
        GIVEN = "given"
        WITHDRAWN = "withdrawn"
        OBJECTED = "objected"

    record_id = models.BigIntegerField(db_index=True)  # sources.Record; no foreign key, because sources stand above
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT)
    channel = models.CharField(max_length=20, blank=True)  # empty: every channel
    recipient = models.CharField(max_length=60, blank=True)  # empty: the controller itself
    act = models.CharField(max_length=10, choices=Act.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    text_version = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, blank=True)
    method = models.CharField(max_length=40, blank=True)  # unticked box, double opt-in, call id
    evidence_sha256 = models.BinaryField(max_length=32, null=True)
    actor = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.act} {self.purpose_id} {self.at:%Y-%m-%d}"
