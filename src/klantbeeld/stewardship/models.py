"""What stewards look at, and what they did.

The queue is a projection of identity (docs/adr/0007): everything in a row of `Review` but the stewards' own facts can
be computed again from records, links and decisions.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from klantbeeld.kit.ids import new_uuid
from klantbeeld.stewardship.contracts import State


class Review(models.Model):
    """One thing to judge, or that was judged: a cluster of records that would be one customer, or a refusal.

    A cluster is named by its smallest record (`cluster`), a refusal by the act that said it (`act`). `version` grows
    when its records, their customers or its state change: who decides says which version he saw.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    cluster = models.BigIntegerField(null=True, unique=True)
    act = models.UUIDField(null=True, unique=True)
    state = models.SmallIntegerField(choices=[(int(state), state.name.lower()) for state in State])
    kind = models.SmallIntegerField()
    customers: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list)
    ends: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    records = models.IntegerField()
    fingerprint = models.BigIntegerField()
    weight = models.FloatField()  # log2 odds of the link that decides it
    priority = models.IntegerField()  # thousandths, see rules.priority
    since = models.DateTimeField()
    version = models.IntegerField(default=1, db_default=1)
    # --- what stewards said, kept through a rebuild
    assignee = models.ForeignKey("foundation.User", null=True, on_delete=models.PROTECT, related_name="+")
    put_off_until = models.DateTimeField(null=True)
    proposed = models.CharField(max_length=10, blank=True, default="", db_default="")
    proposed_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    proposed_at = models.DateTimeField(null=True)
    proposed_customers: ArrayField[list[int], list[int]] = ArrayField(
        models.BigIntegerField(), default=list, db_default=[]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cluster=None, act__isnull=False) | models.Q(cluster__isnull=False, act=None),
                name="review_of_one_thing",
            ),
        ]
        indexes = [
            # The queue in its usual order; narrow, for it holds only what waits.
            models.Index(
                models.F("priority").desc(),
                "id",
                name="review_queue",
                condition=models.Q(state=int(State.REVIEW)),
            ),
            models.Index(
                "kind",
                models.F("priority").desc(),
                "id",
                name="review_kind",
                condition=models.Q(state=int(State.REVIEW)),
            ),
            # Only what is assigned: so that what is not is never sorted, but walked in the order of the queue.
            models.Index(
                "assignee",
                models.F("priority").desc(),
                "id",
                name="review_assigned",
                condition=models.Q(state=int(State.REVIEW), assignee__isnull=False),
            ),
            models.Index(
                "id", name="review_proposed", condition=models.Q(state=int(State.REVIEW)) & ~models.Q(proposed="")
            ),
            models.Index("state", "since", "id", name="review_since"),
            models.Index("put_off_until", name="review_put_off", condition=models.Q(state=int(State.PUT_OFF))),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {State(self.state).name.lower()}"


class Entry(models.Model):
    """One line of the stream of a review: who did or said what, and by which act it can be taken back. Never changes.

    `text` is what a steward wrote: a reason or a comment.
    """

    class What(models.TextChoices):
        MERGE = "merge"
        REFUSE = "refuse"
        UNDO = "undo"
        MOVE = "move"
        SPLIT = "split"
        PUT_OFF = "put_off"
        RESUME = "resume"
        ASSIGN = "assign"
        COMMENT = "comment"
        PROPOSE = "propose"
        DECLINE = "decline"

    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    what = models.CharField(max_length=10, choices=What.choices)
    act = models.UUIDField(null=True, db_index=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index("at", name="entry_at")]

    def __str__(self) -> str:
        return f"{self.actor} {self.what}"


class Policy(models.Model):
    """A version of the declared impact above which a second steward has to agree; the newest is in force."""

    version = models.AutoField(primary_key=True)
    limits = models.JSONField()  # rules.eyes.Limits
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"policy {self.version}"


class Sample(models.Model):
    """A random sample of records that were joined automatically, drawn to be checked by hand; `seed` replays it."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    size = models.IntegerField()
    seed = models.BigIntegerField()
    drawn_by = models.CharField(max_length=80)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sample {self.pk} of {self.size}"


class Check(models.Model):
    """One record of a sample and the record that it was most strongly joined to: is it in the right customer?"""

    class Answer(models.TextChoices):
        RIGHT = "right"
        WRONG = "wrong"
        UNSURE = "unsure"

    uuid = models.UUIDField(default=new_uuid, unique=True)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="checks")
    record = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("sources.Record", on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField()
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "record"], name="check_once_in_a_sample")]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.sample_id}"
