"""What the review pages show, made ready for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from klantbeeld.flows.review import Impact
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import PairExplained, Step
from klantbeeld.kit.ids import format_id
from klantbeeld.sources.contracts import StoredRecord
from klantbeeld.sources.queries import load_records, trust_of_sources
from klantbeeld.stewardship.contracts import REVIEW_ID, EntryRow, Item, State
from klantbeeld.stewardship.queries import ReviewView
from klantbeeld.studio.review.written import DEEDS, LIMITS, TONES, state_word, stated, texts
from klantbeeld.ui.templatetags.figures import chance, count
from klantbeeld.ui.templatetags.moments import day
from klantbeeld.ui.words import label

HALF, SILENT = 100, 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """One item in the list."""

    id: str
    kind: str
    names: tuple[tuple[str, str], ...]  # name, what tells it apart
    more: int
    weight: float | None
    state: str
    tone: str
    records: int
    since: datetime
    assignee: str
    until: datetime | None
    proposed: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A record of a side."""

    id: str
    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Column:
    """One side of the comparison."""

    id: str
    name: str
    records: tuple[Member, ...]
    targets: tuple[tuple[str, str], ...]  # customers that a record can move to: id and name


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side says of an attribute; `wins` when it is what they would say together."""

    texts: tuple[str, ...]
    wins: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute over all sides."""

    label: str
    cells: tuple[Cell, ...]
    together: tuple[str, ...]
    differs: bool  # one wins from another
    adds: bool  # the sides keep what each of them says


@dataclass(frozen=True, slots=True)
class Bar:
    """One field's evidence, right (for) or left (against) of the middle; as desk/bars.html draws it."""

    label: str
    left: str
    right: str
    level: str
    weight: float
    tone: str
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and their evidence."""

    left_label: str
    right_label: str
    chance: str
    sentence: str
    weight: float
    steps: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the stream. `undo` is the act that can be taken back."""

    at: datetime
    who: str
    deed: str
    text: str
    undone: bool
    undo: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a review page shows."""

    line: Line
    chance: str
    version: int
    open: bool
    columns: tuple[Column, ...]
    more: int
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    stream: tuple[Told, ...]
    customers: tuple[tuple[str, str], ...]
    impact: Impact | None
    changed: int
    second: str
    proposal: str
    own_proposal: bool
    joined: bool


def line(item: Item) -> Line:
    """An item as a list shows it."""
    shown = tuple(
        (one.name, " · ".join(part for part in (day(one.birth_date), one.city) if part)) for one in item.customers[:3]
    )
    return Line(
        id=format_id(REVIEW_ID, item.uuid),
        kind=item.kind,
        names=shown,
        more=max(len(item.customers) - len(shown), 0),
        weight=item.weight if item.state is not State.REFUSED else None,
        state=state_word(item.state),
        tone=TONES[item.state],
        records=item.records,
        since=item.since,
        assignee=item.assignee,
        until=item.put_off_until,
        proposed=item.proposal is not None,
    )


def page(view: ReviewView, impact: Impact | None, *, actor: Actor, purpose: str) -> Page:
    """A review as its page shows it."""
    item = view.item
    grant = require(actor, "customers:read", purpose)
    specs = attributes(item.kind)
    records = {one.id: one for one in load_records([record for side in view.sides for record in side.records])}
    names = {number: label(source.label) for number, source in trust_of_sources().items()}
    customers = tuple((format_id("cus", one.uuid), one.name) for one in item.customers)
    proposal = item.proposal
    return Page(
        line=line(item),
        chance=chance(max(one.probability for one in view.pairs)) if view.pairs else "",
        version=item.version,
        open=item.state in (State.REVIEW, State.PUT_OFF),
        columns=tuple(_columns(view, records, names, customers)),
        more=view.more,
        rows=_rows(view, specs),
        pairs=tuple(_pair(one, records, names, grant.attributes(item.kind)) for one in view.pairs),
        stream=tuple(map(_told, view.stream)),
        customers=customers,
        impact=impact,
        changed=len(impact.changes) if impact else 0,
        second=", ".join(gettext(LIMITS[name]) for name in impact.touched.second) if impact else "",
        proposal=proposal.verdict if proposal else "",
        own_proposal=proposal is not None and proposal.by == actor.ref,
        joined=item.state in (State.AUTOMATIC, State.MANUAL),
    )


def _columns(
    view: ReviewView,
    records: Mapping[int, StoredRecord],
    names: Mapping[int, str],
    customers: Sequence[tuple[str, str]],
) -> list[Column]:
    made = []
    for side in view.sides:
        members = tuple(
            Member(format_id("rec", one.uuid), names.get(one.source_id, ""), one.external_id)
            for one in (records[record] for record in side.records if record in records)
        )
        own = format_id("cus", side.customer.uuid) if side.customer else ""
        name = side.customer.name if side.customer else ""
        others = tuple(one for one in customers if one[0] != own) if own else ()
        made.append(Column(own, name, members, others))
    return made


def _rows(view: ReviewView, specs: Mapping[str, AttributeSpec]) -> tuple[Row, ...]:
    made = []
    for code, spec in specs.items():
        said = [texts(side.values.get(code, ()), spec) for side in view.sides]
        if not any(said):
            continue
        together = texts(view.together.get(code, ()), spec)
        winners = {value.record_id for value in view.together.get(code, ())}
        contested = len({one for one in said if one}) > 1
        adds = contested and set(together) >= {text for one in said for text in one}
        cells = tuple(
            Cell(one, contested and not adds and bool(one) and not winners.isdisjoint(side.records))
            for one, side in zip(said, view.sides, strict=True)
        )
        made.append(Row(label(spec.label), cells, together, contested and not adds, adds))
    return tuple(made)


def pair_of(left: int, right: int, *, actor: Actor, purpose: str) -> Pair:
    """Two records with their evidence. The read is in the audit log before it is shown."""
    grant = require(actor, "customers:read", purpose)
    explained = identity.explain_pair(left, right)
    records = {one.id: one for one in load_records([left, right])}
    audit.write(actor=actor, purpose=purpose, action="reviews.pair", subject_kind="record", subject_id=left)
    names = {number: label(source.label) for number, source in trust_of_sources().items()}
    return _pair(explained, records, names, grant.attributes(records[left].kind.code))


def _pair(
    one: PairExplained, records: Mapping[int, StoredRecord], names: Mapping[int, str], allowed: frozenset[str]
) -> Pair:
    left, right = records.get(one.left_id), records.get(one.right_id)
    steps = sorted((step for step in one.steps if _tells(step)), key=lambda step: -abs(step.weight))
    longest = max((abs(weight) for weight in (one.prior, *(step.weight for step in steps))), default=1.0) or 1.0
    bars = [
        _bar(
            label(step.label), stated(step.field, left, allowed), stated(step.field, right, allowed),
            label(step.text) if step.text else "", step.weight, longest,
        )
        for step in steps
    ]  # fmt: skip
    bars.append(_bar(gettext("Starting point"), "", "", gettext("how often records are one"), one.prior, longest))
    return Pair(
        left_label=names.get(left.source_id, "") if left else "",
        right_label=names.get(right.source_id, "") if right else "",
        chance=chance(one.probability),
        sentence=label(one.sentence),
        weight=one.weight,
        steps=tuple(bars),
    )


def _tells(step: Step) -> bool:
    return abs(step.weight) >= SILENT and step.field != "source"


def _bar(name: str, left: str, right: str, level: str, weight: float, longest: float) -> Bar:
    length = abs(weight) / longest * (HALF - 4)
    positive = weight >= 0
    return Bar(
        name[:1].upper() + name[1:], left or "–", right or "–", level, weight, "plus" if positive else "minus",
        0 if positive else -length, length,
    )  # fmt: skip


def _told(row: EntryRow) -> Told:
    can_undo = row.act is not None and not row.undone and row.what in ("merge", "refuse", "move", "split")
    return Told(
        at=row.at,
        who=row.name or row.actor,
        deed=gettext(DEEDS.get(row.what, row.what)),
        text=row.text,
        undone=row.undone,
        undo=format_id("mrg", row.act) if can_undo and row.act else "",
    )


def counted(number: int, most: int) -> str:
    """A count that stops somewhere: `10,000+`."""
    return f"{count(most)}+" if number > most else count(number)


def chips(asked: Mapping[str, str], offered: Sequence[tuple[str, str, str]], address: str) -> list[dict[str, Any]]:
    """A chip for each filter; clicking one that is on takes it off."""
    made = []
    for name, value, text in offered:
        on = asked.get(name) == value
        others = {key: kept for key, kept in asked.items() if key != name and kept}
        query = urlencode(others if on else {**others, name: value})
        made.append({"label": text, "on": on, "href": f"{address}?{query}" if query else address})
    return made
