"""The levels of every kind of comparison in plain Python: rules that read like the text of `levels`.

The kernel gives identical levels; that is a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from klantbeeld.engines.matching.frequencies import SEPARATOR, Frequencies
from klantbeeld.engines.matching.levels import BINS, LEVELS, Comparison, Op, level_index
from klantbeeld.engines.matching.normalise import address, contact
from klantbeeld.engines.matching.normalise.nicknames import are_two_names, are_variants
from klantbeeld.engines.matching.prepared import Prepared, as_bytes

_TOLD_BY_NAME = level_index(Op.GIVEN, "typo")
"""Up to this level given names are one name, which tells the gender."""
_AT = {op: {name: place for place, name in enumerate(names)} for op, names in LEVELS.items()}


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


def similarity(a: bytes, b: bytes) -> float:
    """Jaro-Winkler; of two texts of one length the one that sorts first goes first."""
    if (len(a) == len(b) and a > b) or len(a) > len(b):
        a, b = b, a
    return float(JaroWinkler.similarity(a, b))


def _typos(a: bytes, b: bytes, limit: int) -> bool:
    return bool(OSA.distance(a, b, score_cutoff=limit) <= limit)


def _starts(a: bytes, b: bytes) -> bool:
    return min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a))


def _latin(text: bytes) -> bool:
    return text[0] < 128


def _given(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.given, right.given
    at = _AT[Op.GIVEN]
    if not a or not b:
        return _initial_only(left, right)
    if a == b:
        return 1 + left.frequencies.bin("given", left.features["given"].split(" ")[0])
    if _latin(a) != _latin(b):
        return 0
    if _swapped(left, right):
        return at["swapped"]
    if are_variants(a.decode("utf-8", "ignore"), b.decode("utf-8", "ignore")):
        return at["variant"]
    if len(a) >= 4 and len(b) >= 4 and _typos(a, b, 1):
        return at["typo"]
    if a == right.other_given or b == left.other_given:
        return at["other_given"]
    if not are_two_names(a.decode("utf-8", "ignore"), b.decode("utf-8", "ignore")):
        if left.given_sound == right.given_sound or _starts(a, b):
            return at["alike"]
        if similarity(a, b) >= 0.8:
            return at["resembles"]
    return at["same_initial"] if a[:1] == b[:1] and b"a" <= a[:1] <= b"z" else at["different"]


def _swapped(left: Prepared, right: Prepared) -> bool:
    """Whether given and family name changed places: both ways, one of them up to a typing error."""
    g, h, e, f = left.given, right.given, left.family_words[0], right.family_words[0]
    if not (g and h and e and f) or g == h or e == f:
        return False
    if g == f:
        return h == e or _word_typo(h, e)
    return h == e and _word_typo(g, f)


def _initial_only(left: Prepared, right: Prepared) -> int:
    i, j = left.initials[:1], right.initials[:1]
    if not i or not j:
        return 0
    agrees = i == j or left.given[:1].decode("latin-1") == j or right.given[:1].decode("latin-1") == i
    return level_index(Op.GIVEN, "initial_agrees" if agrees else "initial_differs")


def _initials(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.initials[1:], right.initials[1:]
    if not a or not b:
        return 0
    if a == b:
        return 1
    return 2 if a.startswith(b) or b.startswith(a) else 3


def _family(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    f, g = left.family, right.family
    at = _AT[Op.FAMILY]
    if not f or not g:
        return 0
    if f == g:
        return 1 + left.frequencies.bin("family", left.features["family"])
    if _latin(f) != _latin(g) or _swapped(left, right):
        return 0
    if len(f) >= 4 and len(g) >= 4 and _typos(f, g, 1):
        return at["typo"]
    close = similarity(f, g)
    if close >= 0.92:
        return at["similar"]
    if _shares_part(left.family_words, right.family_words):
        return at["part"]
    if left.sound == right.sound and len(left.sound) >= 2:
        return at["sounds_alike"]
    return at["alike"] if close >= 0.84 or _starts(f, g) else at["different"]


def _shares_part(mine: tuple[bytes, bytes], theirs: tuple[bytes, bytes]) -> bool:
    (a, b), (c, d) = mine, theirs
    if not b and not d:
        return False
    if a in (c, d) or (b and b in (c, d)):
        return True
    if not b and (_word_typo(a, c) or _word_typo(a, d)):
        return True
    return not d and (_word_typo(c, a) or _word_typo(c, b))


def _word_typo(a: bytes, b: bytes) -> bool:
    return len(a) >= 5 and len(b) >= 5 and _typos(a, b, 1)


def _flag(name: str) -> Callable[[Prepared, Prepared, Comparison], int]:
    def level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
        a, b = left.features.get(name), right.features.get(name)
        return 0 if not a or not b else 1 if a == b else 2

    return level


def _birth(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.birth, right.birth
    at = _AT[Op.BIRTH]
    if not a or not b:
        return 0
    p, q = _parts(a), _parts(b)
    if 0 in p or 0 in q:
        if any(x and y and x != y for x, y in zip(p, q, strict=True)):
            return at["different"]
        enough = (p[0] and q[0]) or (p[1] and q[1] and p[2] and q[2])
        return at["compatible"] if enough else 0
    if a == b:
        return 1 + left.frequencies.bin("birth", left.features["birth"])
    if p[0] == q[0] and p[1] == q[2] and p[2] == q[1]:
        return at["day_month_swapped"]
    typos = _digit_typos(f"{a:08d}", f"{b:08d}")
    if typos <= 1:
        return at["typo"]
    if sum(x == y for x, y in zip(p, q, strict=True)) == 2:
        return at["two_parts"]
    if p[0] == q[0] and ((1, 1) in (p[1:], q[1:])):
        return at["compatible"]
    if typos <= 2:
        return at["two_typos"]
    return at["year_only"] if p[0] == q[0] else at["different"]


def _parts(date: int) -> tuple[int, int, int]:
    return date // 10000, date // 100 % 100, date % 100


def _digit_typos(a: str, b: str) -> int:
    """Wrong digits, a swap of two neighbours counted once."""
    typos = place = 0
    while place < 8:
        if a[place] != b[place]:
            if a[place : place + 2] == b[place : place + 2][::-1] and place < 7:
                place += 1
            typos += 1
        place += 1
    return typos


def _best(levels: list[int]) -> int:
    """The strongest statement of several pairs of values; missing only when nothing else."""
    return min((level for level in levels if level), default=0)


def _address(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    mine, theirs = left.features.get("addresses", ()), right.features.get("addresses", ())
    return _best([_address_pair(p, q, left.frequencies) for p in mine for q in theirs])


def _address_pair(p: Sequence[str], q: Sequence[str], frequencies: Frequencies) -> int:
    at = _AT[Op.ADDRESS]
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
    if has_pc and same_hn and _typos(as_bytes(pc), as_bytes(pd), 1):
        return at["postcode_typo"]
    if same_st and (same_hn or not away):
        return at["street_elsewhere"]
    return at["same_area"] if same_area else at["different"]


def _street_alike(a: bytes, b: bytes) -> bool:
    if len(a) < 4 or len(b) < 4:
        return False
    return _typos(a, b, 1) or similarity(a, b) >= 0.88 or _starts(a, b)


def _phone(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    at = _AT[Op.PHONE]
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
                levels.append(at["typo"] if _typos(x.encode(), y.encode(), 1) else at["different"])
    return _best(levels)


def _email(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    at = _AT[Op.EMAIL]
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
            elif min(len(a), len(b)) >= 8 and _typos(a, b, 2):
                level = at["typo"]
            elif min(len(u), len(v)) >= 4 and similarity(u, v) >= 0.92:
                level = at["user_alike"]
            elif domain == elsewhere and left.frequencies.bin("email.domain", domain) < 2:
                level = at["same_own_domain"]
            else:
                level = at["different"]
            levels.append(level)
    return _best(levels)


def _follows_from_names(left: Prepared, right: Prepared, user: bytes) -> bool:
    """Whether the user of an e-mail address holds a family name, so that a namesake could have it too."""
    return any(len(word) >= 4 and word in user for word in left.family_words + right.family_words)


def _identifier(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    levels = []
    for x in left.features.get("ids", {}).get(comparison.key, ()):
        for y in right.features.get("ids", {}).get(comparison.key, ()):
            a, b = as_bytes(x), as_bytes(y)
            if x == y:
                levels.append(1 + left.frequencies.bin(comparison.name, x))
            else:
                levels.append(BINS + 1 if min(len(a), len(b)) >= 5 and _typos(a, b, 1) else BINS + 2)
    return _best(levels)


def _category(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    levels = []
    for x in left.features.get("categories", {}).get(comparison.key, ()):
        for y in right.features.get("categories", {}).get(comparison.key, ()):
            a, b = as_bytes(x), as_bytes(y)
            near = len(a) >= 4 and len(b) >= 4
            if x == y:
                levels.append(1 + left.frequencies.bin(comparison.name, x))
            elif near and (_typos(a, b, 1) or similarity(a, b) >= 0.9):
                levels.append(BINS + 1)
            elif near and (_starts(a, b) or a.endswith(b) or b.endswith(a)):
                levels.append(BINS + 2)
            else:
                levels.append(BINS + 3)
    return _best(levels)


def organisation_names(features: Mapping[str, Any]) -> list[str]:
    """The name of an organisation and its other names."""
    names = [features.get("organisation", ""), *features.get("aliases", ())]
    return list(dict.fromkeys(name for name in names if name))


def _organisation(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    mine, theirs = organisation_names(left.features), organisation_names(right.features)
    return _best([_organisation_pair(x, y, left.frequencies, comparison) for x in mine for y in theirs])


def _organisation_pair(x: str, y: str, frequencies: Frequencies, comparison: Comparison) -> int:
    at = _AT[Op.ORGANISATION]
    joined, other = x.replace(" ", ""), y.replace(" ", "")
    a, b = as_bytes(joined), as_bytes(other)
    if a == b:
        return 1 + frequencies.bin(comparison.name, joined)
    if _latin(a) != _latin(b):
        return 0
    mine, theirs = x.split()[:8], y.split()[:8]
    if set(mine) == set(theirs):
        return at["same_words"]
    close = similarity(a, b)
    if (min(len(a), len(b)) >= 6 and _typos(a, b, 2)) or close >= 0.94:
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


def _text(left: Prepared, right: Prepared, comparison: Comparison) -> int:
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


_COMPARE: dict[Op, Callable[[Prepared, Prepared, Comparison], int]] = {
    Op.GIVEN: _given,
    Op.INITIALS: _initials,
    Op.FAMILY: _family,
    Op.GENERATION: _flag("generation"),
    Op.GENDER: _flag("gender"),
    Op.BIRTH: _birth,
    Op.ADDRESS: _address,
    Op.PHONE: _phone,
    Op.EMAIL: _email,
    Op.IDENTIFIER: _identifier,
    Op.ORGANISATION: _organisation,
    Op.CATEGORY: _category,
    Op.TEXT: _text,
    Op.SOURCE: _flag("source"),
}
