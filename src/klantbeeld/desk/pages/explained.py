"""Why a value is what it is, what the golden record was before, and what people decided about the customer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from klantbeeld.desk.pages.notes import notes_ever, notes_on
from klantbeeld.desk.pages.values import RULES, shown_candidate, told
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.queries import names_of
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import DecisionRow
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.words import label

DECISION = "mrg"
"""The prefix of the public id of what people decided."""


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A value in the contest; `note` tells who corrected it and why."""

    text: str
    won: bool
    sentence: str
    sources: tuple[str, ...]
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a value is what it is."""

    label: str
    rule: str
    candidates: tuple[ShownCandidate, ...]


def explained(customer: uuid.UUID, attribute: str, *, actor: Actor, purpose: str) -> Explained:
    """Every candidate of an attribute. Raises Missing and Refused as `profiles.explain_value` does."""
    found = profiles.explain_value(customer, attribute, actor=actor, purpose=purpose)
    spec = attributes(found.kind)[attribute]
    sources = trust_of_sources().values()
    names = {source.code: label(source.label) for source in sources}
    ours = {source.code for source in sources if source.builtin}
    corrected = [candidate for candidate in found.candidates if ours & {*candidate.sources}]
    notes = notes_on([one for candidate in corrected for one in candidate.records])
    return Explained(
        label(spec.label),
        ", ".join(gettext(RULES.get(name, name)) for name in found.rule),
        tuple(
            ShownCandidate(
                shown_candidate(candidate.value, spec),
                candidate.won,
                label(candidate.sentence),
                tuple(names.get(code, code) for code in candidate.sources),
                candidate.at,
                next((note for one in candidate.records if (note := notes.of(one, attribute))), ""),
            )
            for candidate in found.candidates
        ),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An attribute that a version changed; `note` tells who said so and why, when it was a correction."""

    label: str
    before: str
    after: str
    note: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the golden record, and what it changed."""

    version: int
    from_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided, and may be taken back: that records are one customer, or that customers are different."""

    id: str
    is_same: bool
    at: datetime
    by: str
    reason: str
    others: tuple[ProfileRow, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The versions, newest first, and the decisions in force."""

    id: str
    number: int
    versions: tuple[Version, ...]
    decisions: tuple[Decided, ...]
    may_undo: bool


def history(customer: uuid.UUID, *, actor: Actor, purpose: str, limit: int = 20) -> HistoryPage:
    """What the golden record was before, and what people decided. Raises Missing and Refused as `profiles.history`."""
    changes = profiles.history(customer, actor=actor, purpose=purpose, limit=limit)
    ref = identity.follow(customer)
    members = identity.members_of([ref.id]).get(ref.id, ())
    sources = trust_of_sources()
    ours = {record.id for record in load_records(members) if sources[record.source_id].builtin}
    notes = notes_ever(sorted(ours))
    specs = {**attributes("organisation"), **attributes("person")}
    versions = tuple(
        Version(
            change.version,
            change.from_at,
            tuple(
                Line(
                    label(specs[code].label) if code in specs else code,
                    told(before, specs.get(code)),
                    told(after, specs.get(code)),
                    notes.get((code, change.from_at.isoformat()), ""),
                )
                for code, (before, after) in change.changes.items()
            ),
        )
        for change in changes
    )
    decided = decisions(members, ours, actor=actor, purpose=purpose)
    return HistoryPage(format_id("cus", ref.uuid), ref.id, versions, decided, actor.may("customers:merge"))


def decisions(members: Sequence[int], ours: set[int], *, actor: Actor, purpose: str) -> tuple[Decided, ...]:
    """The acts in force about these records, the newest first; what merely ties our own records is none."""
    acts: dict[uuid.UUID, list[DecisionRow]] = {}
    for row in identity.decisions_of(members):
        if row.overruled_by is None:
            acts.setdefault(row.merge_uuid, []).append(row)
    acts = {act: rows for act, rows in acts.items() if not all({one.left_id, one.right_id} & ours for one in rows)}
    names = names_of(rows[0].made_by for rows in acts.values())
    outside = {one for rows in acts.values() for row in rows for one in (row.left_id, row.right_id)} - {*members}
    customer_of = identity.customer_of(outside) if outside else {}
    found = profiles.rows_of(set(customer_of.values()), actor=actor, purpose=purpose) if customer_of else {}
    return tuple(
        Decided(
            format_id(DECISION, act),
            rows[0].verdict == "same",
            rows[0].made_at,
            names.get(rows[0].made_by, rows[0].made_by),
            rows[0].reason,
            tuple({one.customer_id: one for one in others(rows, customer_of, found)}.values()),
        )
        for act, rows in acts.items()
    )


def others(rows: Sequence[DecisionRow], customer_of: dict[int, int], found: dict[int, ProfileRow]) -> list[ProfileRow]:
    """The other customers that an act is about."""
    ends = [one for row in rows for one in (row.left_id, row.right_id) if one in customer_of]
    return [found[customer_of[one]] for one in ends if customer_of[one] in found]
