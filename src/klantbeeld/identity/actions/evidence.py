"""What changed records say: their keys go into the index, and the links with whom they meet are made again.

Under one model a link is a function of two records and of the keys that are below their cap. A key that crosses its
cap, either way, changes who meets through it; so the links between its other holders are looked at again too, and the
links are a function of the set of records, whatever the order in which they came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from klantbeeld.identity.ports import Features, Matcher
from klantbeeld.identity.rules import pairs as rules
from klantbeeld.identity.tables import inputs, keys, links
from klantbeeld.identity.tables import nearby as nearby_records
from klantbeeld.identity.tables.inputs import Input
from klantbeeld.identity.tables.keys import KeyRows
from klantbeeld.identity.tables.links import LinkData
from klantbeeld.identity.tables.nearby import Nearby
from klantbeeld.identity.tables.wire import is_together, together

HOUSEHOLD_KEPT = 0.5
"""A pair below the floor is kept as a link of a household when that is more likely than not."""


@dataclass(slots=True)
class Changed:
    """Records of one kind that changed: as they are now (missing when gone), and the keys that they had.

    `keys`: those that they have now, in order of record. `features`: those that need not be unpacked any more.
    """

    now: dict[int, Input]
    keys: KeyRows
    features: dict[int, Features]
    keys_before: dict[int, bytes]


@dataclass(slots=True)
class Evidence:
    """Which records' links changed, and the features that were needed on the way."""

    touched: set[int] = field(default_factory=set)
    features: dict[int, Features] = field(default_factory=dict)
    nearby: Nearby | None = None


@dataclass(frozen=True, slots=True)
class Turnover:
    """Keys that come into the index and that went out of it.

    `waits`: they are many, and come in once it is known who held them before: that is asked faster, because most of
    them nobody did.
    """

    put: KeyRows
    taken: KeyRows
    waits: bool


def renew_index(changed: Changed, *, relinks: bool) -> Turnover:
    """Bring inputs and the key table up to date; `relinks`: `relink` comes next, for which many keys may wait."""
    added: list[tuple[int, int, int]] = []
    removed: list[tuple[int, int, int]] = []
    for record, packed in changed.keys_before.items():
        row = changed.now.get(record)
        if row is not None and row.keys == packed:
            continue
        before = set(keys.unpack_keys(packed))
        now = set(keys.unpack_keys(row.keys)) if row is not None else set()
        added += [(key, kind, record) for key, kind in now - before]
        removed += [(key, kind, record) for key, kind in before - now]
    new = ~np.isin(changed.keys.record, numpy_ids(changed.keys_before))
    put, taken = changed.keys.take(new) + KeyRows.of(added), KeyRows.of(removed)
    many = len(put) >= keys.MANY and not is_together()
    with together():
        keys.remove(taken)
        if not many:
            keys.add(put)
        inputs.drop(numpy_ids(record for record in changed.keys_before if record not in changed.now))
        inputs.store(list(changed.now.values()))
    if many and not relinks:
        keys.add(put)
    return Turnover(put, taken, many and relinks)


def relink(matcher: Matcher, changed: Changed, turnover: Turnover, *, at_once: bool = False) -> Evidence:
    """Make the links of changed records again; `turnover`: what happens to their keys.

    `at_once`: in as few journeys as can be, and give back what regrouping will ask; right for a few records.
    """
    evidence = Evidence(features=dict(changed.features))
    blocking = _blocking_keys(matcher, changed, turnover)
    row, record = keys.holders(blocking.key, blocking.type, blocking.limit)
    if turnover.waits:
        put = turnover.put
        keys.add(put)
        place = rules.find(put.key, put.type, blocking.key, blocking.type)
        row, record = np.concatenate((row, place[place >= 0])), np.concatenate((record, put.record[place >= 0]))
    meetings = rules.meet(blocking, row, record, numpy_ids(changed.now))
    left, right = meetings.left, meetings.right
    read = _load_features(matcher, evidence, changed.now, np.unique(np.concatenate((left, right))))
    made = _score(matcher, evidence, left, right)
    nearby = _look_around(changed, made, read) if at_once else None
    held = nearby.touching(changed.keys_before) if nearby else links.touching(changed.keys_before)
    before = {(link.left, link.right): link for link in held}
    # Between others only what a key that opened brought together is new; what they had stays unless a key closed.
    gone = [pair for pair in before if pair not in made]
    gone += _severed(matcher, blocking, meetings.closed, changed)
    new = [link for pair, link in made.items() if before.get(pair) != link]
    with together():
        links.remove(gone)
        links.put(new)
    for pair in gone:
        evidence.touched.update(pair)
    for link in new:
        evidence.touched.update((link.left, link.right))
    if nearby is not None:
        for pair in gone:
            nearby.links.pop(pair, None)
        nearby.links.update(((link.left, link.right), link) for link in new)
        evidence.nearby = nearby
    return evidence


def _look_around(changed: Changed, made: Mapping[tuple[int, int], LinkData], read: Sequence[Input]) -> Nearby:
    own = changed.now.keys() | changed.keys_before.keys()
    known = {**changed.now, **{row.record_id: row for row in read}}
    return nearby_records.load(numpy_ids(own.union(*made)), numpy_ids(own), known)


def numpy_ids(ids: Iterable[int]) -> np.ndarray:
    """Record ids as a sorted int64 vector."""
    return np.sort(np.fromiter(ids, dtype=np.int64))


def _blocking_keys(matcher: Matcher, changed: Changed, turnover: Turnover) -> rules.Keys:
    """Every key that a changed record has now or had before, with its cap and what the change did to its holders."""
    put, taken = turnover.put, turnover.taken
    key = np.concatenate((changed.keys.key, taken.key))
    kind = np.concatenate((changed.keys.type, taken.type))
    keep = rules.is_blocking(kind)
    key, kind = key[keep], kind[keep]
    first = rules.distinct(key, kind)
    key, kind = key[first], kind[first]
    came, went = (rules.count_among(rules.find(rows.key, rows.type, key, kind), len(key)) for rows in (put, taken))
    caps = {int(one): matcher.cap(int(one)) for one in np.unique(kind)}
    cap = np.fromiter((caps[one] for one in kind.tolist()), np.int64, len(kind))
    return rules.Keys(key, kind, cap, came - went)


def _load_features(matcher: Matcher, evidence: Evidence, now: Mapping[int, Input], records: np.ndarray) -> list[Input]:
    missing = [record for record in records.tolist() if record not in evidence.features]
    read = inputs.load(record for record in missing if record not in now)
    fresh = (now[record] for record in missing if record in now)
    evidence.features.update((row.record_id, matcher.unpack(row.features)) for row in chain(read, fresh))
    return read


def _score(
    matcher: Matcher, evidence: Evidence, left: np.ndarray, right: np.ndarray
) -> dict[tuple[int, int], LinkData]:
    if not len(left):
        return {}
    ids, position = np.unique(np.concatenate((left, right)), return_inverse=True)
    features = [evidence.features[int(record)] for record in ids]
    scored = matcher.score(features, position[: len(left)], position[len(left) :])
    kept = np.flatnonzero((scored.weight >= matcher.floor) | (scored.household >= HOUSEHOLD_KEPT))
    weight, household = scored.weight[kept].tolist(), scored.household[kept].tolist()
    found = zip(left[kept].tolist(), right[kept].tolist(), weight, household, kept.tolist(), strict=True)
    return {(a, b): LinkData(a, b, w, h, scored.levels[i].tobytes()) for a, b, w, h, i in found}


def _severed(matcher: Matcher, blocking: rules.Keys, closed: np.ndarray, changed: Changed) -> list[tuple[int, int]]:
    """Links between unchanged records that met only through a key that is above its cap now."""
    if not len(closed):
        return []
    unlimited = np.full(len(closed), 1 << 40, np.int64)
    row, record = keys.holders(blocking.key[closed], blocking.type[closed], unlimited)
    candidates: set[tuple[int, int]] = set()
    for number in range(len(closed)):
        others = {int(r) for r in record[row == number]} - changed.now.keys() - changed.keys_before.keys()
        candidates.update((link.left, link.right) for link in links.inside(others))
    return _without_meeting(matcher, candidates)


def _without_meeting(matcher: Matcher, pairs: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of these pairs, those that share no blocking key below its cap."""
    held = {
        record: {key for key in keys.unpack_keys(packed) if rules.blocks(key[1])}
        for record, packed in inputs.load_keys({record for pair in pairs for record in pair}).items()
    }
    shared = {pair: held[pair[0]] & held[pair[1]] for pair in pairs}
    wanted = sorted({key for both in shared.values() for key in both})
    open_keys = _open(matcher, wanted)
    return sorted(pair for pair, both in shared.items() if not both & open_keys)


def _open(matcher: Matcher, wanted: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The keys that are at or below their cap."""
    if not wanted:
        return set()
    table = np.array(wanted, dtype=np.int64)
    cap = np.array([matcher.cap(kind) for _, kind in wanted], np.int64)
    row, _ = keys.holders(table[:, 0], table[:, 1], cap + 1)
    count = np.bincount(row, minlength=len(wanted))
    return {key for key, number, most in zip(wanted, count, cap, strict=True) if number <= most}


def features_of(
    matcher: Matcher, known: Mapping[int, Features], records: Collection[int], nearby: Nearby | None = None
) -> dict[int, Features]:
    """Features of these records, from what is known, was read already, or is in the database."""
    found = {record: known[record] for record in records if record in known}
    missing = [record for record in records if record not in found]
    for row in inputs.load(missing) if nearby is None else [nearby.inputs[record] for record in missing]:
        found[row.record_id] = matcher.unpack(row.features)
    return found
