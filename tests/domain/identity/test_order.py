"""The order of arrival does not matter: same records and decisions, same links, groups and suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.identity.toy import FIELDS, START, Saying, ToyMatcher, World

from klantbeeld.identity.models import Customer

pytestmark = pytest.mark.django_db
NAMES = "abcdefg"


@dataclass(frozen=True)
class Verdict:
    verdict: str
    left: str
    right: str
    at: int


@st.composite
def scenarios(draw: st.DrawFn) -> list[Any]:
    """Versions of a few records, tombstones, and decisions between them; of few values, so that keys are shared."""
    events: list[Any] = []
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=7, unique=True))
    for name in names:
        for moment in range(draw(st.integers(1, 3))):
            says = None
            if draw(st.integers(0, 4)):
                values = {f: draw(st.sampled_from(["", "x", "y", "z"])) for f in FIELDS}
                says = tuple(sorted(values.items()))
            events.append(Saying(name, moment, says))
    for at in range(draw(st.integers(0, 3))):
        left, right = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        events.append(Verdict(draw(st.sampled_from(["same", "different"])), left, right, at))
    return events


def play(events: list[Any], sizes: list[int], limit: int) -> tuple[Any, ...]:
    """Let a world hear the events in batches; a decision waits until both its records have had a customer."""
    with transaction.atomic():
        world = World(ToyMatcher(limit=limit))
        waiting: list[Verdict] = []
        place = 0
        while place < len(events):
            size = sizes[place % len(sizes)]
            batch = events[place : place + size]
            place += size
            waiting += [event for event in batch if isinstance(event, Verdict)]
            sayings = [event for event in batch if isinstance(event, Saying)]
            if sayings:
                world.hear(*sayings)
            waiting = [verdict for verdict in waiting if not _try(world, verdict)]
        outcome = (world.links(), world.partition(), world.partition("suggested"), len(waiting))
        assert world.links() == world.expected_links()
        assert not Customer.objects.filter(into__into__isnull=False).exists(), "an id points straight to who stands"
        transaction.set_rollback(True)
    return outcome


def _try(world: World, verdict: Verdict) -> bool:
    from klantbeeld.identity.models import Member

    pair = [world.records.get(name) for name in (verdict.left, verdict.right)]
    if None in pair or Member.objects.filter(record__in=pair).count() < 2:
        return False
    world.decide(verdict.verdict, (verdict.left, verdict.right), at=START + timedelta(hours=verdict.at))
    return True


@contextmanager
def reading_at_once_up_to(records: int) -> Iterator[None]:
    """What is around so many records is read in one go; around more, question by question."""
    with patch.object(import_module("klantbeeld.identity.actions.resolve"), "FEW", records):
        yield


@contextmanager
def keys_wait_from(count: int) -> Iterator[None]:
    """So many new keys come into the index once their holders are known."""
    with patch.object(import_module("klantbeeld.identity.tables.keys"), "MANY", count):
        yield


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data(), scenarios(), st.sampled_from([2, 3, 100]))
def test_any_order_and_any_batches_give_the_same_customers(data: st.DataObject, events: list[Any], limit: int) -> None:
    shuffled = data.draw(st.permutations(events))
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    with reading_at_once_up_to(0), keys_wait_from(data.draw(st.sampled_from([1, 1_000]))):
        every_record_ever_live = play(events, [len(events)], limit)
    few, many = data.draw(st.sampled_from([0, 3, 100])), data.draw(st.sampled_from([1, 5, 1_000]))
    with reading_at_once_up_to(few), keys_wait_from(many):
        one_by_one = play(shuffled, sizes, limit)
    if every_record_ever_live[3] == one_by_one[3]:  # a record only ever heard gone never had a customer to decide on
        assert one_by_one == every_record_ever_live
