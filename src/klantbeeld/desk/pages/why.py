"""Why the records of a customer are one: the pairs that hold them together, field by field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from klantbeeld.desk.pages.customer import captions, pair_address
from klantbeeld.desk.pages.values import Witnesses
from klantbeeld.desk.picture import Caption, Picture, draw
from klantbeeld.foundation import access
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import DecisionRow, PairExplained, Step
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.words import label

BAR = 100
"""Half the width of the drawing in which a bar of evidence stands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One field's evidence as a bar to the right (for) or to the left (against) of the middle."""

    label: str
    left: str
    right: str
    weight: float
    tone: str
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and their evidence."""

    left: int
    right: int
    left_label: str
    right_label: str
    title: str
    chance: str
    tone: str
    sentence: str
    weight: float
    steps: tuple[Bar, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class WhyPage:
    """Everything that the why-page shows."""

    id: str
    name: str
    picture: Picture
    pairs: tuple[Pair, ...]
    decisions: tuple[str, ...]


def gather(customer: uuid.UUID, *, actor: access.Actor, purpose: str) -> WhyPage:
    """The why-page of a customer. Raises Missing and Refused as get_profile does."""
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    group = identity.explain_customer(view.customer_id)
    witnesses = Witnesses({record.id: record for record in load_records(group.records)}, trust_of_sources())
    named = captions(witnesses)
    public = format_id("cus", view.uuid)
    return WhyPage(
        id=public,
        name=view.name,
        picture=draw(group, named, href=pair_address(public)),
        pairs=tuple(pair(one, named, number == 0) for number, one in enumerate(group.pairs)),
        decisions=tuple(decided(one, named) for one in group.decisions),
    )


def pair(one: PairExplained, named: Mapping[int, Caption], is_open: bool) -> Pair:
    """A pair with its bars, scaled to the longest of them."""
    longest = max((abs(step.weight) for step in one.steps), default=1.0) or 1.0
    left, right = named[one.left_id], named[one.right_id]
    return Pair(
        left=one.left_id,
        right=one.right_id,
        left_label=left.source,
        right_label=right.source,
        title=f"{left.name} ({left.source}) – {right.name} ({right.source})",
        chance=f"{one.probability:.1%}",
        tone="good" if one.probability >= 0.99 else "warn",
        sentence=label(one.sentence),
        weight=one.weight,
        steps=tuple(bar(step, longest) for step in one.steps if tells(step)),
        open=is_open,
    )


def tells(step: Step) -> bool:
    """Does a field say anything of this pair? One that neither record knows is left out of the picture."""
    return bool(step.left or step.right) or abs(step.weight) >= 0.05


def bar(step: Step, longest: float) -> Bar:
    """One step of the waterfall as a bar."""
    length = abs(step.weight) / longest * (BAR - 4)
    return Bar(
        label=label(step.label),
        left=said(step.left),
        right=said(step.right),
        weight=step.weight,
        tone="plus" if step.weight >= 0 else "minus",
        x=0 if step.weight >= 0 else -length,
        length=length,
    )


def said(value: Any) -> str:
    """A compared value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return ", ".join(said(part) for part in value)
    return str(value)


def decided(one: DecisionRow, named: Mapping[int, Caption]) -> str:
    """A decision in a sentence."""
    verdict = gettext("the same customer") if one.verdict == "same" else gettext("different customers")
    return gettext("%(at)s: an employee decided that %(left)s and %(right)s are %(verdict)s. %(reason)s") % {
        "at": date_format(one.made_at, "j M Y"),
        "left": named[one.left_id].name,
        "right": named[one.right_id].name,
        "verdict": verdict,
        "reason": one.reason,
    }
