"""A model learned from the records that are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from klantbeeld.identity.actions.models import keep_model
from klantbeeld.identity.hashing import match_key
from klantbeeld.sources.contracts import Kind, State, StoredRecord
from klantbeeld.sources.queries import list_record_ids, load_records, trust_of_sources

BATCH = 5000


def train(*, precision: float = 0.99, progress: Callable[[str, float], None] | None = None) -> int:
    """Learn a model of each kind of party from all live records, without labels, and keep it; gives its number.

    It is not active yet: `rebuild(model=number)` activates it. `precision`: wanted precision of what is merged without
    a person looking, 0..1. A kind with too few records keeps the engine's default.
    """
    from klantbeeld.identity.adapters import training  # late: the engine takes its time to import

    held = _live_parties()
    parameters: dict[str, Any] = {}
    for kind, records in held.items():
        parameters[kind.code] = training.learn(kind, records, match_key(), precision, progress).to_dict()
    return keep_model(parameters, trained_on=sum(map(len, held.values())))


def _live_parties() -> dict[Kind, list[StoredRecord]]:
    builtin = {source.id for source in trust_of_sources().values() if source.builtin}
    held: dict[Kind, list[StoredRecord]] = {Kind.PERSON: [], Kind.ORGANISATION: []}
    after = 0
    while ids := list_record_ids(after=after, limit=BATCH):
        for record in load_records(ids):
            if record.kind in held and record.state is State.LIVE and record.source_id not in builtin:
                held[record.kind].append(record)
        after = ids[-1]
    return held
