"""How well the customers in the database agree with the truth of the demo world."""

from __future__ import annotations

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


def measure(loaded: Loaded) -> Score:
    """Score the customers as they are now against the loaded world; ValueError when none of its records is there."""
    truth = truth_of(build_systems(build_world(loaded.size, loaded.seed)))
    return score(_customers(truth), truth)


def _customers(truth: dict[RecordKey, str]) -> dict[RecordKey, int]:
    """Give the customer of every record of the truth that the database has."""
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
        customers = identity.customer_of(records.values())
        for source_id, kind, external_id, source in block:
            record = records.get((source_id, kind, external_id))
            if record is not None and record in customers:
                found[source, external_id] = customers[record]
    return found
