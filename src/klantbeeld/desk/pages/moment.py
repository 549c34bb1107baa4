"""A customer as it was on a day: what klantbeeld knew then, what held then by what is known now, and now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from klantbeeld.desk.pages.spelling import Spelling
from klantbeeld.desk.pages.values import written
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import Value
from klantbeeld.ui.words import label

LOOK_BACK = timedelta(days=30)
"""The day that is shown when none was chosen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute in the three views; `moved` when the past differs from now."""

    label: str
    known: tuple[str, ...]
    held: tuple[str, ...]
    now: tuple[str, ...]

    @property
    def moved(self) -> bool:
        return not self.known == self.held == self.now


@dataclass(frozen=True, slots=True)
class MomentPage:
    """The three views side by side; `then` is the id that stood then when another stands now."""

    id: str
    name: str
    day: date
    today: date
    lines: tuple[Line, ...]
    records: tuple[int, int, int]  # known, held, now
    then: str

    @property
    def moved(self) -> int:
        """How many attributes were not what they are now."""
        return sum(line.moved for line in self.lines)

    @property
    def was_there(self) -> bool:
        return any(self.records[:2])


def gather(customer: uuid.UUID, day: date | None, *, actor: Actor, purpose: str) -> MomentPage:
    """The page; a day to come is taken as today."""
    now = timezone.now()
    today = timezone.localdate(now)
    chosen = min(day or today - LOOK_BACK, today)
    moment = min(timezone.make_aware(datetime.combine(chosen, time.max)), now)
    known = profiles.profile_at(customer, actor=actor, purpose=purpose, known_at=moment)
    held = profiles.profile_at(customer, actor=actor, purpose=purpose, at=moment)
    standing = profiles.profile_at(customer, actor=actor, purpose=purpose)
    specs = attributes(standing.kind)
    lines = tuple(
        Line(
            label(spec.label),
            texts(known.values.get(code, ()), spec),
            texts(held.values.get(code, ()), spec),
            texts(standing.values.get(code, ()), spec),
        )
        for code, spec in sorted(specs.items(), key=lambda item: (item[1].position, item[0]))
        if any(code in view.values for view in (known, held, standing))
    )
    return MomentPage(
        format_id("cus", standing.uuid),
        standing.name,
        chosen,
        today,
        lines,
        (len(known.records), len(held.records), len(standing.records)),
        known.name if known.uuid != standing.uuid else "",
    )


def texts(values: Sequence[Value], spec: AttributeSpec) -> tuple[str, ...]:
    """Values as people read them, each once."""
    return tuple(dict.fromkeys(written(value.value, spec, Spelling()) for value in values))
