"""Which records are one customer: keys, links, decisions, and the ledger of ids.

Tables that can be computed again (`MatchInput`, `MatchKey`, `Link`) carry no foreign keys: they are written by the
hundred thousand and `klantbeeld rebuild` makes them anew.
"""

from __future__ import annotations

from django.db import models

from klantbeeld.kit.ids import new_uuid


class MatchModel(models.Model):
    """A frozen model of engines/matching per kind of party: parameters, frequencies, generic keys, thresholds."""

    number = models.AutoField(primary_key=True)
    parameters = models.JSONField()  # {"person": {...}, "organisation": {...}}
    digest = models.CharField(max_length=64)
    trained_on = models.BigIntegerField(default=0)
    trained_at = models.DateTimeField()
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=models.Q(active=True), name="one_active_match_model"),
        ]

    def __str__(self) -> str:
        return f"model {self.number}"


class Customer(models.Model):
    """The id of a customer. It never dies: a retired id points straight to the one that took its place."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    kind = models.SmallIntegerField()  # sources.contracts.Kind
    into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)  # null: stands
    born_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.uuid)


class Member(models.Model):
    """A party record and the customer that it belongs to now; `customer` is null while the record is gone.

    `home` is the id under which the record first stood or to which it moved: it may have merged into `customer`.
    `component` is the smallest record id of the connected component of links and "same" decisions: the unit that is
    resolved again. `suggested` is the smallest record id of its group if the review queue were accepted.

    Rebuilt from the ledger, like the tables below; so the database need not check its ends one by one.
    """

    record = models.OneToOneField("sources.Record", primary_key=True, on_delete=models.PROTECT, db_constraint=False)
    kind = models.SmallIntegerField()
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.PROTECT, related_name="members", db_constraint=False
    )
    home = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    component = models.BigIntegerField(db_index=True)
    suggested = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.record_id} in {self.customer_id}"


class MatchInput(models.Model):
    """A live record as the matching engine sees it: its features (JSON), its stable key, and its keys in the index.

    `stable` is source code, kind and external id: what breaks ties, so that the order of arrival does not.
    `keys`: pairs of (key, type), 8 and 2 bytes, big-endian: what has to be taken out of the index when it changes.
    """

    record_id = models.BigIntegerField(primary_key=True)
    kind = models.SmallIntegerField()
    stable = models.TextField()
    features = models.BinaryField()
    keys = models.BinaryField()

    def __str__(self) -> str:
        return self.stable


class MatchKey(models.Model):
    """Blocking index, online index and find-by-number index in one: (type, keyed 64-bit hash) -> record."""

    pk = models.CompositePrimaryKey("key", "type", "record_id")
    key = models.BigIntegerField()
    type = models.SmallIntegerField()
    record_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.type}:{self.key}"


class Link(models.Model):
    """Two records that have evidence of being one (or one household), with the reasons. left < right."""

    pk = models.CompositePrimaryKey("left_id", "right_id")
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField(db_index=True)
    weight = models.FloatField()  # log2 odds
    household = models.FloatField(default=0)  # posterior of "same household, other person", 0..1
    levels = models.BinaryField()  # one byte per comparison of the model

    def __str__(self) -> str:
        return f"{self.left_id}-{self.right_id} {self.weight:.1f}"


class Decision(models.Model):
    """A person's word on two records: same or different customer. Taken back, never changed."""

    class Verdict(models.TextChoices):
        SAME = "same"
        DIFFERENT = "different"

    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    left = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    merge = models.UUIDField(db_index=True)  # decisions made in one act are taken back in one act
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=80, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="decision_left_before_right"),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by="")
                | models.Q(revoked_at__isnull=False) & ~models.Q(revoked_by=""),
                name="decision_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.verdict} {self.right_id}"


class LedgerEntry(models.Model):
    """What happened to an id: from records, decisions and this ledger everything can be rebuilt with the same ids.

    A record's home is the customer of its last JOINED entry; the customer it was in at a moment is what that home
    pointed to at that moment, by the MERGED and REVIVED entries until then.
    """

    class Event(models.TextChoices):
        BORN = "born"
        JOINED = "joined"  # a record came to the customer
        LEFT = "left"  # a record went away
        MERGED = "merged"  # customer went up in `other`
        REVIVED = "revived"  # customer came back out of `other`

    at = models.DateTimeField()
    event = models.CharField(max_length=8, choices=Event.choices)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ledger", db_constraint=False)
    other = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    record_id = models.BigIntegerField(null=True, db_index=True)
    cause = models.CharField(max_length=80)  # run:12, decision:5, rebuild:3
    actor = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.event}"
