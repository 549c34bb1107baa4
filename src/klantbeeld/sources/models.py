"""Sources, their runs, the records they gave and what was refused."""

from __future__ import annotations

from django.db import models

from klantbeeld.kit.ids import new_uuid


class Source(models.Model):
    """A system that knows something about customers, by declaration (docs/schema/source.json)."""

    code = models.SlugField(max_length=60, unique=True)
    label = models.JSONField()
    company = models.ForeignKey("foundation.Company", on_delete=models.PROTECT)
    brand = models.ForeignKey("foundation.Brand", null=True, blank=True, on_delete=models.PROTECT)
    owner = models.CharField(max_length=200)
    trust_rank = models.SmallIntegerField(help_text="1 is trusted most.")
    purpose = models.CharField(max_length=60)
    declaration = models.JSONField()
    declaration_version = models.IntegerField(default=1)
    builtin = models.BooleanField(default=False, help_text="Ours: corrections by employees.")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.code


class Run(models.Model):
    """One import from a source; `position` is how far it has been committed, so that a killed run goes on.

    `position`: rows that are settled, good and refused; `cursor`: what the reader of the feed needs to go on there.
    `total`: rows of the input, once its end was seen.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        PAUSED = "paused"

    uuid = models.UUIDField(default=new_uuid, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    feed = models.CharField(max_length=60, blank=True)
    declaration_version = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    input_name = models.CharField(max_length=300, blank=True)
    input_sha256 = models.BinaryField(max_length=32, null=True)
    position = models.BigIntegerField(default=0)
    cursor = models.JSONField(null=True)
    total = models.BigIntegerField(null=True)
    share = models.FloatField(null=True)  # 0..1 of the input that is settled, when it can be told
    rows = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    superseded = models.BigIntegerField(default=0, db_default=0)
    gone = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0, db_default=0)
    refused = models.BigIntegerField(default=0)
    partial = models.BigIntegerField(default=0, db_default=0)
    observed = models.JSONField(null=True, help_text="What the columns looked like: rules.drift.")
    drift = models.JSONField(default=list, help_text="In what they were others than in the run before.")
    problem = models.TextField(blank=True)
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"


class Record(models.Model):
    """One thing in one source, by the source's own id; what it says is in its versions."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    # The constraint's index begins with the source, so it needs none of its own; the same below for the record.
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    kind = models.SmallIntegerField()  # contracts.Kind
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="expected")  # contracts.State
    version_id = models.BigIntegerField(null=True)  # the current RecordVersion
    first_received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "external_id"], name="record_once_per_source")]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"


class RecordVersion(models.Model):
    """What a source said of a record at one moment. Never changed.

    The current version is the one with the highest (source_at, digest); where the source tells no moment, the moment
    of receipt stands in. Versions that arrive late are kept and change nothing.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions", db_index=False)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT)
    source_at = models.DateTimeField()
    received_at = models.DateTimeField()
    digest = models.BinaryField(max_length=16)  # BLAKE2b of the content, so that the same content is one version
    gone = models.BooleanField(default=False)
    data = models.JSONField()  # rules.content: attributes, identifiers, roles
    raw = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source_at", "digest"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.source_at:%Y-%m-%d}"


class Quarantine(models.Model):
    """A row or field that was refused, with its reason; nothing bad is dropped.

    A refused BSN's value is not kept: one row per column of a run says how many there were.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT)
    position = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=60)  # code: date.unreadable, bsn.refused, row.ragged ...
    message = models.JSONField()  # label
    count = models.BigIntegerField(default=1)
    raw = models.JSONField(null=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position", "column", "reason"], name="quarantine_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.position} {self.reason}"
