"""The truth of the invented world holds together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, iban
from stdnum.nl import btw

from klantbeeld.demo.dice import Dice, Weights
from klantbeeld.demo.systems.policies import book as policies
from klantbeeld.demo.tables.surnames import composed, split_prefix
from klantbeeld.demo.world import World, build_world, reach
from klantbeeld.demo.world.calendar import TODAY, UNKNOWN
from klantbeeld.demo.world.persons import CHILD, HEAD, PARTNER


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(4000, seed=7)


def test_world_has_the_size_asked_and_six_organisations_per_hundred(world: World) -> None:
    assert world.persons.count == 4000
    assert world.organisations.count == 240
    assert build_world(5000).organisations.count == 300


def test_world_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="of 199 persons is too small: ask for 200 or more"):
        build_world(199)


@given(start=st.integers(0, 900), stop=st.integers(0, 1000), seed=st.integers(0, 2**40))
def test_dice_slice_equals_slice_of_the_whole(start: int, stop: int, seed: int) -> None:
    dice, whole = Dice(seed, "part"), np.arange(1000, dtype=np.int64)
    some = whole[start:stop]
    assert np.array_equal(dice.bits("x", some), dice.bits("x", whole)[start:stop])


def test_dice_shares_are_as_asked_and_draws_are_independent() -> None:
    dice, index = Dice(3), np.arange(200_000, dtype=np.int64)
    first, second = dice.chance("a", index, 0.2), dice.chance("b", index, 0.3)
    assert abs(first.mean() - 0.2) < 0.004
    assert abs((first & second).mean() - 0.06) < 0.003
    assert np.allclose(
        np.bincount(dice.choose("c", index, Weights([1, 2, 5]))) / 200_000, [1 / 8, 2 / 8, 5 / 8], atol=0.005
    )


def test_dice_first_draws_are_frozen() -> None:
    """If this changes, every demo world changes: then change it on purpose."""
    assert Dice(1).within("x").bits("y", np.arange(2, dtype=np.int64)).tolist() == [
        9447561822014501264,
        16045396730895704316,
    ]


def test_families_share_address_and_children_the_surname_of_the_head(world: World) -> None:
    persons = world.persons
    at_home = persons.left_home < 0
    children = persons.role == CHILD
    assert np.array_equal(persons.surname[children], persons.surname[persons.head[children]])
    assert np.array_equal(world.dwelling[at_home], world.dwelling[persons.head[at_home]])
    assert not np.any(world.dwelling[~at_home] == world.dwelling[persons.head[~at_home]])
    assert len(np.unique(world.dwelling[~at_home])) == np.sum(~at_home)
    assert np.all(persons.born[children] > persons.born[persons.head[children]])
    assert np.all(persons.age[(persons.role == HEAD) | (persons.role == PARTNER)] >= 17)


def test_twins_have_one_birth_day_and_juniors_the_name_of_a_parent(world: World) -> None:
    persons = world.persons
    twins, juniors = np.flatnonzero(persons.twin), np.flatnonzero(persons.junior)
    assert len(twins) >= 10
    assert np.array_equal(persons.born[twins], persons.born[twins - 1])
    assert np.array_equal(persons.family[twins], persons.family[twins - 1])
    assert len(juniors) >= 10
    assert np.array_equal(persons.given[juniors], persons.given[persons.head[juniors]])


def test_movers_leave_a_dwelling_before_the_next_household_comes(world: World) -> None:
    occupancy = world.occupancy
    leavers = np.flatnonzero(occupancy.movers & (occupancy.previous < world.persons.families))
    comers = occupancy.previous[leavers]
    assert len(leavers) > 100
    assert np.array_equal(occupancy.current[comers], occupancy.previous[leavers])
    assert np.all(occupancy.moved[leavers] < occupancy.moved[comers])
    moved = occupancy.previous[occupancy.movers]
    assert len(np.unique(moved)) == len(moved)


def test_email_is_unique_but_for_the_families_that_share_one(world: World) -> None:
    persons = world.persons
    shared = world.shared_mail[persons.family] & (persons.place <= 1)
    own = world.email[~shared].tolist()
    assert len(set(own)) == len(own)
    assert set(own).isdisjoint(world.email[shared].tolist())
    assert set(world.email.tolist()).isdisjoint(world.old_email.tolist())
    assert all(address.endswith(".example") for address in world.email.tolist())
    second = np.flatnonzero(shared & (persons.place == 1))
    assert len(second) > 50
    assert world.email[second].tolist() == world.email[persons.head[second]].tolist()


def test_mobile_numbers_are_unique_but_for_the_recycled_ones(world: World) -> None:
    now, before = set(world.mobile.tolist()), set(world.old_mobile.tolist())
    assert len(now) == world.size
    assert 5 <= len(now & before) <= 40


def test_numbers_have_right_check_digits() -> None:
    slots = np.arange(500, dtype=np.int64)
    assert all(iban.is_valid(value) for value in reach.iban(slots).tolist())
    assert all(ean.is_valid(value) for value in reach.loyalty(slots).tolist())
    assert len(set(reach.loyalty(slots).tolist())) == 500


def test_organisations_have_valid_vat_ids_and_their_own_numbers(world: World) -> None:
    known = world.organisations
    assert all(btw.is_valid(value) for value in known.vat.tolist())
    for column in (known.vat, known.kvk, known.domain):
        assert len(set(column.tolist())) == known.count
    assert np.all(known.parent[known.parent >= 0] < 20)


def test_sole_trader_at_home_has_the_dwelling_of_the_owner(world: World) -> None:
    known = world.organisations
    home = np.flatnonzero(known.at_home)
    assert len(home) > 20
    assert np.array_equal(world.seat(home), world.dwelling[known.contacts[home, 0]])


def test_composed_surnames_are_many_and_split_again() -> None:
    rows = composed()
    assert len(rows) > 2500
    assert all(split_prefix(row.full) == row for row in rows)


def test_postcodes_are_legal_and_of_the_town(world: World) -> None:
    found = world.addresses(np.arange(2000, dtype=np.int64))
    for postcode in found.postcode.tolist():
        assert 1000 <= int(postcode[:4]) <= 9999
        assert postcode[4:] not in ("SA", "SD", "SS")
    amsterdam = found.postcode[found.town == "Amsterdam"].tolist()
    assert amsterdam
    assert all(1011 <= int(postcode[:4]) <= 1109 for postcode in amsterdam)


@pytest.fixture(scope="module")
def book(world: World) -> policies.Book:
    return policies.write_book(world)


def test_successive_tenants_are_different_people_and_do_not_overlap(world: World, book: policies.Book) -> None:
    let = np.flatnonzero(book.product == policies.LETTING)
    assert len(let) > 30
    first, second = book.tenant[let], book.next_tenant[let]
    assert np.all(first >= 0)
    assert np.all(second >= 0)
    assert np.all(first != second)
    assert np.all(book.tenant_to[let] < book.next_tenant_from[let])
    assert np.array_equal(world.dwelling[second], book.thing[let])
    assert np.array_equal(world.previous_dwelling[first], book.thing[let])
    assert np.all(policies.is_organisation(book.holder[let]))


def test_policy_that_was_taken_over_has_the_second_holder_from_the_day_after(book: policies.Book) -> None:
    taken = np.flatnonzero(book.next_holder != policies.NOBODY)
    assert len(taken) > 10
    assert np.array_equal(book.holder_to[taken] + 1, book.next_from[taken])
    assert np.all(book.start[taken] < book.next_from[taken])
    assert np.all(book.next_from[taken] <= TODAY + 1)


def test_second_hand_car_is_insured_by_the_buyer_after_the_seller(book: policies.Book) -> None:
    cars = np.flatnonzero(book.product == policies.CAR)
    plates, counts = np.unique(book.thing[cars], return_counts=True)
    again = plates[counts > 1]
    assert len(again) > 10
    for plate in again.tolist():
        history = cars[book.thing[cars] == plate]
        history = history[np.argsort(book.start[history])]
        assert len(set(book.holder[history].tolist())) == len(history)
        assert book.end[history[-1]] == UNKNOWN
        for earlier, later in pairwise(history.tolist()):
            assert book.start[earlier] < book.end[earlier] < book.start[later]


def test_funeral_policy_insures_a_minor_and_is_held_by_an_adult(world: World, book: policies.Book) -> None:
    rows = np.flatnonzero(book.product == policies.FUNERAL)
    assert len(rows) > 50
    assert np.all(world.persons.age[book.insured[rows, 0]] < 18)
    assert np.all(world.persons.age[book.holder[rows]] >= 18)
