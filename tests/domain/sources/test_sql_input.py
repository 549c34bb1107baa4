"""Databases as sources: SQLite, a real PostgreSQL and a real MariaDB; incremental, read-only, in bounded memory."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymysql
import pytest
from psycopg import sql
from tests.domain.sources.servers import mariadb, tcp_door

from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.network import ForbiddenHost
from klantbeeld.sources.adapters.sql import SqlInput
from klantbeeld.sources.declaration import Feed, Reading
from klantbeeld.sources.rules.mapping import UnknownColumns

PERSON: dict[str, Any] = {
    "kind": "person",
    "external_id": "klant nr",
    "source_at": "gewijzigd",
    "attributes": {"family_name": "naam", "birth_date": {"column": "geboren", "dates": ["dd-mm-yyyy"]}},
}
ROWS = [
    (1, "Jansen", "1980-12-31", "2026-01-01 10:00:00", 12.5),
    (2, "Bakker 100%", None, "2026-01-02 10:00:00", None),
    (3, "Zoë 💶", "1999-01-01", "2026-01-02 10:00:00", 3),
]
CREATE = (
    "CREATE TABLE klanten (Qklant nrQ INTEGER PRIMARY KEY, naam VARCHAR(200), geboren DATE, gewijzigd TIMESTAMP{null},"
    " premie DECIMAL(10,2))"
)
Run = Callable[..., None]


class Place:
    """A database to read, and a way to write in it."""

    def __init__(self, form: dict[str, Any], run: Run) -> None:
        self.form = {"type": "sql", **form}
        self.run = run

    def fill(self, rows: list[tuple[Any, ...]]) -> None:
        for row in rows:
            self.run("INSERT INTO klanten VALUES (%s, %s, %s, %s, %s)", row)

    def input(self, last: Any = None, **form: Any) -> SqlInput:
        declared = {"table": "klanten", **self.form, **form}
        if "query" in form:
            del declared["table"]
        return SqlInput(Feed("klanten", declared, Reading(), (PERSON,)), last=last)


@pytest.fixture(scope="session")
def mariadb_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if not (shutil.which("mariadbd") or Path("/usr/sbin/mariadbd").exists()):
        pytest.skip("mariadb-server is not installed (apt-get install mariadb-server)")
    with mariadb(tmp_path_factory.mktemp("mariadb")) as port:
        yield port


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("KLANTBEELD_SOURCE_DB", "reader's pass/word")
    places = {"sqlite": sqlite_place, "postgresql": postgresql_place, "mysql": mysql_place}
    yield from places[request.param](request, tmp_path)


def sqlite_place(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute(CREATE.format(null="").replace("Q", '"'))

    def run(statement: str, values: Any = ()) -> None:
        connection.execute(statement.replace("%s", "?"), values)
        connection.commit()

    yield Place({"database": "sqlite", "path": str(folder / "a.db")}, run)
    connection.close()


def postgresql_place(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    server = request.getfixturevalue("database_server")
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"kb_source_{worker}"
    with server.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            admin.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), "reader's pass/word")
            )
    with server.connect(name) as connection:
        connection.execute(CREATE.format(null=" WITH TIME ZONE").replace("Q", '"'))
        connection.execute(sql.SQL("ALTER TABLE klanten OWNER TO {}").format(sql.Identifier(name)))
        info = connection.info
        with tcp_door(f"{info.host}/.s.PGSQL.{info.port}") as port:
            form = {"database": "postgresql", "host": "127.0.0.1", "port": port, "name": name, "user": name,
                    "password": "env:KLANTBEELD_SOURCE_DB", "tls": "off"}  # fmt: skip
            yield Place(form, lambda statement, values=(): connection.execute(statement, values or None))
    with server.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def mysql_place(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    port = request.getfixturevalue("mariadb_port")
    connection: Any = pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True, charset="utf8mb4")
    cursor = connection.cursor()
    for statement in (
        "DROP DATABASE IF EXISTS bron",
        "CREATE DATABASE bron CHARACTER SET utf8mb4",
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'reader''s pass/word'",
        "CREATE OR REPLACE USER reader@localhost IDENTIFIED BY 'reader''s pass/word'",
        "GRANT ALL ON bron.* TO reader@'127.0.0.1'",
        "GRANT ALL ON bron.* TO reader@localhost",
        "USE bron",
        CREATE.format(null=" NULL").replace("Q", "`"),
    ):
        cursor.execute(statement)
    form = {"database": "mysql", "host": "127.0.0.1", "port": port, "name": "bron", "user": "reader",
            "password": "env:KLANTBEELD_SOURCE_DB", "tls": "off"}  # fmt: skip
    yield Place(form, lambda statement, values=(): cursor.execute(statement, values))
    connection.close()


def read(given: SqlInput, after: Any = None, size: int = 100) -> tuple[list[Any], list[Any]]:
    chunks = list(given.chunks(after, lambda: size))
    return [row.raw for chunk in chunks for row in chunk.rows], [chunk.cursor for chunk in chunks]


def test_rows_come_with_values_of_their_own_kind(place: Place) -> None:
    place.fill(ROWS)
    rows, _ = read(place.input())
    assert [row["klant nr"] for row in rows] == [1, 2, 3]
    assert (rows[0]["premie"], rows[2]["premie"], rows[0]["geboren"]) == (12.5, 3, "1980-12-31")
    assert [row["naam"] for row in rows] == ["Jansen", "Bakker 100%", "Zoë 💶"]
    assert ("premie" in rows[1], "geboren" in rows[1]) == (False, False)


def test_days_are_read_whatever_pattern_is_declared_for_texts(place: Place) -> None:
    place.fill(ROWS)
    given = place.input()
    (chunk,) = given.chunks(None, lambda: 10)
    (draft,), refused = given.mapper.map(chunk.rows[0], datetime(2026, 6, 1, tzinfo=UTC))
    assert (draft.attributes, refused) == ({"family_name": "Jansen", "birth_date": "1980-12-31"}, [])
    assert draft.source_at is not None


def test_only_rows_from_the_highest_cursor_on_are_read(place: Place) -> None:
    place.fill(ROWS[:1])
    rows, cursors = read(place.input(cursor="gewijzigd"))
    assert (len(rows), len(cursors)) == (1, 1)
    place.fill(ROWS[1:])
    place.run("INSERT INTO klanten VALUES (%s, %s, %s, %s, %s)", (9, "Later", None, None, None))
    rows, later = read(place.input(cursor="gewijzigd", last=cursors[-1]), size=2)
    assert sorted(row["klant nr"] for row in rows) == [1, 2, 3, 9]
    rows, _ = read(place.input(cursor="gewijzigd", last=later[-1]))
    assert sorted(row["klant nr"] for row in rows) == [2, 3, 9]


def test_a_number_may_be_the_cursor_and_a_killed_run_goes_on(place: Place) -> None:
    place.fill([(n, f"N{n}", None, None, None) for n in range(1, 51)])
    given = place.input(cursor="klant nr")
    rows, cursors = read(given, size=10)
    assert ([row["klant nr"] for row in rows], cursors[1]) == (
        list(range(1, 51)),
        {"of": "klant nr", "high": 20, "rows": 20},
    )
    rows, _ = read(place.input(cursor="klant nr"), after=cursors[1], size=10)
    assert [row["klant nr"] for row in rows] == list(range(20, 51))


def test_a_query_is_read_with_its_own_percent_signs(place: Place) -> None:
    place.fill(ROWS)
    query = "SELECT naam, gewijzigd, geboren, 7 AS {0}klant nr{0} FROM klanten WHERE naam LIKE '%100\\%' ;"
    quote = "`" if place.form["database"] == "mysql" else '"'
    if place.form["database"] == "sqlite":
        query = query.replace("'%100\\%'", "'%100!%' ESCAPE '!'")
    rows, _ = read(place.input(query=query.format(quote)))
    assert [(row["klant nr"], row["naam"]) for row in rows] == [(7, "Bakker 100%")]
    rows, _ = read(
        place.input(
            query=query.format(quote), cursor="gewijzigd", last={"of": "gewijzigd", "high": "2026-01-02 09:00:00"}
        )
    )
    assert [row["naam"] for row in rows] == ["Bakker 100%"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM klanten) AS x; DELETE FROM klanten; SELECT * FROM (SELECT * FROM klanten",
        "SELECT * FROM klanten) AS x; DELETE FROM klanten; -- ",
        "DELETE FROM klanten",
        "WITH gone AS (DELETE FROM klanten RETURNING *) SELECT * FROM gone",
        "SELECT * FROM klanten) AS x; COMMIT; DELETE FROM klanten; -- ",
        "SELECT load_extension('x')",
        "SELECT * FROM nergens",
    ],
)
def test_a_query_cannot_write(place: Place, query: str) -> None:
    place.fill(ROWS)
    with pytest.raises(Invalid, match="refuses to be read"):
        read(place.input(query=query))
    assert len(read(place.input())[0]) == 3


def test_an_unknown_column_or_table_is_told(place: Place) -> None:
    place.fill(ROWS)
    with pytest.raises(Invalid, match="no cursor column 'veranderd'"):
        place.input(cursor="veranderd")
    with pytest.raises(Invalid, match="refuses to be read"):
        place.input(table="klant")
    place.run("ALTER TABLE klanten RENAME COLUMN naam TO achternaam")
    with pytest.raises(UnknownColumns, match=r"'naam' \(did you mean 'achternaam'\?\)"):
        place.input()


def test_a_row_that_cannot_be_kept_is_refused_alone(place: Place) -> None:
    if place.form["database"] == "postgresql":
        pytest.skip("PostgreSQL holds no NUL")
    place.fill([*ROWS, (4, "a\0b", None, None, None)])
    (chunk,) = place.input().chunks(None, lambda: 10)
    assert ([row.raw["klant nr"] for row in chunk.rows], chunk.read) == ([1, 2, 3], 4)
    assert [(one.position, one.reason, one.column) for one in chunk.refusals] == [(4, "row.nul", "naam")]


def test_a_wrong_password_is_told_without_showing_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if place.form["database"] == "sqlite":
        pytest.skip("a file has no password")
    monkeypatch.setenv("KLANTBEELD_SOURCE_DB", "not-the-secret")
    with pytest.raises((Invalid, Unavailable)) as error:
        place.input()
    assert "not-the-secret" not in str(error.value)


def test_a_database_of_our_own_network_is_reached_only_when_it_is_named(place: Place, settings: Any) -> None:
    if place.form["database"] == "sqlite":
        pytest.skip("a file has no host")
    settings.SOURCE_PRIVATE_HOSTS = ()
    with pytest.raises(ForbiddenHost):
        place.input()
