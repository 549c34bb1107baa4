"""Lists of customers: filtered, in the order of their names, page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from klantbeeld.foundation import access
from klantbeeld.kit.errors import Invalid, Refused
from klantbeeld.profiles.contracts import Page
from klantbeeld.profiles.queries.records import ROW_COLUMNS, as_row, own_sources
from klantbeeld.sources.contracts import Kind

MOST_ROWS = 200
COUNTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means everything. `several` keeps customers of two records or more."""

    kind: str = ""
    source_id: int | None = None
    city: str = ""
    several: bool = False


ORDERS = {
    "name": ("p.sort_name, p.customer_id", "(p.sort_name, p.customer_id) > (%s, %s)"),
    "changed": ("p.changed_at DESC, p.customer_id DESC", "(p.changed_at, p.customer_id) < (%s, %s)"),
}


def list_profiles(
    *,
    actor: access.Actor,
    purpose: str,
    filters: Filters | None = None,
    order: str = "name",
    cursor: str = "",
    limit: int = 50,
) -> Page:
    """A page of customers, by name or the last changed first. `total` is exact to 10,000, None above it.

    Whoever changes while somebody goes through the pages by change comes at the top, not on a later page.
    """
    grant = access.require(actor, "customers:find", purpose)
    filters, own = filters or Filters(), own_sources(actor)
    _check_may_narrow(filters, grant)
    where, values = conditions(filters, own)
    ordered, after = ORDERS[order]
    position, at = (f"AND {after}", read_cursor(cursor, order)) if cursor else ("", ())
    size = max(1, min(limit, MOST_ROWS))
    with connection.cursor() as db:
        db.execute(
            f"""SELECT {ROW_COLUMNS}, p.sort_name FROM profiles_profile p
                JOIN identity_customer c ON c.id = p.customer_id WHERE {where} {position}
                ORDER BY {ordered} LIMIT %s""",  # noqa: S608 - placeholders only
            [*values, *at, size + 1],
        )
        rows = db.fetchall()
        db.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM profiles_profile p WHERE {where} LIMIT %s) counted",  # noqa: S608
            [*values, COUNTED_AT_MOST + 1],
        )
        (total,) = db.fetchone() or (0,)
    following = ""
    if rows[size:]:
        number, changed_at, sort_name = rows[size - 1][0], rows[size - 1][9], rows[size - 1][10]
        following = write_cursor(sort_name if order == "name" else changed_at.isoformat(), number)
    return Page(
        tuple(as_row(row, grant, own) for row in rows[:size]), following, total if total <= COUNTED_AT_MOST else None
    )


def _check_may_narrow(filters: Filters, grant: access.Grant) -> None:
    """Raise Refused for a filter on what the grant may not see: who comes up would tell it."""
    kinds = [filters.kind] if filters.kind else ["person", "organisation"]
    if filters.city and not all("address" in grant.attributes(kind) for kind in kinds):
        raise Refused(
            f"For '{grant.purpose}' the attribute address is not to be seen, so a list is not narrowed by town.",
            code="access.attribute_refused",
            attribute="address",
            purpose=grant.purpose,
        )


def conditions(filters: Filters, own: Sequence[int] | None = None) -> tuple[str, list[Any]]:
    """The filters as SQL with placeholders, and their values; only customers that one of `own` knows (None: all)."""
    parts: list[str] = ["p.records > 0"]
    values: list[Any] = []
    if filters.kind:
        try:
            values.append(int(Kind[filters.kind.upper()]))
        except KeyError:
            raise Invalid(f"'{filters.kind[:30]}' is not a kind; expected person or organisation.") from None
        parts.append("p.kind = %s")
    if own is not None:
        parts.append("p.sources && %s::bigint[]")
        values.append(list(own))
    if filters.source_id is not None:
        parts.append("p.sources @> ARRAY[%s]::bigint[]")
        values.append(filters.source_id)
    if "\0" in filters.city:
        raise Invalid("A town has no NUL character in its name.")
    if filters.city:
        parts.append("lower(p.city) = lower(%s)")
        values.append(filters.city)
    if filters.several:
        parts.append("p.records > 1")
    return " AND ".join(parts), values


def write_cursor(place: str, customer_id: int) -> str:
    """The place after a row, as opaque text; it may hold a folded name, so it travels in bodies and headers only."""
    return base64.urlsafe_b64encode(json.dumps([place, customer_id]).encode()).decode()


def read_cursor(cursor: str, order: str = "name") -> tuple[str | datetime, int]:
    """The place that a cursor of this order stands for; raises Invalid when it is not one of ours."""
    try:
        text, customer_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = str(text), int(customer_id)
        place[0].encode()  # a lone surrogate is no text that the database could compare
        at = datetime.fromisoformat(place[0]).astimezone(UTC) if order == "changed" else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        place, at = ("\0", 0), None
    if "\0" in place[0] or not 0 <= place[1] < 1 << 63:
        raise Invalid("The cursor is not one that this list gave out; leave it away to begin.")
    return at or place[0], place[1]
