"""The keys of one record: plain Python, for the record that arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.matching.keys.hashing import ORGANISATION, hash_text, mix, salt_of, signed
from klantbeeld.engines.matching.keys.parts import part_texts, stem_of
from klantbeeld.engines.matching.normalise.record import atoms_of

if TYPE_CHECKING:
    from klantbeeld.engines.matching.model import Model


def record_keys(features: Mapping[str, Any], templates: Sequence[str], secret: bytes) -> list[tuple[str, int]]:
    """All keys of one record, unsigned, generic ones too."""
    atoms: dict[str, list[str]] = {}
    places: dict[str, dict[str, str]] = {}
    for atom, text in atoms_of(features):
        atoms.setdefault(stem_of(atom), []).append(text)
        if atom.startswith("addresses."):
            _, slot, part = atom.split(".")
            places.setdefault(slot, {})[part] = text
    turn = ORGANISATION if features.get("kind") == "organisation" else 0
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


def match_keys(features: Mapping[str, Any], model: Model, secret: bytes = b"") -> list[tuple[str, int]]:
    """The keys of one record under a model: (type, signed 64-bit key), without keys that the model knows as generic.

    Two records are candidates when they share a key. `secret`: the same bytes as in training; at most 64 count.
    """
    generic = model.generic_keys
    found = ((template, signed(key)) for template, key in record_keys(features, model.templates, secret))
    return [(template, key) for template, key in found if key not in generic]
