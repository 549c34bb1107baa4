"""Text to comparable letters: one spelling per value, whatever the script, accents or rubbish around it."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 256
"""Characters kept of one value; longer values are cut, so that a text of a megabyte costs no more than a name."""

MISSING = frozenset(
    [
        "null",
        "none",
        "nan",
        "na",
        "n/a",
        "n.a.",
        "nvt",
        "n.v.t.",
        "nil",
        "nihil",
        "-",
        "--",
        "---",
        ".",
        "..",
        "...",
        "?",
        "??",
        "???",
        "x",
        "xx",
        "xxx",
        "onbekend",
        "unknown",
        "unbekannt",
        "inconnu",
        "leeg",
        "empty",
        "geen",
        "niet",
        "bekend",
        "undefined",
        "(null)",
        "<null>",
        "#n/a",
        "not",
        "available",
        "not",
        "applicable",
        "tbd",
    ]
) | {"niet bekend", "not available", "not applicable", "not known"}

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ĳ": "ij",
        "ŋ": "n",
        "ħ": "h",
        "ŧ": "t",
    }
)
_APOSTROPHES = re.compile("['’‘`´ʼʻ]")
_NOT_WORD = re.compile(r"[\W_]+")


def clean(value: object) -> str:
    """Give the value as one line of trimmed text; "" when it says nothing (None, NaN, "n/a", "-").

    NULs, control characters and lone surrogates become spaces; text is NFKC and at most `MAX_LENGTH` characters.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else _as_text(value)
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:MAX_LENGTH]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = text.strip()
    if len(text) <= 14 and text.lower() in MISSING:
        return ""
    return text


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value[: MAX_LENGTH * 4].decode("utf-8", "replace")
    if isinstance(value, float):
        if value != value:  # NaN
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def fold(text: str) -> str:
    """Lower case without accents: "Müller" gives "muller", "Øster" gives "oster". Other scripts stay."""
    if text.isascii():
        return text.lower()
    lowered = text.lower().translate(_LETTERS)
    spread = unicodedata.normalize("NFKD", lowered)
    return unicodedata.normalize("NFC", "".join(c for c in spread if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """The folded words of a text; apostrophes join ("O'Hare" gives "ohare")."""
    return [w for w in _NOT_WORD.split(_APOSTROPHES.sub("", fold(text))) if w]


def is_latin(text: str) -> bool:
    """Whether folded text starts in Latin letters or digits; names in other scripts can't be held against it."""
    return text[:1].isascii()
