"""Calibration and thresholds without labels: what the mixture expects, and what the groups say about the links.

The mixture takes comparisons as independent given the class. Where they are not, strong evidence counts somewhat double
and its posteriors are too sure. A second opinion comes from clustering: a link whose records end in different groups,
because all that both groups know spoke against it, was most probably wrong. Of both estimates the worse one counts, and
one error more than seen, so that few links never look better than many.

Without birth dates and numbers nothing but the given name tells one of a family from another, and the mixture may learn
that people change it. A link of two given names that no birth date, number or trade supports may as well be of kin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.engines.matching.fields import FieldType, Schema
from klantbeeld.engines.matching.levels import Comparison, Op, level_index

LOWEST, HIGHEST = 3.0, 20.0
"""Bounds of the customer threshold: nobody wants a merge without a look at odds below eight to one."""


_OTHER_NAME = ("different", "same_initial", "initial_differs")
_OTHER_BIRTH = ("missing", "compatible", "two_typos", "year_only", "different")
_OTHER_VALUE = ("missing", "different")


def may_be_kin(patterns: np.ndarray, comparisons: tuple[Comparison, ...], schema: Schema) -> np.ndarray:
    """bool[patterns]: the given names contradict, and nothing agrees that belongs to one person alone; or family name
    and birth date both contradict, and no number agrees."""
    towns = {found.key for found in schema.of_type(FieldType.CITY)}  # a town alone is kept as a category
    other_name = np.zeros(len(patterns), bool)
    own = np.zeros(len(patterns), bool)
    numbered = np.zeros(len(patterns), bool)
    clashes = np.zeros(len(patterns), int)
    for f, comparison in enumerate(comparisons):
        levels = patterns[:, f]
        if comparison.op is Op.GIVEN:
            other_name |= np.isin(levels, [level_index(comparison.op, name) for name in _OTHER_NAME])
        elif comparison.op is Op.BIRTH:
            own |= ~np.isin(levels, [level_index(comparison.op, name) for name in _OTHER_BIRTH])
            clashes += levels == level_index(comparison.op, "different")
        elif comparison.op is Op.FAMILY:
            clashes += levels == level_index(comparison.op, "different")
        elif comparison.op is Op.IDENTIFIER or (comparison.op is Op.CATEGORY and comparison.key not in towns):
            agrees = ~np.isin(levels, [level_index(comparison.op, name) for name in _OTHER_VALUE])
            own |= agrees
            numbered |= agrees & (comparison.op is Op.IDENTIFIER)
    kin: np.ndarray = (other_name & ~own) | ((clashes == 2) & ~numbered)
    return kin


@dataclass(frozen=True, slots=True)
class Weighed:
    """Patterns of links: `weights` (log2 odds), `matches` (posterior of a match), `counts` (pairs) and `cuts` (pairs
    whose records ended in different groups)."""

    weights: np.ndarray
    matches: np.ndarray
    counts: np.ndarray
    cuts: np.ndarray


def customer_threshold(links: Weighed, precision: float, lowest: float = LOWEST) -> tuple[float, float]:
    """The lowest weight from which links should reach a precision, and what precision is expected there.

    Not below `lowest`. Where so few links are sure that nothing can be said it is `HIGHEST`; where even those above
    that are doubtful it is above the strongest link, so that nobody is merged without a look.
    """
    strong = links.weights >= 0.0
    order = np.argsort(-links.weights[strong], kind="stable")
    weight, match = links.weights[strong][order], links.matches[strong][order]
    count, cut = links.counts[strong][order].astype(float), links.cuts[strong][order].astype(float)
    if not len(weight):
        return max(8.0, lowest), precision
    pairs = np.cumsum(count)
    share = (np.maximum(np.cumsum((1.0 - match) * count), np.cumsum(cut)) + 1.0) / pairs
    last_of_weight = np.append(weight[1:] != weight[:-1], True)
    fine = np.flatnonzero((share <= 1.0 - precision) & last_of_weight)
    if not len(fine):
        surest = weight >= HIGHEST
        doubted = ((1.0 - match) * count)[surest].sum() > (1.0 - precision) * count[surest].sum()
        return (float(np.nextafter(weight[0], np.inf)) if doubted else HIGHEST), precision
    place = fine[-1]
    above = np.flatnonzero(weight >= lowest)
    place = min(place, int(above[-1])) if len(above) else 0
    return max(float(weight[place]), lowest), float(1.0 - share[place])


def uncut_threshold(links: Weighed, precision: float, lowest: float) -> float:
    """The lowest weight, not below `lowest`, from which no larger share of links is cut than a precision allows."""
    order = np.argsort(-links.weights, kind="stable")
    weight, count, cut = links.weights[order], links.counts[order], links.cuts[order]
    many = np.cumsum(cut) > (1.0 - precision) * np.cumsum(count)
    wrong = weight[many & (weight >= lowest)]
    return float(np.nextafter(wrong.max(), np.inf)) if len(wrong) else lowest


def calibration_points(links: Weighed) -> tuple[tuple[float, float], ...]:
    """(weight, probability) points, both ascending: per step of weight the mean posterior, or the share of links that
    clustering left together when that is less.

    Steps of one bit from -12 to 16; a step without pairs follows the logistic curve.
    """
    points: list[tuple[float, float]] = []
    for low in np.arange(-12.0, 16.0):
        inside = (links.weights >= low) & (links.weights < low + 1.0)
        middle = low + 0.5
        mass = float(links.counts[inside].sum())
        belief = 1.0 / (1.0 + 2.0**-middle)
        mean = (float((links.matches[inside] * links.counts[inside]).sum()) + 5.0 * belief) / (mass + 5.0)
        odd = 1.0 - mean
        if middle > 0:
            told = (float(links.cuts[inside].sum()) + 5.0 * odd) / (mass + 5.0)
            odd = min(max(odd, told), 0.5)
        points.append((float(middle), max(1.0 - odd, points[-1][1] if points else 0.0)))
    return tuple(points)
