"""Who is really behind each record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from klantbeeld.demo.systems import System

RecordKey = tuple[str, str]
"""(code of the source, external id)."""


def truth_rows(systems: Iterable[System]) -> Iterator[tuple[str, str, str]]:
    """Give (source, external id, entity) of every record about a person or an organisation."""
    for system in systems:
        for feed in system.feeds:
            if feed.entities is None or feed.external_ids is None:
                continue
            for block in feed.blocks():
                ids, entities = feed.external_ids(block).tolist(), feed.entities(block).tolist()
                for external_id, entity in zip(ids, entities, strict=True):
                    yield feed.source, external_id, entity


def truth_of(systems: Sequence[System]) -> dict[RecordKey, str]:
    """Give the truth as a mapping from (source, external id) to entity."""
    return {(source, external_id): entity for source, external_id, entity in truth_rows(systems)}
