"""Other customers around this one: its household, who holds a role in it or it in them, and possible duplicates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from klantbeeld.desk.pages.evidence import Bar, Reader, bars, chance_of, sentence
from klantbeeld.desk.pages.lists import town
from klantbeeld.desk.pages.values import written_postcode
from klantbeeld.desk.pages.words import other_side_word, role_word
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import LinkRow
from klantbeeld.interactions import queries as interactions
from klantbeeld.interactions.contracts import RoleRow
from klantbeeld.kit.ids import format_id
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow, ProfileView
from klantbeeld.sources.contracts import Kind, StoredRecord
from klantbeeld.sources.queries.records import load_records
from klantbeeld.ui.templatetags.moments import day

EXPLAINED = 5
"""Possible duplicates that are explained; the others are counted."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another customer, and how they relate."""

    number: int
    id: str
    kind: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A possible duplicate: what tells it apart, the chance that it is the same, and why."""

    number: int
    id: str
    kind: str
    name: str
    detail: str
    chance: str
    tone: str
    sentence: str
    left_label: str
    right_label: str
    weight: float
    steps: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """Who is around a customer."""

    household: tuple[Other, ...]
    persons: tuple[Other, ...]
    organisations: tuple[Other, ...]

    @property
    def numbers(self) -> list[int]:
        """The internal ids of all of them."""
        return [one.number for one in (*self.household, *self.persons, *self.organisations)]


def around(
    view: ProfileView,
    records: Mapping[int, StoredRecord],
    roles: Sequence[RoleRow],
    *,
    actor: Actor,
    purpose: str,
) -> Around:
    """The household, and the persons and organisations with whom there is a role, each once with all its roles."""
    household = identity.households_of([view.customer_id]).get(view.customer_id, ())
    ties = [(role.target_id, other_side_word(role.role)) for role in roles if role.target_kind.is_party]
    ties += [
        (role.holder_id, role_word(role.role))
        for role in interactions.holders_of(list(records), kinds=(Kind.PERSON, Kind.ORGANISATION))
    ]
    customer = identity.customer_of([record for record, _ in ties])
    found = profiles.rows_of({*household, *customer.values()}, actor=actor, purpose=purpose)
    related: dict[int, dict[str, None]] = {}
    for record, word in ties:
        if customer.get(record) in found and customer[record] != view.customer_id:
            related.setdefault(customer[record], {})[word] = None
    told = [
        (found[number], " · ".join((", ".join(words), *filter(None, [town(found[number].city)]))))
        for number, words in related.items()
        if found[number].records
    ]
    return Around(
        household=lives_with([found[number] for number in household if number in found], records.values()),
        persons=tuple(other(row, detail) for row, detail in told if row.kind == Kind.PERSON.code),
        organisations=tuple(other(row, detail) for row, detail in told if row.kind == Kind.ORGANISATION.code),
    )


def other(row: ProfileRow, detail: str) -> Other:
    """A customer in a list."""
    return Other(row.customer_id, format_id("cus", row.uuid), row.kind, row.name, detail)


def lives_with(rows: Sequence[ProfileRow], own: Iterable[StoredRecord]) -> tuple[Other, ...]:
    """The others of the household, the eldest first, each with the evidence: what their records share with ours."""
    alive = [row for row in rows if row.records]
    members = identity.members_of([row.customer_id for row in alive])
    loaded = {record.id: record for record in load_records([one for ids in members.values() for one in ids])}
    ours = traits(own)
    made = []
    for row in sorted(alive, key=lambda row: (row.birth_date or "9", row.name)):
        theirs = traits(loaded[record] for record in members.get(row.customer_id, ()) if record in loaded)
        shared = [word for code, word in shared_words().items() if ours[code] & theirs[code]]
        born = gettext("born %(year)s") % {"year": row.birth_date[:4]} if row.birth_date else ""
        made.append(other(row, " · ".join(part for part in (born, ", ".join(shared)) if part)))
    return tuple(made)


def shared_words() -> dict[str, str]:
    """What two people of a household may have in common, in the reader's language."""
    return {
        "address": gettext("same address"),
        "family_name": gettext("same family name"),
        "phone": gettext("same phone number"),
        "email": gettext("same e-mail address"),
    }


def traits(records: Iterable[StoredRecord]) -> dict[str, set[str]]:
    """What records state that others of the household may share, folded so that notation does not matter."""
    found: dict[str, set[str]] = {"address": set(), "family_name": set(), "phone": set(), "email": set()}
    for record in records:
        for code, values in found.items():
            values.update(filter(None, (folded(code, value) for value in stated(record.attributes.get(code)))))
    return found


def stated(value: Any) -> list[Any]:
    """The values of an attribute, whether it may have many or one."""
    entries = value if isinstance(value, list) else [value]
    return [entry["value"] if isinstance(entry, dict) and "value" in entry else entry for entry in entries]


def folded(code: str, value: Any) -> str:
    """A value without its notation; empty when it says too little."""
    if code == "address":
        if not isinstance(value, dict) or not value.get("house_number"):
            return ""
        place = value.get("postcode") or f"{value.get('street', '')} {value.get('city', '')}"
        return "".join(f"{place}{value['house_number']}{value.get('house_suffix') or ''}".casefold().split())
    text = str(value or "").casefold()
    return "".join(one for one in text if one.isdigit())[-9:] if code == "phone" else "".join(text.split())


def duplicates(
    customer_id: int, members: Collection[int], reader: Reader, *, actor: Actor, purpose: str
) -> tuple[tuple[Duplicate, ...], int]:
    """Customers that may be this one too, the likeliest first, and how many there are besides those explained."""
    links = [(link, outside(link, members)) for link in identity.doubtful_of(customer_id)]
    customer = identity.customer_of([record for _, record in links])
    best: dict[int, LinkRow] = {}
    for link, record in links:
        if record in customer:
            best.setdefault(customer[record], link)
    found = profiles.rows_of(best, actor=actor, purpose=purpose)
    listed = [(row, best[number]) for number in best if (row := found.get(number)) and row.records]
    made = tuple(duplicate(row, link, members, reader) for row, link in listed[:EXPLAINED])
    return made, max(0, len(listed) - EXPLAINED)


def outside(link: LinkRow, members: Collection[int]) -> int:
    """The record of a link that is not the customer's own."""
    return link.right_id if link.left_id in members else link.left_id


def duplicate(row: ProfileRow, link: LinkRow, members: Collection[int], reader: Reader) -> Duplicate:
    """A possible duplicate with the evidence between it and the nearest record of this customer."""
    theirs = outside(link, members)
    ours = link.left_id if theirs == link.right_id else link.right_id
    explained = identity.explain_pair(ours, theirs)
    loaded = {record.id: record for record in load_records([ours, theirs])}
    left, right = loaded.get(explained.left_id), loaded.get(explained.right_id)
    said, tone = chance_of(explained)
    return Duplicate(
        number=row.customer_id,
        id=format_id("cus", row.uuid),
        kind=row.kind,
        name=row.name,
        detail=" · ".join(
            part for part in (day(row.birth_date), written_postcode(row.postcode), town(row.city)) if part
        ),
        chance=said,
        tone=tone,
        sentence=sentence(explained),
        left_label=reader.sources.get(left.source_id, "") if left else "",
        right_label=reader.sources.get(right.source_id, "") if right else "",
        weight=explained.weight,
        steps=bars(explained, left, right, reader),
    )
