"""How much two short texts are alike, in plain Python with rapidfuzz."""

from __future__ import annotations

from rapidfuzz.distance import OSA, JaroWinkler

from klantbeeld.engines.matching.levels import LEVELS

AT = {op: {name: place for place, name in enumerate(names)} for op, names in LEVELS.items()}


def similarity(a: bytes, b: bytes) -> float:
    """Jaro-Winkler; of two texts of one length the one that sorts first goes first."""
    if (len(a) == len(b) and a > b) or len(a) > len(b):
        a, b = b, a
    return float(JaroWinkler.similarity(a, b))


def within_typos(a: bytes, b: bytes, limit: int) -> bool:
    return bool(OSA.distance(a, b, score_cutoff=limit) <= limit)


def starts(a: bytes, b: bytes) -> bool:
    return min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a))


def latin(text: bytes) -> bool:
    return text[0] < 128


def best(levels: list[int]) -> int:
    """The strongest statement of several pairs of values; missing only when nothing else."""
    return min((level for level in levels if level), default=0)
