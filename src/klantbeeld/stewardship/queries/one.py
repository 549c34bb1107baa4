"""One item in full: its sides, what they say, why they may be one, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import PairExplained
from klantbeeld.profiles.contracts import Value
from klantbeeld.profiles.queries.joined import side_by_side
from klantbeeld.sources.contracts import Kind
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import CustomerLine, EntryRow, Item, State
from klantbeeld.stewardship.models import Entry
from klantbeeld.stewardship.queries.queue import get_item

MOST_SIDES, MOST_PAIRS = 6, 5
HOUSEHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a customer, or a record of the one customer that was joined; with the records it consists of."""

    customer: CustomerLine | None
    records: tuple[int, ...]
    values: Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything to judge by. `together` is what the chosen sides would say as one; `more` sides are not shown."""

    item: Item
    sides: tuple[Side, ...]
    more: int
    together: Mapping[str, tuple[Value, ...]]
    pairs: tuple[PairExplained, ...]
    stream: tuple[EntryRow, ...]


def get_review(review: UUID, *, actor: Actor, purpose: str) -> ReviewView:
    """An item with its sides next to each other. The read is in the audit log before it is answered.

    Raises Refused, Missing.
    """
    admit(actor, "customers:read", purpose)
    item = get_item(review, actor=actor, purpose=purpose)
    members = identity.members_of(line.customer_id for line in item.customers)
    lines: list[CustomerLine | None] = []
    groups: list[tuple[int, ...]] = []
    for line in item.customers:
        if line.customer_id in members:
            lines.append(line)
            groups.append(members[line.customer_id])
    if item.state in (State.AUTOMATIC, State.MANUAL):
        lines, groups = [None] * sum(map(len, groups)), [(record,) for group in groups for record in group]
    shown = groups[:MOST_SIDES]
    kind = Kind.PERSON if item.kind == Kind.PERSON.code else Kind.ORGANISATION
    said = side_by_side(shown, kind, actor=actor, purpose=purpose)
    audit.write(
        actor=actor,
        purpose=purpose,
        action="reviews.read",
        subject_kind="review",
        subject_id=item.id,
        detail={
            "customers": [line.customer_id for line in item.customers],
            "attributes": sorted({code for group in said.groups for code in group}),
        },
    )
    return ReviewView(
        item=item,
        sides=tuple(Side(line, group, values) for line, group, values in zip(lines, shown, said.groups, strict=False)),
        more=len(groups) - len(shown),
        together=said.together,
        pairs=_pairs(shown),
        stream=stream_of(item),
    )


def stream_of(item: Item) -> tuple[EntryRow, ...]:
    """What happened to an item, the newest first."""
    found = Entry.objects.filter(review_id=item.id)
    if item.act is not None:
        found = found | Entry.objects.filter(act=item.act)
    rows = list(found.order_by("-id")[:200])
    undone = {row.act for row in rows if row.what == Entry.What.UNDO}
    return tuple(
        EntryRow(
            row.at, row.actor, row.name, row.what, row.act, row.text,
            row.act is not None and row.act in undone and row.what != Entry.What.UNDO,
        )
        for row in rows
    )  # fmt: skip


def _pairs(groups: Sequence[Sequence[int]]) -> tuple[PairExplained, ...]:
    """The pair of records of each two sides that says most, the strongest first; field by field."""
    place = {record: number for number, group in enumerate(groups) for record in group}
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for link in identity.links_of(place):
        left, right = place.get(link.left_id), place.get(link.right_id)
        if left is not None and right is not None and left != right:
            best.setdefault((min(left, right), max(left, right)), (link.left_id, link.right_id))
    return tuple(identity.explain_pair(left, right) for left, right in list(best.values())[:MOST_PAIRS])
