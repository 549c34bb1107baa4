"""What groups of records say side by side, and what they would say as one customer. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klantbeeld.foundation import access
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.profiles.contracts import Value
from klantbeeld.profiles.queries.records import visible
from klantbeeld.profiles.rules import golden
from klantbeeld.profiles.statements import statements_of
from klantbeeld.sources.contracts import Kind


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The golden values of each group, and of all of them together, by attribute; only what the actor may see."""

    groups: tuple[Mapping[str, tuple[Value, ...]], ...]
    together: Mapping[str, tuple[Value, ...]]


def side_by_side(
    groups: Sequence[Sequence[int]], kind: int, *, actor: access.Actor, purpose: str, together: Sequence[int] = ()
) -> SideBySide:
    """Survivorship for each group of records, and for the groups at the places `together` (default all) as one.

    The caller writes the read to the audit log, for it knows what is looked at. Raises Refused.
    """
    grant = access.require(actor, "customers:read", purpose)
    code = Kind(kind).code
    allowed = grant.attributes(code)
    specs = attributes(code)
    heard = statements_of(dict(enumerate(groups)))
    said = [heard.get(place, []) for place in range(len(groups))]
    places = together or range(len(groups))
    everything = sorted(
        (statement for place in places for statement in said[place]), key=lambda statement: statement.witness.key
    )
    return SideBySide(
        tuple(visible(golden.agreed(specs, statements)[0], allowed) for statements in said),
        visible(golden.agreed(specs, everything)[0], allowed),
    )
