"""From a record as a partner writes it to a draft: every value is checked against the attribute catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from klantbeeld.exchange import wording
from klantbeeld.foundation import catalogue
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.rules.values import Faulty, read_attribute
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources import queries as sources
from klantbeeld.sources.contracts import AHEAD, Draft, Identifier, Kind, Reference, RoleDraft

Fault = dict[str, str]


def referable(bodies: Iterable[Mapping[str, Any]], actor: Actor) -> Collection[str]:
    """The codes of sources to which roles in these bodies may refer; asked only when one of them names a source."""
    for body in bodies:
        for role in body["roles"]:
            if any(role[end] and role[end]["source"] for end in ("holder", "target")):
                return sources.sources_in_reach(actor).keys()
    return ()


def draft_of(
    kind: Kind,
    external_id: str,
    body: Mapping[str, Any],
    *,
    known: Collection[str],
    pointer: str = "",
    position: int = 0,
) -> Draft:
    """The draft in a checked body (rest.records.RecordIn, dumped); raises Invalid with every fault at once.

    `known` are the sources that its roles may refer to (`referable`), `pointer` is where the body stands in the request
    (RFC 6901).
    """
    faults: list[Fault] = []
    specs = catalogue.attributes(kind.code)
    attributes: dict[str, Any] = {}
    for code, value in body["attributes"].items():
        place = f"{pointer}/attributes/{code}"
        spec = specs.get(code)
        if spec is None:
            english = f"there is no attribute '{code[:60]}' of a {kind.code}"
            faults.append(_fault(place, "no_attribute", english, kind=kind.code, attribute=code[:60]))
        elif value is not None:
            try:
                attributes[code] = read_attribute(spec, value)
            except Faulty as fault:
                faults.append(_fault(place, fault.code, str(fault), **fault.where))
    identifiers = tuple(Identifier(row["scheme"], row["value"], row["of"] or kind.code) for row in body["identifiers"])
    roles = tuple(_roles(kind, external_id, body["roles"], known, pointer, faults))
    if body["source_at"] is not None and not _is_kept(body["source_at"]):
        faults.append(_fault(f"{pointer}/source_at", "year", "falls outside the years 1 to 9999 in UTC"))
    elif body["source_at"] is not None and body["source_at"] > timezone.now() + AHEAD:
        # Kept, it would make everything that the source says later late for ever.
        faults.append(_fault(f"{pointer}/source_at", "future", "is more than 24 hours in the future"))
    if faults:
        place, message = faults[0]["pointer"], faults[0]["message"]
        raise Invalid(f"{place}: {message}.", code="record.invalid", errors=faults, place=place, fault=message)
    return Draft(
        kind=kind,
        external_id=external_id,
        attributes=attributes,
        identifiers=identifiers,
        roles=roles,
        source_at=body["source_at"],
        gone=body["gone"],
        position=position,
    )


def _fault(pointer: str, code: str, english: str, **where: Any) -> Fault:
    """What is wrong and where, in the language of the request."""
    return {"pointer": pointer, "message": wording.record_fault(code, english, where)}


def _is_kept(moment: datetime) -> bool:
    """Can the moment be read back once it is stored? At the ends of time a time zone may lead past them."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _roles(
    kind: Kind,
    external_id: str,
    rows: list[dict[str, Any]],
    known: Collection[str],
    pointer: str,
    faults: list[Fault],
) -> Iterator[RoleDraft]:
    own = Reference(kind, external_id)
    for number, row in enumerate(rows):
        unknown = [end for end in ("holder", "target") if row[end] and row[end]["source"] not in ("", *known)]
        if unknown:
            # The same for a source beyond the key's company: no answer tells which there are.
            english = "there is no such source; connect it before records refer to it"
            faults += [_fault(f"{pointer}/roles/{number}/{end}/source", "no_source", english) for end in unknown]
            continue
        holder, target = (_reference(row[name]) or own for name in ("holder", "target"))
        if own not in (holder, target) or holder == target:
            english = "a role ties this record to another one: leave out holder or target for this record itself"
            faults.append(_fault(f"{pointer}/roles/{number}", "role_ends", english))
            continue
        if row["from_date"] and row["to_date"] and row["from_date"] > row["to_date"]:
            faults.append(_fault(f"{pointer}/roles/{number}", "role_period", "ends before it begins"))
            continue
        yield RoleDraft(row["role"], holder, target, row["from_date"], row["to_date"])


def _reference(row: Mapping[str, str] | None) -> Reference | None:
    return None if row is None else Reference(Kind[row["kind"].upper()], row["external_id"], row["source"])
