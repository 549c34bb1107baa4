"""Why a golden value is what it is, and what it was before."""

from __future__ import annotations

import uuid
from collections.abc import Set
from typing import Any

from klantbeeld.foundation import access, audit
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.profiles.contracts import COUPLED, Candidate, ProfileChange, ValueExplained
from klantbeeld.profiles.models import Profile, ProfileVersion
from klantbeeld.profiles.rules import golden
from klantbeeld.profiles.rules.sentences import BEYOND, sentence
from klantbeeld.profiles.rules.survivorship import DEFAULT_RULE, Verdict
from klantbeeld.profiles.statements import statements_of
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.queries import records_in_reach


def explain_value(customer: uuid.UUID, attribute: str, *, actor: access.Actor, purpose: str) -> ValueExplained:
    """Every value that the customer's records state for an attribute, best first, and why it won or lost.

    Who reaches one company's records only, sees the values that won and those that these state, and no other source.
    """
    grant = access.require(actor, "customers:read", purpose)
    ref = identity.follow(customer, actor)
    kind = Kind(ref.kind)
    leader = {follower: leader for leader, follower in COUPLED.items()}.get(attribute, attribute)
    if attribute not in grant.attributes(kind.code):
        raise Missing(f"There is no attribute '{attribute[:60]}' that you may see.", code="attribute.missing")
    spec = attributes(kind.code)[leader]
    judged = golden.judge({leader: spec}, statements_of(identity.members_of([ref.id])).get(ref.id, []))
    audit.write(
        actor=actor,
        purpose=purpose,
        action="customers.explain",
        subject_kind="customer",
        subject_id=ref.id,
        detail={"attributes": [attribute]},
    )
    verdicts = judged.get(leader, [])
    winner = verdicts[0] if verdicts else None
    within = records_in_reach((claim.witness.record for one in verdicts for claim in one.support), actor)
    candidates = (
        _candidate(verdict, winner, number, spec.many or number == 0, within, attribute)
        for number, verdict in enumerate(verdicts)
        if winner is not None
    )
    return ValueExplained(
        attribute,
        kind.code,
        tuple(spec.survivorship or DEFAULT_RULE),
        tuple(one for one in candidates if one.won or one.records),
    )


def _candidate(
    verdict: Verdict, winner: Verdict, number: int, won: bool, within: Set[int], attribute: str
) -> Candidate:
    """A value in the contest, told by the records `within`; of a name prefix, which goes with its name, the prefix."""
    support = [claim for claim in verdict.support if claim.witness.record in within]
    whole = len(support) == len(verdict.support) and winner.claim.witness.record in within
    return Candidate(
        value=verdict.claim.value["prefix"] if attribute in COUPLED.values() else verdict.claim.value,
        won=won,
        why=verdict.why,
        sentence={one: sentence(verdict, winner, number, one) if whole else BEYOND[one] for one in ("nl", "en")},
        records=tuple(claim.witness.record for claim in support),
        sources=tuple(sorted({claim.witness.source for claim in support})),
        at=max(claim.witness.at for claim in verdict.support),
    )


def history(customer: uuid.UUID, *, actor: access.Actor, purpose: str, limit: int = 100) -> list[ProfileChange]:
    """The versions of a golden record, newest first, each with the attributes it changed from the one before."""
    grant = access.require(actor, "customers:history", purpose)
    ref = identity.follow(customer, actor)
    allowed = grant.attributes(Kind(ref.kind).code)
    profile = Profile.objects.filter(customer_id=ref.id).first()
    if profile is None:
        raise Missing("There is no customer with this id.", code="customer.missing")
    audit.write(
        actor=actor, purpose=purpose, action="customers.history", subject_kind="customer", subject_id=ref.id, detail={}
    )
    older = ProfileVersion.objects.filter(customer_id=ref.id).order_by("-version")[: limit + 1]
    versions: list[tuple[int, str, Any, Any, dict[str, Any]]] = [
        (profile.version, profile.name, profile.changed_at, None, profile.golden)
    ]
    versions += [(row.version, row.name, row.from_at, row.until_at, row.golden) for row in older]
    changes = []
    for number, (version, name, from_at, until_at, values) in enumerate(versions[:limit]):
        before = versions[number + 1][4] if number + 1 < len(versions) else {}
        if number + 1 == len(versions) and version > 1:
            before = values  # older versions were not asked for: say nothing rather than that all is new
        changes.append(ProfileChange(version, name, from_at, until_at, difference(before, values, allowed)))
    return changes


def difference(before: dict[str, Any], after: dict[str, Any], allowed: Any) -> dict[str, tuple[Any, Any]]:
    """The attributes whose values are not the same, as (values before, values after); provenance aside."""

    def plain(golden_record: dict[str, Any], code: str) -> list[Any]:
        return [entry["value"] for entry in golden_record.get(code, [])]

    return {
        code: (plain(before, code), plain(after, code))
        for code in sorted({*before, *after})
        if code in allowed and plain(before, code) != plain(after, code)
    }
