"""What a steward should look at first."""

from __future__ import annotations

import math

WEIGHT_CAP = 50.0


def priority(weight: float, records: int) -> int:
    """How much an answer teaches times how much hangs on it, in thousandths.

    Teaches: the entropy of the match in bits, highest where the model is of two minds (uncertainty sampling, Lewis and
    Gale 1994). Hangs on it: log2(1 + records that come together). The queue computes the same in SQL.
    """
    capped = max(min(weight, WEIGHT_CAP), -WEIGHT_CAP)
    chance = 1 / (1 + 2.0**-capped)
    entropy = -sum(p * math.log2(p) for p in (chance, 1 - chance) if p > 0)
    return round(1000 * entropy * math.log2(1 + records))
