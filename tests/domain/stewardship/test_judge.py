"""Stewards judge: alone, and with a second pair of eyes; put off, assign, comment, move, split."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.domain.flows.house import PURPOSE, STEWARD, customer, deliver, events, person, source
from tests.domain.stewardship.test_queue import ANNA, doubtful_pair, only, rebuilt, states

from klantbeeld.flows.merge import merge, unmerge
from klantbeeld.flows.place import move, split
from klantbeeld.flows.review import judge, preview
from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine, OutboxEvent, User
from klantbeeld.identity.queries import members_of
from klantbeeld.kit.errors import Conflict, Invalid, Missing, Refused
from klantbeeld.sources.models import Record
from klantbeeld.stewardship import actions, queries
from klantbeeld.stewardship.contracts import Limits, State
from klantbeeld.stewardship.models import Entry
from klantbeeld.stewardship.queries import Asked

pytestmark = pytest.mark.django_db


def steward(name: str) -> dict[str, Any]:
    """A steward with the purpose he works for."""
    user, _ = User.objects.get_or_create(email=f"{name}@example.nl", defaults={"name": name, "roles": ["steward"]})
    return {"actor": Actor.user(id=user.pk, name=name, roles=("steward",)), "purpose": PURPOSE}


def record(code: str, name: str) -> UUID:
    return Record.objects.get(source__code=code, external_id=name).uuid


def limits(**changed: int) -> None:
    actions.declare_limits(
        limits=Limits(**{"customers": 0, "records": 0, "activities": 0, "contracts": 0, **changed}), actor=STEWARD
    )


def test_merge_from_the_queue_is_one_act_with_audit_line_events_and_stream() -> None:
    doubtful_pair()
    item, anna = only(), customer("crm", "a")
    seen = len(events())
    judged = judge(review=item.uuid, verdict="merge", version=item.version, reason="belde", **steward("els"))
    assert (judged.outcome, judged.customers) == ("done", (anna.uuid,))
    assert ("customer.merged", customer("crm", "a").pk) not in events(seen)
    assert "customer.merged" in [kind for kind, _ in events(seen)]
    line = AuditLine.objects.get(action="customers.merge")
    assert line.purpose == PURPOSE
    assert "belde" not in str(line.detail)
    (entry,) = Entry.objects.filter(review=item)
    assert (entry.what, entry.act, entry.text, entry.name) == ("merge", judged.act, "belde", "els")


def test_who_comes_second_hears_that_somebody_decided_meanwhile() -> None:
    doubtful_pair()
    item = only()
    judge(review=item.uuid, verdict="refuse", version=item.version, **steward("els"))
    with pytest.raises(Conflict, match="meanwhile"):
        judge(review=item.uuid, verdict="merge", version=item.version, **steward("kim"))
    assert states() == [State.REFUSED]


def test_what_changed_since_it_was_looked_at_is_not_judged_on_the_old_sight() -> None:
    doubtful_pair()
    item = only()
    deliver("shop", person("b2", given_name="Anna", family_name="Janssen", birth_date="1981-05-17"))
    with pytest.raises(Conflict, match="Look at it again"):
        judge(review=item.uuid, verdict="merge", version=item.version, **steward("els"))


def test_preview_tells_what_merging_would_change_and_changes_nothing() -> None:
    doubtful_pair()
    item = only()
    before = list(AuditLine.objects.filter(action__startswith="customers.m"))
    impact = preview(review=item.uuid, **steward("els"))
    assert (impact.touched.customers, impact.touched.records, impact.touched.second) == (2, 2, ())
    b = customer("shop", "b")
    told = {
        (change.attribute, change.before[0].value if change.before else None, change.after[0].value)
        for change in impact.changes
        if change.customer_id == b.pk
    }
    assert told == {("email", None, "anna@voorbeeld.nl")}  # the shop is trusted more in what it says itself
    assert states() == [State.REVIEW]
    assert list(AuditLine.objects.filter(action__startswith="customers.m")) == before


def test_preview_says_what_the_merge_then_does() -> None:
    doubtful_pair()
    item, door = only(), steward("els")
    view = queries.get_review(item.uuid, **door)
    judged = judge(review=item.uuid, verdict="merge", version=item.version, **door)
    from klantbeeld.profiles.queries import get_profile

    assert dict(view.together) == dict(get_profile(judged.customers[0], **door).values)


def test_above_the_declared_impact_another_person_has_to_agree() -> None:
    doubtful_pair()
    limits(records=2)
    item = only()
    ask: dict[str, Any] = {"review": item.uuid, "verdict": "merge", "version": item.version}
    first = judge(**ask, reason="zelfde adres", **steward("els"))
    assert (first.outcome, first.act, first.second) == ("proposed", None, ("records",))
    assert states() == [State.REVIEW]
    with pytest.raises(Conflict, match="proposed this yourself"):
        judge(**ask, **steward("els"))
    key = Actor("key", 7, "robot", scopes=frozenset({"*"}), purposes=frozenset({"*"}))
    with pytest.raises(Refused, match="Only an employee"):
        judge(**ask, actor=key, purpose=PURPOSE)
    assert queries.figures(actor=STEWARD).waiting_for_second == 1
    assert judge(**ask, **steward("kim")).outcome == "done"
    assert states() == [State.MANUAL]
    assert [entry.what for entry in item.entries.order_by("id")] == ["propose", "merge"]


def test_other_verdict_of_the_second_is_a_proposal_of_its_own_and_one_can_decline() -> None:
    doubtful_pair()
    limits(records=2)
    item = only()
    judge(review=item.uuid, verdict="merge", version=item.version, **steward("els"))
    judge(review=item.uuid, verdict="refuse", version=item.version, **steward("kim"))
    item.refresh_from_db()
    assert item.proposed == "refuse"
    actions.decline(review=item.uuid, text="", **steward("els"))
    item.refresh_from_db()
    assert item.proposed == ""
    with pytest.raises(Conflict, match="Nothing was proposed"):
        actions.decline(review=item.uuid, text="", **steward("els"))


def test_proposal_lapses_when_the_records_change() -> None:
    doubtful_pair()
    limits(records=2)
    item = only()
    judge(review=item.uuid, verdict="merge", version=item.version, **steward("els"))
    deliver("shop", person("b2", given_name="Anna", family_name="Janssen", birth_date="1981-05-17"))
    item.refresh_from_db()
    assert item.proposed == ""


def test_limits_hold_at_every_door_by_which_one_steward_could_merge() -> None:
    doubtful_pair()
    limits(customers=2)
    both = [customer("crm", "a").uuid, customer("shop", "b").uuid]
    with pytest.raises(Refused, match="second steward"):
        merge(customers=both, **steward("els"))
    with pytest.raises(Refused, match="second steward"):
        move(record=record("shop", "b"), to=both[0], **steward("els"))
    assert states() == [State.REVIEW]


def test_put_off_comes_back_at_its_time_and_earlier_when_something_changes() -> None:
    doubtful_pair()
    item, door, now = only(), steward("els"), timezone.now()
    for never in (now, now + timedelta(days=4000)):
        with pytest.raises(Invalid, match="future"):
            actions.put_off(review=item.uuid, until=never, version=None, text="", **door)
    actions.put_off(review=item.uuid, until=now + timedelta(days=2), version=item.version, text="wacht", **door)
    assert states() == [State.PUT_OFF]
    assert rebuilt() == 0
    assert actions.wake(at=now + timedelta(days=1)) == 0
    assert actions.wake(at=now + timedelta(days=3)) == 1
    assert states() == [State.REVIEW]
    actions.put_off(review=item.uuid, until=now + timedelta(days=2), version=None, text="", **door)
    deliver("shop", person("b2", given_name="Anna", family_name="Janssen", birth_date="1981-05-17"))
    assert states() == [State.REVIEW]
    actions.put_off(review=item.uuid, until=now + timedelta(days=2), version=None, text="", **door)
    actions.resume(review=item.uuid, **door)
    assert states() == [State.REVIEW]


def test_assigned_item_is_offered_to_its_steward_only() -> None:
    doubtful_pair()
    item, els, kim = only(), steward("els"), steward("kim")
    actions.assign(review=item.uuid, to="els@example.nl", **kim)
    mine, others = Asked(assigned="mine"), Asked(assigned="others")
    assert [row.assignee for row in queries.list_items(mine, **els).rows] == ["els"]
    assert [row.uuid for row in queries.list_items(others, **kim).rows] == [item.uuid]
    assert queries.next_of(Asked(), actor=els["actor"], after=None) == item.uuid
    assert queries.next_of(Asked(), actor=kim["actor"], after=None) is None
    actions.assign(review=item.uuid, to="", **els)
    assert queries.next_of(Asked(), actor=kim["actor"], after=None) == item.uuid
    actions.assign_to_me(review=item.uuid, **kim)
    assert queries.get_item(item.uuid, **kim).assignee == "kim"
    User.objects.create(email="agent@example.nl", name="agent", roles=["agent"])
    with pytest.raises(Invalid, match="no employee who may decide"):
        actions.assign(review=item.uuid, to="agent@example.nl", **els)


def test_comment_stands_in_the_stream_and_nowhere_else() -> None:
    doubtful_pair()
    item, door = only(), steward("els")
    actions.comment(review=item.uuid, text="  Gebeld op dinsdag ", **door)
    stream = queries.get_review(item.uuid, **door).stream
    assert [(row.what, row.text, row.name) for row in stream] == [("comment", "Gebeld op dinsdag", "els")]
    assert "dinsdag" not in "".join(str(row.payload) for row in OutboxEvent.objects.all())
    assert "dinsdag" not in "".join(str(row.detail) for row in AuditLine.objects.all())
    for text in (" ", "x" * 2001):
        with pytest.raises(Invalid):
            actions.comment(review=item.uuid, text=text, **door)


def test_undo_shows_in_the_stream_by_whom() -> None:
    doubtful_pair()
    item, door = only(), steward("els")
    judged = judge(review=item.uuid, verdict="merge", version=item.version, **door)
    unmerge(merge_uuid=judged.act, reason="vergissing", **steward("kim"))
    stream = queries.get_review(item.uuid, **door).stream
    assert [(row.what, row.name, row.undone) for row in stream] == [("undo", "kim", False), ("merge", "els", True)]


def test_move_takes_a_record_to_the_customer_it_belongs_to_and_back() -> None:
    source("crm")
    source("shop", rank=2)
    deliver("crm", person("a", **ANNA, email="anna@voorbeeld.nl"), person("k", given_name="Kees", family_name="Smit"))
    deliver("shop", person("b", **ANNA, email="anna@voorbeeld.nl"))
    anna, kees = customer("crm", "a"), customer("crm", "k")
    assert customer("shop", "b") == anna
    moved = move(record=record("shop", "b"), to=kees.uuid, reason="gebeld", **steward("els"))
    assert customer("shop", "b") == kees
    assert customer("crm", "a") == anna
    assert rebuilt() == 0
    with pytest.raises(Conflict, match="already"):
        move(record=record("shop", "b"), to=kees.uuid, **steward("els"))
    unmerge(merge_uuid=moved.merge_uuid, **steward("els"))
    assert customer("shop", "b") == anna
    assert rebuilt() == 0
    with pytest.raises(Missing):
        move(record=uuid4(), to=kees.uuid, **steward("els"))


def test_split_takes_records_out_for_good_and_back() -> None:
    source("crm")
    deliver("crm", *(person(name, **ANNA, email="anna@voorbeeld.nl") for name in "abc"))
    anna = customer("crm", "a")
    with pytest.raises(Invalid, match="at least one"):
        split(customer=anna.uuid, records=[record("crm", name) for name in "abc"], **steward("els"))
    made = split(customer=anna.uuid, records=[record("crm", "c")], **steward("els"))
    assert customer("crm", "b") == anna != customer("crm", "c")
    with pytest.raises(Invalid, match="of this customer"):
        split(customer=anna.uuid, records=[record("crm", "c")], **steward("els"))
    assert rebuilt() == 0
    unmerge(merge_uuid=made.merge_uuid, **steward("els"))
    assert len(members_of([anna.pk])[anna.pk]) == 3


def test_reading_is_written_down_before_it_is_answered_and_fails_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful_pair()
    item, door = only(), steward("els")
    queries.get_review(item.uuid, **door)
    line = AuditLine.objects.get(action="reviews.read")
    assert (line.actor, line.purpose, line.subject_id) == (door["actor"].ref, PURPOSE, item.pk)
    queries.list_items(Asked(), **door)
    assert AuditLine.objects.get(action="reviews.list").detail["customers"] == item.customers
    with monkeypatch.context() as broken:
        broken.setattr(audit, "_INSERT_ONE", "INSERT INTO nowhere VALUES (%s, %s, %s, %s, %s, %s, %s)")
        for ask in (
            lambda: queries.list_items(Asked(), **door),
            lambda: queries.get_review(item.uuid, **door),
            lambda: judge(review=item.uuid, verdict="merge", version=item.version, **door),
            lambda: actions.comment(review=item.uuid, text="x", **door),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                ask()
    assert (states(), Entry.objects.count()) == ([State.REVIEW], 0)


def test_who_may_not_merge_sees_no_queue() -> None:
    doubtful_pair()
    item = only()
    agent = Actor.user(id=1, name="agent", roles=("agent",))
    for ask in (
        lambda: queries.list_items(Asked(), actor=agent, purpose="service"),
        lambda: queries.get_review(item.uuid, actor=agent, purpose="service"),
        lambda: judge(review=item.uuid, verdict="merge", version=1, actor=agent, purpose="service"),
        lambda: queries.list_items(Asked(), actor=steward("els")["actor"], purpose=""),
    ):
        with pytest.raises(Refused):
            ask()
