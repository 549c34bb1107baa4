"""Names that very many have: the right ones are found, in a fixed order, and through the indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domain.flows.house import PURPOSE, STEWARD

from klantbeeld.kit.ids import new_uuid
from klantbeeld.profiles import actions, queries
from klantbeeld.profiles.queries.names import CANDIDATES
from klantbeeld.profiles.rules.columns import derive
from klantbeeld.sources.contracts import Kind

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Attribute -> value, of one person.
Person = dict[str, str]
Fill = Callable[[Iterable[Person]], None]


@pytest.fixture
def fill() -> Fill:
    """Puts golden records of these persons in their table, as projecting would."""

    def fill(persons: Iterable[Person]) -> None:
        listed = list(persons)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO identity_customer (uuid, kind, born_at) SELECT unnest(%s::uuid[]), 1, %s RETURNING id",
                [[new_uuid() for _ in listed], NOON],
            )
            ids = [number for (number,) in cursor.fetchall()]
        rows = []
        for number, said in zip(ids, listed, strict=True):
            city = said.get("city", "")
            golden = {code: [{"value": value}] for code, value in said.items() if code != "city"}
            golden |= {"address": [{"value": {"city": city}}]} if city else {}
            made = derive(Kind.PERSON, golden, {code: [value] for code, value in said.items() if code != "city"}, [])
            rows.append((number, 1, 1, golden, made._replace(records=1)))
        actions.store(rows, NOON)
        actions.learn_words(word for row in rows for word in row[4].tokens)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE profiles_profile, profiles_nametoken")

    return fill


def names(text: str, limit: int = 20) -> list[str]:
    return [row.name for row in queries.find_by_name(text, actor=STEWARD, purpose=PURPOSE, limit=limit)]


def jansens(count: int) -> list[Person]:
    """So many people called Jansen, none of them with a q."""
    first = "abcdefghijklmnoprstuvwxyz"
    return [
        {"given_name": f"{first[number % 25].upper()}{first[number // 25 % 25]}{first[number // 625]}n",
         "family_name": "Jansen", "city": "Delft"}
        for number in range(count)
    ]  # fmt: skip


def test_initial_finds_the_one_among_more_than_are_read(fill: Fill) -> None:
    one = {"given_name": "Quirine", "family_name": "Jansen"}
    fill([*jansens(4 * CANDIDATES), one, {"initials": "q", "family_name": "Jansen", "city": "Oss"}])
    assert names("Q Jansen") == ["Q. Jansen", "Quirine Jansen"]
    assert names("jansen q.") == ["Q. Jansen", "Quirine Jansen"]
    assert names("Q Jansem") == ["Q. Jansen", "Quirine Jansen"], "also when the name has a typo"
    assert names("quirine jansen") == ["Quirine Jansen"]


def test_initial_that_nobody_has_is_left_aside(fill: Fill) -> None:
    fill(jansens(3))
    assert len(names("q jansen")) == 3


def test_initial_of_a_given_name_that_lost_or_of_a_partner_name_counts(fill: Fill) -> None:
    fill([*jansens(4 * CANDIDATES), {"given_name": "Quint", "family_name": "Jansen", "partner_family_name": "Aal"}])
    assert names("q jansen") == ["Quint Aal-Jansen"]


def test_very_many_answer_in_the_order_of_their_names_however_they_are_stored(fill: Fill) -> None:
    crowd = jansens(4 * CANDIDATES)
    fill(reversed(crowd))
    expected = sorted(f"{one['given_name']} Jansen" for one in crowd)[:20]
    assert names("jansen") == expected
    assert names("jans") == expected, "also when it is begun"


def test_family_name_goes_before_a_town_that_very_many_live_in(fill: Fill) -> None:
    crowd = [one | {"family_name": "Aalders"} for one in jansens(4 * CANDIDATES)]
    fill([*crowd, {"given_name": "Zus", "family_name": "Delft"}])
    assert names("delft")[0] == "Zus Delft"
    assert names("z delft")[0] == "Zus Delft"


@pytest.mark.parametrize("text", ["Q Jansen", "jansen", "an jansen", "aan jansen delft", "delft", "Jansem"])
def test_finding_never_reads_the_whole_table(fill: Fill, text: str) -> None:
    others = [
        {"given_name": f"{a}{b}{c}", "family_name": f"{c}ab{b}er{a}", "city": f"{a}stad"}
        for a in "bcdfghjklmnp" for b in "aeiouy" for c in [f"{x}{y}" for x in "bcdfgklmnprst" for y in "aeiou"]
    ]  # fmt: skip
    fill([*others, *others[: len(others) // 2], *jansens(2 * CANDIDATES)])
    with CaptureQueriesContext(connection) as asked:
        names(text)
    reads = [query["sql"] for query in asked.captured_queries if "profiles_profile" in query["sql"]]
    assert 1 <= len(reads) <= 6
    for read in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {read}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on profiles_profile" not in plan, plan
        assert "profile_tokens" in plan or "profile_sort" in plan, plan
