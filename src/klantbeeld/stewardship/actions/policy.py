"""The declared impact above which a second steward has to agree."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import Limits
from klantbeeld.stewardship.models import Policy

MOST = 1_000_000


@transaction.atomic
def declare_limits(*, limits: Limits, actor: Actor) -> int:
    """Let this be the declared impact from now on; gives the version. Raises Refused, and Invalid below 0."""
    admit(actor, "settings:write")
    for name, value in asdict(limits).items():
        if not 0 <= value <= MOST:
            raise Invalid(f"{name}: expected 0 (off) to {MOST}.", code="reviews.limits", field=name)
    row = Policy.objects.create(limits=asdict(limits), made_by=actor.ref)
    audit.write(
        actor=actor,
        action="reviews.limits_declared",
        subject_kind="policy",
        subject_id=row.version,
        detail=asdict(limits),
    )
    return row.version
