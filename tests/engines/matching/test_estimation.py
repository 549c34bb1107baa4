"""EM on patterns whose truth is known, and what is estimated from it."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from klantbeeld.engines.matching import Resolution, quality
from klantbeeld.engines.matching.estimation import MATCH, RANDOM, Chance, learn
from klantbeeld.engines.matching.levels import BINS, Comparison, Op
from klantbeeld.engines.matching.patterns import patterns_of
from klantbeeld.engines.matching.selection import cover
from klantbeeld.engines.matching.thresholds import Weighed, calibration_points, customer_threshold, uncut_threshold

COMPARISONS = (Comparison("gender", Op.GENDER), Comparison("initials", Op.INITIALS), Comparison("birth", Op.BIRTH))


def test_em_recovers_the_parameters_that_made_the_pairs() -> None:
    rng = np.random.default_rng(1)
    records, matches = 3_000, 2_500
    all_pairs = records * (records - 1) // 2
    true = [
        np.array([0.97, 0.03]),
        np.array([0.7, 0.2, 0.1]),
        np.array([0.8, *[0.0] * 4, 0.05, 0.06, 0.03, 0.01, 0.02, 0.01, 0.02]),
    ]
    chance = [
        np.array([0.5, 0.5]),
        np.array([0.05, 0.05, 0.9]),
        np.array([1e-4, *[1e-9] * 4, 1e-4, 1e-3, 4e-3, 1e-3, 0.02, 0.02, 0.9538]),
    ]
    draw = lambda shares, n: 1 + np.stack([rng.choice(len(p), n, p=p / p.sum()) for p in shares], axis=1)  # noqa: E731
    levels = np.concatenate([draw(true, matches), draw(chance, all_pairs)]).astype(np.uint8)
    patterns, _, counts = patterns_of(levels)
    seen = np.zeros((3, 16))  # as counted over all pairs, matches among them
    for f in range(3):
        seen[f] = np.bincount(levels[:, f], minlength=16) / len(levels)
    found = learn(patterns, counts, COMPARISONS, Chance(seen, [np.eye(BINS)[0]] * 3), records)
    assert found.converged
    assert 2.0 ** found.log_totals[MATCH] == pytest.approx(matches, rel=0.06)
    for f, shares in enumerate(true):
        learned = 2.0 ** found.log_levels[MATCH, f, 1 : len(shares) + 1]
        assert np.abs(learned - shares).max() < 0.03
    posteriors = found.posteriors
    assert np.allclose(posteriors.sum(axis=1), 1.0)
    assert (posteriors[:, MATCH] * counts).sum() == pytest.approx(matches, rel=0.06)
    assert (found.log_levels[:, :, 0] == 0.0).all(), "a missing value must be no evidence"
    assert 2.0 ** found.log_totals[RANDOM] == pytest.approx(all_pairs)


def test_invented_population_is_resolved(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    truth = table_and_truth[1]
    suggested, customer = quality(resolved.suggested_id, truth), quality(resolved.customer_id, truth)
    assert suggested.f1 > 0.85
    assert customer.precision > 0.97
    assert customer.recall > 0.5


def test_probabilities_of_links_agree_with_truth(
    table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    truth = np.array(table_and_truth[1])
    links = resolved.links
    right = truth[links["left"].to_numpy()] == truth[links["right"].to_numpy()]
    believed = links["class_match"].to_numpy()
    assert abs(right.mean() - believed.mean()) < 0.06
    assert (np.diff(resolved.model.probabilities(np.linspace(-20, 20, 200))) >= 0).all()


def _links(cuts: list[int], sure: float = 1.0) -> Weighed:
    matches = np.array([0.9999, 0.999, 0.9, 0.6]) * sure
    return Weighed(np.array([10.0, 6.0, 2.0, 0.5]), matches, np.array([1000, 100, 100, 100]), np.array(cuts))


def test_customer_threshold_keeps_expected_errors_within_the_precision() -> None:
    threshold, expected = customer_threshold(_links([0, 0, 0, 0]), 0.99)
    assert threshold == 6.0
    assert expected >= 0.99
    assert customer_threshold(_links([0, 0, 0, 0]), 0.5)[0] == 6.0, "never below the lowest"
    assert customer_threshold(_links([0, 0, 0, 0], sure=0.5), 0.99)[0] == 20.0


def test_customer_threshold_rises_above_links_that_clustering_cut() -> None:
    assert customer_threshold(_links([0, 40, 0, 0]), 0.99)[0] == 10.0
    assert uncut_threshold(_links([0, 0, 50, 50]), 0.99, lowest=0.0) > 2.0
    assert uncut_threshold(_links([0, 0, 0, 0]), 0.99, lowest=7.0) == 7.0


def test_few_links_do_not_prove_a_precision() -> None:
    few = Weighed(np.array([9.0]), np.array([1.0]), np.array([20]), np.array([0]))
    assert customer_threshold(few, 0.99)[0] == 20.0


def test_calibration_ascends() -> None:
    links = Weighed(np.array([-8.0, 0.0, 8.0]), np.array([0.01, 0.5, 0.99]), np.array([10] * 3), np.array([0, 2, 1]))
    points = calibration_points(links)
    assert [y for _, y in points] == sorted(y for _, y in points)


def test_templates_are_chosen_by_new_matches_per_pair() -> None:
    member = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], bool)
    matches = np.array([5.0, 5.0, 1.0, 0.0, 0.6])
    weight = np.array([5.0, 5.0, 4.0, 4000.0, 4000.0])
    assert cover(member, matches, weight, least=0.01) == [0, 1]
    assert cover(member, matches, weight, least=0.00001) == [0, 1, 2]
