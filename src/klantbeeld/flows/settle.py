"""The end of every way through the house: project what changed, write it down, tell others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from klantbeeld.foundation import audit, outbox
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.contracts import Event
from klantbeeld.foundation.wire import together
from klantbeeld.identity.contracts import Change, Resolved, What
from klantbeeld.lifecycle import actions as lifecycle
from klantbeeld.profiles import actions as profiles
from klantbeeld.profiles.contracts import Projected
from klantbeeld.stewardship import actions as stewardship

EVENT_OF: Mapping[What, str] = {
    What.BORN: "customer.created",
    What.CHANGED: "customer.changed",
    What.MERGED: "customer.merged",
    What.REVIVED: "customer.revived",
    What.EMPTIED: "customer.emptied",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What was settled: the golden records in force, how many of each change, and how many events went out."""

    customers: tuple[Projected, ...]
    counts: Mapping[str, int]
    events: int


def settle(
    *,
    resolved: Resolved,
    actor: Actor,
    purpose: str,
    action: str,
    cause: str,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    parties: Iterable[int] = (),
    targets: Iterable[int] = (),
) -> Settled:
    """Project the customers that changed, write one audit line for the act, and publish one event for each of them.

    In the caller's transaction; raises RuntimeError outside one. A customer whose golden record stays what it was, and
    that neither came nor went, gives no event. `customer.split` goes out for one from which another was taken.
    `parties` are records whose roles changed, `targets` contracts and activities that changed: who holds roles in them
    may be in another state of the lifecycle now, though the golden record is what it was.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Settling belongs to the transaction of the change; open one with transaction.atomic().")
    with together() if len(resolved.changes) < profiles.MANY else nullcontext():
        settled = _settled(resolved, actor, purpose, action, cause, at, detail or {})
    lifecycle.follow(changes=resolved.changes, parties=parties, targets=targets, cause=cause, at=at)
    return settled


def _settled(
    resolved: Resolved,
    actor: Actor,
    purpose: str,
    action: str,
    cause: str,
    at: datetime,
    detail: Mapping[str, Any],
) -> Settled:
    projected = profiles.project(changes=resolved.changes, at=at)
    versions = {one.customer_id: one for one in projected}
    events = list(_events(resolved.changes, versions, cause))
    counts = Counter(event.type.removeprefix("customer.") for event in events)
    touched = resolved.standing
    audit.write(
        actor=actor,
        purpose=purpose,
        action=action,
        subject_kind="customer" if touched else "",
        subject_id=touched[0] if len(touched) == 1 else None,
        detail={"cause": cause, **counts, **detail},
    )
    outbox.publish(events)
    stewardship.follow(clusters=resolved.clusters, at=at)
    return Settled(tuple(projected), dict(counts), len(events))


def _events(changes: Iterable[Change], versions: Mapping[int, Projected], cause: str) -> Iterable[Event]:
    for change in changes:
        projected = versions.get(change.customer_id)
        if change.event is What.CHANGED and (projected is None or not projected.changed):
            continue
        version = projected.version if projected else None
        payload = {"cause": cause}
        if change.other_uuid is not None:
            payload["into" if change.event is What.MERGED else "from"] = str(change.other_uuid)
        yield Event(EVENT_OF[change.event], "customer", change.customer_id, change.uuid, version, payload)
        if change.event in (What.BORN, What.REVIVED) and change.other_id is not None:
            split = {"cause": cause, "into": str(change.uuid)}
            whole = versions.get(change.other_id)
            yield Event(
                "customer.split",
                "customer",
                change.other_id,
                change.other_uuid,
                whole.version if whole else None,
                split,
            )
