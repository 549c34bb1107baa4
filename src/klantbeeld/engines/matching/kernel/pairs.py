"""All levels of a pair in one pass."""

from __future__ import annotations

import numpy as np
from numba import njit

from klantbeeld.engines.matching.kernel.contacts import address_level, email_level, phone_level
from klantbeeld.engines.matching.kernel.layout import GENDER, GENERATION, SOURCE
from klantbeeld.engines.matching.kernel.organisations import code_level, organisation_level, text_level
from klantbeeld.engines.matching.kernel.persons import birth_level, family_level, given_level, initials_level


@njit(cache=True, inline="never")
def pair_levels(r, s, spec, data, start, variants, out):
    """Fill `out` with one level per comparison; `spec` rows are (op, first column, slots)."""
    named = 0
    for f in range(spec.shape[0]):
        op, at, slots = spec[f, 0], spec[f, 1], spec[f, 2]
        if op == 1:
            level = named = given_level(r, s, data, start, variants)
        elif op == 2:
            level = initials_level(r, s)
        elif op == 3:
            level = family_level(r, s, data, start)
        elif op == 4:
            level = 0 if r[GENERATION] == 0 or s[GENERATION] == 0 else (1 if r[GENERATION] == s[GENERATION] else 2)
        elif op == 5:
            level = 0 if r[GENDER] == 0 or s[GENDER] == 0 else (1 if r[GENDER] == s[GENDER] else 2)
            if level == 1 and 1 <= named <= 7:
                level = 0  # the given name has told it
        elif op == 6:
            level = birth_level(r, s)
        elif op == 7:
            level = address_level(r, s, at, slots, data, start)
        elif op == 8:
            level = phone_level(r, s, at, slots, data, start)
        elif op == 9:
            level = email_level(r, s, at, slots, data, start)
        elif op == 10:
            level = code_level(r, s, at, slots, data, start, False)
        elif op == 11:
            level = organisation_level(r, s, at, slots, data, start)
        elif op == 12:
            level = code_level(r, s, at, slots, data, start, True)
        elif op == 13:
            level = text_level(r, s, at)
        else:
            level = 0 if r[SOURCE] < 0 or s[SOURCE] < 0 else (1 if r[SOURCE] == s[SOURCE] else 2)
        out[f] = level


@njit(cache=True, nogil=True)
def score_levels(rows, left, right, spec, data, start, variants):
    """Levels uint8[pairs, comparisons] of the pairs (left[k], right[k])."""
    out = np.zeros((left.shape[0], spec.shape[0]), np.uint8)
    for k in range(left.shape[0]):
        pair_levels(rows[left[k]], rows[right[k]], spec, data, start, variants, out[k])
    return out
