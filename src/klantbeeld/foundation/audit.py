"""The audit log: one line for each act, written in the transaction of the act, so that one never exists alone.

A line holds ids and names of fields, never personal values. `foundation.seals` makes tampering visible.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.wire import run

_request_id: ContextVar[str] = ContextVar("request_id", default="")

_INSERT_ONE = """
INSERT INTO foundation_auditline (actor, purpose, action, subject_kind, subject_id, request_id, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_INSERT_MANY = """
INSERT INTO foundation_auditline (xid, actor, purpose, action, subject_kind, subject_id, request_id, detail)
SELECT clock.xid, line.* FROM (SELECT kb_xid() AS xid) clock,
  unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::jsonb[]) line
"""


_COLUMNS = "actor, purpose, action, subject_kind, subject_id, request_id, detail"


@dataclass(frozen=True, slots=True)
class Line:
    """One audit line before it is written."""

    actor: Actor
    action: str
    purpose: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def within_request(request_id: str) -> Iterator[None]:
    """Lines written inside carry this request id (at most 36 characters)."""
    token = _request_id.set(request_id[:36])
    try:
        yield
    finally:
        _request_id.reset(token)


def request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return _request_id.get()


def write(
    *,
    actor: Actor,
    action: str,
    purpose: str = "",
    subject_kind: str = "",
    subject_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one line; when that fails, the error goes up and takes the act with it (fail closed)."""
    run(_INSERT_ONE, (actor.ref, purpose, action, subject_kind, subject_id, _request_id.get(), _json(detail or {})))


def told(rows: str) -> str:
    """SQL that writes one line for each row of `rows`, a query that gives its subject (bigint) and its detail (jsonb).

    A read can take it as a common table expression: then the line is there before the answer, in the same statement,
    and when it cannot be written there is no answer. The parameters of `told_by` come before those of `rows`.
    """
    return f"""INSERT INTO foundation_auditline ({_COLUMNS})
SELECT said.actor, said.purpose, said.action, said.subject_kind, row.subject, said.request, row.detail
FROM (SELECT %s::text AS actor, %s::text AS purpose, %s::text AS action, %s::text AS subject_kind, %s::text AS request)
  AS said, ({rows}) AS row (subject, detail)"""  # noqa: S608 - texts of our own


def told_by(actor: Actor, *, purpose: str, action: str, subject_kind: str) -> tuple[str, ...]:
    """The parameters that `told` begins with."""
    return (actor.ref, purpose, action, subject_kind, _request_id.get())


def write_many(lines: Iterable[Line]) -> int:
    """Write many lines in one statement; returns how many."""
    lines = list(lines)
    if not lines:
        return 0
    request = _request_id.get()
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_MANY,
            [
                [line.actor.ref for line in lines],
                [line.purpose for line in lines],
                [line.action for line in lines],
                [line.subject_kind for line in lines],
                [line.subject_id for line in lines],
                [request] * len(lines),
                [_json(line.detail) for line in lines],
            ],
        )
    return len(lines)


def _json(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False) if detail else "{}"
