"""Which attributes a column of a feed speaks of, by its declaration: what may be shown of a value follows from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.declaration.check import PLACEHOLDER
from klantbeeld.sources.declaration.model import Feed

#: (code of a kind, code of an attribute or scheme of a number)
Told = tuple[str, str]
KINDS = frozenset(kind.code for kind in Kind)


def origins(feeds: Iterable[Feed]) -> Mapping[str, Set[Told]]:
    """Column -> what its values become; a column that only tells which record it is about becomes nothing."""
    found: dict[str, set[Told]] = {}
    for feed in feeds:
        for record in feed.records:
            kinds = kinds_of(record)
            for name in ("external_id", "source_at"):
                for column in columns_in(record.get(name)):
                    found.setdefault(column, set())
            for code, spec in record.get("attributes", {}).items():
                for column in columns_in(spec):
                    found.setdefault(column, set()).update((kind, code) for kind in kinds)
            for spec in record.get("identifiers", ()):
                for column in columns_in(spec["value"]):
                    found.setdefault(column, set()).update((spec.get("of", kind), spec["scheme"]) for kind in kinds)
    return found


def kinds_of(record: Mapping[str, Any]) -> Set[str]:
    """The kinds that a declared record may be of."""
    kind = record["kind"]
    if isinstance(kind, str):
        return {kind}
    told = {str(value) for value in (*kind.get("map", {}).values(), kind.get("otherwise"), kind.get("constant"))}
    return told & KINDS or KINDS


def columns_in(spec: Any) -> Iterator[str]:
    """The columns in the declaration of a value, a group of values or a list of them."""
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, list):
        for one in spec:
            yield from columns_in(one)
    elif isinstance(spec, Mapping):
        if "column" in spec:
            yield spec["column"]
        yield from spec.get("columns", ())
        yield from PLACEHOLDER.findall(spec.get("template", ""))
        for name in ("from", "to"):
            yield from columns_in(spec.get(name))
        for inner in spec.get("fields", {}).values():
            yield from columns_in(inner)
