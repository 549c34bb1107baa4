"""The pure decisions: ids, people's words, components, numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.identity.rules import pairs
from klantbeeld.identity.rules.components import components
from klantbeeld.identity.rules.decisions import DIFFERENT, SAME, Word, judge
from klantbeeld.identity.rules.ids import assign
from klantbeeld.identity.rules.numbers import number_form, readings_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def word(number: int, verdict: str, left: int, right: int) -> Word:
    return Word(number, verdict, left, right, NOON + timedelta(minutes=number))


def test_the_oldest_id_survives_and_the_others_point_to_it() -> None:
    (one,) = assign([[1, 2, 3]], {1: 20, 2: 10, 3: 30})
    assert (one.customer, one.retired, one.homes) == (10, (20, 30), {})


def test_a_part_that_holds_the_records_of_an_id_takes_it_back_however_small_it_is() -> None:
    small, large = assign([[1], [2, 3, 4, 5]], {1: 10, 2: 20, 3: 20, 4: 20, 5: 20})
    assert (small.customer, large.customer) == (10, 20)


def test_of_a_plain_split_the_largest_part_keeps_the_id_then_the_oldest_record() -> None:
    parts = assign([[1], [2, 3]], {1: 10, 2: 10, 3: 10})
    assert [part.customer for part in parts] == [None, 10]
    parts = assign([[3, 4], [1, 2]], dict.fromkeys((1, 2, 3, 4), 10))
    assert [part.customer for part in parts] == [None, 10]


def test_an_id_stays_with_the_part_that_has_no_other() -> None:
    parts = assign([[1], [2, 7, 8]], {1: 10, 2: 10, 7: 5, 8: 5})
    assert [part.customer for part in parts] == [10, 5]
    assert parts[1].homes == {2: 5}


def test_a_newcomer_to_a_merged_customer_takes_the_home_of_whom_it_belongs_with() -> None:
    homes = {1: 10, 2: 20}
    (one,) = assign([[1, 2, 3, 4, 5]], homes, [(9.0, 2, 3), (3.0, 1, 3), (5.0, 3, 4)])
    assert one.homes == {3: 20, 4: 20, 5: 10}


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[list[int]], dict[int, int]]:
    count = draw(st.integers(1, 12))
    labels = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    groups: dict[int, list[int]] = {}
    for record, label in enumerate(labels):
        groups.setdefault(label, []).append(record)
    homes = draw(st.dictionaries(st.integers(0, count - 1), st.integers(100, 105)))
    return list(groups.values()), homes


@given(partitions())
def test_assigning_again_changes_nothing_and_every_id_stands_once(
    given_: tuple[list[list[int]], dict[int, int]],
) -> None:
    groups, homes = given_
    first = assign(groups, homes)
    after, new = dict(homes), 1000
    for one in first:
        new += 1
        customer = one.customer or new
        after.update({record: home or customer for record, home in one.homes.items()})
    again = assign(groups, after)
    assert all(not one.homes for one in again)
    standing = [one.customer for one in again]
    assert len(set(standing)) == len(groups)
    for one, two in zip(first, again, strict=True):
        assert one.customer in (None, two.customer)
        assert set(one.retired) == set(two.retired)
    ids = set(homes.values())
    assert {one.customer for one in first if one.customer} | {r for one in first for r in one.retired} == ids


def test_the_newest_word_holds_also_through_others() -> None:
    judged = judge([word(1, SAME, 1, 2), word(2, SAME, 2, 3), word(3, DIFFERENT, 1, 3)])
    assert judged.overruled == {1: 3}
    judged = judge([word(1, DIFFERENT, 1, 3), word(2, SAME, 1, 2), word(3, SAME, 2, 3)])
    assert set(judged.overruled) == {1}
    assert judged.must({1, 2, 3}) == [(1, 2), (1, 3)]


def test_what_belongs_together_does_so_through_a_record_that_is_gone() -> None:
    judged = judge([word(1, SAME, 1, 2), word(2, SAME, 2, 3)])
    assert judged.must({1, 3}) == [(1, 3)]


def test_what_an_employee_wrote_glues_nothing_together_and_goes_with_the_first_that_is_left() -> None:
    judged = judge([word(1, SAME, 7, 9), word(2, SAME, 3, 9)], frozenset({9}))
    assert judged.must({3, 7}) == []
    assert judged.partner(9, {3, 7}) == 7
    assert judged.partner(9, {3}) == 3
    assert judged.partner(9, set()) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)).filter(lambda w: w[1] != w[2])))
def test_words_that_hold_never_contradict_each_other(said: list[tuple[bool, int, int]]) -> None:
    words = [word(n, SAME if same else DIFFERENT, a, b) for n, (same, a, b) in enumerate(said)]
    judged = judge(words)
    together = components(range(5), judged.must(set(range(5))))
    for left, right in judged.cannot(set(range(5))):
        assert not any({left, right} <= set(part) for part in together)
    assert {w.id for w in judged.holding} | set(judged.overruled) == {w.id for w in words}
    assert all(by > number for number, by in judged.overruled.items())


@given(st.text(alphabet="0123456789ab -./", max_size=20))
def test_separators_capitals_and_leading_zeros_do_not_matter(text: str) -> None:
    assert number_form(f"00 {text.upper()}.") == number_form(text)


def test_a_text_is_read_in_every_way_that_makes_sense() -> None:
    assert {one.form for one in readings_of("06 12 34 56 78")} == {"n:612345678", "p:+31612345678"}
    assert {one.form for one in readings_of("3512 AB 12 a")} == {"n:3512AB12A", "a:3512AB12A"}
    assert [one.form for one in readings_of("Jan@Voorbeeld.nl")] == ["e:jan@voorbeeld.nl"]
    assert readings_of("Jan de Vries") == []
    assert readings_of("12") == []
    assert readings_of("1" * 500) == []


KEY_ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 4)), max_size=30)


@given(held=KEY_ROWS, asked=KEY_ROWS)
def test_keys_are_found_among_distinct_ones_by_number_and_type(
    held: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    key, kind = np.array(held, np.int64).reshape(-1, 2).T
    place = pairs.distinct(key, kind)
    distinct = list(zip(key[place].tolist(), kind[place].tolist(), strict=True))
    assert distinct == sorted(set(held))
    wanted, wanted_kind = np.array(asked, np.int64).reshape(-1, 2).T
    found = pairs.find(wanted, wanted_kind, key[place], kind[place])
    assert found.tolist() == [distinct.index(one) if one in distinct else -1 for one in asked]
    assert pairs.count_among(found, len(distinct)).tolist() == [asked.count(one) for one in distinct]
