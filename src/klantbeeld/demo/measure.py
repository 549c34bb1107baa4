"""How well the customers in the database agree with the truth of the demo world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from klantbeeld.demo.load import Loaded
from klantbeeld.demo.score import Score, score
from klantbeeld.demo.systems import build_systems
from klantbeeld.demo.truth import RecordKey, truth_of
from klantbeeld.demo.world import build_world
from klantbeeld.identity import queries as identity
from klantbeeld.sources import queries as sources
from klantbeeld.sources.contracts import Kind

_BLOCK = 20_000
_KINDS = {"P": Kind.PERSON, "O": Kind.ORGANISATION}


@dataclass(frozen=True, slots=True)
class Measured:
    """The customers as they are, and as they would be if every doubtful match were accepted."""

    customers: Score
    suggested: Score


def measure(loaded: Loaded) -> Measured:
    """Score the database as it is now against the loaded world; ValueError when none of its records is there."""
    truth = truth_of(build_systems(build_world(loaded.size, loaded.seed)))
    return Measured(
        score(_groups(truth, identity.customer_of), truth), score(_groups(truth, identity.suggested_of), truth)
    )


def _groups(
    truth: dict[RecordKey, str], group_of: Callable[[Iterable[int]], Mapping[int, int]]
) -> dict[RecordKey, int]:
    """Give the group of every record of the truth that the database has."""
    ids = {code: sources.find_source_id(code) for code in {source for source, _ in truth}}
    wanted = [
        (known, _KINDS[entity[0]], external_id, source)
        for (source, external_id), entity in truth.items()
        if (known := ids[source]) is not None
    ]
    found: dict[RecordKey, int] = {}
    for start in range(0, len(wanted), _BLOCK):
        block = wanted[start : start + _BLOCK]
        records = sources.find_record_ids([(source_id, kind, external_id) for source_id, kind, external_id, _ in block])
        customers = group_of(records.values())
        for source_id, kind, external_id, source in block:
            record = records.get((source_id, kind, external_id))
            if record is not None and record in customers:
                found[source, external_id] = customers[record]
    return found
