"""Calibration and thresholds without labels, from the posteriors of the mixture itself.

The mixture takes comparisons as independent given the class. They are not quite, so strong evidence counts somewhat
double and posteriors near 1 are too sure. The customer threshold, from which nobody looks, therefore asks for fewer
expected errors than allowed, by the factor `CAUTION`.
"""

from __future__ import annotations

import numpy as np

CAUTION = 6.0
"""How many times more errors are reckoned with than the mixture expects."""

LOWEST, HIGHEST = 3.0, 20.0
"""Bounds of the customer threshold: nobody wants a merge without a look at odds below eight to one."""


def customer_threshold(
    weights: np.ndarray, matches: np.ndarray, counts: np.ndarray, precision: float
) -> tuple[float, float]:
    """The lowest weight from which links should reach a precision, and what precision is expected there.

    `weights`, `matches` (posterior of the match class) and `counts` per pattern. Between `LOWEST` and `HIGHEST`.
    """
    strong = weights >= 0.0
    order = np.argsort(-weights[strong], kind="stable")
    weight, match, count = weights[strong][order], matches[strong][order], counts[strong][order].astype(float)
    if not len(weight):
        return 8.0, precision
    share = CAUTION * np.cumsum((1.0 - match) * count) / np.cumsum(count)
    last_of_weight = np.append(weight[1:] != weight[:-1], True)
    fine = np.flatnonzero((share <= 1.0 - precision) & last_of_weight)
    if not len(fine):
        return HIGHEST, precision
    place = fine[-1]
    place = min(place, int(np.flatnonzero(weight >= LOWEST)[-1])) if weight[0] >= LOWEST else 0
    return max(float(weight[place]), LOWEST), float(1.0 - share[place])


def calibration_points(weights: np.ndarray, matches: np.ndarray, counts: np.ndarray) -> tuple[tuple[float, float], ...]:
    """(weight, probability) points, both ascending: mean posterior per step of weight, errors above 0 reckoned with
    caution.

    Steps of one bit from -12 to 16; a step without pairs follows the logistic curve.
    """
    points: list[tuple[float, float]] = []
    for low in np.arange(-12.0, 16.0):
        inside = (weights >= low) & (weights < low + 1.0)
        middle = low + 0.5
        mass = float(counts[inside].sum())
        belief = 1.0 / (1.0 + 2.0**-middle)
        mean = (float((matches[inside] * counts[inside]).sum()) + 5.0 * belief) / (mass + 5.0)
        odd = 1.0 - mean
        if middle > 0:
            odd = min(odd * (1.0 + (CAUTION - 1.0) * min(middle / 6.0, 1.0)), 0.5)
        points.append((float(middle), max(1.0 - odd, points[-1][1] if points else 0.0)))
    return tuple(points)
