"""Find a customer by whatever somebody has in hand: any number in any notation, else a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, Grant, require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import NumberHit
from klantbeeld.interactions import queries as interactions
from klantbeeld.profiles import queries as profiles
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import records_in_reach

SCOPE = "customers:find"
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Via:
    """How a number leads to a customer.

    `scheme` and `kind` say what the number is (a policy of a contract), `how` how it was read (`exact`, `notation`,
    `leading_zeros`, `without_suffix`). For a number of a contract, object or activity, `role` and its period say what
    the customer is in it. `record_id` is the record that carries the number; `value` as that record writes it.
    """

    scheme: str
    value: str
    kind: str
    how: str
    record_id: int
    role: str = ""
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that was found, by number (with the ways that lead there) or by name (with a score, 0..1)."""

    customer: ProfileRow
    found_by: Literal["number", "name"]
    score: float
    via: tuple[Via, ...] = ()


@dataclass(frozen=True, slots=True)
class FindResult:
    """Customers, best first: those found by number before those found by name."""

    hits: tuple[Hit, ...]

    @property
    def is_number(self) -> bool:
        """Was a number recognised that somebody has?"""
        return any(hit.found_by == "number" for hit in self.hits)


def find(text: str, *, actor: Actor, purpose: str, limit: int = 20) -> FindResult:
    """Customers that carry the number, that have a role in what carries it, or whose name it is (typos forgiven).

    Numbers go first; only when no number is found, or the text has words, names are searched. Current roles go before
    past ones. A number that is an attribute which actor and purpose may not see leads to nobody: that it is somebody's
    would tell it. The search is in the audit log, without what was searched for. Raises Refused.
    """
    grant = require(actor, SCOPE, purpose)
    text = text.strip()[:MOST_TEXT]
    hits = _by_number(text, grant, limit) if text else []
    if text and not hits and any(letter.isalpha() for letter in text) and "@" not in text:
        rows = profiles.find_by_name(text, actor=actor, purpose=purpose, limit=limit)
        hits = [Hit(row, "name", row.score) for row in rows]
    audit.write(
        actor=actor,
        purpose=purpose,
        action="customers.find",
        detail={"found": [hit.customer.customer_id for hit in hits[:limit]], "by": hits[0].found_by if hits else ""},
    )
    return FindResult(tuple(hits[:limit]))


def _by_number(text: str, grant: Grant, limit: int) -> list[Hit]:
    found = [hit for hit in identity.find_by_number(text) if not _is_hidden(hit, grant)]
    within = records_in_reach([hit.record_id for hit in found], grant.actor)
    found = [hit for hit in found if hit.record_id in within]
    if not found:
        return []
    leads = [*_own(found), *_through_roles(found)]
    customer = identity.customer_of({holder for holder, _ in leads})
    ways: dict[int, list[Via]] = {}
    for holder, via in leads:
        if holder in customer:
            ways.setdefault(customer[holder], []).append(via)
    rows = profiles.rows_of(ways, actor=grant.actor, purpose=grant.purpose)
    hits = [
        Hit(rows[number], "number", 1.0, tuple(_best_first(vias))) for number, vias in ways.items() if number in rows
    ]
    return sorted(hits, key=lambda hit: (_rank(hit.via[0]), hit.customer.name, hit.customer.customer_id))[:limit]


def _is_hidden(hit: NumberHit, grant: Grant) -> bool:
    """Is the number an attribute (a bank account, a phone number) that this grant may not see?"""
    kind = Kind(hit.kind).code
    code = "number" if hit.scheme == f"{kind}_number" else hit.scheme
    return any(code in attributes(of) and code not in grant.attributes(of) for of in {kind, hit.of or kind})


def _own(found: Iterable[NumberHit]) -> list[tuple[int, Via]]:
    """Numbers that a party's own record carries, its own or those of what it has."""
    return [(hit.record_id, _via(hit)) for hit in found if Kind(hit.kind).is_party]


def _through_roles(found: Iterable[NumberHit]) -> list[tuple[int, Via]]:
    """Numbers of contracts, objects and activities lead to those who have a role in them."""
    targets: dict[int, list[NumberHit]] = {}
    for hit in found:
        if not Kind(hit.kind).is_party:
            targets.setdefault(hit.record_id, []).append(hit)
    if not targets:
        return []
    return [
        (row.holder_id, _via(hit, row.role, row.from_date, row.to_date))
        for row in interactions.holders_of(list(targets))
        for hit in targets[row.target_id]
    ]


def _via(hit: NumberHit, role: str = "", from_date: date | None = None, to_date: date | None = None) -> Via:
    return Via(hit.scheme, hit.value, hit.of or Kind(hit.kind).code, hit.via, hit.record_id, role, from_date, to_date)


def _best_first(ways: Iterable[Via]) -> list[Via]:
    return sorted(dict.fromkeys(ways), key=_rank)


_HOW = ("exact", "notation", "without_suffix", "leading_zeros")


def _rank(via: Via) -> tuple[bool, int, bool, int]:
    """Own numbers before roles, the exact value before other readings, roles that go on before those that ended."""
    ended = via.to_date is not None
    return (ended, _HOW.index(via.how), bool(via.role), -(via.from_date or date.min).toordinal())
