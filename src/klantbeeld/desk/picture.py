"""The why-picture: the records of one customer and the evidence that holds them together, as coordinates for SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from klantbeeld.identity.contracts import GroupExplained, LinkRow

WIDTH, HEIGHT, MARGIN_X, MARGIN_Y, LINE = 560, 340, 170, 48, 15


@dataclass(frozen=True, slots=True)
class Node:
    """A record as a dot with two lines of text beside it."""

    x: float
    y: float
    text_x: float
    text_y: float
    text_y2: float
    anchor: str
    label: str
    detail: str
    title: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Evidence between two records; thicker is stronger. `tone`: backbone, decided or nothing."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    tone: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Caption:
    """How a record is named in the picture: its source, its own id there, and what it says."""

    source: str
    external_id: str
    name: str


def draw(group: GroupExplained, captions: Mapping[int, Caption], href: str = "") -> Picture:
    """Place the records on an ellipse, in the order in which the backbone visits them, so that strong edges are short.

    `href` is an address with {left} and {right}; edges then lead to the pair.
    """
    order = walk(group.records, group.backbone)
    place = {record: spot(number, len(order)) for number, record in enumerate(order)}
    held = {(link.left_id, link.right_id) for link in group.backbone}
    edges = [
        edge(
            link.left_id, link.right_id, link.weight, "backbone" if (link.left_id, link.right_id) in held else "", place
        )
        for link in sorted(group.links, key=lambda link: link.weight)
        if link.left_id in place and link.right_id in place
    ]
    edges += [
        edge(decision.left_id, decision.right_id, 6.0, "decided", place)
        for decision in group.decisions
        if decision.verdict == "same" and decision.left_id in place and decision.right_id in place
    ]
    drawn = tuple(
        Edge(*made[:7], href.replace("{left}", str(made[7])).replace("{right}", str(made[8])) if href else "")
        for made in edges
    )
    nodes = tuple(node(place[record], captions[record]) for record in order if record in captions)
    return Picture(
        WIDTH, HEIGHT, nodes, drawn, gettext("The records of this customer and their evidence"), summary(group)
    )


def walk(records: Sequence[int], backbone: Sequence[LinkRow]) -> list[int]:
    """The records in the order of a depth-first walk along the backbone, strongest first."""
    near: dict[int, list[tuple[float, int]]] = {record: [] for record in records}
    for link in backbone:
        if link.left_id in near and link.right_id in near:
            near[link.left_id].append((-link.weight, link.right_id))
            near[link.right_id].append((-link.weight, link.left_id))
    seen: list[int] = []
    for start in records:
        stack = [start]
        while stack:
            record = stack.pop()
            if record not in seen:
                seen.append(record)
                stack.extend(other for _, other in sorted(near[record], reverse=True))
    return seen


def spot(number: int, count: int) -> tuple[float, float]:
    """The coordinates of one record out of `count`."""
    angle = 2 * math.pi * number / count - math.pi / 2
    if count == 2:
        angle = math.pi * (1 - number)
    return (
        WIDTH / 2 + (WIDTH / 2 - MARGIN_X) * math.cos(angle),
        HEIGHT / 2 + (HEIGHT / 2 - MARGIN_Y) * math.sin(angle),
    )


def node(at: tuple[float, float], caption: Caption) -> Node:
    """A dot with its text on the outside."""
    x, y = at
    side = "start" if x > WIDTH / 2 + 1 else "end" if x < WIDTH / 2 - 1 else "middle"
    shift = {"start": 16, "end": -16, "middle": 0}[side]
    top = y - 4 if side != "middle" else (y - 32 if y < HEIGHT / 2 else y + 26)
    return Node(
        x, y, x + shift, top, top + LINE, side, shortened(caption.name), shortened(caption.source, 24),
        f"{caption.name} · {caption.source} {caption.external_id}",
    )  # fmt: skip


def shortened(text: str, most: int = 22) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def edge(
    left: int, right: int, weight: float, tone: str, place: Mapping[int, tuple[float, float]]
) -> tuple[float, float, float, float, float, str, str, int, int]:
    """A line between two records, 1 to 7 wide by weight."""
    label = gettext("decided by an employee") if tone == "decided" else gettext("%.1f bits of evidence") % weight
    return (*place[left], *place[right], max(1.0, min(7.0, 1 + weight / 4)), tone, label, left, right)


def summary(group: GroupExplained) -> str:
    """What holds the records together, in one sentence, with the weakest link that is needed."""
    count = len(group.records)
    if not group.backbone:
        return gettext("Employees decided that these %d records are one customer.") % count
    weakest = min(link.weight for link in group.backbone)
    return ngettext(
        "%(count)d record; the weakest evidence that is needed has %(weight).1f bits.",
        "%(count)d records; the weakest evidence that is needed has %(weight).1f bits.",
        count,
    ) % {"count": count, "weight": weakest}
