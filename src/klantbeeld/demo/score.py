"""How well a partition of the records agrees with the truth of the world."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from klantbeeld.demo.truth import RecordKey
from klantbeeld.engines.matching.metrics import Quality, quality


@dataclass(frozen=True, slots=True)
class Score:
    """A partition against the truth, over the records that are in both.

    `missing` records are in the truth only, `unknown` ones in the partition only; neither counts in the quality.
    """

    records: int
    quality: Quality
    missing: int
    unknown: int


def score(partition: Mapping[RecordKey, Hashable], truth: Mapping[RecordKey, str]) -> Score:
    """Score a partition (record to customer) against the truth (record to entity); ValueError without common records.

    Quality has precision, recall and F1 over pairs, exact groups and B-cubed (engines.matching.metrics).
    """
    common = [key for key in truth if key in partition]
    if not common:
        raise ValueError("No record of the partition is in the truth: is it of the same world (seed and size)?")
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(partition[key], len(numbers)) for key in common]
    return Score(
        records=len(common),
        quality=quality(found, [truth[key] for key in common]),
        missing=len(truth) - len(common),
        unknown=len(partition) - len(common),
    )
