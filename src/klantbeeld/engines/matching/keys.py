"""Match keys: two records are compared when they share one. (type, 64-bit keyed hash), online as in batch.

A template is a list of parts joined by "+", such as "family_sound+birth"; a part is a text derived from atoms. Keys are
blake2b hashes under the caller's secret, so that a table of keys betrays no values (verify a hit against the value).
Which templates are used, and which keys are too common to be used, is chosen from data and frozen in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from klantbeeld.engines.matching.normalise import address, names
from klantbeeld.engines.matching.normalise.record import atoms_of

if TYPE_CHECKING:
    from klantbeeld.engines.matching.columns import Encoded
    from klantbeeld.engines.matching.model import Model

_MASK = (1 << 64) - 1
_FACTOR = 0x9E3779B97F4A7C15
_ORGANISATION = 0xD1B54A32D192ED03
ADDRESS_SLOTS = 8


def _word(place: int) -> Callable[[str], str]:
    def pick(text: str) -> str:
        parts = text.split(" ", place + 1)
        return parts[place] if len(parts) > place else ""

    return pick


def _sound_of_word(place: int) -> Callable[[str], str]:
    pick = _word(place)
    return lambda text: names.sound(pick(text))


def _head(length: int) -> Callable[[str], str]:
    return lambda text: text.replace(" ", "")[:length]


def _month_day(text: str) -> str:
    month, day = text[4:6], text[6:8]
    return "" if "00" in (month, day) else min(month, day) + max(month, day)


def _year(text: str) -> str:
    return "" if text[:4] == "0000" else text[:4]


def _full_date(text: str) -> str:
    return "" if text[:4] == "0000" or "00" in (text[4:6], text[6:8]) else text


def _first_letter(text: str) -> str:
    return text[:1]


def _two_or_more(text: str) -> str:
    return text if len(text) >= 2 else ""


def _same(text: str) -> str:
    return text


def _tail(text: str) -> str:
    return text[-7:] if len(text) >= 7 else ""


def _email_user(text: str) -> str:
    user = text.rpartition("@")[0]
    return user if len(user) >= 4 else ""


def _joined(text: str) -> str:
    return text.replace(" ", "")


def _sorted_words(text: str) -> str:
    return " ".join(sorted(set(text.split())))


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a key: the stem of the atoms it comes from and functions, each of which may give a value."""

    stem: str
    functions: tuple[Callable[[str], str], ...]


_PARTS: dict[str, Part] = {
    "given": Part("given", (_word(0),)),
    "given_sound": Part("given", (_sound_of_word(0),)),
    "given_head": Part("given", (_head(3),)),
    "other_sound": Part("given", (_sound_of_word(0), _sound_of_word(1))),
    "initial": Part("initials", (_first_letter,)),
    "initials": Part("initials", (_two_or_more,)),
    "family": Part("family", (_joined,)),
    "family_sound": Part("family", (_sound_of_word(0), _sound_of_word(1))),
    "family_head": Part("family", (_head(4),)),
    "birth": Part("birth", (_full_date,)),
    "year": Part("birth", (_year,)),
    "month_day": Part("birth", (_month_day,)),
    "postcode": Part("addresses.postcode", (_same,)),
    "area": Part("addresses.postcode", (address.area,)),
    "street": Part("addresses.street", (_same,)),
    "city": Part("addresses.city", (_same,)),
    "phone": Part("phones", (_same,)),
    "phone_tail": Part("phones", (_tail,)),
    "email": Part("emails", (_same,)),
    "email_user": Part("emails", (_email_user,)),
    "organisation": Part("organisation", (_joined,)),
    "organisation_words": Part("organisation", (_sorted_words,)),
    "organisation_word": Part("organisation", tuple(_word(i) for i in range(8))),
    "organisation_sound": Part("organisation", (_sound_of_word(0), _sound_of_word(1))),
    "organisation_head": Part("organisation", (_head(5),)),
}

_COMPOSED: dict[str, tuple[tuple[str, str], ...]] = {
    # parts of one and the same address
    "postcode_number": (("postcode", "number"),),
    "street_number": (("street", "number"),),
}

_TEMPLATES = """
email
phone
email_user
phone_tail
name_pair
family+given
birth+family_sound
birth+other_sound
birth+initial
birth+area
birth+city
birth
postcode_number+initial
postcode_number+family_sound
postcode_number+organisation_sound
postcode_number
street_number+family_sound
street_number+month_day
street_number+initial
street_number+organisation_sound
street_number
postcode+family_sound
postcode+other_sound
postcode+given_head
postcode+family_head
postcode+birth
postcode+year
area+family_sound+initial
area+family_head
area+other_sound+year
area+given+family_head
area+given
city+family_sound+initial
city+given
city+organisation_word
area+organisation_word
family_sound+month_day
family_sound+initial+year
other_sound+month_day
given+year
family_head+year
family_head+given_head
family_sound+initial
given_head+month_day
initials+family_head
initials+birth
family
given
organisation
organisation_words
organisation_head
organisation_sound
organisation_word
"""


def templates_for(atoms: Iterable[str]) -> tuple[str, ...]:
    """All templates whose parts these atoms can fill, identifiers first."""
    stems = {_stem(a) for a in atoms}
    made = [f"ids.{key}" for key in sorted(s.removeprefix("ids.") for s in stems if s.startswith("ids."))]
    categories = sorted(s for s in stems if s.startswith("categories."))
    usual = [t for t in _TEMPLATES.split("\n") if t]
    for category in categories:
        usual += [f"birth+{category}", f"{category}+given", f"{category}+family_sound", f"{category}+email_user"]
        usual += [
            f"{category}+name_pair",
            f"{category}+family_head+given_head",
            f"{category}+postcode",
            f"{category}+month_day",
        ]
    for template in usual:
        if all(_stems_of(part) <= stems for part in template.split("+")):
            made.append(template)
    return tuple(made)


def _stem(atom: str) -> str:
    if atom.startswith("addresses."):
        return f"addresses.{atom.rsplit('.', 1)[1]}"
    stem = atom.split("#")[0]
    return "organisation" if stem == "aliases" else stem


def _stems_of(part: str) -> set[str]:
    if part == "name_pair":
        return {"given", "family"}
    if part == "postcode_number":
        return {"addresses.postcode", "addresses.number"}
    if part == "street_number":
        return {"addresses.street", "addresses.number"}
    known = _PARTS.get(part)
    return {known.stem if known else part}


def part_of(name: str) -> Part:
    """The part of a name; identifiers and categories are parts by their stem."""
    return _PARTS.get(name) or Part(name, (_same,))


@lru_cache(maxsize=4096)
def salt_of(template: str, secret: bytes) -> int:
    return hash_text(f"template:{template}", secret)


def hash_text(text: str, secret: bytes) -> int:
    """A 64-bit keyed hash, never 0: 0 stands for "no key" in batch."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8, key=secret[:64], person=b"match-key").digest()
    return int.from_bytes(digest, "little") or 1


def mix(left: int, right: int) -> int:
    """Join two hashes in order."""
    mixed = ((left ^ right) * _FACTOR) & _MASK
    return mixed ^ (mixed >> 32) or 1


def part_texts(name: str, atoms: Mapping[str, list[str]], places: Sequence[Mapping[str, str]]) -> list[str]:
    """The distinct texts of a part for one record. `atoms`: texts per stem; `places`: the addresses."""
    if name == "name_pair":
        pairs = product(part_texts("other_sound", atoms, places), part_texts("family_sound", atoms, places))
        return list(dict.fromkeys(name_pair(g, f) for g, f in pairs))
    if name in _COMPOSED:
        (first, second) = _COMPOSED[name][0]
        found = [p[first] + "|" + p[second] for p in places if p.get(first) and p.get(second)]
        return list(dict.fromkeys(found))
    part = part_of(name)
    texts = [function(text) for text in atoms.get(part.stem, ()) for function in part.functions]
    return list(dict.fromkeys(t for t in texts if t))


def name_pair(given: str, family: str) -> str:
    """The sounds of given and family name in one order, so that swapped names share a key."""
    return f"{given}|{family}" if given <= family else f"{family}|{given}"


def record_keys(features: Mapping[str, Any], templates: Sequence[str], secret: bytes) -> list[tuple[str, int]]:
    """All keys of one record, unsigned, generic ones too."""
    atoms: dict[str, list[str]] = {}
    places: dict[str, dict[str, str]] = {}
    for atom, text in atoms_of(features):
        atoms.setdefault(_stem(atom), []).append(text)
        if atom.startswith("addresses."):
            _, slot, part = atom.split(".")
            places.setdefault(slot, {})[part] = text
    turn = _ORGANISATION if features.get("kind") == "organisation" else 0
    cache: dict[str, list[int]] = {}
    keys: list[tuple[str, int]] = []
    for template in templates:
        columns = []
        for part in template.split("+"):
            if part not in cache:
                cache[part] = [hash_text(t, secret) for t in part_texts(part, atoms, list(places.values()))]
            columns.append(cache[part])
        salt = salt_of(template, secret) ^ turn
        for combination in product(*columns):
            key = salt
            for value in combination:
                key = mix(key, value)
            keys.append((template, key))
    return list(dict.fromkeys(keys))


def signed(key: int) -> int:
    """As a 64-bit integer with a sign, for a database."""
    return key - (1 << 64) if key >= 1 << 63 else key


def match_keys(features: Mapping[str, Any], model: Model, secret: bytes = b"") -> list[tuple[str, int]]:
    """The keys of one record under a model: (type, signed 64-bit key), without keys that the model knows as generic.

    Two records are candidates when they share a key. `secret`: the same bytes as in training; at most 64 count.
    """
    generic = model.generic_keys
    found = ((template, signed(key)) for template, key in record_keys(features, model.templates, secret))
    return [(template, key) for template, key in found if key not in generic]


class KeyTable:
    """Keys of a whole table: per template uint64[n, slots], 0 for none; the same numbers as `record_keys`."""

    def __init__(self, encoded: Encoded, secret: bytes) -> None:
        self._encoded = encoded
        self._secret = secret
        self._parts: dict[str, np.ndarray] = {}
        self._hashes = np.zeros(0, np.uint64)
        kinds = encoded.of("kind")
        organisation = encoded.pool.index.get("organisation", -2)
        self._turn = np.where(kinds == organisation, np.uint64(_ORGANISATION), np.uint64(0))

    def keys(self, template: str) -> np.ndarray:
        """uint64[n, slots] of one template."""
        salt = np.uint64(salt_of(template, self._secret)) ^ self._turn
        columns = [self._part(part) for part in template.split("+")]
        made = []
        for combination in product(*(range(c.shape[1]) for c in columns)):
            key = salt
            some = np.ones(len(salt), bool)
            for column, slot in zip(columns, combination, strict=True):
                value = column[:, slot]
                some &= value != 0
                mixed = (key ^ value) * np.uint64(_FACTOR)
                mixed ^= mixed >> np.uint64(32)
                key = np.where(mixed == 0, np.uint64(1), mixed)
            made.append(np.where(some, key, np.uint64(0)))
        return np.stack(made, axis=1) if made else np.zeros((len(salt), 0), np.uint64)

    def _part(self, name: str) -> np.ndarray:
        if name not in self._parts:
            codes = [c for c in self._part_codes(name) if (c >= 0).any()]
            hashed = [self._hash(c) for c in codes] or [np.zeros(self._encoded.n, np.uint64)]
            self._parts[name] = _without_repeats(np.stack(hashed, axis=1))
        return self._parts[name]

    def _part_codes(self, name: str) -> list[np.ndarray]:
        encoded, pool = self._encoded, self._encoded.pool
        if name == "name_pair":
            pairs = product(self._part_codes("other_sound"), self._part_codes("family_sound"))
            return [self._pairs(g, f, name_pair) for g, f in pairs if (g >= 0).any() and (f >= 0).any()]
        if name in _COMPOSED:
            (first, second) = _COMPOSED[name][0]
            slots = sorted({a.split(".")[1] for a in encoded.atoms if a.startswith("addresses.")})
            return [
                self._pairs(
                    encoded.of(f"addresses.{s}.{first}"),
                    encoded.of(f"addresses.{s}.{second}"),
                    lambda a, b: a + "|" + b,
                )
                for s in slots
            ]
        part = part_of(name)
        atoms = sorted(a for a in encoded.atoms if _stem(a) == part.stem)
        return [pool.derive(encoded.atoms[a], function) for a in atoms for function in part.functions]

    def _pairs(self, left: np.ndarray, right: np.ndarray, make: Callable[[str, str], str]) -> np.ndarray:
        """Texts made of two, once per distinct pair."""
        some = np.flatnonzero((left >= 0) & (right >= 0))
        out = np.full(len(left), -1, np.int32)
        packed = (left[some].astype(np.int64) << 32) | right[some]
        distinct, inverse = np.unique(packed, return_inverse=True)
        texts = self._encoded.pool.texts
        made = [make(texts[p >> 32], texts[p & 0xFFFFFFFF]) for p in distinct.tolist()]
        out[some] = self._encoded.pool.codes(made)[inverse]
        return out

    def _hash(self, codes: np.ndarray) -> np.ndarray:
        """The keyed hash of every text, each text once per run."""
        size = len(self._encoded.pool.texts)
        if len(self._hashes) < size + 1:
            grown = np.zeros(size + 1, np.uint64)
            grown[: max(len(self._hashes) - 1, 0)] = self._hashes[:-1]
            self._hashes = grown
        seen = np.zeros(size + 1, bool)
        seen[codes] = True
        seen[-1] = False
        todo = np.flatnonzero(seen & (self._hashes == 0))
        texts, secret = self._encoded.pool.texts, self._secret
        self._hashes[todo] = np.array([hash_text(texts[c], secret) for c in todo.tolist()], np.uint64)
        return self._hashes[codes]


def _without_repeats(columns: np.ndarray) -> np.ndarray:
    """Leave out a value that stands in an earlier column of the same row."""
    for later in range(1, columns.shape[1]):
        for earlier in range(later):
            columns[columns[:, later] == columns[:, earlier], later] = 0
    return columns
