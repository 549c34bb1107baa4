"""Storing drafts: set-based, so that a batch of a thousand takes a handful of statements, as does one record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid
from klantbeeld.kit.ids import new_uuid
from klantbeeld.sources.contracts import Draft, State, Stored
from klantbeeld.sources.models import Source
from klantbeeld.sources.rules.content import canonical, digest_of, raw_text
from klantbeeld.sources.rules.versions import Delivery, Ruling, rule

LOCK = 0x6B62_0001  # class of the advisory locks that keep two stores into one source apart
ID_LIMIT = 200
Key = tuple[int, int, str]  # source, kind, external id

_FIND = """
SELECT r.source_id, r.kind, r.external_id, r.id, r.state, v.source_at, v.digest
FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS k(source_id, kind, external_id)
JOIN sources_record r ON r.source_id = k.source_id AND r.kind = k.kind AND r.external_id = k.external_id
LEFT JOIN sources_recordversion v ON v.id = r.version_id
"""
_KNOWN = """
SELECT k.number FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::bytea[]) AS k(number, record, at, digest)
JOIN sources_recordversion v ON v.record_id = k.record AND v.source_at = k.at AND v.digest = k.digest
"""
_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
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
    state: str = ""
    current: tuple[datetime, bytes] | None = None
    version: int | None = None


@dataclass(slots=True)
class _Batch:
    """A batch on its way: the drafts with content and digest, the deliveries per record, and what was decided."""

    source_id: int
    run_id: int | None
    at: datetime
    drafts: Sequence[Draft]
    contents: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    deliveries: dict[Key, list[Delivery]] = field(default_factory=dict)
    references: dict[Key, None] = field(default_factory=dict)
    known: dict[Key, _Known] = field(default_factory=dict)
    rulings: dict[Key, Ruling] = field(default_factory=dict)


@transaction.atomic
def store(*, source_id: int, drafts: Sequence[Draft], run_id: int | None = None, actor: Actor, at: datetime) -> Stored:
    """Store drafts as versions of their records, and expect the records that they refer to.

    Idempotent: what is there already changes nothing. Versions of one record may come in any order, also in one batch.
    Whoever calls writes the audit line of the act (`flows.receive`), with `actor`. Raises Invalid, and stores nothing,
    when a draft has no usable id, is not JSON, or names a source that does not exist.
    """
    if not drafts:
        return Stored()
    batch = _prepare(source_id, run_id, drafts, at)
    _lock({key[0] for key in batch.references} | {source_id})
    _find(batch)
    late_known = _rule(batch)
    return _write(batch, late_known)


def _prepare(source_id: int, run_id: int | None, drafts: Sequence[Draft], at: datetime) -> _Batch:
    batch = _Batch(source_id, run_id, at, drafts)
    named: set[str] = set()
    for number, draft in enumerate(drafts):
        if not draft.external_id or len(draft.external_id) > ID_LIMIT or "\0" in draft.external_id:
            raise Invalid(
                f"A {draft.kind.code} needs an external id of 1 to {ID_LIMIT} characters without NUL.",
                code="sources.external_id",
                position=draft.position,
            )
        text = canonical(draft)
        digest = digest_of(text, draft.gone)
        batch.contents.append(text)
        batch.digests.append(digest)
        key = (source_id, int(draft.kind), draft.external_id)
        batch.deliveries.setdefault(key, []).append(Delivery(number, digest, draft.source_at))
        for role in draft.roles:
            for reference in (role.holder, role.target):
                if reference.source:
                    named.add(reference.source)
    ids = _source_ids(named)
    for draft in drafts:
        for role in draft.roles:
            for reference in (role.holder, role.target):
                source = ids[reference.source] if reference.source else source_id
                key = (source, int(reference.kind), reference.external_id)
                if key not in batch.deliveries:
                    batch.references[key] = None
    return batch


def _source_ids(codes: set[str]) -> dict[str, int]:
    if not codes:
        return {}
    found = dict(Source.objects.filter(code__in=codes).values_list("code", "id"))
    if missing := sorted(codes - set(found)):
        raise Invalid(
            f"There is no source '{missing[0]}'; declare it before records refer to it.",
            code="sources.unknown_source",
            source=missing[0],
        )
    return found


def _lock(source_ids: Iterable[int]) -> None:
    """One store at a time per source, until the transaction ends; sorted, so that two never wait on each other."""
    with connection.cursor() as cursor:
        for source_id in sorted(source_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, source_id])


def _find(batch: _Batch) -> None:
    keys = [*batch.deliveries, *batch.references]
    batch.known = {key: _Known() for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [list(column) for column in zip(*keys, strict=True)])
        for source_id, kind, external_id, record_id, state, source_at, digest in cursor.fetchall():
            known = batch.known[source_id, kind, external_id]
            known.id, known.state = record_id, state
            known.current = None if source_at is None else (source_at, bytes(digest))


def _rule(batch: _Batch) -> set[int]:
    """Decide per record; returns the numbers of late deliveries that are stored already."""
    late: list[tuple[int, int, datetime, bytes]] = []
    for key, deliveries in batch.deliveries.items():
        known = batch.known[key]
        ruling = batch.rulings[key] = rule(known.current, deliveries, batch.at)
        late.extend((number, known.id, moment, batch.digests[number]) for number, moment in ruling.late if known.id)
    if not late:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(column) for column in zip(*late, strict=True)])
        return {number for (number,) in cursor.fetchall()}


def _write(batch: _Batch, late_known: set[int]) -> Stored:
    kept = {key: [*r.kept, *(one for one in r.late if one[0] not in late_known)] for key, r in batch.rulings.items()}
    record_ids = iter(_ids("sources_record", sum(1 for known in batch.known.values() if not known.id)))
    version_ids = iter(_ids("sources_recordversion", sum(map(len, kept.values()))))
    created: list[int] = []
    changed: list[int] = []
    gone: list[int] = []
    unchanged = late = 0
    records: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    moves: list[tuple[int, int, str]] = []
    for key, known in batch.known.items():
        is_new = not known.id
        if is_new:
            known.id = next(record_ids)
        ruling = batch.rulings.get(key)
        state = State.EXPECTED
        version = None
        if ruling is not None:
            for number, moment in kept[key]:
                version_id = next(version_ids)
                versions.append(_version(batch, version_id, known.id, number, moment))
                if number == ruling.current:
                    version = version_id
            unchanged += ruling.unchanged + sum(1 for number, _ in ruling.late if number in late_known)
            late += sum(1 for number, _ in ruling.late if number not in late_known)
            if ruling.current is not None:
                state = State.GONE if batch.drafts[ruling.current].gone else State.LIVE
                first = known.state in ("", State.EXPECTED)
                (gone if state == State.GONE else created if first else changed).append(known.id)
        if is_new:
            records.append((known.id, new_uuid(), *key, str(state), version, batch.at))
        elif version is not None:
            moves.append((known.id, version, str(state)))
    _copy(_COPY_RECORDS, records)
    _copy(_COPY_VERSIONS, versions)
    if moves:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [list(column) for column in zip(*moves, strict=True)])
    return Stored(tuple(created), tuple(changed), tuple(gone), unchanged, late)


def _version(batch: _Batch, version_id: int, record_id: int, number: int, moment: datetime) -> tuple[Any, ...]:
    draft = batch.drafts[number]
    return (
        version_id,
        record_id,
        batch.run_id,
        moment,
        batch.at,
        batch.digests[number],
        draft.gone,
        batch.contents[number],
        raw_text(draft.raw),
    )


def _ids(table: str, count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [table, count])
        return [number for (number,) in cursor.fetchall()]


def _copy(sql: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
