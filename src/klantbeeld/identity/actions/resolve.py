"""Resolving a batch of changed records: the one way by which records get their customer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np

from klantbeeld.foundation.access import Actor
from klantbeeld.identity.actions import evidence
from klantbeeld.identity.actions.decide import write_decisions
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.models import active_matchers
from klantbeeld.identity.actions.ready import Ready, number_keys, types_of
from klantbeeld.identity.actions.regroup import Act, regroup
from klantbeeld.identity.contracts import Resolved
from klantbeeld.identity.ports import Features, Matcher
from klantbeeld.identity.rules.numbers import carried_by
from klantbeeld.identity.tables import inputs, keys
from klantbeeld.identity.tables.inputs import NO_EVIDENCE, Input
from klantbeeld.identity.tables.keys import KeyRows
from klantbeeld.identity.tables.nearby import Nearby
from klantbeeld.kit.ids import new_uuid
from klantbeeld.sources.contracts import Kind, SourceTrust, State, StoredRecord
from klantbeeld.sources.queries import trust_of_sources

FEW = 8
"""Up to so many records, what is around them is read in one journey; for more the questions are exact, and large."""


def resolve(
    *,
    records: Sequence[StoredRecord],
    cause: str,
    actor: Actor,
    at: datetime,
    ties: Sequence[tuple[int, int]] = (),
    matchers: Mapping[int, Matcher] | None = None,
    ready: Ready | None = None,
    new: Collection[int] = (),
) -> Resolved:
    """Give these records, in their current versions, their customers; everyone whose customer changes is in the answer.

    In the caller's transaction, which holds the writer's lock until it ends. Parties get features, keys, links and a
    customer; contracts, objects and activities only the keys under which their numbers are found. A record that is
    gone or only expected leaves its customer. `cause` for the ledger: `run:12`. `ties`: what employees wrote, a record
    of `records`, is tied to another record by a decision, the first one first. `matchers` stand in for the active
    model's, per kind. `ready`: what a Preparer made of the same content beforehand. `new`: those
    of the records that have never been live, of which nothing has to be looked up.
    """
    held = hold_writer()
    matchers = active_matchers(held) if matchers is None else matchers
    latest = {record.id: record for record in records}
    at_once = len(latest) <= FEW and not ties  # what employees tie is not yet written when the others are read
    seeds, known, nearby = renew_evidence(list(latest.values()), matchers, ready, at_once=at_once, new=new)
    if ties:
        write_decisions("same", ties, new_uuid(), reason=cause, actor=actor, at=at)
        seeds |= {record for pair in ties for record in pair}
    parties = [record for record in latest.values() if record.kind.is_party]
    content = {record.id: int(record.kind) for record in parties if record.state is State.LIVE}
    gone = {record.id for record in parties} - content.keys()
    return regroup(
        matchers, seeds, content=content, gone=gone, features=known, act=Act(cause, actor.ref, at), nearby=nearby
    )


def renew_evidence(
    records: Sequence[StoredRecord],
    matchers: Mapping[int, Matcher],
    ready: Ready | None = None,
    *,
    at_once: bool = False,
    new: Collection[int] = (),
) -> tuple[set[int], dict[int, Features], Nearby | None]:
    """Make the keys and links of changed records again.

    Gives the records whose links changed, features, and with `at_once` what is around the records of the only kind of
    party among them (see `evidence.relink`).
    """
    seen = [record.id for record in records if record.id not in new]
    before = inputs.load_keys(seen) if seen else {}
    sources = _sources({record.source_id for record in records})
    known: dict[int, Features] = {}
    seeds: set[int] = set()
    nearby: Nearby | None = None
    at_once = at_once and len({record.kind for record in records if record.kind.is_party}) == 1
    if ready is not None and not ready.holds(matchers):
        ready = None
    for kind in Kind:
        of_kind = [record for record in records if record.kind is kind]
        if of_kind:
            changed = _prepare(kind, of_kind, before, sources, matchers.get(kind), ready)
            turnover = evidence.renew_index(changed, relinks=kind.is_party)
            if kind.is_party:
                found = evidence.relink(matchers[kind], changed, turnover, at_once=at_once)
                known |= found.features
                seeds |= found.touched
                nearby = found.nearby
    return seeds, known, nearby


def _prepare(
    kind: Kind,
    records: Sequence[StoredRecord],
    before: Mapping[int, bytes],
    sources: Mapping[int, SourceTrust],
    matcher: Matcher | None,
    ready: Ready | None,
) -> evidence.Changed:
    live = sorted((record for record in records if record.state is State.LIVE), key=lambda record: record.id)
    ids = np.fromiter((record.id for record in live), np.int64, len(live))
    written = any(sources[record.source_id].builtin for record in live)  # no evidence: nothing is ready for these
    places = ready.places(live) if ready is not None and not written else None
    features: dict[int, Features] = {}
    if ready is not None and places is not None:
        held = ready.keys_at(places, ids)
        packed = {record: ready.packed[place] for record, place in zip(ids.tolist(), places, strict=True)}
    else:
        held = number_keys(ids, [carried_by(record, types_of(kind)) for record in live])
        if matcher is not None:
            evident = [record for record in live if not sources[record.source_id].builtin]
            made = matcher.prepare(evident)
            features = dict(zip((record.id for record in evident), made.features, strict=True))
            of_record = np.fromiter(features, np.int64, len(features))[made.row]
            held = held + KeyRows(made.key, made.type, of_record)
        packed = {record: matcher.pack(one) for record, one in features.items()} if matcher is not None else {}
        held = held.once()
    now = {
        record.id: Input(
            record.id,
            int(kind),
            f"{sources[record.source_id].code}/{kind.code}/{record.external_id}",
            packed.get(record.id, NO_EVIDENCE),
            of_record_keys,
        )
        for record, of_record_keys in zip(live, keys.pack_keys(held, ids), strict=True)
    }
    had = {record.id: before[record.id] for record in records if record.id in before}
    return evidence.Changed(now, held, features, had)


_known_sources: dict[int, SourceTrust] = {}


def _sources(wanted: set[int]) -> Mapping[int, SourceTrust]:
    """Code and nature of the sources; neither ever changes, so a source is read once."""
    if not wanted <= _known_sources.keys():
        _known_sources.clear()
        _known_sources.update(trust_of_sources())
    return _known_sources
