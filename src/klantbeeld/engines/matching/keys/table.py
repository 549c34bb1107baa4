"""The keys of many records under a model: the same numbers as record by record."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from klantbeeld.engines.matching.keys.hashing import FACTOR, ORGANISATION, hash_text, salt_of
from klantbeeld.engines.matching.keys.parts import COMPOSED, name_pair, part_of, stem_of

if TYPE_CHECKING:
    from klantbeeld.engines.matching.columns import Encoded


class KeyTable:
    """Keys of a whole table: per template uint64[n, slots], 0 for none; the same numbers as `record_keys`."""

    def __init__(self, encoded: Encoded, secret: bytes) -> None:
        self._encoded = encoded
        self._secret = secret
        self._parts: dict[str, np.ndarray] = {}
        self._hashes = np.zeros(0, np.uint64)
        kinds = encoded.of("kind")
        organisation = encoded.pool.index.get("organisation", -2)
        self._turn = np.where(kinds == organisation, np.uint64(ORGANISATION), np.uint64(0))

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
                mixed = (key ^ value) * np.uint64(FACTOR)
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
        if name in COMPOSED:
            (first, second) = COMPOSED[name][0]
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
        atoms = sorted(a for a in encoded.atoms if stem_of(a) == part.stem)
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
