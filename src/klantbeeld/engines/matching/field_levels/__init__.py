"""The levels of every kind of comparison in plain Python: rules that read like the text of `levels`.

The kernel gives identical levels; that is a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from klantbeeld.engines.matching.field_levels.contacts import address_level, email_level, phone_level
from klantbeeld.engines.matching.field_levels.organisations import (
    category_level,
    identifier_level,
    organisation_level,
    organisation_names,
    text_level,
)
from klantbeeld.engines.matching.field_levels.persons import (
    birth_level,
    family_level,
    flag,
    given_level,
    initials_level,
)
from klantbeeld.engines.matching.levels import Comparison, Op, level_index
from klantbeeld.engines.matching.prepared import Prepared

__all__ = ["compare", "organisation_names"]

_TOLD_BY_NAME = level_index(Op.GIVEN, "typo")
"""Up to this level given names are one name, which tells the gender."""


def compare(left: Prepared, right: Prepared, comparisons: Sequence[Comparison]) -> tuple[int, ...]:
    """The level of every comparison of two records.

    An equal gender is no evidence beside an equal given name, which has told it already.
    """
    levels = []
    named = 0
    for comparison in comparisons:
        level = _COMPARE[comparison.op](left, right, comparison)
        if comparison.op is Op.GIVEN:
            named = level
        elif comparison.op is Op.GENDER and level == 1 and 1 <= named <= _TOLD_BY_NAME:
            level = 0
        levels.append(level)
    return tuple(levels)


_COMPARE: dict[Op, Callable[[Prepared, Prepared, Comparison], int]] = {
    Op.GIVEN: given_level,
    Op.INITIALS: initials_level,
    Op.FAMILY: family_level,
    Op.GENERATION: flag("generation"),
    Op.GENDER: flag("gender"),
    Op.BIRTH: birth_level,
    Op.ADDRESS: address_level,
    Op.PHONE: phone_level,
    Op.EMAIL: email_level,
    Op.IDENTIFIER: identifier_level,
    Op.ORGANISATION: organisation_level,
    Op.CATEGORY: category_level,
    Op.TEXT: text_level,
    Op.SOURCE: flag("source"),
}
