"""What identity gives to the layers above: what resolving changed, references to customers, links, reasons, hits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class What(StrEnum):
    """What resolving did to a customer."""

    BORN = "born"
    CHANGED = "changed"  # its set of records, or what one of them says
    MERGED = "merged"  # its id now points to `other`
    REVIVED = "revived"  # its id came back out of `other`, or its records came back
    EMPTIED = "emptied"  # no live record is left; the id stays


@dataclass(frozen=True, slots=True)
class Change:
    """One customer that is not what it was.

    `other_id`: for merged the customer that took its place; for born and revived the one it was split from.
    `records`: the live records it has now, in order of their ids.
    """

    customer_id: int
    uuid: UUID
    kind: int
    event: What
    other_id: int | None
    other_uuid: UUID | None
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every customer whose set of records changed, or one of whose records changed."""

    changes: tuple[Change, ...] = ()
    clusters: frozenset[int] = frozenset()  # the groups, named by their smallest record, that the queue looks at again

    @property
    def standing(self) -> tuple[int, ...]:
        """Ids of the customers whose golden record has to be computed again: all but those that were merged away."""
        return tuple(change.customer_id for change in self.changes if change.event != What.MERGED)


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A person's word, kept or taken back: `merge_uuid` names the act, `records` are those that it is about."""

    merge_uuid: UUID
    resolved: Resolved
    records: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """A customer that stands; `redirected_from` is the id that was asked for when that one has merged away."""

    id: int
    uuid: UUID
    kind: int
    redirected_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class NumberHit:
    """A record that carries the number that was asked for.

    `scheme`: phone, email, address, or the scheme of the identifier. `via`: how it was read, such as `exact`,
    `leading_zeros`, `national` or `without_suffix`.
    """

    record_id: int
    kind: int
    scheme: str
    value: str
    of: str
    via: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Two records with evidence of being one customer (or one household)."""

    left_id: int
    right_id: int
    weight: float
    household: float


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A person's word on two records. `overruled_by` names the newer act that contradicts it."""

    merge_uuid: UUID
    verdict: str
    left_id: int
    right_id: int
    reason: str
    made_by: str
    made_at: datetime
    overruled_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that said that records are different customers; `holds` while it is in force and not overruled.

    `ends` are the records it names (the first hundred of `records`).
    """

    act: UUID
    at: datetime
    kind: int
    ends: tuple[int, ...]
    records: int
    holds: bool


#: What a compared field is made of: the attributes whose values it shows. A field may be seen only by who may see them.
STATED_BY: Mapping[str, tuple[str, ...]] = {
    "given": ("given_name", "given_names", "initials"),
    "initials": ("initials",),
    "family": ("family_name", "name_prefix", "partner_family_name", "partner_prefix"),
    "gender": ("gender",),
    "birth": ("birth_date",),
    "address": ("address",),
    "phone": ("phone",),
    "email": ("email",),
    "organisation": ("name", "trade_name"),
    "name": ("name", "trade_name"),
}


def attributes_behind(field: str) -> tuple[str, ...]:
    """Codes of the attributes whose values a compared field shows; of `ids:iban` it is `iban`."""
    return (field[4:],) if field.startswith("ids:") else STATED_BY.get(field, (field,))


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall: what one field adds to the weight of a pair, in bits."""

    field: str
    level: str
    left: Any
    right: Any
    weight: float
    label: Mapping[str, str]
    text: Mapping[str, str] = dataclasses.field(default_factory=dict)  # the level in words


@dataclass(frozen=True, slots=True)
class PairExplained:
    """Why two records are, or are not, one customer. `prior` and the steps add up to the weight.

    `rival`: the class that match was held against (household, namesake, random). `why_not`, when they are not
    together: `decision` (a person keeps them apart), `queue` (waits for a person), `weak` (too little evidence),
    `conflict` (the pair alone would do, but other records of both customers contradict it).
    """

    left_id: int
    right_id: int
    together: bool
    weight: float
    probability: float
    steps: tuple[Step, ...]
    classes: Mapping[str, float]
    sentence: Mapping[str, str]
    decisions: tuple[DecisionRow, ...]
    shared_keys: tuple[str, ...]
    prior: float = 0.0
    rival: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class GroupExplained:
    """Why these records are one customer: the links and decisions that hold them together.

    `backbone`: the strongest links that together connect the records (a maximum spanning forest); a picture draws
    these first. `links`: all links between the records.
    """

    customer_id: int
    records: tuple[int, ...]
    backbone: tuple[LinkRow, ...]
    links: tuple[LinkRow, ...]
    decisions: tuple[DecisionRow, ...]
    pairs: tuple[PairExplained, ...]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of what happened to a customer's id and records."""

    at: datetime
    event: str
    customer_uuid: UUID
    other_uuid: UUID | None
    record_id: int | None
    cause: str
    actor: str


@dataclass(frozen=True, slots=True)
class Period:
    """From and until which day (inclusive) something held; None is open."""

    from_date: date | None
    to_date: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rebuild does or would do: customers that go up in another, that come out of one, and that change."""

    merging: int
    splitting: int
    changing: int


@dataclass(frozen=True, slots=True)
class JoinedRecord:
    """A record that links alone put with its customer, and the record of that customer that it is most like."""

    record_id: int
    other_id: int
    weight: float
