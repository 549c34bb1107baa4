from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from klantbeeld.foundation import ports
from klantbeeld.foundation.access import Actor


class MemoryAnchor:
    """An anchor that forgets when the test ends."""

    def __init__(self) -> None:
        self.heads: list[tuple[int, bytes]] = []

    def remember(self, seal_id: int, digest: bytes) -> None:
        self.heads.append((seal_id, digest))

    def last(self) -> int:
        return self.heads[-1][0] if self.heads else 0

    def recall(self) -> list[tuple[int, bytes]]:
        return list(self.heads)


@pytest.fixture
def anchor(monkeypatch: pytest.MonkeyPatch) -> MemoryAnchor:
    anchor = MemoryAnchor()
    monkeypatch.setattr(ports.wiring(), "anchor", anchor)
    return anchor


@pytest.fixture
def system() -> Actor:
    return Actor.system("test")


@pytest.fixture
def administrator() -> Actor:
    return Actor.user(id=1, name="Ans", roles=("administrator",))


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner of the tables, beside the one of the product."""
    with psycopg.connect(os.environ["KLANTBEELD_DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def tamper(owner: psycopg.Connection[Any]) -> Callable[[str], None]:
    """Change what may not be changed, as somebody can who has the database: the triggers switched off."""

    def run(statement: str) -> None:
        for table in ("foundation_auditline", "foundation_auditseal"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        owner.execute(statement)

    return run
