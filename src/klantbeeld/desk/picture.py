"""The why-picture: the records of one customer below each other, and arcs for the evidence that ties them.

The records are ordinary text, so they can be read and reached at any width; only the arcs are drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from klantbeeld.identity.contracts import GroupExplained, LinkRow
from klantbeeld.ui.templatetags.figures import signed

ROW, WIDTH, RIGHT = 44, 76, 66
"""Height of a record, width of the drawing, and where its dots stand, in CSS pixels."""
NEAREST, REACH = 14.0, 58.0
"""How far an arc between neighbours bends out, and how far the longest may."""
DRAWN_AT_MOST = 120
"""Arcs beyond those that hold the records together are drawn as long as they can be told apart."""
FIRST = 8
"""Records in the small picture on the page of a customer; the page behind it shows them all."""


@dataclass(frozen=True, slots=True)
class Node:
    """A record: a dot at this height, with its name and source beside it."""

    y: float
    label: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Evidence between two records; wider is stronger. `tone`: backbone, decided or nothing."""

    path: str
    width: float
    tone: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws; `hidden` records are not in it."""

    width: int
    height: int
    right: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    sentence: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Caption:
    """How a record is named in the picture: its source, its own id there, and what it says."""

    source: str
    external_id: str
    name: str


def draw(group: GroupExplained, captions: Mapping[int, Caption], *, href: str = "", most: int | None = None) -> Picture:
    """Place the records in the order in which the backbone visits them, so that strong arcs are short.

    `href` is an address with {left} and {right}; the arcs of explained pairs lead there. `most` shortens the picture.
    """
    order = [record for record in walk(group.records, group.backbone) if record in captions]
    placed = {record: number for number, record in enumerate(order[:most])}
    explained = {(one.left_id, one.right_id) for one in group.pairs}
    return Picture(
        width=WIDTH,
        height=ROW * len(placed),
        right=RIGHT,
        nodes=tuple(
            Node(middle(number), captions[record].name, captions[record].external_id, captions[record].source)
            for record, number in placed.items()
        ),
        edges=tuple(edges(group, placed, captions, explained, href)),
        sentence=summary(group),
        hidden=len(order) - len(placed),
    )


def edges(
    group: GroupExplained,
    placed: Mapping[int, int],
    captions: Mapping[int, Caption],
    explained: Collection[tuple[int, int]],
    href: str,
) -> list[Edge]:
    """The arcs, weakest first so that the strong ones lie on top."""
    held = {(link.left_id, link.right_id) for link in group.backbone}
    drawn = [link for link in group.links if link.left_id in placed and link.right_id in placed]
    rest = sorted((link for link in drawn if (link.left_id, link.right_id) not in held), key=lambda link: -link.weight)
    made = []
    for link in [*reversed(rest[:DRAWN_AT_MOST]), *(one for one in drawn if (one.left_id, one.right_id) in held)]:
        pair = (link.left_id, link.right_id)
        said = gettext("%(left)s and %(right)s: %(bits)s bits") % {
            "left": captions[link.left_id].name,
            "right": captions[link.right_id].name,
            "bits": signed(link.weight),
        }
        width = max(1.5, min(4.0, 1 + link.weight / 10)) if pair in held else 1.0
        address = href.replace("{left}", str(pair[0])).replace("{right}", str(pair[1])) if pair in explained else ""
        made.append(Edge(arc(placed, *pair), width, "backbone" if pair in held else "", said, address))
    for decision in group.decisions:
        if decision.verdict == "same" and decision.left_id in placed and decision.right_id in placed:
            path = arc(placed, decision.left_id, decision.right_id)
            made.append(Edge(path, 2.5, "decided", gettext("decided by an employee"), ""))
    return made


def walk(records: Sequence[int], backbone: Sequence[LinkRow]) -> list[int]:
    """The records in the order of a depth-first walk along the backbone, strongest first."""
    near: dict[int, list[tuple[float, int]]] = {record: [] for record in records}
    for link in backbone:
        if link.left_id in near and link.right_id in near:
            near[link.left_id].append((-link.weight, link.right_id))
            near[link.right_id].append((-link.weight, link.left_id))
    seen: dict[int, None] = {}
    for start in records:
        stack = [start]
        while stack:
            record = stack.pop()
            if record not in seen:
                seen[record] = None
                stack.extend(other for _, other in sorted(near[record], reverse=True))
    return list(seen)


def middle(number: int) -> float:
    """The height of the middle of a row."""
    return ROW * number + ROW / 2


def arc(placed: Mapping[int, int], left: int, right: int) -> str:
    """The path of an arc on the left of the dots; the further apart, the further it bends out."""
    top, bottom = sorted((placed[left], placed[right]))
    span = max(len(placed) - 1, 1)
    bend = NEAREST + (REACH - NEAREST) * (bottom - top - 1) / max(span - 1, 1)
    out = RIGHT - bend * 4 / 3
    start, end = f"{middle(top):.1f}", f"{middle(bottom):.1f}"
    return f"M{RIGHT} {start} C{out:.1f} {start} {out:.1f} {end} {RIGHT} {end}"


def summary(group: GroupExplained) -> str:
    """What holds the records together, in one sentence, with the weakest link that is needed."""
    count = len(group.records)
    if not group.backbone:
        return gettext("Employees decided that these %d records are one customer.") % count
    weakest = min(link.weight for link in group.backbone)
    return ngettext(
        "%(count)d record. The weakest evidence that is needed has %(weight)s bits.",
        "%(count)d records. The weakest evidence that is needed has %(weight)s bits.",
        count,
    ) % {"count": count, "weight": signed(weakest).removeprefix("+")}
