"""What follows from what: who answers the ports of the packages below, and who handles which event."""

from __future__ import annotations

from collections.abc import Mapping

from klantbeeld.consent.queries import purposes
from klantbeeld.foundation.adapters.anchor import FileAnchor
from klantbeeld.foundation.ports import Anchor, Handler

__all__ = ["anchor", "consumers", "purposes"]

#: Where the heads of the audit chain are remembered outside the database.
anchor: Anchor = FileAnchor()

#: Handlers of events: consumer name -> (the event types it wants, what it does). A handler calls one action, in the
#: transaction in which the event is marked as processed, and may see an event twice only when its transaction failed.
consumers: Mapping[str, tuple[frozenset[str], Handler]] = {}
