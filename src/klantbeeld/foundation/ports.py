"""What the ground needs from above: `config.wiring` says who gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from klantbeeld.foundation.contracts import PublishedEvent, PurposeSpec

PurposeRegister = Callable[[], Mapping[str, PurposeSpec]]
Handler = Callable[[PublishedEvent], None]


class Anchor(Protocol):
    """A place outside the database that remembers the heads of the audit chain."""

    def remember(self, seal_id: int, digest: bytes) -> None:
        """Keep a head for good before this returns."""

    def last(self) -> int:
        """The number of the newest head; 0 when there is none."""

    def recall(self) -> list[tuple[int, bytes]]:
        """All heads, oldest first."""


class Wiring(Protocol):
    """What `config.wiring` has to offer to the ground."""

    purposes: PurposeRegister
    anchor: Anchor
    consumers: Mapping[str, tuple[frozenset[str], Handler]]  # name -> (event types, handler)


@lru_cache(maxsize=1)
def wiring() -> Wiring:
    """The wiring of this installation; imported when first needed, because it stands above the ground."""
    return cast(Wiring, import_module(getattr(settings, "WIRING", "klantbeeld.config.wiring")))
