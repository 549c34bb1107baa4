"""Storing drafts: set-based, so that a batch of a thousand takes a handful of statements, as does one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from psycopg import Cursor

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.wire import NULL, copy, escaped, escaped_json, numbers, run, texts, together
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.ids import new_uuids
from klantbeeld.sources.actions.encode import check_id, encode
from klantbeeld.sources.contracts import Draft, Encoded, Kind, State, Stored, StoredRecord
from klantbeeld.sources.queries.reach import sources_in_reach
from klantbeeld.sources.rules.versions import Delivery, Ruling, rule

LOCK = 0x6B62_0001  # class of the advisory locks that keep two stores into one source apart
FEW = 8
"""So many drafts are stored without asking first how many ids they need."""
Key = tuple[int, int, str]  # source, kind, external id

_LOCK = "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS k(id)"
_FIND = """
SELECT r.source_id, r.kind, r.external_id, r.id, r.uuid, r.state, v.source_at, v.digest
FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS k(source_id, kind, external_id)
JOIN sources_record r ON r.source_id = k.source_id AND r.kind = k.kind AND r.external_id = k.external_id
LEFT JOIN sources_recordversion v ON v.id = r.version_id
"""
_KNOWN = """
SELECT k.number
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::bytea[]) AS k(number, record, at, digest)
JOIN sources_recordversion v ON v.record_id = k.record AND v.source_at = k.at AND v.digest = k.digest
"""
_IDS = """
SELECT array(SELECT nextval('sources_record_id_seq') FROM generate_series(1, %s)),
  array(SELECT nextval('sources_recordversion_id_seq') FROM generate_series(1, %s))
"""
_MOVE = """
UPDATE sources_record r SET version_id = k.version, state = k.state
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS k(id, version, state) WHERE r.id = k.id
"""
_COPY_RECORDS = """
COPY sources_record (id, uuid, source_id, kind, external_id, state, version_id, first_received_at) FROM STDIN
"""
_COPY_VERSIONS = """
COPY sources_recordversion (id, record_id, run_id, source_at, received_at, digest, gone, data, raw) FROM STDIN
"""


@dataclass(slots=True)
class _Known:
    """A record as it stands before this batch; `id` 0 means that it is not there yet."""

    id: int = 0
    uuid: object = None
    state: str = ""
    current: tuple[datetime, bytes] | None = None


@dataclass(slots=True)
class _Batch:
    """A batch on its way: the drafts with content and digest, the deliveries per record, and what was decided."""

    source_id: int
    run_id: int | None
    at: datetime
    drafts: Sequence[Encoded]
    deliveries: dict[Key, list[Delivery]] = field(default_factory=dict)
    references: dict[Key, None] = field(default_factory=dict)
    known: dict[Key, _Known] = field(default_factory=dict)
    rulings: dict[Key, Ruling] = field(default_factory=dict)


@dataclass(slots=True)
class _Outcome:
    """What is to be written, and what is told about it."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    unchanged: int = 0
    late: int = 0
    superseded: int = 0
    records: list[bytes] = field(default_factory=list)
    versions: list[bytes] = field(default_factory=list)
    moves: list[tuple[int, int, str]] = field(default_factory=list)
    touched: list[StoredRecord] = field(default_factory=list)


@transaction.atomic
def store(*, source_id: int, drafts: Sequence[Draft], run_id: int | None = None, actor: Actor, at: datetime) -> Stored:
    """Store drafts as versions of their records, and expect the records that they refer to.

    Idempotent: what is there already changes nothing. Versions of one record may come in any order, also in one batch.
    Whoever calls writes the audit line of the act (`flows.receive`), with `actor`. Raises Invalid, and stores nothing,
    when a draft has no usable id, is not JSON, or names a source that does not exist.
    """
    return store_records(source_id=source_id, drafts=encode(drafts), run_id=run_id, actor=actor, at=at)[0]


@transaction.atomic(savepoint=False)  # whoever has a transaction already gives it up when this fails
def store_records(
    *, source_id: int, drafts: Sequence[Encoded], run_id: int | None = None, actor: Actor, at: datetime
) -> tuple[Stored, list[StoredRecord]]:
    """Like `store`; gives the records that were touched too, in their current versions, as `load_records` would.

    Their attributes are the very objects of the drafts as encoded.
    """
    if not drafts:
        return Stored(), []
    batch = _prepare(source_id, run_id, drafts, actor, at)
    few = len(drafts) <= FEW
    with together():
        _lock({key[0] for key in batch.references} | {source_id})
        # For one record a number that is not needed costs less than asking again once it is known to be new.
        taken = _take(len(batch.deliveries) + len(batch.references), len(drafts)) if few else None
        _find(batch)
    late_known = _rule(batch)
    outcome = _decide(batch, late_known, taken)
    copy(_COPY_RECORDS, outcome.records)
    copy(_COPY_VERSIONS, outcome.versions)
    if outcome.moves:
        ids, versions, states = zip(*outcome.moves, strict=True)
        run(_MOVE, (numbers(ids), numbers(versions), texts(states)))
    stored = Stored(
        tuple(outcome.created),
        tuple(outcome.changed),
        tuple(outcome.gone),
        outcome.unchanged,
        outcome.late,
        outcome.superseded,
    )
    return stored, outcome.touched


def _prepare(source_id: int, run_id: int | None, drafts: Sequence[Encoded], actor: Actor, at: datetime) -> _Batch:
    batch = _Batch(source_id, run_id, at, drafts)
    deliveries = batch.deliveries
    with_roles: list[Encoded] = []
    for number, draft in enumerate(drafts):
        key = (source_id, int(draft.kind), draft.external_id)
        delivery = Delivery(number, draft.digest, draft.source_at)
        if key in deliveries:
            deliveries[key].append(delivery)
        else:
            deliveries[key] = [delivery]
        if draft.roles:
            with_roles.append(draft)
    if with_roles:
        _refer(batch, with_roles, actor)
    return batch


def _refer(batch: _Batch, drafts: Iterable[Encoded], actor: Actor) -> None:
    """Note the records that roles refer to and that are not in the batch themselves."""
    references = [(draft, one) for draft in drafts for role in draft.roles for one in (role.holder, role.target)]
    ids = _source_ids({one.source for _, one in references if one.source}, actor)
    for draft, one in references:
        check_id(one.external_id, draft.kind, draft.position)
        source = ids[one.source] if one.source else batch.source_id
        key = (source, one.kind.value, one.external_id)
        if key not in batch.deliveries:
            batch.references[key] = None


def _source_ids(codes: set[str], actor: Actor) -> Mapping[str, int]:
    """Sources by code, as far as the actor reaches: nobody plants a role on a record beyond it."""
    if not codes:
        return {}
    found = sources_in_reach(actor)
    if missing := sorted(codes - set(found)):
        raise Invalid(
            f"There is no source '{missing[0]}'; declare it before records refer to it.",
            code="sources.unknown_source",
            source=missing[0],
        )
    return found


def _lock(source_ids: Iterable[int]) -> None:
    """One store at a time per source, until the transaction ends; sorted, so that two never wait on each other."""
    run(_LOCK, (LOCK, numbers(sorted(source_ids))))


def _find(batch: _Batch) -> None:
    keys = [*batch.deliveries, *batch.references]
    batch.known = {key: _Known() for key in keys}
    sources, kinds, externals = zip(*keys, strict=True)
    cursor = run(_FIND, (numbers(sources), numbers(kinds), texts(externals)))
    for source_id, kind, external_id, record_id, uuid, state, source_at, digest in cursor:
        known = batch.known[source_id, kind, external_id]
        known.id, known.uuid, known.state = record_id, uuid, state
        known.current = None if source_at is None else (source_at, bytes(digest))


def _rule(batch: _Batch) -> set[int]:
    """Decide per record; returns the numbers of late deliveries that are stored already."""
    late: list[tuple[int, int, datetime, bytes]] = []
    for key, deliveries in batch.deliveries.items():
        known = batch.known[key]
        ruling = batch.rulings[key] = rule(known.current, deliveries, batch.at)
        if ruling.late and known.id:
            late += [(number, known.id, moment, batch.drafts[number].digest) for number, moment in ruling.late]
    if not late:
        return set()
    ids, records, moments, digests = (list(column) for column in zip(*late, strict=True))
    return {number for (number,) in run(_KNOWN, (ids, records, moments, digests))}


def _take(records: int, versions: int) -> Cursor[tuple[Any, ...]]:
    """Ids for new records and versions."""
    return run(_IDS, (records, versions))


def _decide(batch: _Batch, late_known: set[int], taken: Cursor[tuple[Any, ...]] | None) -> _Outcome:
    """Per record what is written and told; ids are taken for everything that is new, unless they are `taken`."""
    outcome = _Outcome()
    kept = {
        key: [*one.kept, *(late for late in one.late if late[0] not in late_known)] if one.late else one.kept
        for key, one in batch.rulings.items()
    }
    new = sum(1 for known in batch.known.values() if not known.id)
    ids = (taken or _take(new, sum(map(len, kept.values())))).fetchone()
    assert ids is not None  # noqa: S101 - a SELECT without FROM gives one row
    record_ids, version_ids = iter(ids[0]), iter(ids[1])
    uuids = iter(new_uuids(new))
    received = batch.at.astimezone(UTC).isoformat()
    for key, known in batch.known.items():
        is_new = not known.id
        if is_new:
            known.id, known.uuid = next(record_ids), next(uuids)
        ruling = batch.rulings.get(key)
        state, version = State.EXPECTED, 0
        if ruling is not None:
            for number, moment in kept[key]:
                version_id = next(version_ids)
                outcome.versions.append(_version_line(batch, version_id, known.id, number, moment, received))
                if number == ruling.current:
                    version = version_id
                    state = _tell(batch, outcome, key, known, number, moment)
            outcome.superseded += ruling.superseded
            if ruling.unchanged or ruling.late:
                again = sum(1 for number, _ in ruling.late if number in late_known)
                outcome.unchanged += ruling.unchanged + again
                outcome.late += len(ruling.late) - again
        if is_new:
            source, kind, external_id = key
            line = f"{known.id}\t{known.uuid}\t{source}\t{kind}\t{escaped(external_id)}\t{state.value}\t"
            outcome.records.append(f"{line}{version or NULL}\t{received}\n".encode())
        elif version:
            outcome.moves.append((known.id, version, state.value))
    return outcome


def _tell(batch: _Batch, outcome: _Outcome, key: Key, known: _Known, number: int, moment: datetime) -> State:
    """Note a record that has another current version now; returns its state."""
    encoded = batch.drafts[number]
    state = State.GONE if encoded.gone else State.LIVE
    if state is State.GONE:
        outcome.gone.append(known.id)
    elif known.state in ("", State.EXPECTED):
        outcome.created.append(known.id)
    else:
        outcome.changed.append(known.id)
    outcome.touched.append(
        StoredRecord(
            known.id,
            known.uuid,  # type: ignore[arg-type] # it has one by now
            key[0],
            Kind(key[1]),
            key[2],
            state,
            encoded.attributes,
            encoded.identifiers,
            encoded.roles,
            moment,
            batch.at,
        )
    )
    return state


def _version_line(
    batch: _Batch, version_id: int, record_id: int, number: int, moment: datetime, received: str
) -> bytes:
    encoded = batch.drafts[number]
    at = received if moment is batch.at else moment.isoformat()
    run_id = batch.run_id if batch.run_id is not None else NULL
    head = f"{version_id}\t{record_id}\t{run_id}\t{at}\t{received}\t\\\\x{encoded.digest.hex()}"
    return b"%s\t%s\t%s\t%s\n" % (
        head.encode(),
        b"t" if encoded.gone else b"f",
        escaped_json(encoded.data),
        b"\\N" if encoded.raw is None else escaped_json(encoded.raw),
    )
