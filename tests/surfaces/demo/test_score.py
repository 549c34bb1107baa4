"""The score counts what is in both the partition and the truth, and says what is not."""

from __future__ import annotations

import pytest

from klantbeeld.demo.score import score

TRUTH = {
    ("crm", "1"): "P1", ("shop", "1"): "P1", ("pos", "1"): "P1",
    ("crm", "2"): "P2", ("shop", "2"): "P2", ("crm", "3"): "O1",
}  # fmt: skip


def test_right_partition_scores_one_whatever_its_labels_are() -> None:
    found = score({key: f"customer of {entity}" for key, entity in TRUTH.items()}, TRUTH)
    assert (found.records, found.missing, found.unknown) == (6, 0, 0)
    assert (found.quality.f1, found.quality.exact_f1, found.quality.bcubed_f1) == (1.0, 1.0, 1.0)
    assert (found.quality.groups, found.quality.true_groups) == (3, 3)


def test_split_customer_costs_recall_and_a_false_merge_costs_precision() -> None:
    split = {**{key: key[1] for key in TRUTH}, ("pos", "1"): "alone"}
    assert score(split, TRUTH).quality.precision == 1.0
    assert score(split, TRUTH).quality.recall == pytest.approx(2 / 4)
    merged = {key: "2" if key[1] == "3" else key[1] for key in TRUTH}
    assert score(merged, TRUTH).quality.recall == 1.0
    assert score(merged, TRUTH).quality.precision == pytest.approx(4 / 6)


def test_records_of_one_side_only_are_counted_apart() -> None:
    found = score({("crm", "1"): 7, ("shop", "1"): 7, ("desk", "9"): 8}, TRUTH)
    assert (found.records, found.missing, found.unknown) == (2, 4, 1)
    assert found.quality.f1 == 1.0


def test_other_world_is_refused() -> None:
    with pytest.raises(ValueError, match="is it of the same world"):
        score({("crm", "99"): 1}, TRUTH)
