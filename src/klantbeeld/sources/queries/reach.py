"""Whose sources an actor reaches: a key bound to a company reaches that company's, everybody else the group's.

What lies beyond is answered as what does not exist, so that no answer tells which sources there are (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db.models import Model, QuerySet

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.wire import numbers, run

Row = TypeVar("Row", bound=Model)
_CODES = """
SELECT code, id FROM sources_source
WHERE (%s::bigint IS NULL OR company_id = %s::bigint AND NOT builtin) ORDER BY id
"""
_OWN_RECORDS = """
SELECT r.id FROM sources_record r JOIN sources_source s ON s.id = r.source_id
WHERE r.id = ANY(%s::bigint[]) AND s.company_id = %s::bigint AND NOT s.builtin
"""


def sources_in_reach(actor: Actor) -> Mapping[str, int]:
    """The sources that the actor may read, deliver to and refer to: code -> internal id.

    Our own sources, where employees' corrections stand, belong to the group and to no key of one company.
    """
    company = actor.bound_to
    return dict(run(_CODES, (company, company)).fetchall())


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
