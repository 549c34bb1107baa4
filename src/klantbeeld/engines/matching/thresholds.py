"""Calibration and thresholds without labels, from the posteriors of the mixture itself."""

from __future__ import annotations

import numpy as np

from klantbeeld.engines.matching.estimation import Estimate


def calibrate(estimate: Estimate, counts: np.ndarray) -> tuple[tuple[float, float], ...]:
    """(weight, probability) points for `Model.calibration`."""
    return ()


def customer_threshold(estimate: Estimate, counts: np.ndarray, precision: float) -> tuple[float, float]:
    """The lowest weight above which pairs are expected to reach the precision; and what is expected there."""
    return 8.0, precision
