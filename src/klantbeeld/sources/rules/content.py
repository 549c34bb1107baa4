"""The canonical content of a record: what is stored, and what the digest is taken of.

Stored as JSON: {"attributes": {...}, "identifiers": [[scheme, value, of], ...],
"roles": [[role, [kind, external_id, source], [kind, external_id, source], from, to], ...]}, keys sorted, numbers and
roles in a fixed order and once, so that the same content always is the same text.
"""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import blake2b
from typing import Any

import msgspec

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft

DIGEST_SIZE = 16
UNKNOWN = "\ufffd".encode()
_encode = msgspec.json.Encoder(order="deterministic").encode
_encode_raw = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder().decode
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # the escape of NUL, not a backslash before "u0000"
_LIVE, _GONE = (blake2b(digest_size=DIGEST_SIZE, person=person) for person in (b"live", b"gone"))


def canonical(draft: Draft) -> bytes:
    """The content of a draft as UTF-8 JSON; raises Invalid when it holds what a database cannot keep."""
    identifiers = [[one.scheme, one.value, one.of] for one in draft.identifiers]
    roles = [_role(one) for one in draft.roles]
    if len(identifiers) > 1:
        identifiers = _sorted_once(identifiers)
    if len(roles) > 1:
        roles = _sorted_once(roles)
    content = {"attributes": draft.attributes, "identifiers": identifiers, "roles": roles}
    try:
        data = _encode(content)
        if b"null" in data:
            # NaN and infinity are written as null, which hides them: let the strict encoder look.
            json.dumps(content, allow_nan=False)
    except UnicodeEncodeError as error:
        near = error.object[max(error.start - 20, 0) : error.start]
        raise _unusable(draft, f"holds half of a surrogate pair after '{near}'", "sources.surrogate") from error
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _unusable(draft, f"cannot be written as JSON: {error}", "sources.content") from error
    if b"\\u0000" in data and _NUL.search(data):
        raise _unusable(draft, "holds a NUL character; remove it", "sources.nul")
    return data


def digest_of(data: bytes, gone: bool) -> bytes:
    """BLAKE2b-128 of the canonical content and of whether it is a tombstone."""
    digest = (_GONE if gone else _LIVE).copy()
    digest.update(data)
    return digest.digest()


def raw_json(raw: Any) -> bytes | None:
    """The row as it came, as JSON that PostgreSQL keeps; what it cannot keep becomes U+FFFD."""
    if raw is None:
        return None
    try:
        data = _encode_raw(raw)
    except UnicodeEncodeError:
        text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), default=str)
        data = text.encode("utf-8", "replace")
    return _NUL.sub(lambda found: found.group(1) + UNKNOWN, data) if b"\\u0000" in data else data


def content_of(text: str | bytes) -> dict[str, Any]:
    """Stored content, read."""
    content: dict[str, Any] = _decode(text)
    return content


def identifiers_of(rows: list[list[str]]) -> tuple[Identifier, ...]:
    """The identifiers in stored content."""
    return tuple([Identifier(scheme, value, of) for scheme, value, of in rows]) if rows else ()


def roles_of(rows: list[list[Any]]) -> tuple[RoleDraft, ...]:
    """The roles in stored content."""
    if not rows:
        return ()
    return tuple(
        [
            RoleDraft(role, _reference(holder), _reference(target), _date(from_), _date(to))
            for role, holder, target, from_, to in rows
        ]
    )


def _role(role: RoleDraft) -> list[Any]:
    holder, target = role.holder, role.target
    return [
        role.role,
        [int(holder.kind), holder.external_id, holder.source],
        [int(target.kind), target.external_id, target.source],
        role.from_date.isoformat() if role.from_date else "",
        role.to_date.isoformat() if role.to_date else "",
    ]


def _sorted_once(rows: list[list[Any]]) -> list[list[Any]]:
    keyed = {_encode(row): row for row in rows}
    return [keyed[key] for key in sorted(keyed)]


def _reference(row: list[Any]) -> Reference:
    return Reference(Kind(row[0]), row[1], row[2])


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _unusable(draft: Draft, what: str, code: str) -> Invalid:
    return Invalid(
        f"The content of {draft.kind.code} '{draft.external_id}' {what}.", code=code, external_id=draft.external_id
    )
