"""Rows of lists and search results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from klantbeeld.desk.pages.spelling import Spelling
from klantbeeld.desk.pages.values import written_postcode
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.queries.trust import trust_of_sources
from klantbeeld.ui.words import label

BADGES = 3
"""Sources of a row that are named at most; of more the last are counted, and told on hover and to screen readers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One customer in a list; `reasons` say why a search found it, `folded` are sources beyond those named."""

    id: str
    kind: str
    name: str
    postcode: str
    city: str
    birth_date: str
    sources: tuple[str, ...]
    folded: tuple[str, ...]
    records: int
    changed_at: datetime
    reasons: tuple[str, ...] = ()


def rows(profiles: Iterable[ProfileRow], reasons: Mapping[int, Sequence[str]] | None = None) -> list[Row]:
    """Rows for the template; `reasons` by internal customer id."""
    names = {number: label(source.label) for number, source in trust_of_sources().items()}
    return [row(profile, names, tuple((reasons or {}).get(profile.customer_id, ()))) for profile in profiles]


def row(profile: ProfileRow, names: Mapping[int, str], reasons: tuple[str, ...]) -> Row:
    """One row for the template."""
    sources = tuple(names[number] for number in profile.sources if number in names)
    return Row(
        id=format_id("cus", profile.uuid),
        kind=profile.kind,
        name=profile.name,
        postcode=written_postcode(profile.postcode),
        city=town(profile.city),
        birth_date=profile.birth_date,
        sources=sources[: BADGES - 1] if len(sources) > BADGES else sources,
        folded=sources[BADGES - 1 :] if len(sources) > BADGES else (),
        records=profile.records,
        changed_at=profile.changed_at,
        reasons=reasons,
    )


def town(name: str) -> str:
    """A town; one that a source wrote in capitals as people write it."""
    return Spelling().read(name)
