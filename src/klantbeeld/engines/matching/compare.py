"""The reference scorer in plain Python with rapidfuzz: what the kernel must equal, and the quick way for a few pairs.

A record is prepared once (`Prepared`), then compared by rules that read like the text of `levels`. Online resolution
meets a handful of candidates, for which this needs no compiled code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantbeeld.engines.matching.field_levels import compare, organisation_names
from klantbeeld.engines.matching.model import CLASSES, Model
from klantbeeld.engines.matching.prepared import Prepared, prepare

__all__ = ["Link", "Prepared", "class_logs", "compare", "organisation_names", "prepare", "score", "score_pairs"]


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one pair: weight in log2 odds, one level per comparison, posteriors per class (sum 1).

    `class_name` is the most probable class; `probability` the calibrated probability of a match.
    """

    weight: float
    levels: tuple[int, ...]
    posteriors: tuple[float, float, float, float]
    probability: float

    @property
    def class_name(self) -> str:
        return CLASSES[max(range(4), key=self.posteriors.__getitem__)]


def score_pairs(left: Mapping[str, Any], rights: Sequence[Mapping[str, Any]], model: Model) -> list[Link]:
    """Score one record against several; features as `normalise_record` gives. The same numbers as in batch."""
    mine = prepare(left, model)
    return [score(mine, prepare(right, model), model) for right in rights]


def score(left: Prepared, right: Prepared, model: Model) -> Link:
    """Score two prepared records."""
    levels = compare(left, right, model.comparisons)
    joint = class_logs(levels, model)
    top = max(joint)
    powers = [2.0 ** max(x - top, -1000.0) for x in joint]
    whole = sum(powers)
    weight = joint[0] - max(joint[1:])
    return Link(
        weight,
        levels,
        (powers[0] / whole, powers[1] / whole, powers[2] / whole, powers[3] / whole),
        model.probability(weight),
    )


def class_logs(levels: Sequence[int], model: Model) -> list[float]:
    """log2 expected pairs of every class with these levels, summed in the order of the comparisons."""
    joint = list(model.total_list)
    tables = model.level_lists
    for c in range(4):
        table = tables[c]
        total = joint[c]
        for f, level in enumerate(levels):
            total += table[f][level]
        joint[c] = total
    return joint
