"""Rebuild: the same customers under the same ids, from records, decisions and the ledger; and a change of model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from klantbeeld.flows.settle import settle
from klantbeeld.foundation.access import Actor, require
from klantbeeld.identity import actions as identity
from klantbeeld.identity import queries
from klantbeeld.identity.contracts import Change, Effect, Resolved, What
from klantbeeld.stewardship import actions as stewardship

SCOPE = "settings:write"
PURPOSE = "administration"
BATCH = 1000
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What rebuilding did: its effect on customers, and how many golden records came out differently."""

    effect: Effect
    customers: int
    profiles_changed: int


def rebuild(
    *, actor: Actor, model: int | None = None, progress: Progress | None = None, at: datetime | None = None
) -> Rebuilt:
    """Compute features, keys, links, customers and golden records again; with `model`, under that model from now on.

    One transaction: killed half-way, nothing has changed and it can be started again. Nobody else can change customers
    meanwhile. Customers that come out differently are told as in any other change. Raises Refused, Missing.
    """
    require(actor, SCOPE)
    moment = at or timezone.now()
    with transaction.atomic():
        told = Tally(actor, moment, "identity.rebuild" if model is None else "identity.activate_model")
        effect = identity.effect_of(
            told.settling(identity.rebuild(actor=actor, at=moment, model=model, progress=progress))
        )
        customers = told.reproject(progress or (lambda phase, done: None))
        stewardship.rebuild(at=moment)
    return Rebuilt(effect, customers, told.profiles)


def preview(*, actor: Actor, model: int, progress: Progress | None = None) -> Effect:
    """What activating a model would do to customers; nothing is changed. Nobody can change customers meanwhile."""
    require(actor, SCOPE)
    with transaction.atomic():
        changes = identity.rebuild(actor=actor, at=timezone.now(), model=model, progress=progress)
        effect = identity.effect_of(changes)
        transaction.set_rollback(True)
    return effect


@dataclass(slots=True)
class Tally:
    """Settles batch by batch and remembers who has been projected already."""

    actor: Actor
    at: datetime
    action: str
    profiles: int = 0

    def settling(self, batches: Iterator[Resolved]) -> Iterator[Resolved]:
        """Settle each batch on its way to whoever counts."""
        for resolved in batches:
            if resolved.changes:
                self._settle(resolved)
            yield resolved

    def reproject(self, tell: Progress) -> int:
        """Project every customer again; gives how many there are."""
        after, done = 0, 0
        while refs := queries.list_standing(after=after, limit=BATCH):
            members = queries.members_of(ref.id for ref in refs)
            self._settle(
                Resolved(
                    tuple(
                        Change(ref.id, ref.uuid, ref.kind, What.CHANGED, None, None, members.get(ref.id, ()))
                        for ref in refs
                    )
                )
            )
            after, done = refs[-1].id, done + len(refs)
            tell("profiles", done)
        return done

    def _settle(self, resolved: Resolved) -> None:
        settled = settle(
            resolved=resolved,
            actor=self.actor,
            purpose=PURPOSE,
            action=self.action,
            cause="rebuild",
            at=self.at,
        )
        self.profiles += sum(one.changed for one in settled.customers)
