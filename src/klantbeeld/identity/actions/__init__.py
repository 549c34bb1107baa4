"""Every write of identity."""

from klantbeeld.identity.actions.decide import decide, revoke
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.resolve import resolve

__all__ = ["decide", "hold_writer", "resolve", "revoke"]
