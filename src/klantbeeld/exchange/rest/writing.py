"""What every write over REST shares: one transaction, Idempotency-Key (draft-07) and If-Match (RFC 9110, 13.1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from klantbeeld.exchange.rest.door import grant_of
from klantbeeld.foundation import idempotency
from klantbeeld.kit.errors import Conflict, Invalid

Effect = Callable[[], tuple[int, dict[str, Any]]]
_TAG = re.compile(r'"v(\d{1,9})"')


def write_once(request: HttpRequest, effect: Effect, *, is_one_act: bool = False) -> HttpResponse:
    """Run the effect in a transaction, once when the request has an Idempotency-Key, and answer with its body.

    `effect` gives the HTTP status and the body, which holds ids and codes only, because it may be kept. `is_one_act`:
    everything that it writes is one act with a transaction of its own, so that another around it would add nothing.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        with nullcontext() if is_one_act else transaction.atomic():
            status, body = effect()
        return answer(status, body)
    grant = grant_of(request)
    what = f"{request.method} {request.get_full_path()} {grant.purpose} {request.META.get('HTTP_IF_MATCH', '')}\n"
    kept = idempotency.once(client=grant.actor.ref, key=key, request=what.encode() + request.body, effect=effect)
    response = answer(kept.status, kept.body)
    if kept.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def answer(status: int, body: Any) -> HttpResponse:
    """JSON with a status."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"v{version}"'


def check_match(request: HttpRequest, version: int) -> None:
    """Raise Conflict (412) when the request was made on another version than the one in force."""
    wanted = request.META.get("HTTP_IF_MATCH")
    if wanted is None or wanted.strip() == "*":
        return
    tags = [tag.strip() for tag in wanted.split(",")]
    numbers = [int(match[1]) for tag in tags if (match := _TAG.fullmatch(tag))]
    if len(numbers) != len(tags):
        raise Invalid('If-Match: expected an ETag that we gave, such as "v3".', code="precondition.malformed")
    if version not in numbers:
        raise Conflict(
            f"This has changed meanwhile: version {version} is in force. Read it again and decide anew.",
            code="precondition.failed",
        )


def is_known(request: HttpRequest, version: int) -> bool:
    """Has the caller this version already (If-None-Match)?"""
    wanted = request.META.get("HTTP_IF_NONE_MATCH", "")
    return bool(wanted) and etag(version) in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
