"""The door of every operation: key, scope and purpose are checked before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.security.base import AuthBase

from klantbeeld.exchange import wording
from klantbeeld.exchange.rest import limits
from klantbeeld.foundation import access, audit
from klantbeeld.foundation.access import Actor, Grant
from klantbeeld.foundation.login import find_actor_by_key
from klantbeeld.foundation.rules.scopes import PERSONAL
from klantbeeld.kit.ids import new_uuid

PURPOSE_HEADER = "X-Purpose"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,36}")


class Door(AuthBase):
    """Lets in who carries a key in force with the scope of the operation, for a purpose that it may state."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str, also: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.scope, self.also = scope, also

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor, or None for 401; raises Refused for 403."""
        kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        actor = find_actor_by_key(text.strip()) if kind.lower() == "bearer" else None
        if actor is not None:
            limits.take(actor.ref)
            purpose = request.META.get("HTTP_X_PURPOSE", "")
            for scope in self.also:
                access.require(actor, scope, purpose)
            request.grant = access.require(actor, self.scope, purpose)  # type: ignore[attr-defined]
        return actor


def door(scope: str, *problems: int, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """What an operation says of itself: the scopes it needs, and the statuses of problems that are its own.

    400, 401, 403, 422, 429 and 503 hold for every operation and are added by `rest.openapi`.
    """
    return {"auth": Door(scope, also), "openapi_extra": {"x-scopes": [scope, *also], "x-problems": list(problems)}}


def needs_purpose(scope: str) -> bool:
    """Does an operation with this scope have to be told why?"""
    return scope in PERSONAL


def grant_of(request: HttpRequest) -> Grant:
    """What the door granted this request."""
    grant: Grant = request.grant  # type: ignore[attr-defined]
    return grant


def with_request_id(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives each request an id (the caller's own X-Request-Id when it is a plain one) and forbids keeping answers.

    Problems come in the language that the request asks for.
    """

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        wanted = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = wanted if _REQUEST_ID.fullmatch(wanted) else str(new_uuid())
        with audit.within_request(request_id), wording.read_in(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
            response = run(request, *args, **more)
        response["X-Request-Id"] = request_id
        response.setdefault("Cache-Control", "no-store")
        return response

    return answer
