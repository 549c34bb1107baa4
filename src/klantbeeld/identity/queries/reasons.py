"""Why these records are one customer, and why those are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from klantbeeld.identity.actions.models import active_matchers
from klantbeeld.identity.contracts import DecisionRow, GroupExplained, LinkRow, PairExplained
from klantbeeld.identity.ports import Features, Matcher
from klantbeeld.identity.rules.components import find
from klantbeeld.identity.rules.decisions import DIFFERENT, Word, judge
from klantbeeld.identity.rules.pairs import blocks
from klantbeeld.identity.tables import inputs, keys, links, members
from klantbeeld.identity.tables.inputs import NO_EVIDENCE
from klantbeeld.identity.tables.wire import numbers, run
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.sources.contracts import Kind

HOUSEHOLD = 0.5
KEPT_APART = {
    "nl": "Een medewerker heeft besloten dat dit verschillende klanten zijn.",
    "en": "An employee decided that these are different customers.",
}
MOST_PAIRS = 60
"""Pairs that are explained field by field in one answer; the others are links with their weight."""


def links_of(record_ids: Iterable[int]) -> list[LinkRow]:
    """Every link of these records, strongest first."""
    found = [LinkRow(link.left, link.right, link.weight, link.household) for link in links.touching(record_ids)]
    return sorted(found, key=lambda link: (-link.weight, link.left_id, link.right_id))


def households_of(customer_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The other customers with whom each of these shares a household, by links of their live records."""
    rows = run(
        """SELECT own.customer_id, other.customer_id FROM identity_member own
           JOIN LATERAL (
             SELECT l.right_id AS record_id FROM identity_link l WHERE l.left_id = own.record_id AND l.household >= %s
             UNION ALL
             SELECT l.left_id FROM identity_link l WHERE l.right_id = own.record_id AND l.household >= %s) met ON true
           JOIN identity_member other ON other.record_id = met.record_id
           WHERE own.customer_id = ANY(%s::int8[]) AND other.customer_id <> own.customer_id
           GROUP BY 1, 2 ORDER BY 1, 2""",
        (HOUSEHOLD, HOUSEHOLD, numbers(customer_ids)),
    ).fetchall()
    found: dict[int, list[int]] = {}
    for own, other in rows:
        found.setdefault(own, []).append(other)
    return {own: tuple(others) for own, others in found.items()}


def doubtful_of(customer_id: int) -> list[LinkRow]:
    """The strongest link to each record that may be this customer too, strongest first."""
    own = {row[0] for row in run("SELECT record_id FROM identity_member WHERE customer_id = %s", (customer_id,))}
    best: dict[int, LinkRow] = {}
    for link in links_of(own):
        outside = [record for record in (link.left_id, link.right_id) if record not in own]
        if outside and outside[0] not in best and link.household < HOUSEHOLD:
            best[outside[0]] = link
    return list(best.values())


def decisions_of(record_ids: Iterable[int]) -> tuple[DecisionRow, ...]:
    """The words in force that name one of these records, newest first; contradicted ones say by which act."""
    ids = list(record_ids)
    component = numbers(row.component for row in members.members(ids))
    rows = run(
        """SELECT d.id, d.verdict, d.left_id, d.right_id, d.made_at, d.merge, d.reason, d.made_by
           FROM identity_decision d WHERE d.revoked_at IS NULL AND (
             d.left_id IN (SELECT record_id FROM identity_member WHERE component = ANY(%s::int8[]))
             OR d.right_id IN (SELECT record_id FROM identity_member WHERE component = ANY(%s::int8[])))
           ORDER BY d.made_at DESC, d.id DESC""",
        (component, component),
    ).fetchall()
    act = {row[0]: row[5] for row in rows}
    tied = {record for row in rows for record in (row[2], row[3])}
    overruled = judge((Word(*row[:5]) for row in rows), inputs.without_evidence(tied)).overruled
    wanted = set(ids)
    return tuple(
        DecisionRow(row[5], row[1], row[2], row[3], row[6], row[7], row[4], act.get(overruled.get(row[0], 0)))
        for row in rows
        if row[2] in wanted or row[3] in wanted
    )


def explain_pair(left: int, right: int) -> PairExplained:
    """Why two records are, or are not, one customer: the waterfall of their weight, decisions, and shared keys.

    Raises Missing for a record that is not there (any more), Invalid for a person and an organisation.
    """
    rows = {row.record_id: row for row in inputs.load((left, right))}
    for record in (left, right):
        if record not in rows:
            raise Missing(f"Record {record} is not there (any more).", code="identity.no_record", record=record)
    if left == right:
        raise Invalid("Name two different records.", code="identity.same_record")
    if rows[left].kind != rows[right].kind or not Kind(rows[left].kind).is_party:
        raise Invalid("Only two persons or two organisations can be compared.", code="identity.kinds_differ")
    if NO_EVIDENCE in (rows[left].features, rows[right].features):
        raise Invalid(
            "What an employee wrote about a customer is tied to it by hand; it is not compared.",
            code="identity.no_evidence",
        )
    return _pair(rows[min(left, right)], rows[max(left, right)], decisions_of((left, right)))


def _pair(left: inputs.Input, right: inputs.Input, decided: Sequence[DecisionRow]) -> PairExplained:
    matcher = active_matchers()[left.kind]
    shared = set(keys.unpack_keys(left.keys)) & set(keys.unpack_keys(right.keys))
    both = {left.record_id, right.record_id}
    placed = {row.record: row.customer for row in members.members(both)}
    mine, theirs = placed.get(left.record_id), placed.get(right.record_id)
    together = mine is not None and mine == theirs
    groups = None if together else (_evidence(matcher, left, mine), _evidence(matcher, right, theirs))
    fall = matcher.explain(matcher.unpack(left.features), matcher.unpack(right.features), groups)
    words = tuple(row for row in decided if {row.left_id, row.right_id} == both)
    apart = any(row.verdict == DIFFERENT and row.overruled_by is None for row in words)
    return PairExplained(
        left.record_id,
        right.record_id,
        together,
        fall.weight,
        fall.probability,
        fall.steps,
        fall.classes,
        KEPT_APART if apart and not together else fall.sentence,
        words,
        tuple(sorted({matcher.key_label(kind) for _, kind in shared if blocks(kind)})),
        fall.prior,
        fall.rival,
        "" if together else "decision" if apart else fall.why_not,
    )


def _evidence(matcher: Matcher, own: inputs.Input, customer: int | None) -> list[Features]:
    """The features of a record's customer, its own first."""
    others = run(
        "SELECT record_id FROM identity_member WHERE customer_id = %s AND record_id <> %s", (customer, own.record_id)
    )
    rows = sorted(inputs.load(row[0] for row in others), key=lambda row: row.stable)
    return [matcher.unpack(row.features) for row in (own, *rows) if row.features != NO_EVIDENCE]


def explain_customer(customer_id: int) -> GroupExplained:
    """Why the records of a customer are one: what holds them together, link by link, strongest first.

    A record of built-in source `desk` and others that only a decision ties in appear with that decision.
    """
    own = sorted(row[0] for row in run("SELECT record_id FROM identity_member WHERE customer_id = %s", (customer_id,)))
    held = sorted(
        (LinkRow(link.left, link.right, link.weight, link.household) for link in links.inside(own)),
        key=lambda link: (-link.weight, link.left_id, link.right_id),
    )
    decided = tuple(row for row in decisions_of(own) if {row.left_id, row.right_id} <= set(own))
    backbone = _backbone(own, held)
    rows = {row.record_id: row for row in inputs.load(own)}
    pairs = tuple(_pair(rows[link.left_id], rows[link.right_id], decided) for link in backbone[:MOST_PAIRS])
    return GroupExplained(customer_id, tuple(own), backbone, tuple(held), decided, pairs)


def _backbone(records: Sequence[int], held: Sequence[LinkRow]) -> tuple[LinkRow, ...]:
    """A maximum spanning forest (Kruskal 1956); `held` is in order of weight."""
    parent = {record: record for record in records}
    chosen = []
    for link in held:
        a, b = find(parent, link.left_id), find(parent, link.right_id)
        if a != b:
            parent[b] = a
            chosen.append(link)
    return tuple(chosen)
