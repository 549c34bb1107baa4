"""How often a key may ask: a token bucket for each key, in each web process (Turner 1986).

A key that has been quiet may ask a burst of ten seconds' worth at once. Several processes each count for themselves, so
that the limit of the installation is at most their number times the setting.
"""

from __future__ import annotations

import math
import time
from threading import Lock

from django.conf import settings

from klantbeeld.kit.errors import Unavailable

BURST_SECONDS = 10.0
MOST_KEYS = 10_000

_lock = Lock()
_buckets: dict[str, tuple[float, float]] = {}  # key -> (tokens, moment)


def take(key: str, *, now: float | None = None) -> None:
    """Count one request of this key; raises Unavailable with code too_many (429) when it has asked too often."""
    rate = float(settings.API_RATE)
    if rate <= 0:
        return
    moment = time.monotonic() if now is None else now
    most = rate * BURST_SECONDS
    with _lock:
        tokens, since = _buckets.get(key, (most, moment))
        tokens = min(most, tokens + (moment - since) * rate)
        if tokens >= 1:
            _buckets[key] = (tokens - 1, moment)
            if len(_buckets) > MOST_KEYS:
                # A bucket that has filled up again says nothing.
                _drop_full(moment, rate, most)
            return
    raise Unavailable(
        f"This key may ask {rate:g} times a second; wait and go on.",
        code="too_many",
        retry_after=max(1, math.ceil((1 - tokens) / rate)),
    )


def _drop_full(moment: float, rate: float, most: float) -> None:
    for key, (tokens, since) in list(_buckets.items()):
        if tokens + (moment - since) * rate >= most:
            del _buckets[key]


def forget() -> None:
    """Begin anew: for tests."""
    with _lock:
        _buckets.clear()
