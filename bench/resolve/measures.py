"""The same measures for both sides: those of our own engine's `quality`, which tests hold to the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np

from klantbeeld.engines.matching import quality


def measure(found: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Return pairwise, exact-cluster and B-cubed precision, recall and F1."""
    q = quality(found, truth)
    return {
        "pairwise": {"precision": q.precision, "recall": q.recall, "f1": q.f1},
        "cluster": {"precision": q.exact_precision, "recall": q.exact_recall, "f1": q.exact_f1},
        "b_cubed": {"precision": q.bcubed_precision, "recall": q.bcubed_recall, "f1": q.bcubed_f1},
    }
