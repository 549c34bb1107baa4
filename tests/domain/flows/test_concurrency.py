"""Two connections at once: one writer of identity at a time, and nobody misses anybody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection
from tests.domain.flows.house import PURPOSE, STEWARD, customer, deliver, person, source

from klantbeeld.flows.merge import merge
from klantbeeld.identity.models import Customer, Member
from klantbeeld.kit.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)
JAN = {"given_name": "Jan", "family_name": "Bakker", "birth_date": "1980-01-01", "email": "jan@voorbeeld.nl"}


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run each in a thread with a connection of its own, let go at the same moment; gives what they raised."""
    gate, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def test_records_of_one_person_that_arrive_at_once_are_one_customer() -> None:
    for code in ("crm", "shop", "till", "calls"):
        source(code)
    deliver("crm", person("first", given_name="Els", family_name="Smit"))
    works = [
        (lambda code=code, n=n: deliver(code, person(f"{code}-{n}", **JAN)))
        for code in ("crm", "shop", "till", "calls")
        for n in range(3)
    ]
    assert at_once(*works) == []
    assert Member.objects.filter(record__external_id__contains="-").values("customer").distinct().count() == 1
    assert Customer.objects.count() == 2


def test_the_same_merge_asked_twice_at_once_is_made_once() -> None:
    source("crm")
    deliver(
        "crm", person("a", given_name="Jan", family_name="Bakker"), person("b", given_name="Els", family_name="Mol")
    )
    a, b = customer("crm", "a"), customer("crm", "b")
    work = lambda: merge(customers=[a.uuid, b.uuid], actor=STEWARD, purpose=PURPOSE)  # noqa: E731
    (refused,) = at_once(work, work)
    assert isinstance(refused, Conflict)
    assert customer("crm", "b") == a


def test_merges_that_meet_half_way_end_as_one_customer() -> None:
    source("crm")
    names = "abcdef"
    surnames = ["Bakker", "Smit", "Mol", "Vos", "Kramer", "Post"]
    deliver("crm", *(person(name, given_name=name * 3, family_name=s) for name, s in zip(names, surnames, strict=True)))
    uuids = [customer("crm", name).uuid for name in names]
    oldest = customer("crm", "a")
    works = [(lambda pair=pair: merge(customers=pair, actor=STEWARD, purpose=PURPOSE)) for pair in pairwise(uuids)]
    assert at_once(*works) == []
    assert {customer("crm", name) for name in names} == {oldest}
    assert set(Customer.objects.exclude(id=oldest.id).values_list("into_id", flat=True)) == {oldest.id}
