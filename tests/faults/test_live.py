"""The process of server-sent events: tickets, delivery by topic, and readers that fall behind."""

from __future__ import annotations

import asyncio
import json

import pytest
import time_machine
from django.core.signing import BadSignature, SignatureExpired

from klantbeeld.config.processes.live import Switchboard, issue_ticket, read_ticket


def test_ticket_is_read_back() -> None:
    text = issue_ticket(actor="user:7", purpose="service", topics=["customer:a"])
    assert read_ticket(text) == {"actor": "user:7", "purpose": "service", "topics": ["customer:a"]}


def test_changed_ticket_is_refused() -> None:
    text = issue_ticket(actor="user:7", purpose="service", topics=["customer:a"])
    with pytest.raises(BadSignature):
        read_ticket(text[:-1] + ("A" if text[-1] != "A" else "B"))


def test_old_ticket_is_refused() -> None:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        text = issue_ticket(actor="user:7", purpose="service", topics=["customer:a"])
        clock.shift(30)
        read_ticket(text)
        clock.shift(1)
        with pytest.raises(SignatureExpired):
            read_ticket(text)


def _payload(topic: str, version: int) -> str:
    return json.dumps({"topic": topic, "version": version})


def test_notification_reaches_only_who_watches_its_topic() -> None:
    async def scene() -> None:
        board = Switchboard()
        with board.watching(["customer:a", "customer:b"]) as ours, board.watching(["customer:c"]) as theirs:
            board.deliver(_payload("customer:b", 3))
            assert await ours.get() == _payload("customer:b", 3)
            assert theirs.empty()
        assert board.topics == 0

    asyncio.run(scene())


def test_reader_that_falls_behind_is_cut_off_and_forgotten() -> None:
    async def scene() -> None:
        board = Switchboard()
        with board.watching(["customer:a"]) as queue:
            for version in range(150):
                board.deliver(_payload("customer:a", version))
            assert queue.qsize() == 1
            assert await queue.get() is None, "told to end: it reads the present state when it comes back"
            assert board.topics == 0

    asyncio.run(scene())
