"""The SQL is parameterised, reads columns as well as documents, lets indexes work, and holds whatever the session."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.engines.expressions.corpus import NOW, ZONE

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
    LABELS,
    MOMENT,
    TEXT,
    Attribute,
    Catalogue,
    Layout,
    compile_expression,
    list_of,
)

CATALOGUE = Catalogue(
    [
        Attribute("city", TEXT),
        Attribute("age", INTEGER),
        Attribute("balance", DECIMAL),
        Attribute("optin", BOOLEAN),
        Attribute("born", DATE),
        Attribute("seen_at", MOMENT),
        Attribute("wait", DURATION),
        Attribute("tags", list_of(TEXT)),
        Attribute("scores", list_of(INTEGER)),
        Attribute("title", LABELS),
        Attribute("nick", TEXT),
    ]
)
COLUMNS = Layout(
    "c.data",
    {
        name: f"c.{name}"
        for name in ("city", "age", "balance", "optin", "born", "seen_at", "wait", "tags", "scores", "title")
    },
)
ROW = {
    "city": "Delft",
    "age": 41,
    "balance": Decimal("12.50"),
    "optin": True,
    "born": date(1985, 2, 28),
    "seen_at": datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    "tags": ["vip", None],
    "scores": [1, 5],
    "title": {"nl": "Mevrouw"},
    "nick": "Jo",
}


@pytest.fixture
def customers(postgresql: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    postgresql.execute("DROP TABLE IF EXISTS pg_temp.customers")
    postgresql.execute(
        "CREATE TEMP TABLE customers (id int, data jsonb, city varchar(80), age int, balance numeric(19, 4),"
        " optin boolean, born date, seen_at timestamptz, wait interval, tags text[], scores bigint[], title jsonb)"
    )
    postgresql.execute(
        "INSERT INTO customers VALUES (1, '{\"nick\": \"Jo\"}', 'Delft', 41, 12.5, true, '1985-02-28',"
        " '2026-11-20 23:30+00', '36 hours', ARRAY['vip', NULL], '{1,5}', '{\"nl\": \"Mevrouw\"}')"
    )
    postgresql.execute("INSERT INTO customers (id, data) VALUES (2, '{}')")
    return postgresql


@pytest.mark.parametrize(
    "text",
    [
        'city == "Delft" && nick == "Jo"',
        "age >= 18 && age + 1 == 42 && age in [41, 42]",
        "balance * 2 == 25 && balance / 3 < 4.2",
        "optin && !(!optin)",
        'years_since(born) == 41 && born < date("2000-01-01") && add_months(born, 12) == date("1986-02-28")',
        'date(seen_at) == date("2026-11-21") && seen_at > now - days(3) && seen_at.getHours("Europe/Amsterdam") == 0',
        "wait == hours(36) && seen_at + wait > now",
        'tags.exists(t, t.startsWith("v")) && "vip" in tags && size(tags) == 2',
        "scores.map(s, s * 2).exists(s, s == 10) && scores[1] == 5 && 5 in scores.filter(s, s > 1)",
        'title.nl == "Mevrouw" && !has(title.en)',
    ],
)
def test_columns_are_read_as_the_document_is(customers: psycopg.Connection[Any], text: str) -> None:
    expression = compile_expression(text, CATALOGUE)
    sql = expression.sql(COLUMNS, now=NOW, zone=ZONE)
    query = f"SELECT id FROM customers c WHERE {sql.condition}"
    assert [row[0] for row in customers.execute(query, sql.parameters)] == [1]
    inverse = f"SELECT id FROM customers c WHERE NOT ({sql.condition})"
    assert [row[0] for row in customers.execute(inverse, sql.parameters)] == [2]
    record = {**ROW, "wait": "129600s"}
    assert expression.holds(record, now=NOW, zone=ZONE) is True


def test_texts_never_reach_the_statement(customers: psycopg.Connection[Any]) -> None:
    attack = "'; DROP TABLE customers; -- %s %(e0)s {0} \\"
    catalogue = Catalogue([Attribute("city", TEXT)])
    quoted = attack.replace("\\", "\\\\")
    expression = compile_expression(
        f'city == "{quoted}" || city in ["{quoted}", city] || city.matches("DROP")', catalogue
    )
    sql = expression.sql(now=NOW, fold=False)
    assert "DROP" not in sql.text
    assert attack in sql.parameters.values()
    rows = customers.execute(f"SELECT id FROM customers WHERE {sql.condition}", sql.parameters).fetchall()
    assert rows == []


@pytest.mark.parametrize("name", ["a b", 'a"b', "a;", "a.b.c.d", "", "1a", "a--"])
def test_layout_refuses_what_is_not_a_column(name: str) -> None:
    with pytest.raises(ValueError, match="not a column name"):
        Layout(columns={"city": name})


def test_layout_without_document_needs_a_column_for_each_attribute() -> None:
    with pytest.raises(LookupError, match="'city' has no column"):
        compile_expression('city == "x"', CATALOGUE).sql(Layout(None), now=NOW)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('city == "x"', "city"),
        ("age in [1, 2, 3]", "age"),
        ("age > 10 + 8", "age"),
        ("seen_at > now - days(30)", "seen_at"),
        ('born <= add_months(today, -216) && born > date("1900-01-01")', "born"),
    ],
)
def test_index_on_a_column_is_used(customers: psycopg.Connection[Any], text: str, column: str) -> None:
    customers.execute(f"CREATE INDEX ON customers ({column})")
    customers.execute("SET enable_seqscan = off")
    sql = compile_expression(text, CATALOGUE).sql(COLUMNS, now=NOW, zone=ZONE)
    plan = customers.execute(f"EXPLAIN SELECT id FROM customers c WHERE {sql.text}", sql.parameters).fetchall()
    customers.execute("RESET enable_seqscan")
    assert any("Index Cond" in line for (line,) in plan), plan


def test_two_expressions_fit_in_one_statement_by_their_prefix() -> None:
    first = compile_expression('city == "x"', CATALOGUE).sql(now=NOW, prefix="a")
    second = compile_expression('city == "y"', CATALOGUE).sql(now=NOW, prefix="b")
    assert not first.parameters.keys() & second.parameters.keys()
    with pytest.raises(ValueError, match="not a name"):
        compile_expression('city == "x"', CATALOGUE).sql(now=NOW, prefix="a)s; --")


def test_text_of_the_sql_grows_linearly_with_the_expression() -> None:
    sizes = [
        len(compile_expression("age" + " + age" * count + " > 1.5 * 2", CATALOGUE).sql(now=NOW).text)
        for count in (10, 20, 30)
    ]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]


def test_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone 'Mars/Base'"):
        compile_expression("optin", CATALOGUE).evaluate({}, now=NOW, zone="Mars/Base")


def test_moment_without_offset_is_refused_as_now() -> None:
    with pytest.raises(ValueError, match="no offset"):
        compile_expression("optin", CATALOGUE).evaluate({}, now=datetime(2026, 1, 1))


@pytest.mark.parametrize("text", ['city < "b"', 'city >= "b"', 'city.contains("b")'])
def test_texts_are_compared_by_code_point_whatever_the_collation_of_the_server(text: str) -> None:
    """The bundled server sorts by code point anyhow, so only the statement can show it."""
    assert compile_expression(text, CATALOGUE).sql(now=NOW).text.count('COLLATE "C"') == 2
