"""Why the records of a customer are one: the pairs that hold them together, field by field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from klantbeeld.desk.pages.customer import captions, pair_address, reader_of
from klantbeeld.desk.pages.evidence import Bar, Reader, bars, chance_of, sentence
from klantbeeld.desk.pages.values import Witnesses
from klantbeeld.desk.picture import Caption, Picture, draw
from klantbeeld.foundation import access
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import DecisionRow, PairExplained
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.sources.contracts import StoredRecord
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.templatetags.moments import written_day


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair."""

    name: str
    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and their evidence."""

    left_id: int
    right_id: int
    left: Side
    right: Side
    left_label: str
    right_label: str
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
    number: int
    name: str
    picture: Picture
    pairs: tuple[Pair, ...]
    decisions: tuple[str, ...]


def gather(customer: uuid.UUID, *, actor: access.Actor, purpose: str) -> WhyPage:
    """The why-page of a customer. Raises Missing and Refused as get_profile does."""
    view = profiles.get_profile(customer, actor=actor, purpose=purpose)
    grant = access.require(actor, "customers:read", purpose)
    group = identity.explain_customer(view.customer_id)
    witnesses = Witnesses.of(load_records(group.records), trust_of_sources())
    reader = reader_of(grant, view.kind, witnesses)
    named = captions(witnesses)
    public = format_id("cus", view.uuid)
    return WhyPage(
        id=public,
        number=view.customer_id,
        name=view.name,
        picture=draw(group, named, href=pair_address(public)),
        pairs=tuple(
            pair(one, named, witnesses.records, reader, number == 0)
            for number, one in enumerate(group.pairs)
            if one.left_id in named and one.right_id in named
        ),
        decisions=tuple(decided(one, named) for one in group.decisions),
    )


def pair(
    one: PairExplained,
    named: Mapping[int, Caption],
    records: Mapping[int, StoredRecord],
    reader: Reader,
    is_open: bool,
) -> Pair:
    """A pair with its bars."""
    said, tone = chance_of(one)
    return Pair(
        left_id=one.left_id,
        right_id=one.right_id,
        left=side(named[one.left_id]),
        right=side(named[one.right_id]),
        left_label=named[one.left_id].source,
        right_label=named[one.right_id].source,
        chance=said,
        tone=tone,
        sentence=sentence(one),
        weight=one.weight,
        steps=bars(one, records.get(one.left_id), records.get(one.right_id), reader),
        open=is_open,
    )


def side(caption: Caption) -> Side:
    """One record of a pair."""
    return Side(caption.name, caption.source, caption.external_id)


def decided(one: DecisionRow, named: Mapping[int, Caption]) -> str:
    """A decision in a sentence."""
    verdict = gettext("the same customer") if one.verdict == "same" else gettext("different customers")
    return gettext("%(at)s: an employee decided that %(left)s and %(right)s are %(verdict)s. %(reason)s") % {
        "at": written_day(one.made_at),
        "left": named[one.left_id].name if one.left_id in named else "–",
        "right": named[one.right_id].name if one.right_id in named else "–",
        "verdict": verdict,
        "reason": one.reason,
    }
