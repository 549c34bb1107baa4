"""Policies, where customers stand under them, and every transition.

`Standing` is a projection: it follows from records, roles, activities, the policy and the moment. `Transition` and
`Policy` are history and are only added to (a policy is switched off, never changed).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Policy(models.Model):
    """What the states of a company are, by declaration (rules.policy); without company it holds for all the others."""

    company = models.ForeignKey("foundation.Company", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    document = models.JSONField()
    active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "version"], nulls_distinct=False, name="lifecycle_version_once"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(active=True), nulls_distinct=False, name="lifecycle_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id or 'group'} v{self.version}"


class Standing(models.Model):
    """In which state a customer is at a company; no row: none, because nothing at that company makes it anything.

    `since`: what the policy's facts say, else the moment at which it was noticed. `policy`: under which it was judged.
    """

    pk = models.CompositePrimaryKey("customer_id", "company_id")
    # A projection, written by the thousand: nothing to check, and the keys below are the ways in.
    customer = models.ForeignKey("identity.Customer", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    company = models.ForeignKey("foundation.Company", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    state = models.CharField(max_length=30)
    since = models.DateTimeField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, db_constraint=False, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["company", "state", "customer"], name="lifecycle_standing_state")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.company_id} {self.state}"


class Transition(models.Model):
    """A customer went from one state to another at a company; an empty state is none. Insert-only.

    `how`: see contracts.How. `facts`: what the policy looked at, at that moment. `since`: since when the former state
    had held. `cause`: the act (run:12, decision:..., review:3).
    """

    at = models.DateTimeField()
    customer = models.ForeignKey("identity.Customer", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    company = models.ForeignKey("foundation.Company", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    was = models.CharField(max_length=30, blank=True)
    becomes = models.CharField(max_length=30, blank=True)
    how = models.CharField(max_length=8)
    since = models.DateTimeField(null=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    facts = models.JSONField(default=dict)
    cause = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "company", "id"], name="lifecycle_of_customer"),
            models.Index(fields=["company", "at"], name="lifecycle_at"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.was or '-'} > {self.becomes or '-'}"


class Review(models.Model):
    """One way through all customers, because a policy changed or a day went by; `reached` is where it goes on.

    `companies`: whose states are judged again. `moved`: how many transitions came of it.
    """

    how = models.CharField(max_length=8)
    companies: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField())
    asked_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    judged = models.BigIntegerField(default=0)
    moved = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at=None), name="lifecycle_review_open")]

    def __str__(self) -> str:
        return f"review {self.pk} ({self.how})"
