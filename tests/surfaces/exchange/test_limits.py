"""A key that asks too often is told to wait; the others are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.surfaces.exchange.conftest import Api, MakeKey, problem

from klantbeeld.exchange.rest import limits
from klantbeeld.kit.errors import Unavailable


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


def test_burst_then_the_rate(settings: Any) -> None:
    settings.API_RATE = 2
    for _ in range(20):
        limits.take("key:1", now=100.0)
    with pytest.raises(Unavailable) as error:
        limits.take("key:1", now=100.0)
    assert error.value.where["retry_after"] == 1
    limits.take("key:2", now=100.0)
    limits.take("key:1", now=100.5)
    with pytest.raises(Unavailable):
        limits.take("key:1", now=100.5)


def test_without_a_limit_nothing_is_counted(settings: Any) -> None:
    settings.API_RATE = 0
    for _ in range(1000):
        limits.take("key:1", now=0.0)


def test_buckets_of_quiet_keys_are_dropped(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE = 1
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    for number in range(4):
        limits.take(f"key:{number}", now=float(number * 100))
    assert len(limits._buckets) == 1


def test_api_answers_429_with_retry_after(api: Api, make_key: MakeKey, settings: Any) -> None:
    settings.API_RATE = 1
    other = make_key("sources:read")
    statuses = [api.get("/sources").status_code for _ in range(11)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    refused = api.get("/sources")
    assert problem(refused) == (429, "too_many")
    assert int(refused["Retry-After"]) >= 1
    assert other.get("/sources").status_code == 200
