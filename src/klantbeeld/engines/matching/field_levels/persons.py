"""Levels of what a person keeps, in plain Python: given names, initials, family name, birth date."""

from __future__ import annotations

from collections.abc import Callable

from klantbeeld.engines.matching.field_levels.alike import AT, latin, similarity, starts, within_typos
from klantbeeld.engines.matching.levels import Comparison, Op, level_index
from klantbeeld.engines.matching.normalise.nicknames import are_two_names, are_variants
from klantbeeld.engines.matching.prepared import Prepared


def given_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.given, right.given
    at = AT[Op.GIVEN]
    if not a or not b:
        return _initial_only(left, right)
    if a == b:
        return 1 + left.frequencies.bin("given", left.features["given"].split(" ")[0])
    if latin(a) != latin(b):
        return 0
    if _swapped(left, right):
        return at["swapped"]
    if are_variants(a.decode("utf-8", "ignore"), b.decode("utf-8", "ignore")):
        return at["variant"]
    if len(a) >= 4 and len(b) >= 4 and within_typos(a, b, 1):
        return at["typo"]
    if a == right.other_given or b == left.other_given:
        return at["other_given"]
    if not are_two_names(a.decode("utf-8", "ignore"), b.decode("utf-8", "ignore")):
        if left.given_sound == right.given_sound or starts(a, b):
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


def initials_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.initials[1:], right.initials[1:]
    if not a or not b:
        return 0
    if a == b:
        return 1
    return 2 if a.startswith(b) or b.startswith(a) else 3


def family_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    f, g = left.family, right.family
    at = AT[Op.FAMILY]
    if not f or not g:
        return 0
    if f == g:
        return 1 + left.frequencies.bin("family", left.features["family"])
    if latin(f) != latin(g) or _swapped(left, right):
        return 0
    if len(f) >= 4 and len(g) >= 4 and within_typos(f, g, 1):
        return at["typo"]
    close = similarity(f, g)
    if close >= 0.92:
        return at["similar"]
    if _shares_part(left.family_words, right.family_words):
        return at["part"]
    if left.sound == right.sound and len(left.sound) >= 2:
        return at["sounds_alike"]
    return at["alike"] if close >= 0.84 or starts(f, g) else at["different"]


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
    return len(a) >= 5 and len(b) >= 5 and within_typos(a, b, 1)


def flag(name: str) -> Callable[[Prepared, Prepared, Comparison], int]:
    def level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
        a, b = left.features.get(name), right.features.get(name)
        return 0 if not a or not b else 1 if a == b else 2

    return level


def birth_level(left: Prepared, right: Prepared, comparison: Comparison) -> int:
    a, b = left.birth, right.birth
    at = AT[Op.BIRTH]
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
