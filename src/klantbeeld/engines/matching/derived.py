"""What keys and comparisons derive from one normalised text: its first word, its sound, its head, its mailbox.

Functions of text to text, "" for nothing. Those in `COMPILED` have a twin in `texts`, for tables with many values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from klantbeeld.engines.matching.normalise import names

Derive = Callable[[str], str]

COMPILED: dict[Derive, tuple[int, int]] = {}
"""Function to the operation of `texts` and its argument."""


def _twin(operation: int, argument: int = 0) -> Callable[[Derive], Derive]:
    def register(function: Derive) -> Derive:
        COMPILED[function] = (operation, argument)
        return function

    return register


# The numbers of `texts`, which is not imported here: the plain road needs no compiled code.
_WORD, _SOUND_OF_WORD, _HEAD, _JOINED, _TAIL, _USER, _DOMAIN, _LONG_USER, _SOUND_JOINED, _FIRST = range(10)


@cache
def word(place: int) -> Derive:
    """The word with this number, from 0."""

    @_twin(_WORD, place)
    def pick(text: str) -> str:
        parts = text.split(" ", place + 1)
        return parts[place] if len(parts) > place else ""

    return pick


@cache
def sound_of_word(place: int) -> Derive:
    """The sound of the word with this number."""
    pick = word(place)

    @_twin(_SOUND_OF_WORD, place)
    def sounded(text: str) -> str:
        return names.sound(pick(text))

    return sounded


@cache
def head(length: int) -> Derive:
    """The first letters without spaces."""

    @_twin(_HEAD, length)
    def cut(text: str) -> str:
        return text.replace(" ", "")[:length]

    return cut


first_word, second_word = word(0), word(1)


@_twin(_FIRST)
def first_letter(text: str) -> str:
    return text[:1]


@_twin(_JOINED)
def joined(text: str) -> str:
    """The text without spaces."""
    return text.replace(" ", "")


@_twin(_SOUND_JOINED)
def sound(text: str) -> str:
    """The sound of the text without spaces."""
    return names.sound(text.replace(" ", ""))


@_twin(_TAIL, 7)
def tail(text: str) -> str:
    """The last seven digits of a phone number: what is left when the area code was not written."""
    return text[-7:] if len(text) >= 7 else ""


@_twin(_USER)
def email_user(text: str) -> str:
    return text.rpartition("@")[0]


@_twin(_LONG_USER, 4)
def long_email_user(text: str) -> str:
    """The user of an e-mail address when it is long enough to be somebody's."""
    user = text.rpartition("@")[0]
    return user if len(user) >= 4 else ""


@_twin(_DOMAIN)
def email_domain(text: str) -> str:
    return text.rpartition("@")[2]


def sorted_words(text: str) -> str:
    return " ".join(sorted(set(text.split())))


def two_or_more(text: str) -> str:
    return text if len(text) >= 2 else ""


def same(text: str) -> str:
    return text


def month_day(text: str) -> str:
    """Month and day of a date in one order, so that swapped ones are equal."""
    month, day = text[4:6], text[6:8]
    return "" if "00" in (month, day) else min(month, day) + max(month, day)


def year(text: str) -> str:
    return "" if text[:4] == "0000" else text[:4]


def full_date(text: str) -> str:
    return "" if text[:4] == "0000" or "00" in (text[4:6], text[6:8]) else text
