"""Why two records are one, or are not: a waterfall that adds up to the weight, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from klantbeeld.engines.matching.clustering import MEMBERS, weigh_entities
from klantbeeld.engines.matching.compare import Link, class_logs, compare, organisation_names, prepare, score
from klantbeeld.engines.matching.levels import Comparison, Op
from klantbeeld.engines.matching.model import CLASSES, Model
from klantbeeld.engines.matching.phrases import class_text, comparison_text, level_text

Language = Literal["en", "nl"]


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall: what was compared, the level, the values on both sides and the weight it adds."""

    comparison: str
    label: str
    level: str
    text: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair has its weight: `prior` plus the weights of all `steps` is `weight` (log2 odds).

    The weight holds match against `rival`, the strongest other class. `posteriors` per class sum to 1; `probability`
    is the calibrated one. `verdict`: customer (joined without a person looking), suggested, or apart, for this pair
    alone. `sentence` is in the language asked for.
    """

    weight: float
    prior: float
    rival: str
    steps: tuple[Step, ...]
    posteriors: dict[str, float]
    probability: float
    class_name: str
    verdict: Literal["customer", "suggested", "apart"]
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why two records are in different groups.

    `reason`: decision (a person keeps them apart), queue (waits for a person), weak (too little evidence), conflict
    (the pair alone would do, but what the groups know speaks against it). `entity_weight`: log2 odds of the two groups.
    """

    reason: Literal["decision", "queue", "weak", "conflict"]
    entity_weight: float
    threshold: float
    pair: Explanation
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def explain(left: Mapping[str, Any], right: Mapping[str, Any], model: Model, language: Language = "en") -> Explanation:
    """Explain one pair of features under a model."""
    link = score(prepare(left, model), prepare(right, model), model)
    joint = class_logs(link.levels, model)
    rival = max(range(1, 4), key=joint.__getitem__)
    dutch = language == "nl"
    steps = []
    tables, totals = model.level_lists, model.total_list
    for f, (comparison, level) in enumerate(zip(model.comparisons, link.levels, strict=True)):
        name = comparison.levels[level]
        weight = tables[0][f][level] - tables[rival][f][level]
        steps.append(
            Step(
                comparison.name,
                comparison_text(comparison, dutch),
                name,
                level_text(name, dutch),
                _shown(left, comparison),
                _shown(right, comparison),
                weight,
            )
        )
    verdict: Literal["customer", "suggested", "apart"] = "apart"
    if link.weight >= model.thresholds.customer:
        verdict = "customer"
    elif link.weight >= model.thresholds.suggested:
        verdict = "suggested"
    return Explanation(
        link.weight,
        totals[0] - totals[rival],
        CLASSES[rival],
        tuple(steps),
        dict(zip(CLASSES, link.posteriors, strict=True)),
        link.probability,
        link.class_name,
        verdict,
        _sentence(link, steps, dutch),
    )


def _shown(features: Mapping[str, Any], comparison: Comparison) -> str:
    """The values of a record that a comparison looked at."""
    op = comparison.op
    if op is Op.GIVEN:
        return str(features.get("given") or features.get("initials", "")[:1])
    if op is Op.ADDRESS:
        rows = ([row[3], row[1] + row[2], row[0], row[4]] for row in features.get("addresses", ()))
        return "; ".join(" ".join(p for p in row if p) for row in rows)
    if op is Op.ORGANISATION:
        return ", ".join(organisation_names(features))
    if op is Op.PHONE:
        return ", ".join(features.get("phones", ()))
    if op is Op.EMAIL:
        return ", ".join(features.get("emails", ()))
    for kind, family in ((Op.IDENTIFIER, "ids"), (Op.CATEGORY, "categories"), (Op.TEXT, "texts")):
        if op is kind:
            return ", ".join(features.get(family, {}).get(comparison.key, ()))
    return str(features.get(comparison.name, ""))


def _sentence(link: Link, steps: Sequence[Step], dutch: bool) -> str:
    """The class, the two or three strongest reasons for it, and the strongest against."""
    ordered = sorted((s for s in steps if s.level != "missing"), key=lambda s: -s.weight)
    reasons = [s for s in ordered if s.weight > 0.5][:3]
    against = [s for s in reversed(ordered) if s.weight < -0.5][:2]
    percent = (
        f"{100 * link.probability:.0f}%"
        if 0.005 < link.probability < 0.995
        else ("> 99%" if link.probability > 0.5 else "< 1%")
    )
    head = class_text(link.class_name, dutch)
    chance = f"kans dat het dezelfde is: {percent}" if dutch else f"chance of being the same: {percent}"
    parts = [f"{head[0].upper()}{head[1:]} ({chance})."]
    if reasons:
        parts.append(("Voor: " if dutch else "For: ") + "; ".join(f"{s.label}: {s.text}" for s in reasons) + ".")
    if against:
        parts.append(("Tegen: " if dutch else "Against: ") + "; ".join(f"{s.label}: {s.text}" for s in against) + ".")
    if not reasons and not against:
        parts.append("Er valt vrijwel niets te vergelijken." if dutch else "There is hardly anything to compare.")
    return " ".join(parts)


def why_not(
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    model: Model,
    *,
    left_group: Sequence[Mapping[str, Any]] = (),
    right_group: Sequence[Mapping[str, Any]] = (),
    decided_apart: bool = False,
    language: Language = "en",
) -> WhyNot:
    """Explain why two records are not one customer.

    `left_group`, `right_group`: the features of all records of their customers (they may leave out the pair itself);
    `decided_apart`: whether a cannot-link stands between the two groups.
    """
    pair = explain(left, right, model, language)
    mine = [prepare(f, model) for f in (left, *(g for g in left_group if g is not left))][:MEMBERS]
    theirs = [prepare(f, model) for f in (right, *(g for g in right_group if g is not right))][:MEMBERS]
    levels = [compare(a, b, model.comparisons) for a in mine for b in theirs]
    together, _ = weigh_entities(levels, model)
    limits = model.thresholds
    reason: Literal["decision", "queue", "weak", "conflict"] = "weak"
    if decided_apart:
        reason = "decision"
    elif limits.suggested <= min(together, pair.weight):
        reason = "queue"
    elif pair.weight >= limits.suggested:
        reason = "conflict"
    return WhyNot(reason, together, limits.customer, pair, _why_text(reason, together, pair, language == "nl"))


def _why_text(reason: str, together: float, pair: Explanation, dutch: bool) -> str:
    head = {
        "decision": ("Somebody decided that these are different.", "Iemand heeft besloten dat dit verschillende zijn."),
        "queue": (
            "Probably the same, but not surely enough to join without a person looking.",
            "Waarschijnlijk dezelfde, maar niet zeker genoeg om zonder controle samen te voegen.",
        ),
        "weak": ("Too little evidence that they are the same.", "Te weinig bewijs dat het dezelfde is."),
        "conflict": (
            "These two records agree, but other records of both customers contradict it.",
            "Deze twee records komen overeen, maar andere records van beide klanten spreken dat tegen.",
        ),
    }[reason][dutch]
    return f"{head} {pair.sentence}"
