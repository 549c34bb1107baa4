"""The golden record as it stands and as it was, and the words by which customers are found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Profile(models.Model):
    """The golden record of one customer: a projection that can be computed again from records and decisions.

    `golden` maps attribute codes to a list of winners, best first: [{"value": ..., "record": id, "why": "rank",
    "role": ..., "from": ..., "to": ...}]; the losers are computed when asked. The other columns serve lists and search.
    """

    # No check by the database: a projection can be computed again, and a customer's id never goes away.
    customer = models.OneToOneField(
        "identity.Customer", primary_key=True, on_delete=models.PROTECT, db_constraint=False
    )
    kind = models.SmallIntegerField()
    version = models.IntegerField()
    golden = models.JSONField()
    name = models.CharField(max_length=300)  # as one writes it: Mevrouw E. de Vries-van den Berg
    sort_name = models.CharField(max_length=300)  # as one sorts it: vries-van den berg, e., de
    city = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    birth_date = models.CharField(max_length=10, blank=True)  # may be partial
    sources: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list)
    records = models.IntegerField(default=0)
    tokens: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=60), default=list)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="profile_tokens"),
            models.Index(fields=["sort_name", "customer"], name="profile_sort"),
            models.Index(fields=["changed_at"], name="profile_changed"),
        ]

    def __str__(self) -> str:
        return self.name


class ProfileVersion(models.Model):
    """A golden record that has been replaced: what was shown from `from_at` until `until_at`."""

    pk = models.CompositePrimaryKey("customer_id", "version")
    # The primary key begins with it, so it needs no index of its own.
    customer = models.ForeignKey("identity.Customer", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    version = models.IntegerField()
    golden = models.JSONField()
    name = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.customer_id} v{self.version}"


class NameToken(models.Model):
    """Every distinct word of a name or town, and its spellings with one letter left out: typo-tolerant search.

    A query word finds tokens within one edit by meeting in the deletions (symmetric delete, Garbe 2012).
    """

    token = models.CharField(max_length=60, primary_key=True)
    deletions: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        indexes = [GinIndex(fields=["deletions"], name="token_deletions")]

    def __str__(self) -> str:
        return self.token
