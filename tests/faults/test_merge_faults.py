"""A merge or rebuild that is cut off half-way has not happened; asked again, it happens once."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction
from tests.domain.flows.house import NOON, PURPOSE, STEWARD, customer, deliver, events, person, picture, source

from klantbeeld.flows.merge import merge
from klantbeeld.flows.rebuild import rebuild
from klantbeeld.flows.settle import settle
from klantbeeld.foundation.models import AuditLine
from klantbeeld.identity.actions import decide, hold_writer
from klantbeeld.identity.models import Decision

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two() -> None:
    source("crm")
    deliver(
        "crm", person("a", given_name="Jan", family_name="Bakker"), person("b", given_name="Els", family_name="Mol")
    )


def merge_that_dies(left: int, right: int, after: str) -> None:
    """The steps of a merge, with the backend ended after one of them."""
    with transaction.atomic():
        hold_writer()
        if after != "lock":
            made = decide(verdict="same", pairs=[(left, right)], reason="", actor=STEWARD, at=NOON)
            if after == "settled":
                settle(
                    resolved=made.resolved, actor=STEWARD, purpose=PURPOSE, action="customers.merge", cause="x", at=NOON
                )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("after", ["lock", "decision", "settled"])
def test_a_merge_whose_backend_dies_has_not_happened_and_can_be_asked_again(after: str) -> None:
    a, b = customer("crm", "a"), customer("crm", "b")
    before, told = picture(), (AuditLine.objects.count(), len(events()))
    records = [row[0] for row in before["members"]]
    with pytest.raises(OperationalError):
        merge_that_dies(records[0], records[1], after)
    connection.close()
    assert picture() == before
    assert (AuditLine.objects.count(), len(events())) == told
    assert Decision.objects.count() == 0
    merge(customers=[a.uuid, b.uuid], actor=STEWARD, purpose=PURPOSE)
    assert customer("crm", "b") == a


@pytest.mark.usefixtures("two")
def test_a_rebuild_that_is_cut_off_has_changed_nothing() -> None:
    before = picture()

    def stop(phase: str, done: int) -> None:
        if phase == "groups":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        rebuild(actor=STEWARD, progress=stop)
    connection.close()
    assert picture() == before
    rebuild(actor=STEWARD)
    assert picture() == before
