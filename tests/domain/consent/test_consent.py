"""The register and the log of consent, through the doors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from klantbeeld.consent import actions, queries
from klantbeeld.consent.models import ConsentEvent, Purpose
from klantbeeld.consent.rules.starter import STARTER
from klantbeeld.foundation.access import Actor, require
from klantbeeld.foundation.models import AuditLine, OutboxEvent
from klantbeeld.kit.errors import Invalid, Refused

AGENT = Actor.user(id=1, name="An", roles=("agent",))


def give(record_id: int = 1, act: str = "given", **more: object) -> int:
    return actions.record(
        record_id=record_id,
        purpose="marketing",
        act=act,
        at=timezone.now(),
        actor=AGENT,
        stated_purpose="service",
        **more,  # type: ignore[arg-type]
    )


def test_register_holds_the_starter_set_in_both_languages(db: None) -> None:
    assert set(queries.purposes()) == {row.code for row in STARTER}
    for row in queries.list_purposes(actor=AGENT):
        assert row.label["nl"]
        assert row.label["en"]
        assert row.basis_label["nl"]
    assert actions.install_purposes() == 0, "a second time adds nothing"


def test_install_leaves_a_changed_purpose_alone(db: None) -> None:
    Purpose.objects.filter(code="analysis").update(basis="consent")
    actions.install_purposes()
    assert Purpose.objects.get(code="analysis").basis == "consent"


def test_record_writes_event_audit_line_and_outbox_event(db: None) -> None:
    number = give(record_id=9, channel="email", text="Ja, graag", text_version="3", evidence=b"form 12")
    event = ConsentEvent.objects.get(pk=number)
    assert (event.record_id, event.act, event.channel, event.actor) == (9, "given", "email", "user:1")
    assert len(bytes(event.evidence_sha256 or b"")) == 32
    line = AuditLine.objects.get(action="consent.recorded")
    assert (line.subject_kind, line.subject_id, line.purpose) == ("record", 9, "service")
    assert OutboxEvent.objects.get(type="consent.given").subject_id == 9


def test_allowed_follows_the_customer_at_once(db: None) -> None:
    assert not queries.allowed([1], "marketing", channel="email").allowed
    give()
    assert queries.allowed([1], "marketing", channel="email").allowed
    before = timezone.now()
    give(act="withdrawn")
    assert not queries.allowed([1], "marketing", channel="email").allowed
    assert queries.allowed([1], "marketing", channel="email", at=before).allowed, "as it was then"
    assert queries.allowed([1], "service").allowed
    assert queries.allowed([1], "nothing.such").reasons[0].code == "unknown_purpose"


def test_allowed_after_a_merge_is_the_most_restrictive_and_after_an_unmerge_what_it_was(db: None) -> None:
    give(record_id=1)
    give(record_id=2, act="objected")
    assert not queries.allowed([1, 2], "marketing").allowed
    assert queries.allowed([1], "marketing").allowed
    assert not queries.allowed([2], "marketing").allowed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": "flying"}, "consent.purpose_unknown"),
        ({"act": "maybe"}, "consent.act_unknown"),
        ({"at": timezone.now() + timedelta(days=1)}, "consent.future"),
    ],
)
def test_record_refuses_what_cannot_be(db: None, change: dict[str, object], code: str) -> None:
    wanted = {"record_id": 1, "purpose": "marketing", "act": "given", "at": timezone.now(), **change}
    with pytest.raises(Invalid) as error:
        actions.record(actor=AGENT, stated_purpose="service", **wanted)  # type: ignore[arg-type]
    assert error.value.code == code
    assert not ConsentEvent.objects.exists()


def test_record_needs_scope_and_purpose(db: None) -> None:
    marketer = Actor.user(id=2, name="Mo", roles=("marketer",))
    for actor, purpose in ((marketer, "marketing"), (AGENT, ""), (AGENT, "fraud")):
        with pytest.raises(Refused):
            actions.record(
                record_id=1, purpose="marketing", act="given", at=timezone.now(), actor=actor, stated_purpose=purpose
            )
    assert not ConsentEvent.objects.exists()


def test_list_events_newest_first(db: None) -> None:
    first, second = give(record_id=3), give(record_id=3, act="withdrawn")
    rows = queries.list_events(record_ids=[3], actor=AGENT, purpose="service")
    assert [(act.id, act.act, code) for act, code in rows] == [
        (second, "withdrawn", "marketing"),
        (first, "given", "marketing"),
    ]


def test_purpose_that_reads_no_profiles_opens_no_door(db: None) -> None:
    with pytest.raises(Refused) as error:
        require(Actor.system("test"), "customers:read", "administration")
    assert error.value.code == "access.purpose_unknown"


def test_purpose_that_was_defined_opens_the_door_at_once(db: None) -> None:
    system = Actor.system("test")
    with pytest.raises(Refused):
        require(system, "customers:read", "care")
    actions.define_purpose(
        code="care", label={"nl": "Zorg", "en": "Care"}, basis="contract", reads_profiles=True, actor=system
    )
    assert require(system, "customers:read", "care").purpose == "care"
    queries.forget()
