"""The comparisons and their levels: what can be said about one field of two records, strongest statement first.

Level 0 always means that a value is missing, which is no evidence. Comparisons with term frequencies have `BINS` levels
"same", from a rare value (1) to a very common one (5): a shared rare surname says more than a shared common one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

BINS = 5
"""Frequency classes of equal values."""


class Op(IntEnum):
    """The kinds of comparison; the kernel and the reference scorer switch on it."""

    GIVEN = 1
    INITIALS = 2
    FAMILY = 3
    GENERATION = 4
    GENDER = 5
    BIRTH = 6
    ADDRESS = 7
    PHONE = 8
    EMAIL = 9
    IDENTIFIER = 10
    ORGANISATION = 11
    CATEGORY = 12
    TEXT = 13
    SOURCE = 14


_SAME = ("same_rare", "same_uncommon", "same_ordinary", "same_common", "same_very_common")

LEVELS: dict[Op, tuple[str, ...]] = {
    Op.GIVEN: (
        "missing",
        *_SAME,
        "variant",
        "typo",
        "other_given",
        "initial_agrees",
        "swapped",
        "alike",
        "resembles",
        "same_initial",
        "different",
        "initial_differs",
    ),
    Op.INITIALS: ("missing", "same", "part", "different"),
    Op.FAMILY: ("missing", *_SAME, "typo", "similar", "part", "sounds_alike", "alike", "different"),
    Op.GENERATION: ("missing", "same", "different"),
    Op.GENDER: ("missing", "same", "different"),
    Op.BIRTH: (
        "missing",
        *_SAME,
        "day_month_swapped",
        "typo",
        "two_parts",
        "compatible",
        "two_typos",
        "year_only",
        "different",
    ),
    Op.ADDRESS: (
        "missing",
        *_SAME,
        "same_street_number",
        "other_suffix",
        "street_typo",
        "same_street",
        "same_postcode",
        "postcode_typo",
        "street_elsewhere",
        "same_area",
        "different",
    ),
    Op.PHONE: ("missing", *_SAME, "same_fixed_line", "same_shared_line", "same_without_area", "typo", "different"),
    Op.EMAIL: ("missing", *_SAME, "same_user", "typo", "user_alike", "same_own_domain", "different"),
    Op.IDENTIFIER: ("missing", *_SAME, "typo", "different"),
    Op.ORGANISATION: (
        "missing",
        *_SAME,
        "same_words",
        "similar",
        "contained",
        "half_shared",
        "first_word",
        "different",
    ),
    Op.CATEGORY: ("missing", *_SAME, "similar", "contained", "different"),
    Op.TEXT: ("missing", "same", "mostly", "partly", "little", "different"),
    Op.SOURCE: ("missing", "same", "other"),
}

BINNED = frozenset(
    {Op.GIVEN, Op.FAMILY, Op.BIRTH, Op.ADDRESS, Op.PHONE, Op.EMAIL, Op.IDENTIFIER, Op.ORGANISATION, Op.CATEGORY}
)
LOCAL = frozenset({Op.ADDRESS, Op.PHONE, Op.EMAIL, Op.IDENTIFIER})
"""Values that belong to few: their frequency class goes by the count of records, not by the share."""

COMMON_SHARE = 2.0**-7
"""From this share of all values on a value is very common."""
COUNT_EDGES = (4, 10, 30, 150)


def level_index(op: Op, name: str) -> int:
    return LEVELS[op].index(name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a model: a name for people, its kind and the values it reads (an identifier's scheme)."""

    name: str
    op: Op
    key: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        return LEVELS[self.op]
