"""Who is let in: stewards of the group. A key of one company is not, for a doubtful match knows no companies."""

from __future__ import annotations

from klantbeeld.foundation.access import Actor, Grant, require
from klantbeeld.kit.errors import Refused


def admit(actor: Actor, scope: str, purpose: str = "") -> Grant:
    """Let the actor through as `access.require` does; raises Refused for a key that is bound to a company too."""
    grant = require(actor, scope, purpose)
    if actor.bound_to is not None:
        raise Refused(
            "The review queue is of the whole group; a key that is bound to a company does not reach it.",
            code="reviews.of_the_group",
        )
    return grant
