"""A repeated request has one effect and one answer."""

from __future__ import annotations

import os
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from klantbeeld.foundation import idempotency
from klantbeeld.foundation.models import Company, IdempotencyKey
from klantbeeld.kit.errors import Conflict, Invalid


def make(code: str) -> tuple[int, dict[str, str]]:
    Company.objects.create(code=code, name=code)
    return 201, {"code": code}


def test_second_request_gets_the_first_answer(db: None) -> None:
    first = idempotency.once(client="key:1", key="a", request=b"POST x", effect=lambda: make("acme"))
    again = idempotency.once(client="key:1", key="a", request=b"POST x", effect=lambda: make("other"))
    assert (first.status, first.body, first.replayed) == (201, {"code": "acme"}, False)
    assert (again.status, again.body, again.replayed) == (201, {"code": "acme"}, True)
    assert [company.code for company in Company.objects.all()] == ["acme"]


def test_keys_of_two_clients_are_two_keys(db: None) -> None:
    idempotency.once(client="key:1", key="a", request=b"x", effect=lambda: make("acme"))
    assert not idempotency.once(client="key:2", key="a", request=b"x", effect=lambda: make("beta")).replayed


def test_key_used_for_another_request_is_refused(db: None) -> None:
    idempotency.once(client="key:1", key="a", request=b"x", effect=lambda: make("acme"))
    with pytest.raises(Invalid) as error:
        idempotency.once(client="key:1", key="a", request=b"y", effect=lambda: make("beta"))
    assert error.value.code == "idempotency.key_reused"
    assert Company.objects.count() == 1


def test_effect_that_fails_leaves_no_key(db: None) -> None:
    def fail() -> tuple[int, None]:
        make("acme")
        raise Conflict("no")

    with pytest.raises(Conflict):
        idempotency.once(client="key:1", key="a", request=b"x", effect=fail)
    assert (Company.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert not idempotency.once(client="key:1", key="a", request=b"x", effect=lambda: make("acme")).replayed


def test_request_in_flight_is_a_conflict(transactional_db: None) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [idempotency.lock_number("key:1", "a")])
        with pytest.raises(Conflict) as error:
            idempotency.once(client="key:1", key="a", request=b"x", effect=lambda: make("acme"))
        assert (error.value.code, error.value.where["retry_after"]) == ("idempotency.in_flight", 1)
    assert not Company.objects.exists()


@pytest.mark.parametrize("key", ["", "a" * 256, "line\nbreak"])
def test_malformed_key_is_refused(db: None, key: str) -> None:
    with pytest.raises(Invalid):
        idempotency.once(client="key:1", key=key, request=b"x", effect=lambda: make("acme"))


def test_purge_forgets_after_a_week(db: None) -> None:
    idempotency.once(client="key:1", key="old", request=b"x", effect=lambda: make("acme"))
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=8))
    idempotency.once(client="key:1", key="new", request=b"x", effect=lambda: make("beta"))
    assert idempotency.purge() == 1
    assert IdempotencyKey.objects.get().key == "new"
