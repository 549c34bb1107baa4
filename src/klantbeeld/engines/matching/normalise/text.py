"""Text to comparable letters: one spelling per value, whatever the script, accents or rubbish around it."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

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
_HAN = re.compile("([\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")
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
    """Lower case in Latin letters without accents: "Müller" gives "muller", "Øster" "oster", "Васильев" "vasil'ev".

    Scripts that spell sounds are transliterated letter by letter; Chinese characters stay.
    """
    if text.isascii():
        return text.lower()
    lowered = text.lower().translate(_LETTERS)
    spread = unicodedata.normalize("NFKD", lowered)
    plain = "".join(c for c in spread if not unicodedata.combining(c))
    if plain.isascii():
        return plain
    return "".join(_spelled(run) for run in _HAN.split(unicodedata.normalize("NFC", lowered)))


def _spelled(run: str) -> str:
    """A run of text in Latin letters, unless of Chinese characters, of which the sound depends on the language."""
    if run.isascii() or _HAN.fullmatch(run):
        return run
    spread = "".join(c for c in unicodedata.normalize("NFKD", run) if not unicodedata.combining(c))
    return spread if spread.isascii() else anyascii(unicodedata.normalize("NFC", run)).lower()


def words(text: str) -> list[str]:
    """The folded words of a text; apostrophes join ("O'Hare" gives "ohare")."""
    return [w for w in _NOT_WORD.split(_APOSTROPHES.sub("", fold(text))) if w]


def is_latin(text: str) -> bool:
    """Whether folded text starts in Latin letters or digits; names in other scripts can't be held against it."""
    return text[:1].isascii()
