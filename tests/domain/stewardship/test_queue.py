"""The queue follows identity: after any way through the house it is what a rebuild would make of it."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.flows.house import NOON, PURPOSE, STEWARD, address, customer, deliver, person, source

from klantbeeld.flows.merge import keep_apart, merge, unmerge
from klantbeeld.identity.actions import hold_writer
from klantbeeld.kit.errors import KlantbeeldError
from klantbeeld.sources.contracts import Draft
from klantbeeld.stewardship import actions
from klantbeeld.stewardship.contracts import State
from klantbeeld.stewardship.models import Review
from klantbeeld.stewardship.queries import Asked, counts, list_items, queue
from klantbeeld.stewardship.rules.priority import priority

pytestmark = pytest.mark.django_db
DOOR: dict[str, Any] = {"actor": STEWARD, "purpose": PURPOSE}
HOME = address("3511 AB", "12")
ANNA = {"given_name": "Anna", "family_name": "Jansen", "birth_date": "1980-05-17"}


def doubtful_pair() -> None:
    """Two records that are like each other, and not enough to be joined without a person looking."""
    source("crm")
    source("shop", rank=2)
    deliver("crm", person("a", **ANNA, email="anna@voorbeeld.nl"))
    deliver("shop", person("b", given_name="Anna", family_name="Janssen", birth_date="1981-05-17"))


def states() -> list[State]:
    return [State(state) for state in Review.objects.exclude(state=0).order_by("id").values_list("state", flat=True)]


def only() -> Review:
    return Review.objects.exclude(state=0).get()


def rebuilt() -> int:
    with transaction.atomic():
        hold_writer()
        return actions.rebuild(at=NOON)


def test_doubtful_pair_waits_for_a_person() -> None:
    doubtful_pair()
    item = only()
    assert State(item.state) is State.REVIEW
    assert item.customers == sorted([customer("crm", "a").pk, customer("shop", "b").pk])
    assert item.records == 2
    assert item.priority == priority(item.weight, 2) > 0
    assert rebuilt() == 0


def test_record_that_settles_the_doubt_moves_the_item_along() -> None:
    doubtful_pair()
    item = only()
    deliver("shop", person("b", **ANNA, email="anna@voorbeeld.nl", day=1))
    after = only()
    assert (after.uuid, State(after.state)) == (item.uuid, State.AUTOMATIC)
    assert after.version > item.version
    deliver("shop", person("b", given_name="Kees", family_name="Visser", day=2))
    assert states() == []
    assert rebuilt() == 0


def test_merge_and_its_undo_by_whatever_door_show_in_the_queue() -> None:
    doubtful_pair()
    item = only()
    merged = merge(customers=[customer("crm", "a").uuid, customer("shop", "b").uuid], **DOOR)
    assert (only().uuid, State(only().state)) == (item.uuid, State.MANUAL)
    unmerge(merge_uuid=merged.merge_uuid, **DOOR)
    assert (only().uuid, State(only().state)) == (item.uuid, State.REVIEW)
    assert [entry.what for entry in item.entries.order_by("id")] == ["merge", "undo"]
    assert rebuilt() == 0


def test_refusal_stands_by_itself_until_it_is_taken_back_or_overruled() -> None:
    doubtful_pair()
    both = [customer("crm", "a").uuid, customer("shop", "b").uuid]
    refused = keep_apart(customers=both, **DOOR)
    item = only()
    assert (State(item.state), item.act, item.records) == (State.REFUSED, refused.merge_uuid, 2)
    assert rebuilt() == 0
    newer = merge(customers=both, **DOOR)
    assert states() == [State.MANUAL]
    unmerge(merge_uuid=newer.merge_uuid, **DOOR)
    assert states() == [State.REFUSED]
    unmerge(merge_uuid=refused.merge_uuid, **DOOR)
    assert states() == [State.REVIEW]
    assert rebuilt() == 0


def test_what_an_employee_wrote_makes_no_item() -> None:
    from klantbeeld.flows.correct import correct

    source("crm")
    deliver("crm", person("a", **ANNA))
    correct(customer=customer("crm", "a").uuid, attribute="given_name", value="Annie", reason="", **DOOR)
    assert states() == []
    assert rebuilt() == 0


def test_priority_is_highest_where_the_model_is_of_two_minds_and_grows_with_what_hangs_on_it() -> None:
    assert priority(0.0, 1) == 1000
    assert priority(0.0, 3) == 2000
    assert priority(0.0, 2) > priority(3.0, 2) > priority(8.0, 2) > priority(60.0, 2) == 0
    assert priority(-4.0, 2) == priority(4.0, 2)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(), "review_queue"),
        (Asked(assigned="nobody"), "review_queue"),
        (Asked(kind="organisation"), "review_kind"),
        (Asked(assigned="mine"), "review_assigned"),
        (Asked(order="oldest"), "review_since"),
        (Asked(order="newest"), "review_since"),
        (Asked(state=State.AUTOMATIC, order="newest"), "review_since"),
        (Asked(state=State.REFUSED, order="oldest"), "review_since"),
    ],
    ids=str,
)
def test_every_page_is_a_walk_along_an_index_without_sorting(
    asked: Asked, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[str] = []
    plain = queue._fetch

    def explained(statement: str, parameters: Any) -> Any:
        with connection.cursor() as cursor:
            # An empty table is read whole whatever indexes it has: what could be used is asked, not what would be.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
            cursor.execute(f"EXPLAIN (COSTS off) {statement}", parameters)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return plain(statement, parameters)

    monkeypatch.setattr(queue, "_fetch", explained)
    for place in (None, (1, 1)):
        list_items(asked, place=place, **DOOR)
    for plan in plans:
        assert re.search(f"using ({index}) on stewardship_review", plan), plan
        assert "Sort" not in plan, plan


def test_counting_walks_an_index_for_states_that_hardly_occur_too() -> None:
    doubtful_pair()
    said: list[tuple[str, Any]] = []
    with connection.execute_wrapper(lambda run, *rest: (said.append((rest[0], rest[1])), run(*rest))[1]):
        found = counts(actor=STEWARD)
    assert (found[State.REVIEW], found[State.MANUAL]) == (1, 0)
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        (counting,) = [asked for asked in said if "unnest" in asked[0]]
        cursor.execute(f"EXPLAIN (COSTS off) {counting[0]}", counting[1])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "using review_since on stewardship_review" in plan, plan
    assert "Sort" not in plan, plan


NAMES = ("Anna", "A.", "Anne", "Kees")
MAILS = ("anna@voorbeeld.nl", "jansen@voorbeeld.nl", "")
DAYS = ("1980-05-17", "1980-05-18", "")


@st.composite
def some_person(draw: st.DrawFn) -> dict[str, Any]:
    said = {"given_name": draw(st.sampled_from(NAMES)), "family_name": draw(st.sampled_from(("Jansen", "Janssen")))}
    optional = {"email": draw(st.sampled_from(MAILS)), "birth_date": draw(st.sampled_from(DAYS))}
    if draw(st.booleans()):
        said["address"] = HOME
    return said | {code: value for code, value in optional.items() if value}


def some_draft(name: str, said: dict[str, Any], day: int, gone: bool) -> Draft:
    return person(name, **({} if gone else said), day=day, gone=gone)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_queue_is_what_a_rebuild_makes_of_it_after_any_sequence(data: st.DataObject) -> None:
    with transaction.atomic():
        source("crm")
        source("shop", rank=2)
        acts = []
        for day in range(data.draw(st.integers(3, 9))):
            step = data.draw(st.sampled_from(("deliver", "deliver", "deliver", "gone", "merge", "refuse", "undo")))
            names = sorted(_records())
            if step == "deliver" or not names:
                name = data.draw(st.sampled_from("abcdef"))
                deliver(data.draw(st.sampled_from(("crm", "shop"))), person(name, **data.draw(some_person()), day=day))
            elif step == "gone":
                code, name = data.draw(st.sampled_from(names))
                deliver(code, some_draft(name, {}, day, gone=True))
            elif step == "undo" and acts:
                _quietly(unmerge, merge_uuid=acts.pop())
            elif len(names) > 1:
                ways = {"merge": merge, "refuse": keep_apart}
                pair = data.draw(st.sampled_from(list(itertools.combinations(names, 2))))
                both = [customer(*one).uuid for one in pair]
                made = _quietly(ways.get(step, merge), customers=both)
                acts += [made.merge_uuid] if made else []
        assert rebuilt() == 0
        transaction.set_rollback(True)


def _records() -> list[tuple[str, str]]:
    from klantbeeld.identity.models import Member

    rows = Member.objects.exclude(customer=None).values_list("record__source__code", "record__external_id")
    return [(code, name) for code, name in rows if code in ("crm", "shop")]


def _quietly(act: Any, **what: Any) -> Any:
    """Does it, or leaves everything as it was when it makes no sense."""
    try:
        with transaction.atomic():
            return act(**what, **DOOR)
    except KlantbeeldError:
        return None
