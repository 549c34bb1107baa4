"""The rules of consent by example: what the customer did, and what may then be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.consent.contracts import Act
from klantbeeld.consent.rules.decide import Asked, decide

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=100)


def act(day: int, what: str, *, record: int = 1, channel: str = "", recipient: str = "", until: int = 0) -> Act:
    expires_at = START + timedelta(days=until) if until else None
    return Act(day, record, what, START + timedelta(days=day), channel, recipient, expires_at)


def asked(basis: str = "consent", channel: str = "email", recipient: str = "") -> Asked:
    return Asked(basis, recipient, channel, NOW)


@pytest.mark.parametrize(
    ("acts", "question", "allowed", "why"),
    [
        ([], asked(), False, "absent"),
        ([], asked("contract"), True, "basis"),
        ([act(1, "given")], asked(), True, "given"),
        ([act(1, "given", channel="email")], asked(), True, "given"),
        ([act(1, "given", channel="phone")], asked(), False, "absent"),
        ([act(1, "given"), act(2, "withdrawn")], asked(), False, "withdrawn"),
        ([act(1, "withdrawn"), act(2, "given")], asked(), True, "given"),
        ([act(1, "given"), act(2, "withdrawn", channel="phone")], asked(), True, "given"),
        ([act(1, "given"), act(2, "withdrawn", channel="email")], asked(), False, "withdrawn"),
        ([act(1, "given", channel="email"), act(2, "withdrawn")], asked(), False, "withdrawn"),
        ([act(1, "given", until=50)], asked(), False, "expired"),
        ([act(1, "given", until=150)], asked(), True, "given"),
        ([act(101, "given")], asked(), False, "absent"),
        ([act(1, "given"), act(101, "withdrawn")], asked(), True, "given"),
        ([act(1, "objected")], asked("legitimate_interests"), False, "objected"),
        ([act(1, "objected")], asked("contract"), True, "basis"),
        ([act(1, "withdrawn")], asked("legitimate_interests"), True, "basis"),
        ([act(1, "given")], asked(recipient="partner"), False, "other_recipient"),
        ([act(1, "given", recipient="partner")], asked(recipient="partner"), True, "given"),
        ([act(1, "given", recipient="partner")], asked(), False, "other_recipient"),
        ([act(1, "given", recipient="partner"), act(2, "withdrawn")], asked(recipient="partner"), False, "withdrawn"),
        ([], asked("contract", recipient="partner"), False, "absent"),
        # After a merge: two records, the most restrictive counts.
        ([act(1, "given"), act(2, "withdrawn", record=2)], asked(), False, "withdrawn"),
        ([act(1, "objected"), act(2, "given", record=2)], asked(), False, "objected"),
        ([act(1, "given"), act(2, "given", record=2)], asked(), True, "given"),
    ],
)
def test_decide_by_example(acts: list[Act], question: Asked, allowed: bool, why: str) -> None:
    answer = decide(acts, question)
    assert (answer.allowed, answer.reasons[0].code) == (allowed, why)
    assert answer.reasons[0].label["nl"]
    assert answer.reasons[0].label["en"]


ACTS = st.builds(
    act,
    st.integers(0, 120),
    st.sampled_from(["given", "withdrawn", "objected"]),
    record=st.integers(1, 3),
    channel=st.sampled_from(["", "email", "phone"]),
    recipient=st.sampled_from(["", "partner"]),
    until=st.sampled_from([0, 50, 150]),
)
QUESTIONS = st.builds(
    asked,
    st.sampled_from(["consent", "contract", "legitimate_interests"]),
    st.sampled_from(["", "email", "phone"]),
    st.sampled_from(["", "partner"]),
)


@given(st.lists(ACTS, max_size=8, unique_by=lambda a: a.id), QUESTIONS, st.randoms(use_true_random=False))
def test_decide_does_not_depend_on_the_order_of_reading(acts: list[Act], question: Asked, random: object) -> None:
    mixed = list(acts)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert decide(mixed, question) == decide(acts, question)


@given(st.lists(ACTS, max_size=8, unique_by=lambda a: a.id), QUESTIONS)
def test_merged_customer_is_never_protected_less_than_a_part_that_refused(acts: list[Act], question: Asked) -> None:
    parts = [decide([a for a in acts if a.record_id == record], question) for record in (1, 2, 3)]
    refused = {"objected", "withdrawn"}
    if any(not part.allowed and part.reasons[0].code in refused for part in parts):
        assert not decide(acts, question).allowed


@given(st.lists(ACTS, max_size=8, unique_by=lambda a: a.id), QUESTIONS)
def test_withdrawing_everything_now_refuses_what_needs_consent(acts: list[Act], question: Asked) -> None:
    last = [Act(1000 + record, record, "withdrawn", NOW) for record in {a.record_id for a in acts}]
    answer = decide([*acts, *last], question)
    if question.basis == "consent" or question.recipient:
        assert not answer.allowed
