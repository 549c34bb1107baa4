"""The frozen model: everything that decides whether two records are one, as a value that can be stored and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np

from klantbeeld.engines.matching import priors
from klantbeeld.engines.matching.common_names import TOTAL, common_names
from klantbeeld.engines.matching.fields import Schema
from klantbeeld.engines.matching.frequencies import Frequencies
from klantbeeld.engines.matching.levels import LEVELS, Comparison, Op
from klantbeeld.engines.matching.normalise.record import plan_of

CLASSES = ("match", "household", "namesake", "random")
LEVEL_COUNT = 16
FORMAT = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """log2 odds from which records are joined: `customer` without a person looking, `suggested` for the queue.

    `link`: links below it are not kept. `precision` is what was asked for `customer`; `expected` what it should give.
    """

    customer: float
    suggested: float = 0.0
    link: float = -4.0
    precision: float = 0.99
    expected: float = 0.99


@dataclass(frozen=True)
class Model:
    """Parameters, frequencies, keys and thresholds of one training; `version` is a hash of all of it.

    `log_levels`: float64[class, comparison, level], log2 probability given that both values are present (0 for
    missing).
    `log_totals`: float64[class], log2 of the expected number of pairs of the class among all pairs of records.
    `calibration`: (weight, probability) points, ascending; probabilities between them are interpolated.
    """

    schema: Schema
    comparisons: tuple[Comparison, ...]
    log_levels: np.ndarray
    log_totals: np.ndarray
    frequencies: Frequencies
    templates: tuple[str, ...]
    generic_keys: frozenset[int]
    thresholds: Thresholds
    calibration: tuple[tuple[float, float], ...] = ()
    records: int = 0
    seed: int = 1
    notes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def default(cls, schema: Schema, records: int = 100_000) -> Model:
        """A model from general experience, for the first records of an empty database (see `priors`).

        `records`: how many records the database is expected to hold; the more, the more a chance agreement counts.
        """
        from klantbeeld.engines.matching.keys import templates_for
        from klantbeeld.engines.matching.rows import comparisons_for

        comparisons = comparisons_for(plan_of(schema).atoms)
        tables = np.zeros((4, len(comparisons), LEVEL_COUNT))
        for f, comparison in enumerate(comparisons):
            random, share, equal = priors.default_chance(comparison.op)
            tables[:, f] = priors.class_tables(comparison, random, share, equal)
        totals = np.array([0.6 * records, 0.5 * records, 0.01 * records, records * (records - 1) / 2])
        logs = np.log2(np.maximum(tables, 1e-12))
        logs[:, :, 0] = 0.0
        for f, comparison in enumerate(comparisons):
            logs[:, f, len(comparison.levels) :] = 0.0
        present = {c.name for c in comparisons}
        frequencies = Frequencies()
        for name, counts in common_names().items():
            if name in present:
                frequencies.keep(name, counts.items(), TOTAL, False)
        usual = tuple(t for t in templates_for(plan_of(schema).atoms) if t not in _TOO_WIDE)
        limits = Thresholds(7.0)
        return cls(schema, comparisons, logs, np.log2(totals), frequencies, usual, frozenset(), limits, (), 0)

    @cached_property
    def version(self) -> str:
        """Sixteen hexadecimal digits: a hash of everything that decides."""
        text = json.dumps(self._content(), sort_keys=True, separators=(",", ":"))
        return blake2b(text.encode(), digest_size=8).hexdigest()

    @cached_property
    def averaged(self) -> np.ndarray:
        """bool[comparison]: whether entities average the evidence of their records; False takes the best pair."""
        return np.ones(len(self.comparisons), bool)

    @cached_property
    def level_lists(self) -> list[list[list[float]]]:
        """`log_levels` as lists of floats, for the plain Python scorer."""
        lists: list[list[list[float]]] = self.log_levels.tolist()
        return lists

    @cached_property
    def total_list(self) -> list[float]:
        totals: list[float] = self.log_totals.tolist()
        return totals

    def probability(self, weight: float) -> float:
        """The calibrated probability of a match for a weight, 0..1."""
        return float(self.probabilities(np.array([weight]))[0])

    def probabilities(self, weights: np.ndarray) -> np.ndarray:
        """The same for an array of weights."""
        if self.calibration:
            xs, ys = np.array(self.calibration).T
            return np.interp(weights, xs, ys)
        return 1.0 / (1.0 + np.exp2(-np.clip(weights, -60.0, 60.0)))

    def with_thresholds(self, **changes: float) -> Model:
        """The same model with other thresholds; another version."""
        return replace(self, thresholds=replace(self.thresholds, **changes))

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "schema": self.schema.to_dict(),
            "comparisons": [
                {"name": c.name, "op": c.op.name.lower(), "key": c.key, "levels": list(LEVELS[c.op])}
                for c in self.comparisons
            ],
            "classes": list(CLASSES),
            "log_levels": [
                [self.log_levels[c, f, : len(LEVELS[k.op])].tolist() for f, k in enumerate(self.comparisons)]
                for c in range(4)
            ],
            "log_totals": self.log_totals.tolist(),
            "frequencies": self.frequencies.to_dict(),
            "templates": list(self.templates),
            "generic_keys": sorted(self.generic_keys),
            "thresholds": {
                "customer": self.thresholds.customer,
                "suggested": self.thresholds.suggested,
                "link": self.thresholds.link,
                "precision": self.thresholds.precision,
                "expected": self.thresholds.expected,
            },
            "calibration": [list(p) for p in self.calibration],
            "records": self.records,
            "seed": self.seed,
        }

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON values; `notes` (figures of the training) do not count for the version."""
        return {**self._content(), "version": self.version, "notes": self.notes}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Model:
        """Read back what `to_dict` wrote. Raises ValueError when it was changed or is of another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"This model has format {data.get('format')!r}; this version of the engine reads {FORMAT}")
        comparisons = tuple(Comparison(c["name"], Op[c["op"].upper()], c["key"]) for c in data["comparisons"])
        logs = np.zeros((4, len(comparisons), LEVEL_COUNT))
        for c in range(4):
            for f, row in enumerate(data["log_levels"][c]):
                logs[c, f, : len(row)] = row
        model = cls(
            Schema.from_dict(data["schema"]),
            comparisons,
            logs,
            np.array(data["log_totals"], float),
            Frequencies.from_dict(data["frequencies"]),
            tuple(data["templates"]),
            frozenset(data["generic_keys"]),
            Thresholds(**data["thresholds"]),
            tuple((float(x), float(y)) for x, y in data["calibration"]),
            data["records"],
            data["seed"],
            dict(data.get("notes", {})),
        )
        stated = data.get("version")
        if stated and stated != model.version:
            raise ValueError(f"This model says version {stated} but its content is {model.version}: it was changed")
        return model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)


_TOO_WIDE = frozenset(
    {
        "family",
        "given",
        "birth",
        "organisation_word",
        "organisation_head",
        "postcode_number",
        "street_number",
        "given+year",
        "family_head+year",
    }
)
"""Templates that only pay after counting how many records share their keys."""
