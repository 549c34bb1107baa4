"""The queue, page by page: each page is one walk along an index, however many customers there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.contracts import Kind
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import CustomerLine, Item, ItemPage, Proposal, State

SCOPE = "customers:merge"
MOST_COUNTED = 5_000
MOST_ROWS = 200
MOST_NAMED = 8
Order = Literal["priority", "oldest", "newest"]
ORDERS: tuple[Order, ...] = ("priority", "oldest", "newest")

_COLUMNS = """r.id, r.uuid, r.state, r.kind, r.customers, r.ends, r.records, r.weight, r.priority, r.since, r.version,
  r.act, r.assignee_id, coalesce(u.name, '') AS assignee, r.put_off_until, r.proposed, r.proposed_by, r.proposed_at,
  r.proposed_customers"""
_BEGINNING, _STEP = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the queue is narrowed to. `assigned`: mine, nobody, others or empty for all; `kind`: a kind's code."""

    state: State = State.REVIEW
    kind: str = ""
    assigned: str = ""
    order: Order = "priority"


def list_items(
    asked: Asked, *, actor: Actor, purpose: str, place: tuple[int, int] | None = None, limit: int = 50
) -> ItemPage:
    """A page of the queue; `place` is `next_place` of the page before. The read is in the audit log.

    Raises Refused, and Invalid for a filter that does not exist.
    """
    admit(actor, SCOPE, purpose)
    limit = max(1, min(limit, MOST_ROWS))
    rows = _rows(asked, actor, place, limit + 1)
    items = _items(rows[:limit], actor=actor, purpose=purpose)
    audit.write(
        actor=actor,
        purpose=purpose,
        action="reviews.list",
        detail={"customers": sorted({line.customer_id for item in items for line in item.customers})},
    )
    return ItemPage(tuple(items), _place(asked.order, items[-1]) if len(rows) > limit else None)


def place_of(order: Order, item: Item) -> tuple[int, int]:
    """The place right after an item, in an order of the queue."""
    return _place(order, item)


def get_item(review: UUID, *, actor: Actor, purpose: str) -> Item:
    """One item. The caller shows more of it, and writes the read to the audit log. Raises Refused, Missing."""
    admit(actor, SCOPE, purpose)
    rows = _fetch(f"SELECT {_COLUMNS} {_FROM} WHERE r.uuid = %s", [review])
    if not rows:
        raise Missing("There is no review with this id.", code="reviews.missing")
    return _items(rows, actor=actor, purpose=purpose)[0]


def next_of(asked: Asked, *, actor: Actor, after: tuple[int, int] | None, but: UUID | None = None) -> UUID | None:
    """The item that comes after a place in the queue, left to others what is theirs; from the top when none follows."""
    for place in (after, None) if after is not None else (None,):
        for row in _rows(asked, actor, place, 2, mine_first=True):
            if row["uuid"] != but:
                return UUID(str(row["uuid"]))
    return None


def previous_of(asked: Asked, *, actor: Actor, before: tuple[int, int], but: UUID) -> UUID | None:
    """The item that comes right before a place in the queue, in order of priority; None at the top."""
    conditions, parameters = _conditions(asked, actor, mine_first=True)
    rows = _fetch(
        f"""SELECT r.uuid {_FROM} WHERE {conditions} AND r.priority >= %s AND (r.priority > %s OR r.id < %s)
            AND r.uuid <> %s ORDER BY r.priority, r.id DESC LIMIT 1""",
        [*parameters, before[0], before[0], before[1], but],
    )
    return UUID(str(rows[0]["uuid"])) if rows else None


def counts(*, actor: Actor) -> dict[State, int]:
    """How many items there are in each state: exact up to MOST_COUNTED, one more when there are more."""
    admit(actor, "quality:read")
    states = [state for state in State if state is not State.CLOSED]
    with connection.cursor() as cursor:
        # In the order of an index, or a state that hardly occurs would be looked for in the whole table.
        cursor.execute(
            """SELECT s, (SELECT count(*) FROM (
                 SELECT FROM stewardship_review WHERE state = s ORDER BY since, id LIMIT %s) counted)
               FROM unnest(%s::int2[]) AS s""",
            [MOST_COUNTED + 1, [int(state) for state in states]],
        )
        return {State(state): number for state, number in cursor.fetchall()}


_FROM = "FROM stewardship_review r LEFT JOIN foundation_user u ON u.id = r.assignee_id"


def _rows(
    asked: Asked, actor: Actor, place: tuple[int, int] | None, limit: int, *, mine_first: bool = False
) -> list[dict[str, Any]]:
    conditions, parameters = _conditions(asked, actor, mine_first=mine_first)
    if asked.order == "priority":
        order = "r.priority DESC, r.id"
        if place is not None:
            conditions += " AND r.priority <= %s AND (r.priority < %s OR r.id > %s)"
            parameters += [place[0], place[0], place[1]]
    else:
        way, sign = ("", ">") if asked.order == "oldest" else (" DESC", "<")
        order = f"r.since{way}, r.id{way}"
        if place is not None:
            conditions += f" AND (r.since, r.id) {sign} (%s, %s)"
            parameters += [_moment(place[0]), place[1]]
    return _fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE {conditions} ORDER BY {order} LIMIT %s",
        [*parameters, limit],
    )


def _conditions(asked: Asked, actor: Actor, *, mine_first: bool) -> tuple[str, list[Any]]:
    if asked.order not in ORDERS:
        raise Invalid(f"order: expected one of {', '.join(ORDERS)}.", code="reviews.order", field="order")
    # The state stands in the text: only so does the planner see that the partial indexes hold it.
    conditions, parameters = f"r.state = {int(asked.state)}", []
    if asked.kind:
        kinds = {Kind.PERSON.code: Kind.PERSON, Kind.ORGANISATION.code: Kind.ORGANISATION}
        if asked.kind not in kinds:
            raise Invalid("kind: expected person or organisation.", code="reviews.kind", field="kind")
        conditions += " AND r.kind = %s"
        parameters.append(int(kinds[asked.kind]))
    own = actor.id if actor.kind == "user" else 0
    if asked.assigned == "mine":
        conditions += " AND r.assignee_id = %s"
        parameters.append(own)
    elif asked.assigned == "nobody":
        conditions += " AND r.assignee_id IS NULL"
    elif asked.assigned == "others":
        conditions += " AND r.assignee_id IS NOT NULL AND r.assignee_id <> %s"
        parameters.append(own)
    elif asked.assigned:
        raise Invalid("assigned: expected mine, nobody or others.", code="reviews.assigned", field="assigned")
    elif mine_first:
        conditions += " AND (r.assignee_id IS NULL OR r.assignee_id = %s)"
        parameters.append(own)
    return conditions, parameters


def _fetch(statement: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _items(rows: Sequence[Mapping[str, Any]], *, actor: Actor, purpose: str) -> list[Item]:
    ends = {record for row in rows for record in row["ends"]}
    placed = identity.customer_of(ends) if ends else {}
    involved = {row["id"]: row["customers"] or _distinct(placed, row["ends"]) for row in rows}
    wanted = {number for numbers in involved.values() for number in numbers[:MOST_NAMED]}
    known = profiles.rows_of(wanted, actor=actor, purpose=purpose) if wanted else {}
    return [_item(row, involved[row["id"]], known) for row in rows]


def _distinct(placed: Mapping[int, int], ends: Iterable[int]) -> list[int]:
    return sorted({placed[record] for record in ends if record in placed})


def _item(row: Mapping[str, Any], customers: Sequence[int], known: Mapping[int, ProfileRow]) -> Item:
    proposal = None
    if row["proposed"]:
        proposal = Proposal(row["proposed"], row["proposed_by"], row["proposed_at"], tuple(row["proposed_customers"]))
    return Item(
        id=row["id"],
        uuid=row["uuid"],
        state=State(row["state"]),
        kind=Kind(row["kind"]).code,
        customers=tuple(_line(known[number]) for number in customers[:MOST_NAMED] if number in known),
        records=row["records"],
        weight=row["weight"],
        priority=row["priority"],
        since=row["since"],
        version=row["version"],
        act=row["act"],
        assignee_id=row["assignee_id"],
        assignee=row["assignee"],
        put_off_until=row["put_off_until"],
        proposal=proposal,
    )


def _line(row: ProfileRow) -> CustomerLine:
    return CustomerLine(row.customer_id, row.uuid, row.name, row.city, row.birth_date, row.records)


def _place(order: Order, item: Item) -> tuple[int, int]:
    if order == "priority":
        return item.priority, item.id
    return (item.since - _BEGINNING) // _STEP, item.id


def _moment(steps: int) -> datetime:
    try:
        return _BEGINNING + steps * _STEP
    except OverflowError:
        raise Invalid("place: not one that this list gave out.", code="reviews.place") from None
