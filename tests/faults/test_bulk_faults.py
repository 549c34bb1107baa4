"""A bulk delivery that was acknowledged is stored, once, also when the database ends the worker's backend mid-job."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from tests.domain.flows.house import source

from klantbeeld.exchange import bulk
from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.flows import receive as flow
from klantbeeld.foundation import actions
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.login import find_actor
from klantbeeld.sources.models import Quarantine, Record, RecordVersion

pytestmark = pytest.mark.django_db(transaction=True)
RECORDS = 10


def row(number: int) -> dict[str, Any]:
    names = {"family_name": f"Bakker{number}", "given_name": "Jan"}
    empty: dict[str, Any] = {"identifiers": [], "roles": [], "source_at": None, "gone": False}
    return {"kind": "person", "external_id": str(number), "attributes": names, **empty}


@pytest.mark.parametrize("moment", ["before", "written"])
@pytest.mark.parametrize("stretch", [1, 2, 4])
def test_acknowledged_delivery_is_stored_once_when_the_backend_dies_mid_job(
    monkeypatch: pytest.MonkeyPatch, stretch: int, moment: str
) -> None:
    source("crm")
    key, _ = actions.create_key(name="k", scopes=["records:write"], purposes=["service"], actor=Actor.system("test"))
    actor = find_actor(key)
    assert actor is not None
    rows = [row(number) for number in range(RECORDS)]
    delivery = bulk.accept(source_code="crm", rows=rows, actor=actor, purpose="service").uuid
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    calls = 0

    def receive(**asked: Any) -> Any:
        nonlocal calls
        calls += 1
        made = flow.receive(**asked) if moment == "written" else None
        if calls == stretch:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return made or flow.receive(**asked)

    monkeypatch.setattr(bulk, "receive", receive)

    def work() -> None:
        while bulk.store_next(delivery):
            pass

    with pytest.raises(OperationalError):
        work()
    connection.close()
    halfway = BulkDelivery.objects.get()
    assert (halfway.position, Record.objects.count()) == (3 * (stretch - 1), 3 * (stretch - 1)), "whole stretches only"
    work()  # as the worker does after a pause
    done = BulkDelivery.objects.get()
    assert (done.state, done.position, done.created, done.refused, done.body) == ("done", RECORDS, RECORDS, 0, None)
    assert Record.objects.count() == RecordVersion.objects.count() == RECORDS
    assert not Quarantine.objects.exists()
