"""Whose sources an actor reaches: a key bound to a company reaches that company's, everybody else the group's.

What lies beyond is answered as what does not exist, so that no answer tells which sources there are (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.wire import numbers, run

Row = TypeVar("Row", bound=Model)
_CODES = """
SELECT code, id FROM sources_source
WHERE (%s::bigint IS NULL OR company_id = %s::bigint AND NOT builtin) AND (%s::boolean OR NOT builtin) ORDER BY id
"""
_RUNS = """
SELECT r.id, r.uuid FROM sources_run r JOIN sources_source s ON s.id = r.source_id
WHERE r.id = ANY(%s::bigint[]) AND (%s::bigint IS NULL OR s.company_id = %s::bigint AND NOT s.builtin)
"""
_RECORDS = """
SELECT r.id, r.uuid FROM sources_record r JOIN sources_source s ON s.id = r.source_id
WHERE r.id = ANY(%s::bigint[]) AND (%s::bigint IS NULL OR s.company_id = %s::bigint AND NOT s.builtin)
"""
_OWN_RECORDS = """
SELECT r.id FROM sources_record r JOIN sources_source s ON s.id = r.source_id
WHERE r.id = ANY(%s::bigint[]) AND s.company_id = %s::bigint AND NOT s.builtin
"""


def sources_in_reach(actor: Actor, *, builtin: bool = True) -> Mapping[str, int]:
    """The sources that the actor may read, deliver to and refer to: code -> internal id.

    Our own sources, where employees' corrections stand, belong to the group and to no key of one company; without
    `builtin` they are left out for everybody.
    """
    company = actor.bound_to
    return dict(run(_CODES, (company, company, builtin)).fetchall())


def within_reach(rows: QuerySet[Row], actor: Actor, path: str = "") -> QuerySet[Row]:
    """Those rows whose source the actor reaches; `path` leads from a row to its source (`source__`)."""
    if actor.bound_to is None:
        return rows
    return rows.filter(**{f"{path}company_id": actor.bound_to, f"{path}builtin": False})


def records_in_reach(record_ids: Iterable[int], actor: Actor) -> set[int]:
    """Those of the records that stand in a source within the actor's reach."""
    wanted = set(record_ids)
    if actor.bound_to is None or not wanted:
        return wanted
    return {number for (number,) in run(_OWN_RECORDS, (numbers(sorted(wanted)), actor.bound_to))}


def public_ids(
    *, runs: Iterable[int], records: Iterable[int], actor: Actor
) -> tuple[Mapping[int, UUID], Mapping[int, UUID]]:
    """The public ids of runs and of records by internal id, as far as the actor reaches their sources."""
    company = actor.bound_to
    found: list[Mapping[int, UUID]] = []
    for statement, ids in ((_RUNS, list(runs)), (_RECORDS, list(records))):
        found.append(dict(run(statement, (numbers(ids), company, company)).fetchall()) if ids else {})
    return found[0], found[1]
