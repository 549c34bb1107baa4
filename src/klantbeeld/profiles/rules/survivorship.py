"""Survivorship: which of the claims wins, and why.

A rule is an ordered list of criteria, declared per attribute in the catalogue. Claims that say the same support each
other; the groups are compared criterion by criterion, and the first that tells two groups apart decides. Equal to the
end, the record with the smallest stable key wins, so that the outcome never depends on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from klantbeeld.kit.errors import Invalid
from klantbeeld.profiles.rules.claims import Claim, completeness

#: Each criterion turns a group of agreeing claims into something of which more is better.
CRITERIA: dict[str, Callable[[Sequence[Claim]], Any]] = {
    "steward": lambda group: max(claim.witness.steward for claim in group),
    "verified": lambda group: max(claim.verified for claim in group),
    "rank": lambda group: -min(claim.witness.rank for claim in group),
    "recent": lambda group: max(claim.witness.at for claim in group),
    "frequent": lambda group: len({claim.witness.record for claim in group}),
    "complete": lambda group: max(completeness(claim.value) for claim in group),
}
DEFAULT_RULE = ("steward", "verified", "rank", "recent", "frequent", "complete")


class Verdict(NamedTuple):
    """A value in the contest: the claim that speaks for it, its supporters, and what decided.

    `why` of the winner: only (nothing else was said), a criterion that beat the runner-up, or `tie`.
    `why` of a loser: the criterion on which it lost to the winner, or `tie`.
    """

    claim: Claim
    support: tuple[Claim, ...]
    why: str


def check_rule(rule: Sequence[str]) -> tuple[str, ...]:
    """The rule itself; raises Invalid for a criterion that does not exist or stands there twice."""
    unknown = [name for name in rule if name not in CRITERIA]
    if unknown or len(set(rule)) != len(rule):
        raise Invalid(
            f"A survivorship rule lists each of {', '.join(CRITERIA)} at most once; got {', '.join(rule)}.",
            code="survivorship.rule",
        )
    return tuple(rule)


def spokesman(group: Sequence[Claim]) -> Claim:
    """Of claims that say the same, the best written: an employee's or the customer's own, trusted, complete, recent."""

    def merit(claim: Claim) -> tuple[Any, ...]:
        written = claim.value if isinstance(claim.value, str) else ""
        shouted = len(written) > 1 and (written.isupper() or written.islower())
        return (
            not (claim.witness.steward or claim.verified),
            shouted,
            -completeness(claim.value),
            claim.witness.rank,
            -claim.witness.at.timestamp(),
            claim.witness.key,
            str(claim.value),  # one record may say the same twice, written differently
            claim.role,
            claim.from_date,
            claim.to_date,
        )

    return group[0] if len(group) == 1 else min(group, key=merit)


def contest(claims: Sequence[Claim], rule: Sequence[str] = DEFAULT_RULE) -> list[Verdict]:
    """Every value that was claimed, best first, each with its reason; empty when nothing was claimed."""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.same, []).append(claim)
    if len(groups) == 1:
        return [Verdict(spokesman(claims), tuple(claims), "only")]
    criteria = [CRITERIA[name] for name in rule]
    scored = [(tuple(criterion(group) for criterion in criteria), group) for group in groups.values()]
    scored.sort(key=lambda entry: min((claim.witness.key, claim.same) for claim in entry[1]))
    scored.sort(key=lambda entry: entry[0], reverse=True)  # stable: ties stay in the order of their keys
    best, second = scored[0][0], scored[1][0]
    verdicts = []
    for number, (score, group) in enumerate(scored):
        why = decided(rule, best, second if number == 0 else score)
        verdicts.append(Verdict(spokesman(group), tuple(group), why))
    return verdicts


def decided(rule: Sequence[str], winner: tuple[Any, ...], loser: tuple[Any, ...]) -> str:
    """The first criterion that tells the two apart, or `tie`."""
    return next((name for name, ours, theirs in zip(rule, winner, loser, strict=True) if ours != theirs), "tie")
