"""The golden record of one customer from the current versions of its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from klantbeeld.profiles.contracts import COUPLED
from klantbeeld.profiles.rules.claims import Claim, Witness, fold, same_key
from klantbeeld.profiles.rules.names import split_family_name
from klantbeeld.profiles.rules.survivorship import DEFAULT_RULE, Verdict, contest


class Spec(Protocol):
    """What survivorship has to know of a catalogue attribute."""

    @property
    def type(self) -> str: ...
    @property
    def many(self) -> bool: ...
    @property
    def survivorship(self) -> Sequence[str]: ...


class Statement(NamedTuple):
    """One record's attributes with the record as witness."""

    witness: Witness
    attributes: Mapping[str, Any]


FOLLOWERS = frozenset(COUPLED.values())

#: Every spelling that any record gives of these finds the customer, not only the winner's.
NAMED_BY = frozenset(
    {"given_name", "given_names", "family_name", "partner_family_name", "name", "trade_name", "full_name"}
)
Golden = dict[str, list[dict[str, Any]]]
Spelled = dict[str, list[str]]


def claims_for(code: str, spec: Spec, statements: Sequence[Statement]) -> list[Claim]:
    """What the records say about one attribute; lists are one claim per entry."""
    claims: list[Claim] = []
    prefix_code = COUPLED.get(code)
    for witness, attributes in statements:
        stated = attributes.get(code)
        if stated is None or stated == "":
            continue
        if prefix_code:
            claims.append(name_claim(stated, attributes.get(prefix_code) or "", witness))
            continue
        for entry in stated if spec.many and isinstance(stated, list) else (stated,):
            if isinstance(entry, dict) and "value" in entry:
                value = entry["value"]
                claims.append(
                    Claim(
                        value,
                        same_key(value, spec.type),
                        witness,
                        entry.get("role") or "",
                        entry.get("from") or "",
                        entry.get("to") or "",
                        witness.verified or bool(entry.get("verified")),
                    )
                )
            else:
                claims.append(Claim(entry, same_key(entry, spec.type), witness, verified=witness.verified))
    return claims


def name_claim(stated: str, prefix: str, witness: Witness) -> Claim:
    """A family name as (prefix, base), so that `van den Berg` in one field and in two say the same."""
    base = stated
    if not prefix:
        prefix, base = split_family_name(stated)
    return Claim({"prefix": prefix.casefold(), "name": base}, fold(base), witness, verified=witness.verified)


def judge(specs: Mapping[str, Spec], statements: Sequence[Statement]) -> dict[str, list[Verdict]]:
    """Per attribute every value that was claimed, best first, with winners, losers and reasons."""
    judged: dict[str, list[Verdict]] = {}
    stated = {code for statement in statements for code in statement.attributes}
    for code, spec in specs.items():
        if code not in stated or code in FOLLOWERS:
            continue
        claims = claims_for(code, spec, statements)
        if claims:
            judged[code] = contest(claims, spec.survivorship or DEFAULT_RULE)
    return judged


def winners(specs: Mapping[str, Spec], judged: Mapping[str, Sequence[Verdict]]) -> dict[str, list[dict[str, Any]]]:
    """The golden record as it is stored: per attribute the winning values with a reference to the winning record."""
    golden: dict[str, list[dict[str, Any]]] = {}
    for code, verdicts in judged.items():
        if code in COUPLED:
            value = verdicts[0].claim.value
            golden[code] = [entry(verdicts[0], value["name"])]
            if value["prefix"]:
                golden[COUPLED[code]] = [entry(verdicts[0], value["prefix"])]
        elif specs[code].many:
            golden[code] = [entry(verdict, verdict.claim.value) for verdict in verdicts]
        else:
            golden[code] = [entry(verdicts[0], verdicts[0].claim.value)]
    return golden


def agreed(specs: Mapping[str, Spec], statements: Sequence[Statement]) -> tuple[Golden, Spelled]:
    """The golden record of a customer, and how its records write its names."""
    judged = judge(specs, statements)
    return winners(specs, judged), spellings(judged)


def alone(specs: Mapping[str, Spec], statement: Statement) -> tuple[Golden, Spelled]:
    """The golden record of a customer with one record, and what it writes of its names: without a contest.

    The same as `agreed(specs, [statement])`; most customers have one record. Attributes of which the
    record gives several values do go into a contest, for two of them may say the same.
    """
    witness, attributes = statement
    golden: Golden = {}
    spelled: Spelled = {}
    for code, spec in specs.items():
        stated = attributes.get(code)
        if stated is None or stated == "" or code in FOLLOWERS:
            continue
        if spec.many and isinstance(stated, list) and code not in COUPLED:
            if len(stated) != 1:
                if verdicts := judge({code: spec}, [statement]):
                    golden |= winners({code: spec}, verdicts)
                    spelled |= spellings(verdicts)
                continue
            stated = stated[0]
        said = stated if isinstance(stated, dict) and "value" in stated else None
        value, prefix = stated if said is None else said["value"], ""
        if code in COUPLED:
            named = name_claim(stated, attributes.get(COUPLED[code]) or "", witness).value
            value, prefix = named["name"], named["prefix"]
        golden[code] = [{"value": value, "record": witness.record, "why": "only"}]
        verified = {"verified": True} if witness.verified or (said is not None and said.get("verified")) else {}
        if said is not None:
            golden[code][0] |= {name: said[name] for name in ("role", "from", "to") if said.get(name)}
        golden[code][0] |= verified
        if prefix:
            golden[COUPLED[code]] = [{"value": prefix, "record": witness.record, "why": "only"} | verified]
        if code in NAMED_BY:
            spelled[code] = [str(value)]
    return golden, spelled


def spellings(judged: Mapping[str, Sequence[Verdict]]) -> Spelled:
    """Every spelling that was given of each attribute, the losers' too."""
    return {
        code: [str(verdict.claim.value["name"] if code in COUPLED else verdict.claim.value) for verdict in verdicts]
        for code, verdicts in judged.items()
        if code in NAMED_BY
    }


def entry(verdict: Verdict, value: Any) -> dict[str, Any]:
    """One winner as JSON: the value, the record it comes from, why it won; role, period and `verified` if so."""
    claim = verdict.claim
    made: dict[str, Any] = {"value": value, "record": claim.witness.record, "why": verdict.why}
    for name, said in (("role", claim.role), ("from", claim.from_date), ("to", claim.to_date)):
        if said:
            made[name] = said
    if any(one.verified for one in verdict.support):
        made["verified"] = True
    return made
