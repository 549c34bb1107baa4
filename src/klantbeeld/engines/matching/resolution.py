"""The batch road: a table in, customers out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from klantbeeld.engines.matching.fields import Decision, Schema
    from klantbeeld.engines.matching.model import Model

Progress = Callable[[str, float], None]
"""Called with the name of a phase and the share done, 0..1."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What `resolve` found.

    `customer_id`, `suggested_id`, `household_id`: int64[n], one number per row of the table; rows with the same number
    belong together and the number is the smallest row number (from 0) of the group. `customer_id` is what may be merged
    without a person looking (precision first) and refines `suggested_id` (F1 first).
    `weight`: float64[n], the strongest link (log2 odds) that holds the row in its customer; NaN for a row alone.
    `links`: one row per pair worth keeping: left, right (row numbers, left < right), weight (log2 odds),
    probability (calibrated, 0..1), class (match | household | namesake | random), class_match ... class_random
    (posteriors, sum 1), levels (struct: one name of a level per field, null when a value is missing).
    `model`: frozen; give it to the online steps. `report`: figures as JSON values.
    `records`: the normalised features of a row, as `normalise_record` would give: `features(row)`.
    """

    customer_id: np.ndarray
    suggested_id: np.ndarray
    household_id: np.ndarray
    weight: np.ndarray
    links: pa.Table
    model: Model
    report: dict[str, Any]
    _features: Callable[[int], dict[str, Any]] = field(repr=False)

    def features(self, row: int) -> dict[str, Any]:
        """The normalised features of one row, the same as `normalise_record` gives."""
        return self._features(row)


def resolve(
    table: pa.Table,
    schema: Schema,
    *,
    decisions: Iterable[Decision | tuple[str, str, bool]] = (),
    model: Model | None = None,
    precision: float = 0.99,
    key: bytes = b"",
    seed: int = 1,
    progress: Progress | None = None,
) -> Resolution:
    """Find which rows of a table are the same person or organisation.

    `table`: any Arrow table with the columns of `schema`; values of other types than text are turned into text.
    `decisions`: must-link and cannot-link by record key. `model`: score with this one instead of training.
    `precision`: wanted precision of `customer_id`, 0..1. `key`: secret of the match keys. Deterministic for a seed.
    """
    raise NotImplementedError("In the making; the signature stands.")


def train(
    table: pa.Table,
    schema: Schema,
    *,
    precision: float = 0.99,
    key: bytes = b"",
    seed: int = 1,
    progress: Progress | None = None,
) -> Model:
    """Estimate a model from a table, without labels (see `training`)."""
    raise NotImplementedError("In the making; the signature stands.")


def warm() -> None:
    """Compile the kernels and fill numba's cache, so that the first pair is scored at full speed."""
    raise NotImplementedError("In the making; the signature stands.")
