"""The attribute catalogue as frozen contracts, kept in memory for a short while."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

from klantbeeld.foundation.contracts import DEFAULT_SURVIVORSHIP, AttributeSpec
from klantbeeld.foundation.models import Attribute

#: Another process sees a changed attribute after at most so many seconds.
FRESH_SECONDS = 15.0

_NOTHING: Mapping[str, AttributeSpec] = MappingProxyType({})


class _Kept(NamedTuple):
    kinds: Mapping[str, Mapping[str, AttributeSpec]]
    visible: dict[tuple[str, str, bool], frozenset[str]]
    until: float


_lock = Lock()
_kept: _Kept | None = None


def attributes(kind_code: str) -> Mapping[str, AttributeSpec]:
    """The attributes of a kind (`person`), code -> spec, in the order of the catalogue; empty for an unknown kind."""
    return all_kinds().get(kind_code, _NOTHING)


def all_kinds() -> Mapping[str, Mapping[str, AttributeSpec]]:
    """The whole catalogue. The mapping is the same object until its content changes, so callers may cache by it."""
    return _current().kinds


def visible(kind_code: str, purpose: str, sees_sensitive: bool) -> frozenset[str]:
    """Codes of the attributes of a kind that this purpose may see; secret ones are matched only, never shown."""
    kept = _current()
    asked = (kind_code, purpose, sees_sensitive)
    answer = kept.visible.get(asked)
    if answer is None:
        shown = {"ordinary", "sensitive"} if sees_sensitive else {"ordinary"}
        answer = kept.visible[asked] = frozenset(
            code
            for code, spec in kept.kinds.get(kind_code, _NOTHING).items()
            if spec.sensitivity in shown and (not spec.purposes or purpose in spec.purposes)
        )
    return answer


def forget() -> None:
    """Read again at the next question: after a change in this process."""
    global _kept
    with _lock:
        _kept = None


def hold(kinds: Mapping[str, Mapping[str, AttributeSpec]]) -> None:
    """Let this catalogue be the one in force in this process for as long as it lives: it asks no database."""
    global _kept
    with _lock:
        _kept = _Kept(kinds, {}, float("inf"))


def _current() -> _Kept:
    global _kept
    kept = _kept
    if kept is None or kept.until <= time.monotonic():
        with _lock:
            read = _read()
            until = time.monotonic() + FRESH_SECONDS
            # An unchanged catalogue keeps its identity, so that what was derived from it stays good.
            same = kept is not None and kept.kinds == read
            kept = _kept = kept._replace(until=until) if kept is not None and same else _Kept(read, {}, until)
    return kept


def _read() -> Mapping[str, Mapping[str, AttributeSpec]]:
    kinds: dict[str, dict[str, AttributeSpec]] = {}
    for row in Attribute.objects.order_by("kind", "position", "code"):
        kinds.setdefault(row.kind, {})[row.code] = AttributeSpec(
            kind=row.kind,
            code=row.code,
            label=row.label,
            type=row.type,
            choices=tuple((code, label) for code, label in row.choices),
            many=row.many,
            sensitivity=row.sensitivity,
            purposes=tuple(row.purposes),
            survivorship=tuple(row.survivorship) or DEFAULT_SURVIVORSHIP,
            matching=row.matching,
            position=row.position,
            custom=row.custom,
        )
    return MappingProxyType({kind: MappingProxyType(specs) for kind, specs in kinds.items()})
