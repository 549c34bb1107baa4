"""Functions on texts. A character is a code point, and upper and lower case are those of the Latin letters.

Each server has its own idea of lower(), so ours is spelt out: the letters of Basic Latin, Latin-1, Latin Extended-A
and -B that have exactly one small letter. That covers every name in a European civil registry in Latin script.
"""

from __future__ import annotations

import operator

from klantbeeld.engines.expressions.overloads import Overload, Style, Words
from klantbeeld.engines.expressions.types import BOOLEAN, INTEGER, TEXT

CAPITALS = "".join(c for c in map(chr, range(0x250)) if c.lower() != c and len(c.lower()) == 1)
SMALL = CAPITALS.lower()
# The characters with the Unicode property White_Space.
BLANK = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501
_STYLES: tuple[Style, Style] = ("method", "function")
_LOWER = str.maketrans(CAPITALS, SMALL)


def lower(text: str) -> str:
    """Return the text with its Latin capitals as small letters."""
    return text.translate(_LOWER)


def trim(text: str) -> str:
    """Return the text without white space around it."""
    return text.strip(BLANK)


def _both(name: str, result_words: Words, compute: object, sql: str) -> tuple[Overload, Overload]:
    first, second = (
        Overload(name, style, (TEXT,), TEXT, compute, sql, result_words)  # type: ignore[arg-type]
        for style in _STYLES
    )
    return first, second


_LENGTH = Words("het aantal tekens van {0}", "the number of characters of {0}")
_SIZES = tuple(Overload("size", style, (TEXT,), INTEGER, len, "char_length({0})", _LENGTH) for style in _STYLES)

TEXTS = (
    Overload(
        "+",
        "operator",
        (TEXT, TEXT),
        TEXT,
        operator.add,
        "{0} || {1}",
        Words("{0} gevolgd door {1}", "{0} followed by {1}"),
    ),
    Overload(
        "startsWith",
        "method",
        (TEXT, TEXT),
        BOOLEAN,
        str.startswith,
        "starts_with({0}, {1})",
        Words("{0} begint met {1}", "{0} starts with {1}", "{0} begint niet met {1}", "{0} does not start with {1}"),
    ),
    Overload(
        "endsWith",
        "method",
        (TEXT, TEXT),
        BOOLEAN,
        str.endswith,
        "starts_with(reverse({0}), reverse({1}))",
        Words("{0} eindigt op {1}", "{0} ends with {1}", "{0} eindigt niet op {1}", "{0} does not end with {1}"),
    ),
    Overload(
        "contains",
        "method",
        (TEXT, TEXT),
        BOOLEAN,
        operator.contains,
        'strpos({0} COLLATE "C", {1} COLLATE "C") > 0',
        Words("{0} bevat {1}", "{0} contains {1}", "{0} bevat {1} niet", "{0} does not contain {1}"),
    ),
    *_both("lower", Words("{0} in kleine letters", "{0} in small letters"), lower, "translate({0}, {upper}, {small})"),
    *_both("trim", Words("{0} zonder spaties eromheen", "{0} without spaces around it"), trim, "btrim({0}, {blank})"),
    *_SIZES,
)

# What the templates above name; bound as parameters like any other text.
NAMED = {"upper": CAPITALS, "small": SMALL, "blank": BLANK}
