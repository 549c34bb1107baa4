"""Statements that go together, and rows that go by COPY or, within a pipeline, by INSERT."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantbeeld.config.databases import django_database
from klantbeeld.config.home import Home
from klantbeeld.foundation.wire import NULL, copy, escaped, is_together, run, together

pytestmark = pytest.mark.django_db
COPY = "COPY pg_temp.carried (id, said, digest, at) FROM STDIN"
BYTES = "\\\\x"
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


def carried(rows: list[bytes], *, within: bool) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE carried (id bigint, said text, digest bytea, at timestamptz)")
        with together() if within else nullcontext():
            copy(COPY, rows)
        cursor.execute("SELECT id, said, digest, at FROM pg_temp.carried ORDER BY id")
        found = [(row[0], row[1], None if row[2] is None else bytes(row[2]), row[3]) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE pg_temp.carried")
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | st.binary()), max_size=4))
def test_rows_arrive_as_they_are_by_copy_and_within_a_pipeline(said: list[tuple[str | None, bytes | None]]) -> None:
    rows = [
        f"{number}\t{NULL if text is None else escaped(text)}\t{NULL if digest is None else f'{BYTES}{digest.hex()}'}"
        f"\t2026-01-02 03:04:05+00\n".encode()
        for number, (text, digest) in enumerate(said)
    ]
    by_copy, by_insert = carried(rows, within=False), carried(rows, within=True)
    assert [row[1:3] for row in by_copy] == said
    assert by_insert == by_copy


def test_nothing_waits_until_something_is_fetched_and_one_within_another_adds_nothing() -> None:
    with together():
        assert is_together()
        first = run("SELECT 1")
        with together():
            second = run("SELECT 2")
        third = run("SELECT 3")
        assert (first.pgresult, second.pgresult, third.pgresult) == (None, None, None)
        assert third.fetchone() == (3,)
        assert first.pgresult is not None
    assert (first.fetchone(), second.fetchone(), is_together()) == ((1,), (2,), False)


def store_nowhere(*, fetches: bool) -> list[Any]:
    """What is fetched after a statement that failed."""
    with transaction.atomic(), together():
        with together():
            run("INSERT INTO no_such_table VALUES (1)")
        after = run("SELECT 2")
        return after.fetchall() if fetches else []


@pytest.mark.parametrize("fetches", [True, False])
def test_an_error_comes_out_at_the_next_fetch_or_at_the_end(fetches: bool) -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        store_nowhere(fetches=fetches)
    assert run("SELECT 4").fetchone() == (4,)


def test_psycopg_has_the_place_where_its_pipeline_looks_at_the_socket() -> None:
    # `together` takes that away; when psycopg is renewed and has it elsewhere, statements would be slow again.
    assert callable(psycopg.Pipeline._communicate_gen)


def test_statement_is_kept_ready_on_connections_of_a_pool_only(db: None) -> None:
    pooled = django_database(Home(Path("/nowhere")), None, url="", owner_url="", role="app", pool=4)["OPTIONS"]
    alone = django_database(Home(Path("/nowhere")), None, url="", owner_url="", role="app", pool=0)["OPTIONS"]
    for options, kept in ((pooled, 1), (alone, 0)):
        given = {name: value for name, value in options.items() if name == "prepare_threshold"}
        one = DatabaseWrapper({**connection.settings_dict, "OPTIONS": given}, alias="ready")
        one.connect()
        try:
            for number in range(3):
                psycopg.Cursor(one.connection).execute("SELECT %s::int AS ready", (number,), prepare=True)
            ready = psycopg.Cursor(one.connection).execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ("SELECT%AS ready",)
            )
            assert ready.fetchone() == (kept,)
        finally:
            one.close()
