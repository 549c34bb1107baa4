"""Sample pairs that explain a result: of each kind a few, a typical one first."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from klantbeeld.cli.resolve.combine import FILE, RECORD_ID, SOURCE, Combined
from klantbeeld.cli.resolve.figures import CLASSES, classes_of, review_pairs
from klantbeeld.engines.matching import Resolution
from klantbeeld.engines.matching.explanation import explain, why_not

LANGUAGES: tuple[Literal["en"], Literal["nl"]] = ("en", "nl")
MEMBERS = 6  # records of a customer that are asked to explain
PLACES = {"merged": (0.5, 0.1, 0.9), "review": (0.9, 0.5, 0.1), "household": (0.9, 0.4), "apart": (0.98, 0.9)}


def sample_explanations(combined: Combined, resolution: Resolution) -> list[dict[str, Any]]:
    """Return examples: both records, steps that add up to the weight, posteriors, a sentence in nl and en."""
    links = resolution.links
    if links.num_rows == 0:
        return []
    left, right = links["left"].to_numpy(), links["right"].to_numpy()
    weight = links["weight"].to_numpy()
    class_of = classes_of(links)
    merged = resolution.customer_id[left] == resolution.customer_id[right]
    review = review_pairs(resolution)
    household = ~merged & ~review & (class_of == CLASSES.index("household"))
    kinds = {"merged": merged, "review": review, "household": household, "apart": ~merged & ~review & ~household}
    found = []
    for kind, chosen in kinds.items():
        for position in _spread(np.flatnonzero(chosen), weight, PLACES[kind]):
            found.append(_example(combined, resolution, int(left[position]), int(right[position]), kind))
    return found


def _spread(positions: np.ndarray, weight: np.ndarray, places: Sequence[float]) -> list[int]:
    """Choose the pairs at these places (0..1) in the order of weight; ties by position, so the choice is repeatable."""
    if not len(positions):
        return []
    order = positions[np.lexsort((positions, weight[positions]))]
    chosen = [int(order[round(place * (len(order) - 1))]) for place in places]
    return list(dict.fromkeys(chosen))


def _example(combined: Combined, resolution: Resolution, left: int, right: int, kind: str) -> dict[str, Any]:
    pair = (resolution.features(left), resolution.features(right))
    english, dutch = (explain(*pair, resolution.model, language) for language in LANGUAGES)
    sentences = {"en": english.sentence, "nl": dutch.sentence}
    if kind != "merged":
        groups = [_group(resolution, row, kind) for row in (left, right)]
        for language in LANGUAGES:
            answer = why_not(*pair, resolution.model, left_group=groups[0], right_group=groups[1], language=language)
            sentences[language] = answer.sentence
    return {
        "kind": kind,
        "left": _record(combined, left),
        "right": _record(combined, right),
        "weight": english.weight,
        "probability": english.probability,
        "class": english.class_name,
        "posteriors": english.posteriors,
        "prior": english.prior,
        "steps": [
            {"field": e.comparison, "name": {"en": e.label, "nl": d.label}, "level": e.level,
             "text": {"en": e.text, "nl": d.text}, "left": e.left, "right": e.right, "weight": e.weight}
            for e, d in zip(english.steps, dutch.steps, strict=True)
        ],
        "sentence": sentences,
    }  # fmt: skip


def _group(resolution: Resolution, row: int, kind: str) -> list[dict[str, Any]]:
    """Return the features of the records that are one with a row: certainly for a pair in review, else probably."""
    ids = resolution.customer_id if kind == "review" else resolution.suggested_id
    members = np.flatnonzero(ids == ids[row])[:MEMBERS]
    return [resolution.features(int(member)) for member in members if member != row]


def _record(combined: Combined, row: int) -> dict[str, Any]:
    one = combined.table.slice(row, 1)
    values = {name: one[name][0].as_py() for name in combined.fields}
    names = {"file": FILE, "source": SOURCE, "record_id": RECORD_ID}
    return {**{key: one[column][0].as_py() for key, column in names.items()}, "values": values}
