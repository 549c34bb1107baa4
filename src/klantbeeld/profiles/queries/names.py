"""Customers by name: every word counts, a lone letter is an initial, one typo a word is forgiven.

Found by the GIN index on the words of each profile. Words that very many have are looked up in the order of names too
(`sort_name` begins with the family name), so that those whose own name they are are never beyond what is read. Both
ways are bounded by LIMIT and need no statistics of the planner to be short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from klantbeeld.foundation import access
from klantbeeld.foundation.wire import run, texts
from klantbeeld.profiles.contracts import ProfileRow
from klantbeeld.profiles.queries.records import as_row, own_sources, stored_rows
from klantbeeld.profiles.rules import search

#: More candidates than a person would read; beyond it the searcher is asked for another word.
CANDIDATES = 300
WORDS_AT_MOST = 8
LEADING_AT_MOST = 4
"""Words that are tried as the family name when there are very many candidates."""

Candidates = dict[int, tuple[str, Sequence[str]]]


def find_by_name(text: str, *, actor: access.Actor, purpose: str, limit: int = 20) -> list[ProfileRow]:
    """Customers whose names, town, postcode or birth date answer the words, best first; one typo a word is forgiven.

    Words are first taken as they are; only when that gives too few, spellings within one edit and the same sound join.
    A lone letter is an initial; only when nobody has it, it is left aside.
    """
    grant = access.require(actor, "customers:find", purpose)
    asked = search.words(text)[:WORDS_AT_MOST]
    words = [one for one in asked if len(one) > 1 or not one.isascii()]
    initials = [one for one in asked if search.is_initial(one)]
    if not words:
        return []
    own = own_sources(actor)
    found = answering(words, initials, limit, own)
    if initials and not found:
        found = answering(words, [], limit, own)
    wanted = set(asked)
    ranked = sorted(
        (-score(asked, tokens, name), not wanted & set(search.words(name)), name, number)
        for number, (name, tokens) in found.items()
    )[:limit]
    rows = stored_rows([row[3] for row in ranked], own)
    return [as_row(rows[number], grant, own, -score) for score, _, _, number in ranked if number in rows]


def answering(
    words: Sequence[str], initials: Sequence[str], limit: int, own: Sequence[int] | None = None
) -> Candidates:
    """Candidates that have every word as it is; when those are too few, also those with words that are like it.

    Only customers that one of the sources `own` knows (None: all).
    """
    letters = [[letter] for letter in initials]
    exact = [[word] for word in words]
    found = having([*exact, *letters], own)
    if len(found) > CANDIDATES:
        found = dict(list(found.items())[:CANDIDATES]) | named(words, initials, own)
    if len(found) < limit and len(words) == 1 and not initials:
        # A name that is being typed: in the order of names, for so many words may begin like this.
        found |= named(words, initials, own)
    if len(found) < limit:
        widened = spelled_like(words)
        if widened != exact:
            found |= having([*widened, *letters], own)
    return found


def having(alternatives: Sequence[Sequence[str]], own: Sequence[int] | None = None) -> Candidates:
    """Profiles that have, for each word, one of its alternatives; of very many some, one more than CANDIDATES."""
    has = " AND ".join(["tokens && %s::varchar[]"] * len(alternatives))
    within, values = _within(own)
    return _read(f"{_COLUMNS} WHERE {has} AND records > 0 {within} LIMIT {CANDIDATES + 1}", [*alternatives, *values])


def named(words: Sequence[str], initials: Sequence[str], own: Sequence[int] | None = None) -> Candidates:
    """Profiles whose family name is one of the words and whose given name begins as another, in the order of names."""
    begun = leading(words, initials)
    within, values = _within(own)
    return _read(
        f"""SELECT hit.* FROM unnest(%s::text[], %s::text[]) AS range(low, beyond) CROSS JOIN LATERAL (
              {_COLUMNS} WHERE sort_name >= range.low AND sort_name < range.beyond AND records > 0 {within}
              ORDER BY sort_name, customer_id LIMIT {CANDIDATES}) hit""",  # noqa: S608 - placeholders only
        [begun, [search.beyond(text) for text in begun], *values],
    )


def _within(own: Sequence[int] | None) -> tuple[str, list[Sequence[int]]]:
    return ("", []) if own is None else ("AND sources && %s::bigint[]", [own])


def leading(words: Sequence[str], initials: Sequence[str]) -> list[str]:
    """How `sort_name` begins for those whose family name is one of the words, their given name another or an initial.

    >>> leading(["jansen", "anna"], ["q"])
    ['jansen anna', 'jansen q', 'anna jansen', 'anna q']
    """
    tried = words[:LEADING_AT_MOST]
    return [f"{family} {given}" for family in tried for given in (*tried, *initials) if given != family] or [*tried]


_COLUMNS = "SELECT customer_id, name, array_to_string(tokens, ' ') FROM profiles_profile"


def _read(statement: str, values: Sequence[Any]) -> Candidates:
    # Planned for these words, not once for all: how rare they are decides which way is short.
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
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
        spelled = [" ".join(search.spellings(word)) for word in words]
        beyond = [search.beyond(word) for word in words]
        for number, token in run(_LIKE, (texts(words), texts(beyond), texts(spelled))):
            place = places[number - 1]
            if token != asked[place] and search.alike(asked[place], token):
                meant[place].append(token)
    return [[word, *sorted(tokens)] for word, tokens in zip(asked, meant, strict=True)]


def score(asked: Sequence[str], tokens: Sequence[str], name: str) -> float:
    """How well a profile answers the words, 0..1: the mean of each word's best answer; a lone letter is an initial."""
    initials = {word[0] for word in search.words(name)}

    def answer(word: str) -> float:
        if search.is_initial(word):
            return 0.5 if word in initials else 0.4 if word in tokens else 0.0
        return max((search.alike(word, token) for token in tokens), default=0.0)

    return sum(map(answer, asked)) / len(asked)
