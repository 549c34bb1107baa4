"""Merging, keeping apart and taking back, through the flows."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.flows.house import PURPOSE, STEWARD, customer, deliver, events, person, picture, source

from klantbeeld.flows.merge import keep_apart, merge, unmerge
from klantbeeld.foundation.models import AuditLine
from klantbeeld.identity import queries
from klantbeeld.kit.errors import Conflict, Invalid, Missing

pytestmark = pytest.mark.django_db
DOOR = {"actor": STEWARD, "purpose": PURPOSE}


def three_strangers() -> None:
    source("crm")
    source("shop", rank=2)
    deliver("crm", person("a", given_name="Jan", family_name="Bakker", birth_date="1980-01-01"))
    deliver("shop", person("b", given_name="Johanna", family_name="Smit", email="jo@voorbeeld.nl"))
    deliver("shop", person("c", given_name="Kees", family_name="Visser", birth_date="1970-05-05"))


def test_merge_joins_golden_records_and_tells_everyone() -> None:
    three_strangers()
    a, b = customer("crm", "a"), customer("shop", "b")
    seen = len(events())
    merged = merge(customers=[b.uuid, a.uuid], reason="belde", **DOOR)
    assert merged.customers == (a.uuid,)
    assert queries.follow(b.uuid).id == a.id
    assert queries.follow(b.uuid).redirected_from == b.uuid
    assert sorted(events(seen)) == sorted([("customer.merged", b.id), ("customer.changed", a.id)])
    golden = picture()["golden"]
    assert golden[a.id][0]["given_name"][0]["value"] == "Johanna"  # the shop is trusted more
    assert golden[a.id][0]["birth_date"][0]["value"] == "1980-01-01"
    assert golden[b.id][4] == 0
    line = AuditLine.objects.get(action="customers.merge")
    assert (line.actor, line.purpose, line.subject_id) == ("system:steward", PURPOSE, a.id)
    assert "belde" not in str(line.detail)


def test_id_without_records_follows_the_one_it_went_up_in() -> None:
    three_strangers()
    a, b, c = customer("crm", "a"), customer("shop", "b"), customer("shop", "c")
    merge(customers=[b.uuid, c.uuid], **DOOR)
    deliver("shop", person("c", day=1, gone=True))
    further = merge(customers=[a.uuid, b.uuid], **DOOR)
    assert [queries.follow(one.uuid).id for one in (a, b, c)] == [a.id] * 3, "an id leads to a customer that stands"
    unmerge(merge_uuid=further.merge_uuid, **DOOR)
    assert [queries.follow(one.uuid).id for one in (a, b, c)] == [a.id, b.id, b.id], "and comes back with its own"


def test_unmerge_brings_back_what_was() -> None:
    three_strangers()
    before = picture()
    a, b = customer("crm", "a"), customer("shop", "b")
    merged = merge(customers=[a.uuid, b.uuid], **DOOR)
    assert picture() != before
    seen = len(events())
    undone = unmerge(merge_uuid=merged.merge_uuid, reason="vergissing", **DOOR)
    assert undone.customers == (a.uuid, b.uuid)
    assert picture() == before
    assert sorted(events(seen)) == sorted(
        [("customer.changed", a.id), ("customer.revived", b.id), ("customer.split", a.id)]
    )


def test_a_record_that_came_to_the_merged_customer_goes_where_it_belongs() -> None:
    source("crm")
    source("shop")
    maiden = {"given_name": "Johanna", "family_name": "Smit", "email": "jo@voorbeeld.nl", "phone": "0611112222"}
    married = {"given_name": "Johanna", "family_name": "Visser", "birth_date": "1980-01-01", "email": "jv@voorbeeld.nl"}
    deliver("crm", person("a", **married))
    deliver("shop", person("b", **maiden))
    a, b = customer("crm", "a"), customer("shop", "b")
    merged = merge(customers=[a.uuid, b.uuid], **DOOR)
    deliver("crm", person("b2", **maiden))
    deliver("shop", person("a2", **married))
    assert customer("crm", "b2") == customer("shop", "a2") == a
    unmerge(merge_uuid=merged.merge_uuid, **DOOR)
    assert customer("crm", "b2") == b
    assert customer("shop", "a2") == a


def test_different_keeps_two_apart_also_when_a_record_comes_between() -> None:
    source("crm")
    twin = {"family_name": "Bakker", "birth_date": "1980-01-01", "email": "bakker@voorbeeld.nl"}
    deliver("crm", person("a", given_name="Jan", **twin), person("b", given_name="Jan", **twin))
    assert customer("crm", "a") == customer("crm", "b")
    a = customer("crm", "a")
    from tests.domain.flows.house import NOON

    from klantbeeld.identity.actions import decide

    with transaction.atomic():
        ids = queries.members_of([a.id])[a.id]
        decide(verdict="different", pairs=[(ids[0], ids[1])], reason="", actor=STEWARD, at=NOON)
    one, other = customer("crm", "a"), customer("crm", "b")
    assert one != other
    deliver("crm", person("c", given_name="Jan", phone="0612345678", **twin))
    deliver("crm", person("d", given_name="Jan", phone="0612345678", **twin))
    assert customer("crm", "a") != customer("crm", "b")


def test_the_newest_word_holds_and_the_older_says_by_what_it_is_overruled() -> None:
    three_strangers()
    a, b = customer("crm", "a"), customer("shop", "b")
    first = keep_apart(customers=[a.uuid, b.uuid], **DOOR)
    second = merge(customers=[a.uuid, b.uuid], **DOOR)
    assert customer("shop", "b") == a
    records = queries.members_of([a.id])[a.id]
    told = {row.merge_uuid: row.overruled_by for row in queries.decisions_of(records)}
    assert told == {first.merge_uuid: second.merge_uuid, second.merge_uuid: None}
    unmerge(merge_uuid=second.merge_uuid, **DOOR)
    assert customer("shop", "b") == b


def test_merge_refuses_what_makes_no_sense() -> None:
    three_strangers()
    a, b = customer("crm", "a"), customer("shop", "b")
    with pytest.raises(Invalid, match="at least two"):
        merge(customers=[a.uuid, a.uuid], **DOOR)
    with pytest.raises(Missing, match="no customer"):
        merge(customers=[a.uuid, uuid.uuid4()], **DOOR)
    merged = merge(customers=[a.uuid, b.uuid], **DOOR)
    with pytest.raises(Conflict, match="already one customer"):
        merge(customers=[a.uuid, b.uuid], **DOOR)
    unmerge(merge_uuid=merged.merge_uuid, **DOOR)
    with pytest.raises(Conflict, match="taken back already"):
        unmerge(merge_uuid=merged.merge_uuid, **DOOR)
    deliver("crm", person("a", gone=True, day=1))
    with pytest.raises(Conflict, match="no live records"):
        merge(customers=[a.uuid, b.uuid], **DOOR)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_merging_and_taking_back_in_any_order_ends_where_it_began(data: st.DataObject) -> None:
    with transaction.atomic():
        three_strangers()
        deliver("shop", person("d", given_name="Els", family_name="Mulder", email="els@voorbeeld.nl"))
        deliver("crm", person("d2", given_name="Els", family_name="Mulder", email="els@voorbeeld.nl"))
        before = picture()
        ids = sorted({row[1] for row in before["members"]})
        uuids = {number: queries.refs([number])[0].uuid for number in ids}
        acts: list[uuid.UUID] = []
        for _ in range(data.draw(st.integers(1, 6))):
            if acts and data.draw(st.booleans()):
                act = acts.pop(data.draw(st.integers(0, len(acts) - 1)))
                unmerge(merge_uuid=act, **DOOR)
                continue
            pair = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
            if len({queries.follow(uuids[number]).id for number in pair}) == len(pair):
                acts.append(merge(customers=[uuids[number] for number in pair], **DOOR).merge_uuid)
        for act in data.draw(st.permutations(acts)):
            unmerge(merge_uuid=act, **DOOR)
        assert picture() == before
        transaction.set_rollback(True)
