"""What a steward does with an item besides deciding it: put off, assign, comment, propose; each in its stream."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from klantbeeld.foundation import audit, outbox
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.contracts import Event
from klantbeeld.foundation.models import User
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import State
from klantbeeld.stewardship.models import Entry, Review

SCOPE = "customers:merge"
MOST_TEXT = 2000
LONGEST = timedelta(days=3653)
OPEN = (State.REVIEW, State.PUT_OFF)


def claim(*, review: UUID, version: int | None, waiting: bool = False) -> Review:
    """The item, held until the transaction ends.

    Raises Missing when there is none; Conflict when it is not the version that the steward saw, or, with `waiting`,
    when nothing waits there for a decision any more: somebody else decided meanwhile.
    """
    row = Review.objects.select_for_update(of=("self",)).filter(uuid=review).first()
    if row is None:
        raise Missing("There is no review with this id.", code="reviews.missing")
    if (version is not None and row.version != version) or (waiting and row.state not in OPEN):
        raise Conflict(
            "Somebody decided about this meanwhile, or its records changed. Look at it again.", code="reviews.changed"
        )
    return row


def put_off(*, review: UUID, until: datetime, version: int | None, text: str, actor: Actor, purpose: str) -> None:
    """Take an item out of the queue until a moment; it comes back earlier when its records change.

    Raises Refused, Missing, Conflict, and Invalid for a moment that is not in the future.
    """
    admit(actor, SCOPE, purpose)
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise Invalid(
            "Put it off until a moment in the future, at most ten years from now.", code="reviews.until", field="until"
        )
    with transaction.atomic():
        row = claim(review=review, version=version, waiting=True)
        row.state, row.put_off_until, row.proposed = int(State.PUT_OFF), until, ""
        row.save(update_fields=["state", "put_off_until", "proposed"])
        write(row, Entry.What.PUT_OFF, actor=actor, purpose=purpose, at=now, text=text, public={"until": str(until)})


def resume(*, review: UUID, actor: Actor, purpose: str) -> None:
    """Put an item back into the queue before its time. Raises Refused, Missing, Conflict when it was not put off."""
    admit(actor, SCOPE, purpose)
    with transaction.atomic():
        row = claim(review=review, version=None)
        if row.state != State.PUT_OFF:
            raise Conflict("This was not put off.", code="reviews.not_put_off")
        row.state, row.put_off_until = int(State.REVIEW), None
        row.save(update_fields=["state", "put_off_until"])
        write(row, Entry.What.RESUME, actor=actor, purpose=purpose, at=timezone.now())


def wake(*, at: datetime) -> int:
    """Put back into the queue what was put off until now; gives how many. A job calls it every minute."""
    with transaction.atomic():
        rows = list(
            Review.objects.select_for_update(skip_locked=True).filter(state=State.PUT_OFF, put_off_until__lte=at)
        )
        for row in rows:
            row.state, row.put_off_until = int(State.REVIEW), None
            row.save(update_fields=["state", "put_off_until"])
            write(row, Entry.What.RESUME, actor=Actor.system("reviews"), purpose="", at=at)
    return len(rows)


def assign(*, review: UUID, to: str, actor: Actor, purpose: str) -> None:
    """Give an item to an employee, by e-mail address; empty gives it to nobody.

    Raises Refused, Missing for an unknown review, Invalid for somebody who may not decide.
    """
    admit(actor, SCOPE, purpose)
    with transaction.atomic():
        row = claim(review=review, version=None)
        user = _steward(to) if to else None
        row.assignee = user
        row.save(update_fields=["assignee"])
        write(row, Entry.What.ASSIGN, actor=actor, purpose=purpose, at=timezone.now(), text=user.name if user else "")


def assign_to_me(*, review: UUID, actor: Actor, purpose: str) -> None:
    """Take an item on oneself; Invalid for a machine."""
    if actor.kind != "user":
        raise Invalid("Only an employee can take a review on himself.", code="reviews.assignee")
    assign(review=review, to=User.objects.get(pk=actor.id).email, actor=actor, purpose=purpose)


def comment(*, review: UUID, text: str, actor: Actor, purpose: str) -> None:
    """Write a comment in the stream of an item. Raises Refused, Missing, Invalid for an empty or endless one."""
    admit(actor, SCOPE, purpose)
    if not text.strip() or len(text) > MOST_TEXT:
        raise Invalid(f"A comment has 1 to {MOST_TEXT} characters.", code="reviews.text", field="text")
    with transaction.atomic():
        row = claim(review=review, version=None)
        write(row, Entry.What.COMMENT, actor=actor, purpose=purpose, at=timezone.now(), text=text.strip())


def propose(
    row: Review, *, verdict: str, customers: Iterable[int], text: str, actor: Actor, purpose: str, at: datetime
) -> None:
    """Keep what a first steward wants, until another one agrees. `row` is claimed."""
    row.proposed, row.proposed_by, row.proposed_at = verdict, actor.ref, at
    row.proposed_customers = sorted(customers)
    row.state, row.put_off_until = int(State.REVIEW), None
    row.save(update_fields=["proposed", "proposed_by", "proposed_at", "proposed_customers", "state", "put_off_until"])
    write(row, Entry.What.PROPOSE, actor=actor, purpose=purpose, at=at, text=text, public={"verdict": verdict})


def decline(*, review: UUID, text: str, actor: Actor, purpose: str) -> None:
    """Take a proposal away: its maker or another steward thinks better of it. Conflict when there is none."""
    admit(actor, SCOPE, purpose)
    with transaction.atomic():
        row = claim(review=review, version=None)
        if not row.proposed:
            raise Conflict("Nothing was proposed here.", code="reviews.not_proposed")
        row.proposed, row.proposed_customers = "", []
        row.save(update_fields=["proposed", "proposed_customers"])
        write(row, Entry.What.DECLINE, actor=actor, purpose=purpose, at=timezone.now(), text=text)


def note(*, what: str, act: UUID, records: Iterable[int], text: str, actor: Actor, at: datetime) -> None:
    """Write a decision, by whatever door it came, in the stream of the item that it is about.

    In the transaction of the decision, which has its own audit line and events. An undo goes where its act went.
    """
    earlier = Entry.objects.filter(act=act).order_by("id").first()
    found = earlier.review_id if earlier else None
    if found is None and what == Entry.What.REFUSE:
        found = Review.objects.filter(act=act).values_list("id", flat=True).first()
    elif found is None:
        clusters = set(identity.suggested_of(records).values())
        found = Review.objects.filter(cluster__in=clusters).order_by("cluster").values_list("id", flat=True).first()
    Entry.objects.create(
        review_id=found, at=at, actor=actor.ref, name=actor.name, what=what, act=act, text=text[:MOST_TEXT]
    )


def write(
    row: Review,
    what: Entry.What,
    *,
    actor: Actor,
    purpose: str,
    at: datetime,
    text: str = "",
    public: dict[str, str] | None = None,
) -> None:
    """One line of the stream, with its audit line and event; texts stay in the stream only."""
    Entry.objects.create(review=row, at=at, actor=actor.ref, name=actor.name, what=what, text=text[:MOST_TEXT])
    audit.write(
        actor=actor, purpose=purpose, action=f"reviews.{what}", subject_kind="review", subject_id=row.pk,
        detail=public or {},
    )  # fmt: skip
    outbox.publish([Event(f"review.{what}", "review", row.pk, row.uuid, row.version, public or {})])


def _steward(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None or not Actor.user(id=user.pk, name=user.name, roles=tuple(user.roles)).may(SCOPE):
        raise Invalid("This is no employee who may decide about matches.", code="reviews.assignee", field="to")
    return user
