"""Rows of integers that the kernel reads, built from codes of atoms; the same for a table and for two records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.derived import (
    email_domain,
    email_user,
    first_word,
    joined,
    second_word,
    sorted_words,
    sound,
    word,
)
from klantbeeld.engines.matching.distances import LONGEST
from klantbeeld.engines.matching.frequencies import Frequencies
from klantbeeld.engines.matching.kernel import layout as k
from klantbeeld.engines.matching.levels import Comparison, Op
from klantbeeld.engines.matching.normalise import address, contact
from klantbeeld.engines.matching.normalise.nicknames import VARIANTS, established
from klantbeeld.engines.matching.normalise.record import atoms_of
from klantbeeld.engines.matching.pool import Codes, Pool

_STEMS = {Op.PHONE: "phones", Op.EMAIL: "emails"}
_WIDTHS = {
    Op.ADDRESS: k.ADDRESS_WIDTH,
    Op.PHONE: k.PHONE_WIDTH,
    Op.EMAIL: k.EMAIL_WIDTH,
    Op.IDENTIFIER: k.CODE_WIDTH,
    Op.CATEGORY: k.CODE_WIDTH,
    Op.ORGANISATION: k.ORGANISATION_WIDTH,
    Op.TEXT: k.TEXT_WIDTH,
}


def stem_of(comparison: Comparison) -> str:
    """The stem of the atoms that a comparison with slots reads."""
    if comparison.op is Op.IDENTIFIER:
        return f"ids.{comparison.key}"
    if comparison.op is Op.CATEGORY:
        return f"categories.{comparison.key}"
    if comparison.op is Op.TEXT:
        return f"texts.{comparison.key}"
    return _STEMS.get(comparison.op, "")


def comparisons_for(atoms: Sequence[str]) -> tuple[Comparison, ...]:
    """The comparisons that these atoms allow, in a fixed order."""
    present = {a.split("#")[0].split(".")[0] if a.startswith("addresses") else a.split("#")[0] for a in atoms}
    made: list[Comparison] = []
    simple = (
        ("given", Op.GIVEN, {"given", "initials"}),
        ("initials", Op.INITIALS, {"initials"}),
        ("family", Op.FAMILY, {"family"}),
        ("generation", Op.GENERATION, {"generation"}),
        ("gender", Op.GENDER, {"gender"}),
        ("birth", Op.BIRTH, {"birth"}),
        ("organisation", Op.ORGANISATION, {"organisation"}),
        ("address", Op.ADDRESS, {"addresses"}),
        ("phone", Op.PHONE, {"phones"}),
        ("email", Op.EMAIL, {"emails"}),
    )
    made += [Comparison(name, op) for name, op, needs in simple if needs & present]
    for prefix, op in (("ids.", Op.IDENTIFIER), ("categories.", Op.CATEGORY), ("texts.", Op.TEXT)):
        keys = sorted(a.removeprefix(prefix) for a in present if a.startswith(prefix))
        made += [Comparison(f"{prefix[:-1]}:{key}", op, key) for key in keys]
    if "source" in present:
        made.append(Comparison("source", Op.SOURCE))
    return tuple(made)


@dataclass(slots=True)
class Rows:
    """What the kernel needs of a set of records."""

    rows: np.ndarray
    spec: np.ndarray
    data: np.ndarray
    start: np.ndarray
    variants: tuple[np.ndarray, np.ndarray]

    def args(self) -> tuple[Any, ...]:
        """The arguments of the kernel after the rows."""
        return self.spec, self.data, self.start, self.variants


def _slots_of(comparison: Comparison, encoded: Encoded) -> list[str]:
    if comparison.op is Op.ADDRESS:
        return sorted({a.split(".")[1] for a in encoded.atoms if a.startswith("addresses.")})
    if comparison.op is Op.ORGANISATION:
        return ["organisation", *encoded.slots("aliases")]
    return encoded.slots(stem_of(comparison))


def build_rows(encoded: Encoded, comparisons: Sequence[Comparison], frequencies: Frequencies) -> Rows:
    """Lay out the records for the kernel, with the frequency class of every value beside it."""
    width = k.HEADER
    spec = np.zeros((len(comparisons), 3), np.int32)
    plans: list[tuple[Comparison, int, list[str]]] = []
    for f, comparison in enumerate(comparisons):
        spec[f, 0] = comparison.op
        if comparison.op in _WIDTHS:
            slots = _slots_of(comparison, encoded)
            plans.append((comparison, width, slots))
            spec[f, 1], spec[f, 2] = width, len(slots)
            width += max(1, len(slots)) * _WIDTHS[comparison.op]
    rows = np.full((encoded.n, width), -1, np.int32)
    _header(rows, encoded, frequencies)
    for comparison, at, slots in plans:
        for number, slot in enumerate(slots):
            first = at + number * _WIDTHS[comparison.op]
            _FILL[comparison.op](rows, first, slot, encoded, frequencies, comparison)
    return Rows(rows, spec, *_buffers(encoded.pool), _variants(encoded.pool))


def pack_initials(text: str) -> int:
    """Up to six letters of five bits, the first in the lowest bits; stops at a letter outside a-z."""
    packed = 0
    for place, letter in enumerate(text[:6]):
        if not "a" <= letter <= "z":
            break
        packed |= (ord(letter) - 96) << (5 * place)
    return packed


def _header(rows: np.ndarray, encoded: Encoded, frequencies: Frequencies) -> None:
    pool = encoded.pool
    rows[:, k.KIND] = pool.derive_number(encoded.of("kind"), lambda t: 2 if t == "organisation" else 1, 1)
    rows[:, k.SOURCE] = encoded.of("source")
    rows[:, k.GENDER] = pool.derive_number(encoded.of("gender"), lambda t: 1 if t == "m" else 2)
    rows[:, k.GENERATION] = pool.derive_number(encoded.of("generation"), int)
    given, family = encoded.of("given"), encoded.of("family")
    first = pool.derive(given, first_word)
    rows[:, k.GIVEN] = first
    rows[:, k.OTHER_GIVEN] = pool.derive(given, second_word)
    rows[:, k.GIVEN_BIN] = frequencies.bins("given", first, pool)
    rows[:, k.INITIALS] = pool.derive_number(encoded.of("initials"), pack_initials)
    rows[:, k.FAMILY] = family
    rows[:, k.FAMILY_1] = pool.derive(family, first_word)
    rows[:, k.FAMILY_2] = pool.derive(family, second_word)
    rows[:, k.FAMILY_SOUND] = pool.derive(family, sound)
    rows[:, k.GIVEN_SOUND] = pool.derive(first, sound)
    rows[:, k.FAMILY_BIN] = frequencies.bins("family", family, pool)
    rows[:, k.BIRTH] = pool.derive_number(encoded.of("birth"), int)
    rows[:, k.BIRTH_BIN] = frequencies.bins("birth", encoded.of("birth"), pool)


def _fill_address(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    for place, part in enumerate(("postcode", "number", "suffix", "street", "city")):
        rows[:, at + place] = encoded.of(f"addresses.{slot}.{part}")
    rows[:, at + 5] = encoded.pool.derive(rows[:, at], address.area)
    rows[:, at + 6] = frequencies.pair_bins(comparison.name, rows[:, at], rows[:, at + 1], encoded.pool)


def _fill_phone(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    codes = encoded.of(slot)
    rows[:, at] = codes
    rows[:, at + 1] = frequencies.bins(comparison.name, codes, encoded.pool)
    rows[:, at + 2] = encoded.pool.derive_number(codes, contact.is_fixed)


def _fill_email(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    codes, pool = encoded.of(slot), encoded.pool
    rows[:, at] = codes
    rows[:, at + 1] = pool.derive(codes, email_user)
    domains = pool.derive(codes, email_domain)
    rows[:, at + 2] = domains
    rows[:, at + 3] = frequencies.bins(comparison.name, codes, pool)
    rows[:, at + 4] = frequencies.bins("email.domain", domains, pool) < 2


def _fill_code(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    rows[:, at] = encoded.of(slot)
    rows[:, at + 1] = frequencies.bins(comparison.name, encoded.of(slot), encoded.pool)


def _fill_organisation(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    codes, pool = encoded.of(slot), encoded.pool
    rows[:, at] = pool.derive(codes, joined)
    rows[:, at + 1] = pool.derive(codes, sorted_words)
    rows[:, at + 2] = frequencies.bins(comparison.name, rows[:, at], pool)
    _fill_words(rows, at + 3, codes, pool, k.WORDS)


def _fill_text(
    rows: np.ndarray, at: int, slot: str, encoded: Encoded, frequencies: Frequencies, comparison: Comparison
) -> None:
    _fill_words(rows, at, encoded.of(slot), encoded.pool, k.TEXT_WIDTH)


def _fill_words(rows: np.ndarray, at: int, codes: Codes, pool: Pool, width: int) -> None:
    for place in range(width):
        rows[:, at + place] = pool.derive(codes, word(place))


_FILL = {
    Op.ADDRESS: _fill_address,
    Op.PHONE: _fill_phone,
    Op.EMAIL: _fill_email,
    Op.IDENTIFIER: _fill_code,
    Op.CATEGORY: _fill_code,
    Op.ORGANISATION: _fill_organisation,
    Op.TEXT: _fill_text,
}


def _buffers(pool: Pool) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of all texts in a row, and where each starts; each cut at the bytes that are compared."""
    data, start = pool.bytes()
    lengths = np.diff(start)
    if (lengths > LONGEST).any():
        within = np.arange(len(data)) - np.repeat(start[:-1], lengths) < LONGEST
        data, lengths = data[within], np.minimum(lengths, LONGEST)
    begins = np.zeros(len(lengths) + 2, np.int64)
    np.cumsum(lengths, out=begins[1:-1])
    begins[-1] = begins[-2]  # one more text, of nothing: code -1 points to it
    return (data if len(data) else np.zeros(1, np.uint8)), begins


@lru_cache(maxsize=1)
def _related() -> tuple[dict[str, int], np.ndarray]:
    """Numbers from 1 for the established names, and bool[number, number]: on one line."""
    numbers = {name: place for place, name in enumerate(established(), start=1)}
    lines = np.zeros((len(numbers) + 1, 1 + max(max(found) for found in VARIANTS.values())), np.float32)
    for name, found in VARIANTS.items():
        lines[numbers[name], list(found)] = 1
    return numbers, (lines @ lines.T) > 0


def _variants(pool: Pool) -> tuple[np.ndarray, np.ndarray]:
    """Per text its number as an established given name (0: none), and which numbers are variants."""
    numbers, related = _related()
    out = np.zeros(len(pool.texts) + 1, np.int32)
    for name, number in numbers.items():
        code = pool.index.get(name)
        if code is not None:
            out[code] = number
    return out, related


def encode_features(features: Sequence[Mapping[str, Any]]) -> Encoded:
    """Features of a few records as codes: the online road into the same rows."""
    pool = Pool()
    atoms: dict[str, Codes] = {}
    n = len(features)
    for row, record in enumerate(features):
        for atom, text in atoms_of(record):
            codes = atoms.get(atom)
            if codes is None:
                codes = atoms[atom] = np.full(n, -1, np.int32)
            codes[row] = pool.code(text)
    return Encoded(n, pool, atoms)
