"""The outbox gives every event once, in an order that a late commit cannot break."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from django.db import transaction
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from tests.domain.foundation.conftest import MemoryAnchor

from klantbeeld.foundation import audit, outbox, relay, seals
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.contracts import Cursor, Event, PublishedEvent
from klantbeeld.foundation.models import Company, Consumer, FailedDelivery, Processed
from klantbeeld.kit.ids import new_uuid

WANTED = frozenset({"customer.changed"})


def changed(*ids: int) -> None:
    outbox.publish([Event("customer.changed", "customer", number) for number in ids])


def read(cursor: Cursor, limit: int = 100, **filters: Any) -> list[int]:
    return [event.subject_id for event in outbox.read_after(cursor, limit, **filters).events]


def test_publish_gives_back_everything(transactional_db: None) -> None:
    start, uuid = outbox.head(), new_uuid()
    outbox.publish([Event("customer.merged", "customer", 4, uuid, 2, {"into": "cus_1"})])
    (event,) = outbox.read_after(start, 10).events
    assert (event.type, event.subject_kind, event.subject_id) == ("customer.merged", "customer", 4)
    assert (event.subject_uuid, event.version, event.payload) == (uuid, 2, {"into": "cus_1"})
    assert outbox.publish([]) == 0


def test_read_after_pages_without_gap_or_repeat(transactional_db: None) -> None:
    start = outbox.head()
    for first in range(0, 30, 10):
        changed(*range(first, first + 10))
    seen, cursor, pages = [], start, 0
    while True:
        page = outbox.read_after(cursor, 7)
        seen += [event.subject_id for event in page.events]
        cursor, pages = page.cursor, pages + 1
        if page.is_last:
            break
    assert (seen, pages) == (list(range(30)), 5)
    assert read(cursor) == []
    changed(99)
    assert read(cursor) == [99]


def test_read_after_filters_by_kind_and_type(transactional_db: None) -> None:
    start = outbox.head()
    outbox.publish([Event("run.done", "run", 1), Event("customer.merged", "customer", 2), Event("run.done", "run", 3)])
    changed(4)
    assert read(start, subject_kind="run") == [1, 3]
    assert read(start, types={"customer.merged", "customer.changed"}) == [2, 4]
    page = outbox.read_after(start, 10, types={"nothing.such"})
    assert page.events == ()
    assert page.cursor > start, "what was left out has been considered too"


def test_transaction_that_commits_late_is_not_missed(transactional_db: None) -> None:
    start = outbox.head()
    with psycopg.connect(os.environ["DATABASE_URL"]) as slow:
        slow.execute(
            "INSERT INTO foundation_outboxevent (type, subject_kind, subject_id)"
            " VALUES ('customer.changed', 'customer', 1)"
        )
        changed(2)
        page = outbox.read_after(start, 10)
        assert page.events == (), "2 waits for the older transaction, or a reader would pass 1 for ever"
        slow.commit()
    assert read(page.cursor) == [1, 2]


def test_transaction_in_another_database_makes_nobody_wait(transactional_db: None) -> None:
    start = outbox.head()
    elsewhere = make_conninfo(os.environ["KLANTBEELD_DATABASE_OWNER_URL"], dbname="postgres")
    with psycopg.connect(elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        changed(1)
        assert read(start) == [1]


def test_event_of_a_change_that_fails_does_not_exist(transactional_db: None) -> None:
    start = outbox.head()
    with transaction.atomic():
        changed(1)
        transaction.set_rollback(True)
    changed(2)
    assert read(start) == [2]


def test_seals_after_a_restore_are_numbered_above_those_of_the_anchor(
    transactional_db: None, system: Actor, anchor: MemoryAnchor
) -> None:
    anchor.remember(500, bytes(32))
    seals.number_above_anchor()
    audit.write(actor=system, action="after the restore")
    seals.seal()
    assert [number for number, _ in anchor.heads] == [500, 501]
    assert {problem.seal_id for problem in seals.verify().problems} == {500}, "what was lost is said"


def test_realign_lets_the_order_go_on_after_a_restore(owner: psycopg.Connection[Any]) -> None:
    assert not outbox_realign(owner), "nothing to do in a database that was not moved"
    far = 10_000_000
    owner.execute(
        "INSERT INTO foundation_outboxevent (xid, type, subject_kind, subject_id) VALUES (%s, 'customer.changed',"
        " 'customer', 1)",
        [far],
    )
    changed(2)
    assert read(Cursor(far, 2**60)) == [], "a reader that came that far would miss it"
    assert outbox_realign(owner)
    changed(3)
    assert read(Cursor(far, 2**60)) == [3]
    assert read(Cursor(far - 1, 2**60)) == [1, 3]


def outbox_realign(owner: psycopg.Connection[Any]) -> bool:
    return bool(owner.execute(outbox.REALIGN).rowcount)


# --- the relay


def test_relay_gives_each_event_once(transactional_db: None) -> None:
    seen: list[int] = []
    consumers = {"count": (WANTED, lambda event: seen.append(event.subject_id))}
    relay.run_once(consumers)
    changed(1, 2)
    outbox.publish([Event("other.thing", "customer", 9)])
    changed(3)
    assert relay.run_once(consumers) == 3
    assert relay.run_once(consumers) == 0
    assert seen == [1, 2, 3]
    assert Processed.objects.filter(consumer="count").count() == 3


def test_relay_that_starts_over_has_no_second_effect(transactional_db: None) -> None:
    seen: list[int] = []
    consumers = {"count": (WANTED, lambda event: seen.append(event.subject_id))}
    changed(1)
    relay.run_once(consumers)
    Consumer.objects.update(xid=0, event_id=0)
    relay.run_once(consumers)
    assert seen == [1]


def test_relay_effect_and_mark_are_one_transaction(transactional_db: None, system: Actor) -> None:
    def make_company_and_fail(event: PublishedEvent) -> None:
        Company.objects.create(code=f"c{event.subject_id}", name="c")
        if event.subject_id == 2:
            raise ValueError("cannot take 2")

    changed(1, 2, 3)
    relay.run_once({"make": (WANTED, make_company_and_fail)})
    assert list(Company.objects.order_by("code").values_list("code", flat=True)) == ["c1", "c3"]
    failure = FailedDelivery.objects.get()
    assert (failure.attempts, failure.problem) == (1, "ValueError: cannot take 2")
    assert Processed.objects.filter(consumer="make").count() == 2


def test_relay_tries_again_and_gives_up_after_five_tries(transactional_db: None) -> None:
    tries: list[int] = []

    def fail(event: PublishedEvent) -> None:
        tries.append(event.subject_id)
        raise ValueError("never")

    consumers = {"fail": (WANTED, fail)}
    changed(1)
    for _ in range(8):
        relay.run_once(consumers)
        FailedDelivery.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now())
    assert tries == [1] * 5
    failure = FailedDelivery.objects.get()
    assert (failure.attempts, failure.retry_at) == (5, None)


def test_relay_forgets_a_failure_that_was_mended(transactional_db: None) -> None:
    broken, seen = [True], []

    def handle(event: PublishedEvent) -> None:
        if broken[0]:
            raise ValueError("not yet")
        seen.append(event.subject_id)

    changed(1)
    relay.run_once({"mend": (WANTED, handle)})
    broken[0] = False
    FailedDelivery.objects.update(retry_at=timezone.now())
    relay.run_once({"mend": (WANTED, handle)})
    assert (seen, FailedDelivery.objects.count()) == ([1], 0)


def test_relay_leaves_a_consumer_that_another_relay_holds(transactional_db: None) -> None:
    seen: list[int] = []
    consumers = {"held": (WANTED, lambda event: seen.append(event.subject_id))}
    relay.run_once(consumers)
    changed(1)
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT 1 FROM foundation_consumer WHERE name = 'held' FOR UPDATE")
        assert relay.run_once(consumers) == 0
    relay.run_once(consumers)
    assert seen == [1]
