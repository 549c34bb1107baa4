"""Intervals, samples and figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.flows.house import PURPOSE, STEWARD, customer, deliver, person, source
from tests.domain.stewardship.test_judge import steward
from tests.domain.stewardship.test_queue import ANNA, doubtful_pair, only

from klantbeeld.flows.correct import correct
from klantbeeld.flows.merge import merge
from klantbeeld.flows.review import judge
from klantbeeld.kit.errors import Conflict, Invalid, Missing
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import Limits
from klantbeeld.stewardship.models import Check, Review, Sample
from klantbeeld.stewardship.rules.eyes import reasons_for_second
from klantbeeld.stewardship.rules.intervals import wilson

DOOR = {"actor": STEWARD, "purpose": PURPOSE}


def test_interval_is_that_of_the_literature() -> None:
    # Newcombe 1998 (Statistics in Medicine 17:857-872), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for right, seen, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
                                   (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert wilson(right, seen) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda seen: st.tuples(st.integers(0, seen), st.just(seen))))
def test_interval_holds_the_share_mirrors_and_narrows(drawn: tuple[int, int]) -> None:
    right, seen = drawn
    low, high = wilson(right, seen)
    assert 0 <= low <= right / seen <= high <= 1
    assert wilson(seen - right, seen) == pytest.approx((1 - high, 1 - low))
    wide = wilson(right, seen, 0.99)
    assert wide[0] <= low
    assert high <= wide[1]


def test_interval_of_nothing_is_refused() -> None:
    for right, seen in ((0, 0), (2, 1), (-1, 3)):
        with pytest.raises(ValueError, match="no share"):
            wilson(right, seen)


def test_a_limit_is_reached_at_its_number_and_zero_is_off() -> None:
    limits = Limits(customers=0, records=3, activities=10, contracts=1)
    few = {"customers": 9, "records": 2, "activities": 9, "contracts": 0}
    assert reasons_for_second(limits, **few) == []
    assert reasons_for_second(limits, **{**few, "records": 3}) == ["records"]
    assert reasons_for_second(limits, **{**few, "activities": 10, "contracts": 4}) == ["activities", "contracts"]


def families(count: int) -> None:
    """So many customers that were joined from two records each."""
    source("crm")
    names = [
        f"{first}{last}" for first in ("Bak", "Vis", "Mul", "Dek", "Post") for last in ("ker", "ser", "der", "ter")
    ]
    for number, name in enumerate(names[:count]):
        said = {"given_name": "Jan", "family_name": name, "email": f"jan@{name.lower()}.example"}
        deliver("crm", *(person(f"{number}{letter}", **said) for letter in "ab"))


@pytest.mark.django_db
def test_sample_holds_joined_records_only_each_at_most_once_and_is_replayable() -> None:
    families(6)
    deliver("crm", person("alone", given_name="Kees", family_name="Anders"))
    by_hand = [customer("crm", name) for name in ("0a", "1a")]
    merge(customers=[one.uuid for one in by_hand], **DOOR)
    correct(customer=customer("crm", "2a").uuid, attribute="given_name", value="Johan", reason="", **DOOR)
    drawn = []
    for _ in range(2):
        actions.draw_sample(size=100, seed=7, **DOOR)
        checks = Check.objects.filter(sample=Sample.objects.latest("id")).order_by("id")
        drawn.append([check.record.external_id for check in checks.select_related("record")])
    assert drawn[0] == drawn[1]
    # Of the two that a person merged every record is named by his decision; a correction joins nobody.
    assert sorted(drawn[0]) == sorted(f"{number}{letter}" for number in range(2, 6) for letter in "ab")


@pytest.mark.django_db
def test_every_joined_record_is_drawn_as_often_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from klantbeeld.stewardship.actions import samples

    families(5)
    monkeypatch.setattr(samples, "TRIES", 5)  # so that even this few records are drawn by rejection
    seen: dict[int, int] = {}
    for seed in range(120):
        actions.draw_sample(size=1, seed=seed, **DOOR)
    for record in Check.objects.values_list("record_id", flat=True):
        seen[record] = seen.get(record, 0) + 1
    assert len(seen) == 10
    # 120 draws of 10 records with fixed seeds: chi-squared with 9 degrees of freedom below its 99.9% point.
    assert sum((count - 12) ** 2 / 12 for count in seen.values()) < 27.9


@pytest.mark.django_db
def test_precision_counts_the_newest_answer_about_a_record_once() -> None:
    families(2)
    with pytest.raises(Invalid):
        actions.draw_sample(size=0, **DOOR)
    for _ in range(2):
        actions.draw_sample(size=10, **DOOR)
    before = queries.precision(actor=STEWARD)
    assert (before.waiting, before.share, before.low) == (4, None, None)
    first = list(Check.objects.filter(sample=Sample.objects.earliest("id")).order_by("record_id"))
    for check, said in zip(first, ("right", "right", "wrong", "unsure"), strict=True):
        actions.answer_check(check=check.uuid, answer=said, **DOOR)
    again = Check.objects.get(sample=Sample.objects.latest("id"), record_id=first[2].record_id)
    actions.answer_check(check=again.uuid, answer="right", **DOOR)
    found = queries.precision(actor=STEWARD)
    assert (found.right, found.wrong, found.unsure, found.waiting) == (3, 0, 1, 0)
    assert (found.share, (found.low, found.high)) == (1.0, wilson(3, 3))
    with pytest.raises(Invalid, match="expected one of"):
        actions.answer_check(check=again.uuid, answer="perhaps", **DOOR)


@pytest.mark.django_db
def test_nothing_to_sample_says_so_and_an_unknown_sample_is_missing() -> None:
    doubtful_pair()
    with pytest.raises(Conflict, match="Nothing was joined"):
        actions.draw_sample(size=5, **DOOR)
    with pytest.raises(Missing):
        queries.get_sample(only().uuid, **DOOR)


@pytest.mark.django_db
def test_figures_count_what_waits_since_when_and_who_decided() -> None:
    doubtful_pair()
    deliver("crm", person("x", **{**ANNA, "given_name": "Pieter", "family_name": "Smit"}, email="p@voorbeeld.nl"))
    deliver("crm", person("y", **{**ANNA, "given_name": "Pieter", "family_name": "Smit"}, email="p@voorbeeld.nl"))
    item = Review.objects.get(state=1)
    found = queries.figures(actor=STEWARD)
    assert (found.counts["review"], found.counts["automatic"], sum(found.ages.values())) == (1, 1, 1)
    assert found.oldest_at == item.since
    judge(review=item.uuid, verdict="merge", version=item.version, **steward("els"))
    found = queries.figures(actor=STEWARD)
    assert (found.counts["review"], found.counts["manual"], found.oldest_at) == (0, 1, None)
    assert [(row.name, row.merged, row.refused) for row in found.stewards] == [("els", 1, 0)]
    with pytest.raises(Invalid):
        queries.figures(actor=STEWARD, days=0)
