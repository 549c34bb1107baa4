"""One golden record by id, and customers by name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from klantbeeld.foundation import access, audit
from klantbeeld.foundation.wire import numbers, run, texts
from klantbeeld.identity import queries as identity
from klantbeeld.kit.errors import Missing
from klantbeeld.profiles.contracts import ProfileRow, ProfileView, Value
from klantbeeld.profiles.rules import names, search
from klantbeeld.profiles.rules.columns import person_name
from klantbeeld.sources.contracts import Kind

ROW_COLUMNS = """p.customer_id, c.uuid, p.kind, p.name, p.city, p.postcode, p.birth_date, p.records, p.sources,
    p.changed_at"""
#: More candidates than a person would read; beyond it the searcher is asked for another word.
CANDIDATES = 300


def get_profile(customer: UUID, *, actor: access.Actor, purpose: str) -> ProfileView:
    """The golden record of a customer, by any id it ever had; the read is in the audit log before it is answered.

    Raises Missing when no customer has the id, Refused when the actor or purpose may not read customers.
    """
    grant = access.require(actor, "customers:read", purpose)
    ref = identity.follow(customer)
    # Hand-written: the hottest read there is. One row by primary key.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, golden, name, records, changed_at FROM profiles_profile WHERE customer_id = %s", [ref.id]
        )
        row = cursor.fetchone()
    if row is None:
        raise Missing("There is no customer with this id.", code="customer.missing")
    version, stored, name, records, changed_at = row
    golden: Mapping[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    kind = Kind(ref.kind)
    shown = visible(golden, grant.attributes(kind.code))
    audit.write(
        actor=actor,
        purpose=purpose,
        action="customers.read",
        subject_kind="customer",
        subject_id=ref.id,
        detail={"attributes": sorted(shown)},
    )
    person = person_name({code: golden[code] for code in shown}) if kind is Kind.PERSON else None
    return ProfileView(
        customer_id=ref.id,
        uuid=ref.uuid,
        kind=kind.code,
        name=name,
        addressed={language: names.addressed(person, language) if person else name for language in ("nl", "en")},
        salutation={language: names.salutation(person, language) if person else "" for language in ("nl", "en")},
        version=version,
        values=shown,
        records=records,
        changed_at=changed_at,
        redirected_from=ref.redirected_from,
    )


def visible(golden: Mapping[str, Any], allowed: Collection[str]) -> dict[str, tuple[Value, ...]]:
    """The golden values whose attribute may be shown."""
    return {
        code: tuple(
            Value(
                value=entry["value"],
                record_id=entry["record"],
                why=entry["why"],
                role=entry.get("role", ""),
                from_date=entry.get("from", ""),
                to_date=entry.get("to", ""),
            )
            for entry in entries
        )
        for code, entries in golden.items()
        if code in allowed
    }


def as_row(row: Sequence[Any], grant: access.Grant, score: float = 0.0) -> ProfileRow:
    """One line of a list from the columns of ROW_COLUMNS, without what the grant does not allow to be seen."""
    customer_id, uuid, kind, name, city, postcode, birth_date, records, sources, changed_at = row[:10]
    allowed = grant.attributes(Kind(kind).code)
    return ProfileRow(
        customer_id=customer_id,
        uuid=uuid,
        kind=Kind(kind).code,
        name=name,
        city=city if "address" in allowed else "",
        postcode=postcode if "address" in allowed else "",
        birth_date=birth_date if "birth_date" in allowed else "",
        records=records,
        sources=tuple(sources or ()),
        changed_at=changed_at,
        score=score,
    )


def rows_of(customer_ids: Collection[int], *, actor: access.Actor, purpose: str) -> dict[int, ProfileRow]:
    """The list lines of these customers, by internal id."""
    grant = access.require(actor, "customers:find", purpose)
    return {number: as_row(row, grant) for number, row in _rows(customer_ids).items()}


def _rows(customer_ids: Iterable[int]) -> dict[int, Sequence[Any]]:
    cursor = run(
        f"""SELECT {ROW_COLUMNS} FROM profiles_profile p JOIN identity_customer c ON c.id = p.customer_id
            WHERE p.customer_id = ANY(%s::bigint[])""",  # noqa: S608 - the columns are our own constant
        (numbers(customer_ids),),
    )
    return {row[0]: row for row in cursor}


def find_by_name(text: str, *, actor: access.Actor, purpose: str, limit: int = 20) -> list[ProfileRow]:
    """Customers whose names, town, postcode or birth date answer the words, best first; one typo a word is forgiven.

    Words are first taken as they are; only when that gives too few, spellings within one edit and the same sound join.
    """
    grant = access.require(actor, "customers:find", purpose)
    asked = search.words(text)[:8]
    filters = [word for word in asked if len(word) > 1]
    if not filters:
        return []
    found = candidates([[word] for word in filters])
    if len(found) < limit:
        widened = spelled_like(filters)
        if widened != [[word] for word in filters]:
            found |= candidates(widened)
    wanted = set(asked)
    ranked = sorted(
        (-score(asked, tokens, name), not wanted & set(search.words(name)), name, number)
        for number, (name, tokens) in found.items()
    )[:limit]
    rows = _rows(row[3] for row in ranked)
    return [as_row(rows[number], grant, -score) for score, _, _, number in ranked if number in rows]


def candidates(alternatives: Sequence[Sequence[str]]) -> dict[int, tuple[str, Sequence[str]]]:
    """Name and tokens of profiles that have, for each word, one of its alternatives; by the GIN index on tokens."""
    conditions = " AND ".join("tokens && %s::varchar[]" for _ in alternatives)
    # Planned for these words, not once for all: how rare they are decides which way is short.
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT customer_id, name, array_to_string(tokens, ' ') FROM profiles_profile
                WHERE {conditions} AND records > 0 LIMIT {CANDIDATES}""",  # noqa: S608 - placeholders only
            [list(words) for words in alternatives],
        )
        return {number: (name, tokens.split(" ")) for number, name, tokens in cursor.fetchall()}


_LIKE = """
SELECT asked.place, found.token FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY
  AS asked(word, beyond, spellings, place)
CROSS JOIN LATERAL (
  (SELECT token FROM profiles_nametoken
   WHERE deletions && string_to_array(asked.spellings, ' ')::varchar[] LIMIT 400)
  UNION (SELECT token FROM profiles_nametoken WHERE token ~>=~ asked.word AND token ~<~ asked.beyond LIMIT 200)
) found
"""


def spelled_like(asked: Sequence[str]) -> list[list[str]]:
    """For each word the stored ones that it may mean: itself, beginning with it, within one edit, sounding the same."""
    meant: list[list[str]] = [[] for _ in asked]
    places = [place for place, word in enumerate(asked) if word.isalpha()]
    words = [asked[place] for place in places]
    if words:
        beyond = [word[:-1] + chr(ord(word[-1]) + 1) for word in words]
        spelled = [" ".join(search.spellings(word)) for word in words]
        for number, token in run(_LIKE, (texts(words), texts(beyond), texts(spelled))):
            place = places[number - 1]
            if token != asked[place] and search.alike(asked[place], token):
                meant[place].append(token)
    return [[word, *sorted(tokens)] for word, tokens in zip(asked, meant, strict=True)]


def score(asked: Sequence[str], tokens: Sequence[str], name: str) -> float:
    """How well a profile answers the words, 0..1: the mean of each word's best answer; a lone letter is an initial."""
    initials = {word[0] for word in search.words(name)}

    def answer(word: str) -> float:
        if len(word) == 1:
            return 0.5 if word in initials else 0.0
        return max((search.alike(word, token) for token in tokens), default=0.0)

    return sum(map(answer, asked)) / len(asked)
