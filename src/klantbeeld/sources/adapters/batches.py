"""Rows on their way into chunks: those that belong together as one, and so many at a time that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

from klantbeeld.sources.adapters.refused import EnoughRefused, Refused
from klantbeeld.sources.contracts import Refusal

GROUP_LIMIT = 5_000  # rows that can be one
CHARACTERS = 16 << 20  # in a batch, however few its rows are
Content = TypeVar("Content")


def grouped(
    rows: Iterator[tuple[int, Content]], key: Callable[[Content], Any] | None
) -> Iterator[list[tuple[int, Content]]]:
    """Rows that follow each other with the same key are one; without a key each is one by itself."""
    if key is None:
        for row in rows:
            yield [row]
        return
    group: list[tuple[int, Content]] = []
    try:
        for row in rows:
            if group and (key(row[1]) != key(group[0][1]) or len(group) >= GROUP_LIMIT):
                yield group
                group = []
            group.append(row)
    except EnoughRefused:
        if group:
            yield group  # it would not be read again
        raise
    if group:
        yield group


def within(
    groups: Iterator[list[tuple[int, Content]]], count: int, weigh: Callable[[Content], int]
) -> Iterator[list[tuple[int, Content]]]:
    """So many groups, or fewer when they are large; `weigh` gives about how many characters a row holds."""
    characters = 0
    for group in islice(groups, count):
        yield group
        characters += sum(weigh(content) for _, content in group)
        if characters > CHARACTERS:
            return


def batches(
    groups: Iterator[list[tuple[int, Content]]],
    refused: Refused,
    size: Callable[[], int],
    weigh: Callable[[Content], int],
) -> Iterator[tuple[list[list[tuple[int, Content]]], list[Refusal]]]:
    """Batches of groups, each with what was refused up to its end, until nothing is left.

    It also stops when so many are refused that they have to be put away first: then `refused.enough` is true, and
    reading begins again behind `refused.done`.
    """
    while not refused.enough:
        batch: list[list[tuple[int, Content]]] = []
        try:
            for group in within(groups, size(), weigh):
                batch.append(group)
        except EnoughRefused:
            refused.enough = True
        refusals = refused.take(batch[-1][-1][0] if batch else None)
        if not batch and not refusals:
            return
        yield batch, refusals
