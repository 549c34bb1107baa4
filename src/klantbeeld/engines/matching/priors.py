"""What is believed about levels before any data is seen: the start of estimation and, alone, the default model.

Shares per level of a comparison when both values are present. "same" is spread over the frequency classes by data.
Orders of magnitude from general experience with customer files, not fitted to any set.
"""

from __future__ import annotations

import numpy as np

from klantbeeld.engines.matching.common_names import UNLISTED
from klantbeeld.engines.matching.levels import BINNED, BINS, LEVELS, LOCAL, Comparison, Op

MATCH: dict[Op, dict[str, float]] = {
    Op.GIVEN: {
        "same": 0.70,
        "variant": 0.05,
        "typo": 0.055,
        "other_given": 0.02,
        "initial_agrees": 0.12,
        "swapped": 0.01,
        "alike": 0.02,
        "resembles": 0.01,
        "same_initial": 0.0006,
        "different": 0.004,
        "initial_differs": 0.008,
    },
    Op.INITIALS: {"same": 0.70, "part": 0.22, "different": 0.08},
    Op.FAMILY: {
        "same": 0.80,
        "typo": 0.06,
        "similar": 0.02,
        "part": 0.05,
        "sounds_alike": 0.015,
        "alike": 0.01,
        "different": 0.035,
    },
    Op.GENERATION: {"same": 0.99998, "different": 0.00002},
    Op.GENDER: {"same": 0.98, "different": 0.02},
    Op.BIRTH: {
        "same": 0.84,
        "day_month_swapped": 0.02,
        "typo": 0.05,
        "two_parts": 0.02,
        "compatible": 0.02,
        "two_typos": 0.015,
        "year_only": 0.008,
        "different": 0.012,
    },
    Op.ADDRESS: {
        "same": 0.52,
        "same_street_number": 0.06,
        "other_suffix": 0.02,
        "street_typo": 0.05,
        "same_street": 0.03,
        "same_postcode": 0.04,
        "postcode_typo": 0.02,
        "street_elsewhere": 0.02,
        "same_area": 0.06,
        "different": 0.18,
    },
    Op.PHONE: {
        "same": 0.55,
        "same_fixed_line": 0.12,
        "same_shared_line": 0.01,
        "same_without_area": 0.02,
        "typo": 0.03,
        "different": 0.27,
    },
    Op.EMAIL: {
        "same": 0.62,
        "same_user": 0.04,
        "typo": 0.05,
        "user_alike": 0.04,
        "same_own_domain": 0.02,
        "different": 0.23,
    },
    Op.IDENTIFIER: {"same": 0.91, "typo": 0.06, "different": 0.03},
    Op.ORGANISATION: {
        "same": 0.60,
        "same_words": 0.05,
        "similar": 0.10,
        "contained": 0.10,
        "half_shared": 0.05,
        "first_word": 0.04,
        "different": 0.06,
    },
    Op.CATEGORY: {"same": 0.72, "similar": 0.07, "contained": 0.05, "different": 0.16},
    Op.TEXT: {"same": 0.35, "mostly": 0.25, "partly": 0.15, "little": 0.1, "different": 0.15},
}

HOUSEHOLD: dict[Op, dict[str, float]] = {
    Op.FAMILY: {
        "same": 0.60,
        "typo": 0.05,
        "similar": 0.02,
        "part": 0.12,
        "sounds_alike": 0.01,
        "alike": 0.01,
        "different": 0.19,
    },
    Op.ADDRESS: {
        "same": 0.78,
        "same_street_number": 0.06,
        "other_suffix": 0.02,
        "street_typo": 0.04,
        "same_street": 0.01,
        "same_postcode": 0.02,
        "postcode_typo": 0.01,
        "street_elsewhere": 0.01,
        "same_area": 0.02,
        "different": 0.03,
    },
    Op.PHONE: {
        "same": 0.05,
        "same_fixed_line": 0.35,
        "same_shared_line": 0.02,
        "same_without_area": 0.01,
        "typo": 0.01,
        "different": 0.56,
    },
    Op.EMAIL: {
        "same": 0.15,
        "same_user": 0.01,
        "typo": 0.01,
        "user_alike": 0.04,
        "same_own_domain": 0.05,
        "different": 0.74,
    },
    Op.GENDER: {"same": 0.35, "different": 0.65},
    Op.GENERATION: {"same": 0.05, "different": 0.95},  # it is there to tell father from son
}
"""Birth dates of a household: see `TWINS`, given names: see `NAMED_AFTER`; everything else as of two random people."""

TWINS = 0.005
"""Share of household pairs born on one day: twins, and dates copied from the other."""
NAMED_AFTER = 0.01
"""Share of household pairs with one given name: children named after a parent or grandparent."""

NAMESAKE: dict[Op, dict[str, float]] = {
    Op.GIVEN: {
        "same": 0.80,
        "variant": 0.03,
        "typo": 0.04,
        "other_given": 0.01,
        "initial_agrees": 0.08,
        "swapped": 0.01,
        "alike": 0.015,
        "resembles": 0.005,
        "same_initial": 0.01,
        "different": 0.005,
        "initial_differs": 0.004,
    },
    Op.FAMILY: {
        "same": 0.88,
        "typo": 0.04,
        "similar": 0.01,
        "part": 0.02,
        "sounds_alike": 0.02,
        "alike": 0.01,
        "different": 0.019,
    },
    Op.ORGANISATION: {
        "same": 0.60,
        "same_words": 0.04,
        "similar": 0.06,
        "contained": 0.15,
        "half_shared": 0.08,
        "first_word": 0.05,
        "different": 0.02,
    },
    Op.GENDER: {"same": 0.95, "different": 0.05},
    # Addresses made of a name are alike when the names are.
    Op.EMAIL: {
        "same": 0.0005,
        "same_user": 0.03,
        "typo": 0.0005,
        "user_alike": 0.20,
        "same_own_domain": 0.004,
        "different": 0.76,
    },
}

BRAND = {"same": 0.60, "typo": 0.01, "different": 0.39}
"""Websites of two companies of one name: a chain has one site for all its branches."""

RANDOM: dict[Op, dict[str, float]] = {
    Op.GIVEN: {
        "same": 0.004,
        "variant": 0.0015,
        "typo": 0.004,
        "other_given": 0.002,
        "initial_agrees": 0.03,
        "swapped": 1e-5,
        "alike": 0.002,
        "resembles": 0.008,
        "same_initial": 0.06,
        "different": 0.587,
        "initial_differs": 0.3,
    },
    Op.INITIALS: {"same": 0.05, "part": 0.05, "different": 0.90},
    Op.FAMILY: {
        "same": 0.0012,
        "typo": 0.0008,
        "similar": 0.0005,
        "part": 0.001,
        "sounds_alike": 0.001,
        "alike": 0.004,
        "different": 0.99149,
    },
    Op.GENERATION: {"same": 0.5, "different": 0.5},
    Op.GENDER: {"same": 0.5, "different": 0.5},
    Op.BIRTH: {
        "same": 4e-5,
        "day_month_swapped": 2e-5,
        "typo": 0.0012,
        "two_parts": 0.004,
        "compatible": 0.004,
        "two_typos": 0.018,
        "year_only": 0.012,
        "different": 0.960740,
    },
    Op.ADDRESS: {
        "same": 1e-6,
        "same_street_number": 2e-5,
        "other_suffix": 1e-6,
        "street_typo": 2e-5,
        "same_street": 2e-5,
        "same_postcode": 4e-5,
        "postcode_typo": 3e-5,
        "street_elsewhere": 0.001,
        "same_area": 0.01,
        "different": 0.988888,
    },
    Op.PHONE: {
        "same": 2e-6,
        "same_fixed_line": 1e-6,
        "same_shared_line": 1e-6,
        "same_without_area": 1e-6,
        "typo": 1e-5,
        "different": 0.999985,
    },
    Op.EMAIL: {
        "same": 2e-6,
        "same_user": 1e-5,
        "typo": 1e-5,
        "user_alike": 5e-4,
        "same_own_domain": 2e-4,
        "different": 0.999278,
    },
    Op.IDENTIFIER: {"same": 2e-6, "typo": 1e-5, "different": 0.999988},
    Op.ORGANISATION: {
        "same": 2e-5,
        "same_words": 1e-5,
        "similar": 2e-4,
        "contained": 5e-4,
        "half_shared": 1e-3,
        "first_word": 0.004,
        "different": 0.99427,
    },
    Op.CATEGORY: {"same": 0.02, "similar": 0.005, "contained": 0.01, "different": 0.965},
    Op.TEXT: {"same": 1e-4, "mostly": 1e-3, "partly": 0.01, "little": 0.1, "different": 0.8889},
    Op.SOURCE: {"same": 0.5, "other": 0.5},
}


def levels_of(op: Op, shares: dict[str, float], same: np.ndarray) -> np.ndarray:
    """Probabilities per level (index 0, missing, stays 0); `same` spreads "same" over the frequency classes, sum 1."""
    names = LEVELS[op]
    out = np.zeros(16)
    for place, name in enumerate(names):
        if place == 0:
            continue
        if op in BINNED and place <= BINS:
            out[place] = shares.get("same", 0.0) * same[place - 1]
        else:
            out[place] = shares.get(name, 0.0)
    out[1 : len(names)] = np.maximum(out[1 : len(names)], 1e-7)
    return out / out.sum()


_DEFAULT_SHARES: dict[Op, tuple[tuple[float, float], ...]] = {
    # per frequency class: share of the population with such a value, share of the population with one such value
    Op.GIVEN: ((0.45, UNLISTED["given"]), (0.0, 1e-4), (0.0, 5e-4), (0.45, 0.0025), (0.10, 0.01)),
    Op.FAMILY: ((0.70, UNLISTED["family"]), (0.0, 1e-4), (0.0, 5e-4), (0.30, 0.0022), (0.0, 0.01)),
}


_DEFAULT_LOCAL = ((0.85, 5e-6), (0.15, 5e-5), (0.0, 1e-4), (0.0, 1e-4), (0.0, 1e-4))
"""The same for values of few; one that more than a household shares says nothing until data teaches otherwise."""


def default_chance(op: Op) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is believed of random pairs without data: level probabilities, share of records and of equal pairs per
    class."""
    known = _DEFAULT_LOCAL if op in LOCAL else _DEFAULT_SHARES.get(op)
    if known:
        share, size = np.array(known).T
        same = share * size
        believed = {**RANDOM[op], "same": float(same.sum())}
        return levels_of(op, believed, same / same.sum()), share / share.sum(), same / same.sum()
    rare = np.zeros(BINS)
    rare[0] = 1.0
    return levels_of(op, RANDOM[op], rare), rare, rare


def of_a_brand(comparison: Comparison) -> bool:
    """Whether companies of one name share the value: a website is of the chain, not of the branch."""
    return comparison.op is Op.IDENTIFIER and comparison.key == "website"


def class_tables(comparison: Comparison, random: np.ndarray, share: np.ndarray, equal: np.ndarray) -> np.ndarray:
    """Probabilities[class, level] of one comparison: match and household spread equal values over frequency classes as
    records do (`share`), namesakes as pairs that agree by chance do (`equal`)."""
    op = comparison.op
    namesake = BRAND if of_a_brand(comparison) else NAMESAKE.get(op)
    return np.stack(
        [
            levels_of(op, MATCH[op], share) if op in MATCH else random,
            levels_of(op, HOUSEHOLD[op], share) if op in HOUSEHOLD else with_kin(op, random, share),
            levels_of(op, namesake, equal) if namesake else random,
            random,
        ]
    )


def with_kin(op: Op, random: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Chance, but for birth dates and given names, which a household shares more often than two random people."""
    kin = {Op.BIRTH: TWINS, Op.GIVEN: NAMED_AFTER}.get(op)
    if kin is None:
        return random
    out = random.copy()
    out[1 : BINS + 1] = np.maximum(out[1 : BINS + 1], kin * share)
    return out / out.sum()
