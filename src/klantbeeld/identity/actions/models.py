"""The model under which everything is matched: frozen, kept as data, one active at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from klantbeeld.identity.actions.lock import Held
from klantbeeld.identity.hashing import match_key
from klantbeeld.identity.models import MatchModel
from klantbeeld.identity.ports import Matcher
from klantbeeld.identity.tables.wire import run
from klantbeeld.kit.errors import Conflict, Missing

_loaded: dict[str, Mapping[int, Matcher]] = {}


def active_matchers(held: Held | None = None) -> Mapping[int, Matcher]:
    """The matchers of the active model by kind; before any training the engine's default model becomes active.

    Whoever writes gives the lock that it holds, so that the model does not change under it.
    """
    known = held.model if held is not None else _find_active()
    number, digest = known or _find_active() or _begin()
    if digest not in _loaded:
        matchers = matchers_of(parameters_of(number))
        _loaded.clear()
        _loaded[digest] = matchers
    return _loaded[digest]


def matchers_of(parameters: Mapping[str, Any], secret: bytes | None = None) -> Mapping[int, Matcher]:
    """The matchers of a model's parameters, by kind; raises Conflict when this version cannot read them.

    `secret`: the key of the hashes, for a process that was given it; otherwise that of this installation.
    """
    from klantbeeld.identity.adapters import engine  # late: the engine takes its time to import

    try:
        return engine.load(parameters, match_key() if secret is None else secret)
    except (ValueError, KeyError) as error:
        raise Conflict(
            "The active model was made by another version of the matching engine and cannot be read. Learn a new one "
            "from the stored records with `klantbeeld train --activate`.",
            code="identity.model_unreadable",
        ) from error


def digest_of(parameters: Mapping[str, Any]) -> str:
    """The versions of the engine's models; equal digests decide equally."""
    return "-".join(str(parameters[kind]["version"]) for kind in sorted(parameters))


def keep_model(parameters: Mapping[str, Any], *, trained_on: int) -> int:
    """Keep a model without activating it; the same model again is the one that is there. Gives its number."""
    digest = digest_of(parameters)
    found = MatchModel.objects.filter(digest=digest).order_by("number").first()
    if found is None:
        found = MatchModel.objects.create(
            parameters=dict(parameters), digest=digest, trained_on=trained_on, trained_at=timezone.now()
        )
    return found.number


def parameters_of(number: int) -> dict[str, Any]:
    """The parameters of a model. Raises Missing when there is none of this number."""
    text = run("SELECT parameters::text FROM identity_matchmodel WHERE number = %s", (number,)).fetchone()
    if text is None:
        raise Missing(f"There is no model {number}.", code="identity.no_model", model=number)
    found: dict[str, Any] = json.loads(text[0])
    return found


def activate(number: int) -> None:
    """Let everything be matched under this model from now on; whoever calls rebuilds in the same transaction."""
    MatchModel.objects.filter(active=True).exclude(number=number).update(active=False)
    MatchModel.objects.filter(number=number).update(active=True)


def _find_active() -> tuple[int, str] | None:
    row = run("SELECT number, digest FROM identity_matchmodel WHERE active").fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _begin() -> tuple[int, str]:
    from klantbeeld.identity.adapters import engine

    parameters = engine.begin()
    made, _ = MatchModel.objects.get_or_create(
        active=True,
        defaults={"parameters": parameters, "digest": digest_of(parameters), "trained_at": timezone.now()},
    )
    return made.number, made.digest
