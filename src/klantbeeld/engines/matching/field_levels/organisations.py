"""Levels of names of organisations, of numbers, categories and other texts, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.matching.field_levels.alike import AT, best, latin, similarity, starts, within_typos
from klantbeeld.engines.matching.frequencies import Frequencies
from klantbeeld.engines.matching.levels import BINS, Comparison, Op
from klantbeeld.engines.matching.prepared import Prepared, as_bytes


def identifier_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    levels = []
    for x in left.features.get("ids", {}).get(comparison.key, ()):
        for y in right.features.get("ids", {}).get(comparison.key, ()):
            a, b = as_bytes(x), as_bytes(y)
            if x == y:
                levels.append(1 + left.frequencies.bin(comparison.name, x))
            else:
                levels.append(BINS + 1 if min(len(a), len(b)) >= 5 and within_typos(a, b, 1) else BINS + 2)
    return best(levels)


def category_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    levels = []
    for x in left.features.get("categories", {}).get(comparison.key, ()):
        for y in right.features.get("categories", {}).get(comparison.key, ()):
            a, b = as_bytes(x), as_bytes(y)
            near = len(a) >= 4 and len(b) >= 4
            if x == y:
                levels.append(1 + left.frequencies.bin(comparison.name, x))
            elif near and (within_typos(a, b, 1) or similarity(a, b) >= 0.9):
                levels.append(BINS + 1)
            elif near and (starts(a, b) or a.endswith(b) or b.endswith(a)):
                levels.append(BINS + 2)
            else:
                levels.append(BINS + 3)
    return best(levels)


def organisation_names(features: Mapping[str, Any]) -> list[str]:
    """The name of an organisation and its other names."""
    names = [features.get("organisation", ""), *features.get("aliases", ())]
    return list(dict.fromkeys(name for name in names if name))


def organisation_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    mine, theirs = organisation_names(left.features), organisation_names(right.features)
    return best([_organisation_pair(x, y, left.frequencies, comparison) for x in mine for y in theirs])


def _organisation_pair(x: str, y: str, frequencies: Frequencies, comparison: Comparison) -> int:
    at = AT[Op.ORGANISATION]
    joined, other = x.replace(" ", ""), y.replace(" ", "")
    a, b = as_bytes(joined), as_bytes(other)
    if a == b:
        return 1 + frequencies.bin(comparison.name, joined)
    if latin(a) != latin(b):
        return 0
    mine, theirs = x.split()[:8], y.split()[:8]
    if set(mine) == set(theirs):
        return at["same_words"]
    close = similarity(a, b)
    if (min(len(a), len(b)) >= 6 and within_typos(a, b, 2)) or close >= 0.94:
        return at["similar"]
    shared = min(_shared_words(mine, theirs), _shared_words(theirs, mine))
    if shared == min(len(mine), len(theirs)):
        return at["contained"]
    if 2 * shared >= max(len(mine), len(theirs)):
        return at["half_shared"]
    return at["first_word"] if mine[0] == theirs[0] or close >= 0.88 else at["different"]


def _shared_words(mine: list[str], theirs: list[str]) -> int:
    return sum(any(_alike(as_bytes(x), as_bytes(y)) for y in theirs) for x in mine)


def _alike(a: bytes, b: bytes) -> bool:
    return a == b or (len(a) >= 5 and len(b) >= 5 and similarity(a, b) >= 0.92)


def text_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    mine = set(" ".join(left.features.get("texts", {}).get(comparison.key, ())[:1]).split()[:16])
    theirs = set(" ".join(right.features.get("texts", {}).get(comparison.key, ())[:1]).split()[:16])
    if not mine or not theirs:
        return 0
    shared, union = len(mine & theirs), len(mine | theirs)
    if 10 * shared >= 9 * union:
        return 1
    if 10 * shared >= 6 * union:
        return 2
    if 20 * shared >= 7 * union:
        return 3
    return 4 if 20 * shared >= 3 * union else 5
