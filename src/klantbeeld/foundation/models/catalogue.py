"""The attribute catalogue: what can be known, as data."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Attribute(models.Model):
    """One thing that can be known of a person, organisation, contract, object or activity.

    `matching` is the field type by which engines/matching understands it (empty: no evidence of identity).
    `survivorship` is the declared rule, an ordered list such as ["steward", "verified", "rank", "recent", "frequent"].
    `purposes` empty means: visible for every purpose that reads profiles.
    """

    class Type(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        BOOLEAN = "boolean"
        DATE = "date"  # may be partial: 1980, 1980-05
        MOMENT = "moment"
        MONEY = "money"
        CHOICE = "choice"
        EMAIL = "email"
        PHONE = "phone"
        ADDRESS = "address"
        LINES = "lines"  # order lines: a list of mappings

    class Sensitivity(models.TextChoices):
        ORDINARY = "ordinary"
        SENSITIVE = "sensitive"  # reads are logged and fail closed
        SECRET = "secret"  # noqa: S105 - a class of data: encrypted, exact match only

    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12)  # kinds of sources.contracts.Kind, as text
    label = models.JSONField()
    type = models.CharField(max_length=12, choices=Type.choices)
    choices = models.JSONField(default=list, blank=True)
    many = models.BooleanField(default=False)
    sensitivity = models.CharField(max_length=12, choices=Sensitivity.choices, default=Sensitivity.ORDINARY)
    purposes: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=60), default=list)
    survivorship: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=20), default=list)
    matching = models.CharField(max_length=40, blank=True)
    position = models.SmallIntegerField(default=0)
    custom = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="attribute_once_per_kind")]
        ordering = ["kind", "position", "code"]

    def __str__(self) -> str:
        return f"{self.kind}.{self.code}"
