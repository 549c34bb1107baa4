"""One effect for a repeated request (draft-ietf-httpapi-idempotency-key-header-07).

The key's row is written in the transaction of the effect: both are there or neither. A request that is still running
holds an advisory lock until it commits, so that a second one is told to wait instead of waiting itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction

from klantbeeld.foundation.wire import run, together
from klantbeeld.kit.errors import Conflict, Invalid

KEPT_DAYS = 7
LONGEST_KEY = 255

_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
_FIND = "SELECT request_sha256, status, response::text FROM foundation_idempotencykey WHERE client = %s AND key = %s"
_KEEP = """
INSERT INTO foundation_idempotencykey (client, key, request_sha256, status, response, created_at)
VALUES (%s, %s, %s, %s, %s::jsonb, now())
"""
_PURGE = "DELETE FROM foundation_idempotencykey WHERE created_at < now() - make_interval(days => %s)"


class Kept(NamedTuple):
    """The answer to a request: HTTP status and body (ids and codes, no personal values)."""

    status: int
    body: Any
    replayed: bool = False


def once(*, client: str, key: str, request: bytes, effect: Callable[[], tuple[int, Any]]) -> Kept:
    """Run `effect` once for this client and key, and give its answer again when the request is repeated.

    `request` is everything that makes the request what it is (method, path, body). Raises Conflict while the first
    one is running, Invalid when the key was used for another request. An effect that fails leaves no trace, so that
    the client may try again with the same key.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid(
            f"Idempotency-Key: expected 1 to {LONGEST_KEY} printable characters.", code="idempotency.key_malformed"
        )
    digest = hashlib.sha256(request).digest()
    with transaction.atomic():
        with together():
            locked = run(_LOCK, (lock_number(client, key),))
            found = run(_FIND, (client, key))
        if locked.fetchone() != (True,):
            raise Conflict(
                "The first request with this Idempotency-Key is still running; try again in a second.",
                code="idempotency.in_flight",
                retry_after=1,
            )
        row = found.fetchone()
        if row is not None:
            if bytes(row[0]) != digest:
                raise Invalid(
                    "This Idempotency-Key was used for another request; make a new key for each request.",
                    code="idempotency.key_reused",
                )
            return Kept(row[1], json.loads(row[2]), replayed=True)
        status, body = effect()
        run(_KEEP, (client, key, digest, status, json.dumps(body)))
    return Kept(status, body)


def purge() -> int:
    """Forget answers older than a week; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, [KEPT_DAYS])
        return int(cursor.rowcount)


def lock_number(client: str, key: str) -> int:
    """The advisory lock under which a request with this key runs."""
    digest = hashlib.blake2b(f"idempotency\0{client}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
