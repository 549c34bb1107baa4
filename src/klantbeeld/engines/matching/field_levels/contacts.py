"""Levels of where somebody can be reached, in plain Python: addresses, phone numbers, e-mail addresses."""

from __future__ import annotations

from collections.abc import Sequence

from klantbeeld.engines.matching.field_levels.alike import AT, best, similarity, starts, within_typos
from klantbeeld.engines.matching.frequencies import SEPARATOR, Frequencies
from klantbeeld.engines.matching.levels import Comparison, Op
from klantbeeld.engines.matching.normalise import address, contact
from klantbeeld.engines.matching.prepared import Prepared, as_bytes


def address_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    mine, theirs = left.features.get("addresses", ()), right.features.get("addresses", ())
    return best([_address_pair(p, q, left.frequencies) for p in mine for q in theirs])


def _address_pair(p: Sequence[str], q: Sequence[str], frequencies: Frequencies) -> int:
    at = AT[Op.ADDRESS]
    pc, hn, sx, st, ci = p
    pd, ho, sy, su, cj = q
    has_pc, has_st, has_ci = bool(pc and pd), bool(st and su), bool(ci and cj)
    if not (has_pc or has_st or has_ci):
        return 0
    same_pc, same_hn, same_st = has_pc and pc == pd, bool(hn and hn == ho), has_st and st == su
    district, other = address.area(pc), address.area(pd)
    same_area = bool(district and district == other) or (has_ci and ci == cj)
    if same_pc and same_hn:
        if sx and sy and sx != sy:
            return at["other_suffix"]
        return 1 + frequencies.bin("address", pc + SEPARATOR + hn)
    away = (has_pc or has_ci) and not same_area
    if same_st and same_hn and not away:
        return at["same_street_number"]
    alike = has_st and not same_st and _street_alike(as_bytes(st), as_bytes(su))
    if alike and same_hn and (same_pc or same_area):
        return at["street_typo"]
    if (same_st or alike) and (same_pc or (same_area and not (hn and ho))):
        return at["same_street"]
    if same_pc:
        return at["same_postcode"]
    if has_pc and same_hn and within_typos(as_bytes(pc), as_bytes(pd), 1):
        return at["postcode_typo"]
    if same_st and (same_hn or not away):
        return at["street_elsewhere"]
    return at["same_area"] if same_area else at["different"]


def _street_alike(a: bytes, b: bytes) -> bool:
    if len(a) < 4 or len(b) < 4:
        return False
    return within_typos(a, b, 1) or similarity(a, b) >= 0.88 or starts(a, b)


def phone_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    at = AT[Op.PHONE]
    levels = []
    for x in left.features.get("phones", ()):
        for y in right.features.get("phones", ()):
            if x == y:
                common = left.frequencies.bin("phone", x)
                fixed = at["same_fixed_line"] if common < 2 else at["same_shared_line"]
                levels.append(fixed if contact.is_fixed(x) else 1 + common)
            elif len(x) != len(y) and min(len(x), len(y)) >= 6 and (x.endswith(y) or y.endswith(x)):
                levels.append(at["same_without_area"])
            else:
                levels.append(at["typo"] if within_typos(x.encode(), y.encode(), 1) else at["different"])
    return best(levels)


def email_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    at = AT[Op.EMAIL]
    levels = []
    for x in left.features.get("emails", ()):
        user, _, domain = x.rpartition("@")
        for y in right.features.get("emails", ()):
            other, _, elsewhere = y.rpartition("@")
            a, b, u, v = as_bytes(x), as_bytes(y), as_bytes(user), as_bytes(other)
            if x == y:
                level = 1 + left.frequencies.bin("email", x)
            elif user == other and len(u) >= 4:
                level = at["user_alike" if _follows_from_names(left, right, u) else "same_user"]
            elif min(len(a), len(b)) >= 8 and within_typos(a, b, 2):
                level = at["typo"]
            elif min(len(u), len(v)) >= 4 and similarity(u, v) >= 0.92:
                level = at["user_alike"]
            elif domain == elsewhere and left.frequencies.bin("email.domain", domain) < 2:
                level = at["same_own_domain"]
            else:
                level = at["different"]
            levels.append(level)
    return best(levels)


def _follows_from_names(left: Prepared, right: Prepared, user: bytes) -> bool:
    """Whether the user of an e-mail address holds a family name, so that a namesake could have it too."""
    return any(len(word) >= 4 and word in user for word in left.family_words + right.family_words)
