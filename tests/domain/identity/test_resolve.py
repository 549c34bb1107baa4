"""Resolving through the action, with a matcher whose answers can be worked out by hand."""

from __future__ import annotations

import pytest
from tests.domain.identity.toy import World, gone, person

from klantbeeld.identity.contracts import What
from klantbeeld.identity.models import Customer, LedgerEntry

pytestmark = pytest.mark.django_db

JAN = {"given_name": "jan", "family_name": "bakker", "birth_date": "1980-01-01"}


def test_a_record_alone_gets_a_customer_of_its_own() -> None:
    world = World()
    resolved = world.hear(person("a", **JAN))
    (change,) = resolved.changes
    assert change.event is What.BORN
    assert change.other_id is None
    assert change.records == (world.records["a"].id,)
    assert Customer.objects.get(id=change.customer_id).uuid == change.uuid
    assert world.customers() == {"a": change.customer_id}


def test_records_that_agree_in_one_batch_are_one_customer() -> None:
    world = World()
    resolved = world.hear(person("a", **JAN), person("b", **JAN), person("c", given_name="piet", family_name="smit"))
    assert world.partition() == {frozenset("ab"), frozenset("c")}
    assert [change.event for change in resolved.changes] == [What.BORN, What.BORN]


def test_a_later_record_joins_and_the_customer_is_told_as_changed() -> None:
    world = World()
    (born,) = world.hear(person("a", **JAN)).changes
    (changed,) = world.hear(person("b", **JAN)).changes
    assert (changed.customer_id, changed.event) == (born.customer_id, What.CHANGED)
    assert len(changed.records) == 2


def test_the_oldest_id_survives_when_a_record_brings_two_customers_together() -> None:
    world = World()
    (first,) = world.hear(person("a", given_name="jan", family_name="bakker")).changes
    (second,) = world.hear(person("b", given_name="johan", family_name="bakker", birth_date="1980-01-01")).changes
    assert first.customer_id != second.customer_id
    resolved = world.hear(person("c", **JAN))
    assert {(c.customer_id, c.event, c.other_id) for c in resolved.changes} == {
        (first.customer_id, What.CHANGED, None),
        (second.customer_id, What.MERGED, first.customer_id),
    }
    assert Customer.objects.get(id=second.customer_id).into_id == first.customer_id
    assert set(world.customers().values()) == {first.customer_id}


def test_an_id_that_had_merged_away_comes_back_with_its_record() -> None:
    world = World()
    world.hear(person("a", given_name="jan", family_name="bakker"))
    world.hear(person("b", given_name="johan", family_name="bakker", birth_date="1980-01-01"))
    before = world.customers()
    world.hear(person("c", **JAN))
    resolved = world.hear(gone("c", 2))
    assert world.customers() == before
    assert {(c.customer_id, c.event) for c in resolved.changes} == {
        (before["a"], What.CHANGED),
        (before["b"], What.REVIVED),
    }
    assert Customer.objects.get(id=before["b"]).into_id is None


def test_a_customer_without_live_records_keeps_its_id_and_gets_its_record_back() -> None:
    world = World()
    (born,) = world.hear(person("a", **JAN)).changes
    (emptied,) = world.hear(gone("a", 2)).changes
    assert (emptied.customer_id, emptied.event, emptied.records) == (born.customer_id, What.EMPTIED, ())
    assert world.customers() == {}
    (revived,) = world.hear(person("a", 3, **JAN)).changes
    assert (revived.customer_id, revived.event, revived.other_id) == (born.customer_id, What.REVIVED, None)
    assert Customer.objects.count() == 1


def test_a_tombstone_for_a_record_never_seen_makes_no_customer() -> None:
    world = World()
    assert world.hear(gone("a", 2)).changes == ()
    assert Customer.objects.count() == 0


def test_a_record_that_moves_takes_a_lone_customer_with_it() -> None:
    world = World()
    world.hear(person("a", **JAN), person("b", given_name="piet", family_name="smit"))
    before = world.customers()
    resolved = world.hear(person("b", 2, **JAN))
    old, young = sorted(before.values())
    assert world.customers() == {"a": old, "b": old}
    assert {(c.customer_id, c.event) for c in resolved.changes} == {(old, What.CHANGED), (young, What.MERGED)}


def test_of_a_split_the_largest_part_keeps_the_id() -> None:
    world = World()
    world.hear(person("a", **JAN), person("b", **JAN), person("c", **JAN))
    before = world.customers()["a"]
    resolved = world.hear(person("a", 3, given_name="kees", family_name="smit", birth_date="1999-09-09"))
    after = world.customers()
    assert after["b"] == after["c"] == before
    born = next(c for c in resolved.changes if c.event is What.BORN)
    assert (born.customer_id, born.other_id) == (after["a"], before)


def test_different_records_of_the_same_family_stay_apart() -> None:
    world = World()
    world.hear(person("a", **JAN), person("b", **(JAN | {"given_name": "els"})))
    assert len(world.partition()) == 1  # 3 - 2 + 3 = 4: merged by the toy's rule
    world.decide("different", ("a", "b"))
    assert world.partition() == {frozenset("a"), frozenset("b")}


def test_the_ledger_tells_where_every_record_was() -> None:
    world = World()
    world.hear(person("a", given_name="jan", family_name="bakker"))
    world.hear(person("b", given_name="johan", family_name="bakker", birth_date="1980-01-01"))
    world.hear(person("c", **JAN))
    world.hear(gone("c", 2))
    name = {record.id: name for name, record in world.records.items()}
    one, two = sorted(set(world.customers().values()))
    label = {one: 1, two: 2}
    lines = LedgerEntry.objects.order_by("id").values_list("event", "customer_id", "other_id", "record_id")
    told = [(event, label[c], label.get(o), name.get(r)) for event, c, o, r in lines]
    assert told[:2] == [("born", 1, None, "a"), ("born", 2, None, "b")]
    assert told[2][0] == "joined"
    assert told[2][3] == "c"
    assert told[3] == ("merged", 2, 1, None)
    assert told[4][0] == "left"
    assert told[5] == ("revived", 2, 1, None)


def test_an_id_without_records_follows_the_one_it_points_to() -> None:
    world = World()
    apart = [
        person(name, given_name=name * 3, family_name=name * 4, birth_date=f"198{at}-01-01")
        for at, name in enumerate("abc")
    ]
    world.hear(*apart)
    one, two, three = sorted(world.customers().values())
    world.decide("same", ("a", "b"))
    world.decide("same", ("a", "c"))
    world.hear(gone("a", 2))
    world.hear(gone("c", 2))
    assert dict(Customer.objects.values_list("id", "into_id"))[three] == two
    world.hear(person("a", 3, given_name="aaa", family_name="aaaa", birth_date="1980-01-01"))
    assert dict(Customer.objects.values_list("id", "into_id")) == {one: None, two: one, three: one}
