"""Sample pairs that explain a result: of each kind a few, from the surest to the most doubtful."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from klantbeeld.cli.resolve.combine import FILE, RECORD_ID, SOURCE, Combined
from klantbeeld.cli.resolve.figures import review_pairs
from klantbeeld.engines.matching import Resolution, explain

PLACES = {"merged": (0.02, 0.3, 0.7), "review": (0.95, 0.5, 0.1), "household": (0.9, 0.4), "apart": (0.98, 0.9)}


def sample_explanations(combined: Combined, resolution: Resolution) -> list[dict[str, Any]]:
    """Return examples: both records, steps that add up to the weight, posteriors, a sentence in nl and en."""
    links = resolution.links
    if links.num_rows == 0:
        return []
    left, right = links["left"].to_numpy(), links["right"].to_numpy()
    weight = links["weight"].to_numpy()
    classes = np.array(links["class"].to_pylist(), dtype=str)
    merged = resolution.customer_id[left] == resolution.customer_id[right]
    review = review_pairs(resolution)
    household = ~merged & ~review & (classes == "household")
    kinds = {"merged": merged, "review": review, "household": household, "apart": ~merged & ~review & ~household}
    found = []
    for kind, chosen in kinds.items():
        for position in _spread(np.flatnonzero(chosen), weight, PLACES[kind]):
            found.append({"kind": kind, **_example(combined, resolution, int(left[position]), int(right[position]))})
    return found


def _spread(positions: np.ndarray, weight: np.ndarray, places: Sequence[float]) -> list[int]:
    """Choose the pairs at these places (0..1) in the order of weight; ties by position, so the choice is repeatable."""
    if not len(positions):
        return []
    order = positions[np.lexsort((positions, weight[positions]))]
    chosen = [int(order[round(place * (len(order) - 1))]) for place in places]
    return list(dict.fromkeys(chosen))


def _example(combined: Combined, resolution: Resolution, left: int, right: int) -> dict[str, Any]:
    found = explain(resolution.features(left), resolution.features(right), resolution.model)
    return {
        "left": _record(combined, left),
        "right": _record(combined, right),
        "weight": float(found.weight),
        "probability": float(found.probability),
        "class": found.link_class,
        "posteriors": {name: float(share) for name, share in found.posteriors.items()},
        "prior": float(found.prior),
        "steps": [{"field": s.field, "level": s.level, "weight": float(s.weight)} for s in found.steps],
        "sentence": {"en": found.sentence("en"), "nl": found.sentence("nl")},
    }


def _record(combined: Combined, row: int) -> dict[str, Any]:
    one = combined.table.slice(row, 1)
    values = {name: one[name][0].as_py() for name in combined.fields}
    names = {"file": FILE, "source": SOURCE, "record_id": RECORD_ID}
    return {**{key: one[column][0].as_py() for key, column in names.items()}, "values": values}
