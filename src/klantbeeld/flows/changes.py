"""The feed of changes: which customers changed, for machines that follow them; public ids only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from klantbeeld.foundation import outbox
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.contracts import Cursor, EventPage
from klantbeeld.identity.queries.reach import uuids_in_reach
from klantbeeld.kit.ids import format_id
from klantbeeld.sources.queries import public_ids, sources_in_reach

SCOPE = "changes:read"
_CUSTOMERS = ("into", "from")


def read_changes(place: Cursor, limit: int, *, actor: Actor) -> EventPage:
    """What happened to customers after a place, oldest first; ids in the payloads are public ones.

    Of an actor who reaches one company's customers only, events of others are left out, and ids of others in an event:
    the place to go on from is the same for everybody. Raises Refused.
    """
    require(actor, SCOPE)
    page = outbox.read_after(place, limit, subject_kind="customer")
    named = {one.subject_uuid for one in page.events} | {
        UUID(str(one.payload[name])) for one in page.events for name in _CUSTOMERS if name in one.payload
    }
    known = uuids_in_reach((one for one in named if one is not None), actor)
    causes = _causes({str(one.payload.get("cause", "")) for one in page.events}, actor)
    events = tuple(
        replace(one, payload=_public(one.payload, known, causes)) for one in page.events if one.subject_uuid in known
    )
    return replace(page, events=events)


def _public(payload: Mapping[str, Any], known: set[UUID], causes: Mapping[str, str]) -> dict[str, Any]:
    """A payload as it leaves the house: what is not named here stays inside."""
    told: dict[str, Any] = {
        name: format_id("cus", UUID(str(payload[name])))
        for name in _CUSTOMERS
        if name in payload and UUID(str(payload[name])) in known
    }
    cause = causes.get(str(payload.get("cause", "")))
    return {"cause": cause, **told} if cause else told


def _causes(causes: Collection[str], actor: Actor) -> Mapping[str, str]:
    """What brought changes about, as others may know it; an internal cause that has no public name is left out.

    An import or record by its public id, a delivery by its source, a person's word by its merge (`undo:` when it was
    taken back).
    """
    parts = {cause: cause.split(":", 1) for cause in causes if cause.count(":") == 1}
    numbers = {name: _numbers(parts, name) for name in ("run", "record")}
    runs, records = public_ids(runs=numbers["run"], records=numbers["record"], actor=actor)
    sources = {number: code for code, number in sources_in_reach(actor).items()}
    told: dict[str, str] = {"rebuild": "rebuild"}
    for cause, (kind, value) in parts.items():
        if kind == "run" and int(value) in runs:
            told[cause] = format_id("run", runs[int(value)])
        elif kind == "record" and int(value) in records:
            told[cause] = format_id("rec", records[int(value)])
        elif kind == "source" and int(value) in sources:
            told[cause] = f"source:{sources[int(value)]}"
        elif kind in ("decision", "revoked"):
            merge = format_id("mrg", UUID(value))
            told[cause] = merge if kind == "decision" else f"undo:{merge}"
    return told


def _numbers(parts: Mapping[str, list[str]], kind: str) -> list[int]:
    return [int(value) for found, value in parts.values() if found == kind]
