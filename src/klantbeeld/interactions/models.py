"""Roles that people hold, and what happened: facts on source records, never on customers."""

from __future__ import annotations

from django.db import models


class Role(models.Model):
    """A party record holds a role in a contract, object, activity, organisation or other person, for a period.

    `declared_by` is the record whose current version says so; its roles are replaced as a whole with its version.
    """

    declared_by = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.holder_id} {self.role} {self.target_id}"


class Activity(models.Model):
    """An order, return, parcel, call, visit, payment: an activity record made ready for the timeline."""

    record = models.OneToOneField("sources.Record", primary_key=True, on_delete=models.PROTECT)
    type = models.CharField(max_length=30)
    at = models.DateTimeField()
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=30, blank=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    cost = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)

    def __str__(self) -> str:
        return self.title
