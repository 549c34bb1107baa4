"""Rows of lists and search results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from klantbeeld.kit.ids import format_id
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.words import label


@dataclass(frozen=True, slots=True)
class Row:
    """One customer in a list; `reasons` say why a search found it."""

    id: str
    kind: str
    name: str
    postcode: str
    city: str
    birth_date: str
    sources: tuple[str, ...]
    records: int
    changed_at: datetime
    reasons: tuple[str, ...] = ()


def rows(profiles: Iterable[ProfileRow], reasons: Mapping[int, Sequence[str]] | None = None) -> list[Row]:
    """Rows for the template; `reasons` by internal customer id."""
    names = {number: label(source.label) for number, source in trust_of_sources().items()}
    return [
        Row(
            id=format_id("cus", profile.uuid),
            kind=profile.kind,
            name=profile.name,
            postcode=profile.postcode,
            city=profile.city,
            birth_date=profile.birth_date,
            sources=tuple(names[number] for number in profile.sources if number in names),
            records=profile.records,
            changed_at=profile.changed_at,
            reasons=tuple((reasons or {}).get(profile.customer_id, ())),
        )
        for profile in profiles
    ]
