"""By which words a customer is found, also when they are spelled a little differently.

Symmetric deletion: two words within one edit share a spelling with at most one letter left out of each (Mor and
Fraenkel 1982; made popular by Garbe 2012). A Dutch phonetic form, marked `~`, lets ij/y/ei, c/k, dt/d/t, ph/f and the
like meet as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from klantbeeld.engines.matching.normalise.text import fold as in_latin
from klantbeeld.profiles.rules.names import PREFIXES

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['\u2018\u2019`\u00b4\u02bc]")
LONGEST = 60
SMALL_WORDS = frozenset(word for prefix in PREFIXES for word in re.findall(WORD, prefix))

SOUNDS = (
    ("sch", "s"), ("ij", "y"), ("ei", "y"), ("ey", "y"), ("ou", "au"), ("ph", "f"), ("ck", "k"), ("qu", "kw"),
    ("x", "ks"), ("th", "t"), ("dt", "t"), ("ch", "g"), ("gh", "g"), ("c", "k"), ("z", "s"), ("v", "f"), ("d", "t"),
)  # fmt: skip
DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small Latin letters without accents, prefixes such as `van der` left out.

    Words in other scripts are read in Latin letters, so that `Иванов` and `Ivanov` meet whoever types them; Chinese
    characters, whose sound depends on the language, stay.
    """
    found = WORD.findall(APOSTROPHES.sub("", in_latin(text)))
    kept = [word[:LONGEST] for word in found if word not in SMALL_WORDS]
    return tuple(kept or [word[:LONGEST] for word in found])


def phonetic(word: str) -> str:
    """How a word sounds in Dutch, roughly: `dijkstra`, `dykstra` and `deikstra` are the same."""
    for spelling, sound in SOUNDS:
        word = word.replace(spelling, sound)
    return DOUBLED.sub(r"\1", word)


def spellings(word: str) -> list[str]:
    """The word, the word with each letter left out, and its phonetic form marked with `~`."""
    if len(word) < 3:
        return [word]
    # A phonetic form may be longer than its word (x sounds as ks), and must fit where words fit.
    heard = ("~" + phonetic(word))[:LONGEST]
    return sorted({word, *(word[:i] + word[i + 1 :] for i in range(len(word))), heard})


@lru_cache(maxsize=50_000)
def alike(query: str, token: str) -> float:
    """How well a token answers a query word, 0..1: exact 1, begins with .8, one edit or the same sound .6, else 0."""
    if query == token:
        return 1.0
    if len(query) >= 2 and token.startswith(query):
        return 0.8
    if len(query) >= 3 and (OSA.distance(query, token, score_cutoff=1) <= 1 or phonetic(query) == phonetic(token)):
        return 0.6
    return 0.0


def beyond(text: str) -> str:
    """The smallest text after all that begin with this one, by code point; `text` ends in a letter or a space."""
    return text[:-1] + chr(ord(text[-1]) + 1)


def is_initial(word: str) -> bool:
    """Is the word a lone letter? One Chinese character is a name, and a digit is neither."""
    return len(word) == 1 and word.isascii() and word.isalpha()


def initials_of(given: Iterable[str]) -> set[str]:
    """The first letters of given names and of initials: what a lone letter in a search may mean."""
    return {word[0] for text in given for word in words(text)}


def tokens_of(texts: Iterable[str]) -> list[str]:
    """The distinct words of several texts, sorted."""
    return sorted({word for text in texts if text for word in words(text)})
