"""Random samples of what was joined automatically, and the answers of who checked them."""

from __future__ import annotations

import random
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import JoinedRecord
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.models import Check, Sample

SCOPE = "customers:merge"
MOST, TRIES, CHUNK = 1000, 25, 50_000


@transaction.atomic
def draw_sample(*, size: int, actor: Actor, purpose: str, seed: int | None = None) -> UUID:
    """Draw at most `size` records from all that were joined automatically, each with the same chance.

    Record numbers are drawn at random and kept when theirs is such a record (rejection sampling: uniform, and no scan,
    unless such records are very rare). A record counts when it has a link to another record of its customer and no
    decision of a person puts it there.
    Fewer are drawn when there are hardly any. Raises Refused, Invalid for a size that is none.
    """
    admit(actor, SCOPE, purpose)
    if not 1 <= size <= MOST:
        raise Invalid(f"A sample has 1 to {MOST} records.", code="reviews.sample_size", field="size")
    chosen_seed = secrets.randbits(62) if seed is None else seed
    drawn = _draw(size, random.Random(chosen_seed))  # noqa: S311 - it has to be replayable, not secret
    if not drawn:
        raise Conflict("Nothing was joined automatically yet; there is nothing to check.", code="reviews.no_sample")
    row = Sample.objects.create(size=len(drawn), seed=chosen_seed, drawn_by=actor.ref, drawn_at=timezone.now())
    Check.objects.bulk_create(
        Check(sample=row, record_id=link.record_id, other_id=link.other_id, weight=link.weight) for link in drawn
    )
    audit.write(
        actor=actor, purpose=purpose, action="reviews.sample", subject_kind="sample", subject_id=row.pk,
        detail={"size": len(drawn), "seed": str(chosen_seed)},
    )  # fmt: skip
    return row.uuid


def _draw(size: int, dice: random.Random) -> list[JoinedRecord]:
    highest = identity.highest_record()
    found: dict[int, JoinedRecord] = {}
    for _ in range(TRIES if highest > TRIES * size else 0):
        wanted = [dice.randint(1, highest) for _ in range(size * 4)]
        met = {link.record_id: link for link in identity.joined_automatically(wanted)}
        for record in wanted:
            if record in met and len(found) < size:
                found.setdefault(record, met[record])
        if len(found) == size:
            return list(found.values())
    # Few records, or hardly any that were joined: look at all of them.
    joined = [
        link
        for start in range(1, highest + 1, CHUNK)
        for link in identity.joined_automatically(range(start, min(start + CHUNK, highest + 1)))
    ]
    return dice.sample(joined, min(size, len(joined)))


@transaction.atomic
def answer_check(*, check: UUID, answer: str, actor: Actor, purpose: str) -> None:
    """Say whether the record of a check is in the right customer; a second answer replaces the first.

    Raises Refused, Missing, Invalid.
    """
    admit(actor, SCOPE, purpose)
    if answer not in Check.Answer.values:
        raise Invalid(f"answer: expected one of {', '.join(Check.Answer.values)}.", code="reviews.answer")
    row = Check.objects.select_for_update().filter(uuid=check).first()
    if row is None:
        raise Missing("There is no check with this id.", code="reviews.check_missing")
    row.answer, row.answered_by, row.answered_at = answer, actor.ref, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.write(
        actor=actor, purpose=purpose, action="reviews.check", subject_kind="check", subject_id=row.pk,
        detail={"answer": answer},
    )  # fmt: skip
