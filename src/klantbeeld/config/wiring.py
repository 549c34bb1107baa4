"""What follows from what: who answers the ports of the packages below, and who handles which event."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from klantbeeld.config.processes.background import Background
from klantbeeld.config.processes.logins import Login
from klantbeeld.consent.queries import purposes
from klantbeeld.foundation.adapters.anchor import FileAnchor
from klantbeeld.foundation.ports import Anchor, Handler

__all__ = ["anchor", "consumers", "load_demo", "purposes", "start_relay"]

#: Where the heads of the audit chain are remembered outside the database.
anchor: Anchor = FileAnchor()

#: Handlers of events: consumer name -> (the event types it wants, what it does). A handler calls one action, in the
#: transaction in which the event is marked as processed, and may see an event twice only when its transaction failed.
consumers: Mapping[str, tuple[frozenset[str], Handler]] = {}


def start_relay() -> Background:
    """The thread of the `worker` process that hands outbox events to their consumers and seals the audit log."""
    from klantbeeld.foundation import relay

    return Background("relay", relay.run)


def load_demo(say: Callable[[str], None]) -> list[Login]:
    """Fill a new database with the invented world; returns an account for each role."""
    from klantbeeld.demo.load import load

    return [Login(*row) for row in load(say)]
