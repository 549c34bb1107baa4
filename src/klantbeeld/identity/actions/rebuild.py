"""Everything again: features, keys, links, groups from records, decisions and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import numpy as np

from klantbeeld.foundation.access import Actor
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.models import activate, active_matchers, matchers_of, parameters_of
from klantbeeld.identity.actions.regroup import Act, regroup
from klantbeeld.identity.actions.resolve import renew_evidence
from klantbeeld.identity.contracts import Effect, Resolved, What
from klantbeeld.identity.ports import Matcher
from klantbeeld.identity.rules.components import find
from klantbeeld.identity.tables import inputs, members, whole
from klantbeeld.sources.queries import list_record_ids, load_records

BATCH = 2000
Progress = Callable[[str, int], None]
"""Called with a phase (records, groups) and how many records have been done in it."""


def rebuild(
    *,
    actor: Actor,
    at: datetime,
    model: int | None = None,
    progress: Progress | None = None,
    matchers: Mapping[int, Matcher] | None = None,
) -> Iterator[Resolved]:
    """Compute everything again under the active model, or activate `model` and do it under that one.

    In the caller's transaction, which holds the writer's lock until it ends: killed half-way, nothing has changed.
    Same records, decisions, ledger and model give the same customers under the same ids. Yields what changed, batch by
    batch; it has to be read to its end.
    """
    hold_writer()
    if model is not None:
        parameters = parameters_of(model)
        activate(model)
        matchers = matchers_of(parameters)
    matchers = active_matchers() if matchers is None else matchers
    tell = progress or (lambda phase, done: None)
    _evidence(matchers, tell)
    whole.restore_members()
    act = Act("rebuild" if model is None else f"model:{model}", actor.ref, at)
    done = 0
    for batch in _components(matchers):
        known = {row.record for row in members.members(batch)}
        content = {row.record_id: row.kind for row in inputs.load(record for record in batch if record not in known)}
        yield regroup(matchers, batch, content=content, features={}, act=act)
        done += len(batch)
        tell("groups", done)


def effect_of(resolved: Iterator[Resolved]) -> Effect:
    """What changes together do to customers."""
    merging = splitting = changed = 0
    for one in resolved:
        for change in one.changes:
            merging += change.event is What.MERGED
            splitting += change.event in (What.BORN, What.REVIVED) and change.other_id is not None
            changed += change.event is What.CHANGED
    return Effect(merging, splitting, changed)


def _evidence(matchers: Mapping[int, Matcher], tell: Progress) -> None:
    whole.forget_evidence()
    after, done = 0, 0
    while ids := list_record_ids(after=after, limit=BATCH):
        renew_evidence(load_records(ids), matchers)
        after, done = ids[-1], done + len(ids)
        tell("records", done)


def _components(matchers: Mapping[int, Matcher]) -> Iterator[list[int]]:
    """All records with a customer to find, whole components together, some thousands at a time."""
    parent: dict[int, int] = {}
    strong = whole.strong_links({kind: matcher.floor for kind, matcher in matchers.items()})
    for left, right in (strong, whole.same_decisions()):
        for a, b in zip(left.tolist(), right.tolist(), strict=True):
            parent.setdefault(a, a)
            parent.setdefault(b, b)
            one, other = find(parent, a), find(parent, b)
            parent[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for record in parent:
        found.setdefault(find(parent, record), []).append(record)
    _write_components(found)
    batch: list[int] = []
    for record in whole.parties().tolist():
        batch += found.pop(find(parent, record), ()) if record in parent else (record,)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_components(found: Mapping[int, list[int]]) -> None:
    pairs = [(record, min(part)) for part in found.values() for record in part]
    table = np.array(pairs, np.int64).reshape(-1, 2)
    whole.set_components(table[:, 0], table[:, 1])
