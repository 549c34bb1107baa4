"""The canonical content of a record: what is stored, and what the digest is taken of.

Stored as JSON: {"attributes": {...}, "identifiers": [[scheme, value, of], ...],
"roles": [[role, [kind, external_id, source], [kind, external_id, source], from, to], ...]}, keys sorted, numbers and
roles in a fixed order and once, so that the same content always is the same text.
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import blake2b
from typing import Any

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft

DIGEST_SIZE = 16
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(draft: Draft) -> str:
    """The content of a draft as text; raises Invalid when it holds what a database cannot keep."""
    identifiers = [[one.scheme, one.value, one.of] for one in draft.identifiers]
    roles = [_role(one) for one in draft.roles]
    if len(identifiers) > 1:
        identifiers = _sorted_once(identifiers)
    if len(roles) > 1:
        roles = _sorted_once(roles)
    try:
        text = _encode({"attributes": draft.attributes, "identifiers": identifiers, "roles": roles})
    except (TypeError, ValueError) as error:
        raise Invalid(
            f"The content of {draft.kind.code} '{draft.external_id}' cannot be written as JSON: {error}.",
            code="sources.content",
            external_id=draft.external_id,
        ) from error
    if "\\u0000" in text:
        raise Invalid(
            f"The content of {draft.kind.code} '{draft.external_id}' holds a NUL character; remove it.",
            code="sources.nul",
            external_id=draft.external_id,
        )
    return text


def digest_of(text: str, gone: bool) -> bytes:
    """BLAKE2b-128 of the canonical content and of whether it is a tombstone; raises Invalid on lone surrogates."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        near = text[max(error.start - 20, 0) : error.start]
        raise Invalid(
            f"The content holds a character that is not Unicode text, after '{near}'.", code="sources.surrogate"
        ) from error
    return blake2b(data, digest_size=DIGEST_SIZE, person=b"gone" if gone else b"live").digest()


def raw_text(raw: Any) -> str | None:
    """The row as it came, as JSON text that PostgreSQL keeps; what it cannot keep becomes U+FFFD."""
    if raw is None:
        return None
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), default=str)
    if "\\u0000" in text:
        text = text.replace("\\u0000", "\ufffd")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def identifiers_of(data: dict[str, Any]) -> tuple[Identifier, ...]:
    """The identifiers in stored content."""
    return tuple(Identifier(scheme, value, of) for scheme, value, of in data["identifiers"])


def roles_of(data: dict[str, Any]) -> tuple[RoleDraft, ...]:
    """The roles in stored content."""
    return tuple(
        RoleDraft(role, _reference(holder), _reference(target), _date(from_), _date(to))
        for role, holder, target, from_, to in data["roles"]
    )


def _role(role: RoleDraft) -> list[Any]:
    holder, target = role.holder, role.target
    return [
        role.role,
        [int(holder.kind), holder.external_id, holder.source],
        [int(target.kind), target.external_id, target.source],
        role.from_date.isoformat() if role.from_date else None,
        role.to_date.isoformat() if role.to_date else None,
    ]


def _sorted_once(rows: list[list[Any]]) -> list[list[Any]]:
    keyed = {_encode(row): row for row in rows}
    return [keyed[key] for key in sorted(keyed)]


def _reference(row: list[Any]) -> Reference:
    return Reference(Kind(row[0]), row[1], row[2])


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
