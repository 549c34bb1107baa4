"""A record as the plain Python scorer wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klantbeeld.engines.matching.frequencies import Frequencies
from klantbeeld.engines.matching.model import Model
from klantbeeld.engines.matching.normalise import names

LONGEST = 64


@dataclass(slots=True)
class Prepared:
    """The values of one record as the comparisons want them."""

    features: Mapping[str, Any]
    given: bytes
    other_given: bytes
    initials: str
    family: bytes
    family_words: tuple[bytes, bytes]
    sound: bytes
    given_sound: bytes
    birth: int
    frequencies: Frequencies
    cache: dict[str, Any]


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")[:LONGEST]


def _latin_initials(text: str) -> str:
    for place, letter in enumerate(text[:6]):
        if not "a" <= letter <= "z":
            return text[:place]
    return text[:6]


def prepare(features: Mapping[str, Any], model: Model) -> Prepared:
    """Prepare a record for scoring under a model; worth keeping when it meets many others."""
    given = features.get("given", "").split(" ")
    family = features.get("family", "")
    words = family.split(" ")
    return Prepared(
        features,
        as_bytes(given[0]),
        as_bytes(given[1]) if len(given) > 1 else b"",
        _latin_initials(features.get("initials", "")),
        as_bytes(family),
        (as_bytes(words[0]), as_bytes(words[1]) if len(words) > 1 else b""),
        as_bytes(names.sound(family.replace(" ", ""))),
        as_bytes(names.sound(given[0])),
        int(features.get("birth", "0") or 0),
        model.frequencies,
        {},
    )
