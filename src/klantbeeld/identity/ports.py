"""What identity asks of a matching engine; `adapters.engine` answers with engines/matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from klantbeeld.identity.contracts import Step
from klantbeeld.sources.contracts import Identifier, Kind

Features = Any
"""The engine's own form of a record; `Matcher.pack` writes it as bytes."""


class Said(Protocol):
    """What a record says: one that is stored, or that will be."""

    @property
    def kind(self) -> Kind: ...
    @property
    def source_id(self) -> int: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...
    @property
    def identifiers(self) -> Sequence[Identifier]: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """Records made ready: their features side by side, and their blocking keys as int64 vectors of one length.

    `row` is the place of the record in the batch, `key` a signed 64-bit number; a key may stand twice.
    """

    features: Sequence[Features]
    row: np.ndarray
    key: np.ndarray
    type: np.ndarray


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs as scored, one row each: weight float64[n] (log2 odds), household float64[n] (0..1), levels uint8[n, f]."""

    weight: np.ndarray
    household: np.ndarray
    levels: np.ndarray


@dataclass(frozen=True, slots=True)
class Grouped:
    """Labels per record: equal label, one customer; and the same if every doubtful match were accepted."""

    customer: Sequence[int]
    suggested: Sequence[int]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Why a pair has its weight: `prior` and the steps add up to it. `rival` is the class that match is held against.

    `why_not`: queue, weak or conflict when the pair's customers, as given, would not be joined; else empty.
    """

    weight: float
    prior: float
    rival: str
    probability: float
    steps: tuple[Step, ...]
    classes: dict[str, float]
    sentence: dict[str, str]
    why_not: str


class Matcher(Protocol):
    """One kind of party under one frozen model. Everything is a function of its arguments alone."""

    floor: float
    """Links below this weight are no evidence of one customer and connect nothing."""

    merging: float
    """Two records alone are one customer from this weight on, and wait for a person between it and the floor."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The model as JSON, of which an equal matcher can be made elsewhere."""

    def cap(self, key_type: int) -> int:
        """A key of this type held by more records than this blocks nothing."""

    def prepare(self, records: Sequence[Said]) -> Prepared:
        """Normalise and give the blocking keys; every live record of this matcher's kind."""

    def frozen(self) -> Matcher:
        """The same under the catalogue as it is now; its `prepare` asks no database, so any thread may call it."""

    def pack(self, features: Features) -> bytes:
        """Features as bytes for the database."""

    def unpack(self, packed: bytes) -> Features:
        """The way back from `pack`."""

    def score(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> Scored:
        """Score pairs given as two int64[n] arrays of positions in `features`."""

    def group(
        self,
        stable: Sequence[str],
        features: Sequence[Features],
        links: Sequence[tuple[int, int, float, float, bytes]],
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> Grouped:
        """Cluster records; links are (position, position, weight, household, levels); decisions are positions."""

    def explain(
        self, left: Features, right: Features, groups: tuple[Sequence[Features], Sequence[Features]] | None
    ) -> Waterfall:
        """Why this pair has its weight; and, given the other records of their two customers, why they are not one."""

    def key_label(self, key_type: int) -> str:
        """The name of a type of key, for people: `surname and birth date`."""
