"""How sure a share is that was seen in a random sample."""

from __future__ import annotations

import math
from statistics import NormalDist

CONFIDENCE = 0.95


def wilson(right: int, seen: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of Wilson (1927, JASA 22:209-212) for a share, 0..1, of `right` in `seen` independent draws.

    Chosen because it keeps its coverage for shares near 1, where the usual interval of Wald collapses (Brown, Cai and
    DasGupta 2001, Statistical Science 16:101-133). Raises ValueError when nothing was seen.
    """
    if not 0 <= right <= seen or seen == 0:
        raise ValueError(f"{right} of {seen} is no share.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = right / seen
    middle = share + z * z / (2 * seen)
    half = z * math.sqrt(share * (1 - share) / seen + z * z / (4 * seen * seen))
    scale = 1 + z * z / seen
    low = 0.0 if right == 0 else (middle - half) / scale
    high = 1.0 if right == seen else (middle + half) / scale
    return low, high
