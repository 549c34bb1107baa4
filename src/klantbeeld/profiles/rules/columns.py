"""What lists and search need of a golden record, derived from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from klantbeeld.profiles.rules import names
from klantbeeld.profiles.rules.claims import fold
from klantbeeld.profiles.rules.golden import Statement
from klantbeeld.profiles.rules.names import PersonName
from klantbeeld.profiles.rules.search import initials_of, tokens_of
from klantbeeld.sources.contracts import Kind

Golden = Mapping[str, Sequence[Mapping[str, Any]]]


class Columns(NamedTuple):
    """The columns of a profile beside its golden record."""

    name: str
    sort_name: str
    city: str
    postcode: str
    birth_date: str
    sources: tuple[int, ...]
    records: int
    tokens: tuple[str, ...]

    def compared(self) -> tuple[Any, ...]:
        """As the database gives them back, to see whether anything changed."""
        return (*self[:5], list(self.sources), self.records, list(self.tokens))


def first(golden: Golden, code: str) -> Any:
    """The winning value of an attribute, or None."""
    entries = golden.get(code)
    return entries[0]["value"] if entries else None


def text(golden: Golden, code: str) -> str:
    """The winning value as text; empty when there is none."""
    value = first(golden, code)
    return "" if value is None else str(value)


def person_name(golden: Golden) -> PersonName:
    """The parts of a person's golden name."""
    return PersonName(
        given=text(golden, "given_name"),
        initials=text(golden, "initials"),
        prefix=text(golden, "name_prefix"),
        family=text(golden, "family_name"),
        partner_prefix=text(golden, "partner_prefix"),
        partner_family=text(golden, "partner_family_name"),
        use=text(golden, "name_use"),
        gender=text(golden, "gender"),
    )


def written_and_sorted(kind: Kind, golden: Golden) -> tuple[str, str]:
    """The name as one writes it and as one sorts it; without a name an e-mail address or a phone number stands in."""
    if kind is Kind.PERSON:
        name = person_name(golden)
        written = names.full_name(name) if name.family or name.given or name.partner_family else ""
        if written:
            return written, names.sort_name(name)
        written = text(golden, "full_name")
    else:
        written = text(golden, "name") or text(golden, "trade_name")
    written = written or text(golden, "email") or text(golden, "phone")
    return written, " ".join(fold(word) for word in written.split())


def derive(kind: Kind, golden: Golden, spelled: Mapping[str, Sequence[str]], heard: Sequence[Statement]) -> Columns:
    """The columns of one customer; `spelled`: how its records write its names, `heard`: all its live records."""
    written, sort_name = written_and_sorted(kind, golden)
    address = first(golden, "address") or {}
    city, postcode = str(address.get("city") or ""), str(address.get("postcode") or "").replace(" ", "").upper()
    birth_date = text(golden, "birth_date")
    written_as = [one for several in spelled.values() for one in several]
    numbers = [postcode, birth_date.replace("-", ""), birth_date[:4]]
    given = [*spelled.get("given_name", ()), *spelled.get("given_names", ()), names.dotted(text(golden, "initials"))]
    given += [one.partition(" ")[0] for one in spelled.get("full_name", ())]
    return Columns(
        name=written[:300],
        sort_name=sort_name[:300],
        city=city[:100],
        postcode=postcode[:12],
        birth_date=birth_date[:10],
        sources=tuple(sorted({statement.witness.source_id for statement in heard})),
        records=len(heard),
        tokens=tuple(sorted({*tokens_of([*written_as, city, *numbers]), *initials_of(given)})),
    )
