"""What goes wrong with one value when people and systems write it down; chance is handed in as whole numbers."""

from __future__ import annotations

import codecs
import html
import unicodedata
from collections.abc import Callable

import numpy as np

from klantbeeld.demo.dice import Flags, Ints, Texts, texts
from klantbeeld.demo.tables import places
from klantbeeld.demo.tables.places import LETTERS

_SOUND_ROWS = (
    "ij=y ij=ei ei=ij y=ij ou=au au=ou ck=k sch=sg cht=gt dt=t th=t ph=f qu=kw x=ks aa=a ee=e oo=o uu=u "
    "c=k k=c z=s s=z v=f d=t g=ch nn=n ss=s ll=l"
)
_SOUNDS = tuple((old, new) for old, _, new in (row.partition("=") for row in _SOUND_ROWS.split()))
"""Spellings that sound the same in Dutch: what an agent writes who hears a name over the telephone."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_STUBBORN = {"ı": "i", "İ": "I", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
FOLD = "klantbeeld-demo-fold"
"""Name of the error handler that writes signs which an encoding lacks without their marks (ş as s)."""


def typo(text: str, chance: int) -> str:
    """Insert, drop, replace or swap one letter."""
    if not text:
        return text
    place, kind, letter = chance % len(text), (chance >> 20) % 4, _ALPHABET[(chance >> 26) % 26]
    if kind == 0:
        return text[:place] + letter + text[place:]
    if kind == 1 and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if kind == 2 or place == len(text) - 1:
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def by_ear(text: str, chance: int) -> str:
    """Write a name as it sounds; one that has no second spelling gets a typing error."""
    lower = text.lower()
    ways = [(lower.index(old), old, new) for old, new in _SOUNDS if old in lower]
    if not ways:
        return typo(text, chance)
    place, old, new = ways[chance % len(ways)]
    return text[:place] + (new.capitalize() if place == 0 else new) + text[place + len(old) :]


def wrong_digit(text: str, chance: int) -> str:
    """Replace one of the last seven digits by another one."""
    places = [place for place, sign in enumerate(text) if sign.isdigit()][-7:]
    if not places:
        return text
    place = places[chance % len(places)]
    digit = (int(text[place]) + 1 + (chance >> 20) % 9) % 10
    return f"{text[:place]}{digit}{text[place + 1 :]}"


def wrong_postcode(text: str, chance: int) -> str:
    """Get one digit or the last letter of a postcode wrong."""
    if chance & 1:
        return wrong_digit(text[:4], chance >> 1) + text[4:]
    other = LETTERS[(LETTERS.index(text[5]) + 1 + (chance >> 8) % (len(LETTERS) - 1)) % len(LETTERS)]
    return text[:5] + other


def without_marks(text: str, _chance: int = 0) -> str:
    """Write a text without diacritics, as systems do that only know ASCII."""
    folded = unicodedata.normalize("NFKD", "".join(_STUBBORN.get(sign, sign) for sign in text))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def mojibake(text: str, _chance: int = 0) -> str:
    """Read UTF-8 as Windows-1252, as a careless export does; texts for which that is impossible stay as they are."""
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text


def entities(text: str, _chance: int = 0) -> str:
    """Leave the HTML escapes of a web form in the value."""
    return html.escape(text, quote=True)


def apply(column: Texts, where: Flags, chance: Ints, change: Callable[[str, int], str]) -> None:
    """Change the chosen values of a column in place."""
    for row in np.flatnonzero(where).tolist():
        column[row] = change(column[row], int(chance[row]))


def phone(numbers: Texts, style: Ints) -> Texts:
    """Write ten-digit national numbers in one of eight notations; anything else than ten digits stays as it is."""
    return texts([_phone(number, way) for number, way in zip(numbers.tolist(), (style % 8).tolist(), strict=True)])


def _phone(number: str, style: int) -> str:
    if len(number) != 10:
        return number
    area = 2 if number.startswith("06") else 3 if number[:4] not in _LONG_AREAS else 4
    code, rest = number[:area], number[area:]
    ways = (
        number, f"{code}-{rest}", f"+31{number[1:]}", f"{code} {rest[:2]} {rest[2:4]} {rest[4:]}",
        f"0031 {code[1:]} {rest}", f"+31 (0){code[1:]} {rest}", f"({code}) {rest}", f"{code}-{rest[:3]} {rest[3:]}",
    )  # fmt: skip
    return ways[style]


_LONG_AREAS = frozenset(town.area for town in places.towns() if len(town.area) == 4)


def _fold(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return without_marks(missing).encode("ascii", "replace").decode("ascii"), error.end


codecs.register_error(FOLD, _fold)
