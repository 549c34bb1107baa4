"""What a batch tells: scored candidates, and from them links, households and the weight of every record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klantbeeld.engines.matching.clustering import smallest_members
from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.levels import LEVELS
from klantbeeld.engines.matching.model import CLASSES, Model


@dataclass(slots=True)
class Pairs:
    """Scored candidates: places, which pattern each has, the patterns and their counts, bounds per template."""

    left: np.ndarray
    right: np.ndarray
    inverse: np.ndarray
    patterns: np.ndarray
    counts: np.ndarray
    found_by: list[dict[str, Any]]


def households_of(suggested: np.ndarray, pairs: Pairs, posteriors: np.ndarray) -> np.ndarray:
    """Groups joined by pairs that are most probably a household."""
    from klantbeeld.engines.matching.greedy import join_all

    near = posteriors[:, 1][pairs.inverse] >= 0.5
    return smallest_members(join_all(suggested, pairs.left[near].astype(np.int64), pairs.right[near].astype(np.int64)))


def record_weights(customer: np.ndarray, pairs: Pairs, weight: np.ndarray) -> np.ndarray:
    out = np.full(len(customer), -np.inf)
    inside = customer[pairs.left] == customer[pairs.right]
    np.maximum.at(out, pairs.left[inside], weight[inside])
    np.maximum.at(out, pairs.right[inside], weight[inside])
    return np.where(np.isfinite(out), out, np.nan)


def links_table(
    model: Model, pairs: Pairs, weight: np.ndarray, posteriors: np.ndarray, kept: np.ndarray, order: np.ndarray
) -> pa.Table:
    a, b, which = order[pairs.left[kept]], order[pairs.right[kept]], pairs.inverse[kept]
    left, right, strength = np.minimum(a, b), np.maximum(a, b), weight[kept]
    down = np.lexsort((right, left, -strength))
    left, right, strength, which = left[down], right[down], strength[down], which[down]
    mine = posteriors[which]
    levels = []
    for f, comparison in enumerate(model.comparisons):
        codes = pairs.patterns[which, f]
        names = pa.array(LEVELS[comparison.op])
        levels.append(pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=codes == 0), names))
    columns: dict[str, Any] = {
        "left": left.astype(np.int64),
        "right": right.astype(np.int64),
        "weight": strength,
        "probability": model.probabilities(strength),
        "class": pa.DictionaryArray.from_arrays(pa.array(mine.argmax(axis=1).astype(np.int8)), pa.array(CLASSES)),
    }
    for c, name in enumerate(CLASSES):
        columns[f"class_{name}"] = mine[:, c]
    columns["levels"] = (
        pa.StructArray.from_arrays(levels, [c.name for c in model.comparisons]) if levels else pa.nulls(len(left))
    )
    return pa.table(columns)


def labels_of_rows(labels: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Labels of places to labels of rows: the smallest row of every group."""
    return smallest_members(in_row_order(labels, order))


def in_row_order(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    out = np.empty_like(values)
    out[order] = values
    return out


def report_of(
    model: Model,
    encoded: Encoded,
    pairs: Pairs,
    weight: np.ndarray,
    customer: np.ndarray,
    suggested: np.ndarray,
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The figures of a resolution as JSON values; `seconds` per phase."""
    totals = np.exp2(model.log_totals)
    return {
        "records": encoded.n,
        "candidate_pairs": len(pairs.left),
        "patterns": len(pairs.patterns),
        "keys": pairs.found_by,
        "comparisons": [c.name for c in model.comparisons],
        "expected_pairs": {name: float(totals[c]) for c, name in enumerate(CLASSES)},
        "thresholds": {
            "customer": model.thresholds.customer,
            "suggested": model.thresholds.suggested,
            "precision": model.thresholds.precision,
            "expected_precision": model.thresholds.expected,
        },
        "links_customer": int((weight >= model.thresholds.customer).sum()),
        "links_suggested": int((weight >= model.thresholds.suggested).sum()),
        "customers": int((np.bincount(customer) > 0).sum()),
        "suggested": int((np.bincount(suggested) > 0).sum()),
        "filled": {a: round(float((c >= 0).mean()), 6) for a, c in encoded.atoms.items() if encoded.n},
        "model_version": model.version,
        "seconds": seconds,
        **model.notes,
    }
