"""Connected components: the unit that is resolved again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def components(nodes: Iterable[T], edges: Iterable[tuple[T, T]]) -> list[list[T]]:
    """The connected components, each in the order of `nodes`; edges to unknown nodes are left out."""
    parent: dict[T, T] = {node: node for node in nodes}
    for left, right in edges:
        if left in parent and right in parent:
            a, b = find(parent, left), find(parent, right)
            if a != b:
                parent[b] = a
    found: dict[T, list[T]] = {}
    for node in parent:
        found.setdefault(find(parent, node), []).append(node)
    return list(found.values())


def find(parent: dict[T, T], node: T) -> T:
    """The representative of a node's set, halving the path on the way (Tarjan and van Leeuwen 1984)."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
