"""Stand-ins for keys while a table is resolved: equal where keys are equal, made without a secret and much quicker.

Choosing templates looks at every template over every record, so millions of keys are made of which most are thrown
away. A stand-in is a plain hash of the same texts, good inside one run only; the few keys that a model keeps (the
generic ones) are made from the values of one record that has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from klantbeeld.engines.matching.keys.hashing import FACTOR, MASK, ORGANISATION, hash_text, mix, salt_of, signed
from klantbeeld.engines.matching.keys.parts import COMPOSED, name_pair, part_of, part_texts, stem_of
from klantbeeld.engines.matching.pool import hashes_of

if TYPE_CHECKING:
    from klantbeeld.engines.matching.columns import Encoded

Rows = np.ndarray | slice


@njit(cache=True)
def _mix_columns(values, turn, salt, out):
    """Join the values [parts, records] of every record in order; 0 where one is missing."""
    for i in range(out.shape[0]):
        key = salt ^ turn[i]
        for p in range(values.shape[0]):
            value = values[p, i]
            if value == 0:
                key = np.uint64(0)
                break
            key = (key ^ value) * np.uint64(FACTOR)
            key ^= key >> np.uint64(32)
            if key == 0:
                key = np.uint64(1)
        out[i] = key


class WorkingKeys:
    """Stand-ins of a whole table: per template uint64[records, slots], 0 for none."""

    def __init__(self, encoded: Encoded) -> None:
        self._encoded = encoded
        self._parts: dict[str, list[np.ndarray]] = {}
        organisation = encoded.pool.index.get("organisation", -2)
        self._turn = np.where(encoded.of("kind") == organisation, np.uint64(ORGANISATION), np.uint64(0))

    def keys(self, template: str, rows: Rows = slice(None)) -> np.ndarray:
        """Stand-ins of one template for these records."""
        columns = [[c[rows] for c in self._part(part)] for part in template.split("+")]
        turn = self._turn[rows]
        combinations = list(product(*columns))
        out = np.empty((len(combinations), len(turn)), np.uint64)
        for slot, combination in enumerate(combinations):
            _mix_columns(np.stack(combination), turn, np.uint64(salt_of(template, b"")), out[slot])
        return np.ascontiguousarray(out.T)

    def forget(self) -> None:
        """Let go of the values of parts, which take much memory."""
        self._parts.clear()

    def true_keys(self, template: str, stand_ins: np.ndarray, rows: np.ndarray, secret: bytes) -> set[int]:
        """The signed keys behind stand-ins, each with one record that has it."""
        found: set[int] = set()
        for stand_in, row in zip(stand_ins.tolist(), rows.tolist(), strict=True):
            found.update(signed(key) for made, key in self._both(template, row, secret) if made == stand_in)
        return found

    def _both(self, template: str, row: int, secret: bytes) -> Iterator[tuple[int, int]]:
        """The keys of one record: stand-in and key."""
        atoms: dict[str, list[str]] = {}
        places: dict[str, dict[str, str]] = {}
        texts = self._encoded.pool.texts
        for atom, codes in self._encoded.atoms.items():
            if codes[row] >= 0:
                atoms.setdefault(stem_of(atom), []).append(texts[codes[row]])
                if atom.startswith("addresses."):
                    _, slot, part = atom.split(".")
                    places.setdefault(slot, {})[part] = texts[codes[row]]
        turn = ORGANISATION if atoms.get("kind") == ["organisation"] else 0
        parts = [_both_values(part, atoms, list(places.values()), secret) for part in template.split("+")]
        for combination in product(*parts):
            stand_in, key = salt_of(template, b"") ^ turn, salt_of(template, secret) ^ turn
            for quick, value in combination:
                stand_in, key = mix(stand_in, quick), mix(key, value)
            yield stand_in, key

    def _part(self, name: str) -> list[np.ndarray]:
        if name not in self._parts:
            made = [column for column in self._columns(name) if column.any()]
            for later in range(1, len(made)):  # a value counts once per record
                for earlier in range(later):
                    made[later][made[later] == made[earlier]] = 0
            self._parts[name] = made or [np.zeros(self._encoded.n, np.uint64)]
        return self._parts[name]

    def _columns(self, name: str) -> Iterator[np.ndarray]:
        encoded = self._encoded
        if name == "name_pair":
            for given, family in product(self._part("other_sound"), self._part("family_sound")):
                yield _joined(np.minimum(given, family), np.maximum(given, family))
        elif name in COMPOSED:
            first, second = COMPOSED[name][0]
            for slot in sorted({a.split(".")[1] for a in encoded.atoms if a.startswith("addresses.")}):
                yield _joined(self._hashes(f"addresses.{slot}.{first}"), self._hashes(f"addresses.{slot}.{second}"))
        else:
            part = part_of(name)
            for atom in sorted(a for a in encoded.atoms if stem_of(a) == part.stem):
                for function in part.functions:
                    yield encoded.pool.hashes(encoded.atoms[atom], function)

    def _hashes(self, atom: str) -> np.ndarray:
        from klantbeeld.engines.matching.derived import same

        return self._encoded.pool.hashes(self._encoded.of(atom), same)


def _joined(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """One value from two, 0 where one is missing."""
    mixed = (left ^ np.uint64(FACTOR)) * np.uint64(FACTOR) ^ right
    mixed = mixed * np.uint64(FACTOR)
    mixed ^= mixed >> np.uint64(32)
    mixed[mixed == 0] = 1
    mixed[(left == 0) | (right == 0)] = 0
    return mixed


def _join(left: int, right: int) -> int:
    """`_joined` for one."""
    mixed = ((left ^ FACTOR) * FACTOR & MASK ^ right) * FACTOR & MASK
    return mixed ^ (mixed >> 32) or 1


def _both_values(
    name: str, atoms: dict[str, list[str]], places: list[dict[str, str]], secret: bytes
) -> list[tuple[int, int]]:
    """The values of a part for one record, as stand-in and as keyed hash."""
    if name == "name_pair":
        given, family = (part_texts(n, atoms, places) for n in ("other_sound", "family_sound"))
        pairs = [(g, f) for g in given for f in family]
        quick = [_join(min(a, b), max(a, b)) for a, b in (hashes_of(pair).tolist() for pair in pairs)]
        return [(q, hash_text(name_pair(g, f), secret)) for q, (g, f) in zip(quick, pairs, strict=True)]
    if name in COMPOSED:
        first, second = COMPOSED[name][0]
        pairs = [(p[first], p[second]) for p in places if p.get(first) and p.get(second)]
        return [(_join(*hashes_of(pair).tolist()), hash_text("|".join(pair), secret)) for pair in pairs]
    texts = part_texts(name, atoms, places)
    return list(zip(hashes_of(texts).tolist(), (hash_text(t, secret) for t in texts), strict=True))
