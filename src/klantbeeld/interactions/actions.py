"""Roles and activities are written with the record that declares them, as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from klantbeeld.foundation.wire import is_together, numbers, run
from klantbeeld.interactions.rules.activities import activity_line
from klantbeeld.sources.contracts import Kind, Reference, State, StoredRecord
from klantbeeld.sources.queries import find_record_ids, find_source_id

Fact = tuple[int, int, str, date | None, date | None]  # holder, target, role, from, to

_DROP_ROLES = """
WITH gone AS (DELETE FROM interactions_role WHERE declared_by_id = ANY(%s::bigint[]) RETURNING *)
SELECT g.declared_by_id, g.holder_id, g.target_id, g.role, g.from_date, g.to_date, h.kind, t.kind
FROM gone g JOIN sources_record h ON h.id = g.holder_id JOIN sources_record t ON t.id = g.target_id
"""
_COPY_ROLES = "COPY interactions_role (declared_by_id, holder_id, target_id, role, from_date, to_date) FROM STDIN"
_COPY_ACTIVITIES = """
COPY interactions_activity (record_id, type, at, title, number, state, amount, cost, currency) FROM STDIN
"""


@transaction.atomic(savepoint=False)
def record_facts(*, records: Sequence[StoredRecord], new: Collection[int] = ()) -> tuple[int, ...]:
    """Replace the roles and the activity that these records declare by what their current versions say.

    A record that is gone or only expected declares nothing. Returns the ids of the party records whose roles changed.
    Runs within the act of whoever stores the records, which writes the audit line. `new`: those that declared nothing
    before, because they were not there.
    """
    if not records:
        return ()
    before, parties = _drop_roles([record.id for record in records if record.id not in new])
    after = _roles_of(records, parties)
    rows = [(declared_by, *fact) for declared_by, facts in after.items() for fact in sorted(facts, key=str)]
    _copy(_COPY_ROLES, [(d, h, t, role, from_, to) for d, h, t, role, from_, to in rows])
    _replace_activities(records)
    touched = set()
    for declared_by in before.keys() | after.keys():
        for holder, target, *_ in before[declared_by] ^ after[declared_by]:
            touched |= {holder, target} & parties
    return tuple(sorted(touched))


def _drop_roles(ids: list[int]) -> tuple[defaultdict[int, set[Fact]], set[int]]:
    before: defaultdict[int, set[Fact]] = defaultdict(set)
    parties: set[int] = set()
    if not ids:
        return before, parties
    dropped = run(_DROP_ROLES, (numbers(ids),))
    for declared_by, holder, target, role, from_, to, holder_kind, target_kind in dropped:
        before[declared_by].add((holder, target, role, from_, to))
        parties |= {one for one, kind in ((holder, holder_kind), (target, target_kind)) if Kind(kind).is_party}
    return before, parties


def _roles_of(records: Sequence[StoredRecord], parties: set[int]) -> defaultdict[int, set[Fact]]:
    after: defaultdict[int, set[Fact]] = defaultdict(set)
    declaring = [record for record in records if record.state == State.LIVE and record.roles]
    if not declaring:
        return after
    sources: dict[str, int] = {}
    keys: dict[tuple[int, Kind, str], int] = {(one.source_id, one.kind, one.external_id): one.id for one in records}
    wanted: dict[tuple[int, Kind, str], None] = {}

    def key(record: StoredRecord, reference: Reference) -> tuple[int, Kind, str]:
        source = record.source_id
        if reference.source:
            if reference.source not in sources:
                sources[reference.source] = find_source_id(reference.source) or 0
            source = sources[reference.source]
        return source, reference.kind, reference.external_id

    pairs: list[tuple[int, Any, Any, Any]] = []
    for record in declaring:
        for role in record.roles:
            holder, target = key(record, role.holder), key(record, role.target)
            pairs.append((record.id, holder, target, role))
            wanted.update({one: None for one in (holder, target) if one not in keys})
    keys.update(find_record_ids(list(wanted)))
    for declared_by, holder, target, role in pairs:
        after[declared_by].add((keys[holder], keys[target], role.role[:30], role.from_date, role.to_date))
        parties.update(keys[one] for one in (holder, target) if one[1].is_party)
    return after


def _replace_activities(records: Sequence[StoredRecord]) -> None:
    activities = [record for record in records if record.kind == Kind.ACTIVITY]
    if not activities:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM interactions_activity WHERE record_id = ANY(%s)", [[one.id for one in activities]])
    lines = [activity_line(record) for record in activities if record.state == State.LIVE]
    _copy(
        _COPY_ACTIVITIES,
        [
            (one.record_id, one.type, one.at, one.title, one.number, one.state, one.amount, one.cost, one.currency)
            for one in lines
        ],
    )


def _copy(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if is_together():
        values = f"VALUES ({', '.join(['%s'] * len(rows[0]))})"
        insert = sql.replace("COPY", "INSERT INTO").replace("FROM STDIN", values)
        for row in rows:
            run(insert, row)
        return
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
