"""Databases that are read: connections that cannot write, and rows in bounded memory."""

from __future__ import annotations

import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.network import connect, resolve
from klantbeeld.sources.adapters.secrets import fill_variables, read_secret

AT_ONCE = 1_000  # rows that a server sends in one go
CONNECT_SECONDS = 15
STATEMENT_SECONDS = 3_600
READING = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_RECURSIVE,
)
NO_FUNCTIONS = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
BUSY = frozenset({0, 1040, 1053, 1159, 1203, 1205, 1213})  # of MySQL: too many connections, stopping, locks
Selected = tuple[list[str], Iterator[Any]]


class Database(Protocol):
    """A database of one kind."""

    @property
    def name(self) -> str:
        """What it is called, for people; never with a secret."""

    def quoted(self, name: str) -> str:
        """A name of a table or column, whatever is in it."""

    @property
    def placeholder(self) -> str:
        """The sign that stands for a value in a statement."""

    def written(self, text: str) -> str:
        """A piece of SQL as it has to be written where values have placeholders."""

    def read(self, statement: str, values: list[Any]) -> AbstractContextManager[Selected]:
        """Columns and rows of one SELECT. Raises Invalid and Unavailable."""


def open_database(form: dict[str, Any]) -> Database:
    """The database that a form declares; nothing is connected yet. Raises Invalid for absent variables and secrets."""
    match form["database"]:
        case "sqlite":
            return Sqlite(form)
        case "postgresql":
            return Postgresql(form)
        case _:
            return Mysql(form)


class _Server:
    port = 0
    placeholder = "%s"

    def __init__(self, form: dict[str, Any]) -> None:
        self._host = fill_variables(form["host"])
        self._port = int(form.get("port", self.port))
        self._database, self._user = fill_variables(form["name"]), fill_variables(form["user"])
        self._password = read_secret(form["password"]) if "password" in form else ""
        self._tls = form.get("tls", "verify")

    @property
    def name(self) -> str:
        """See `Database`."""
        return f"{self._host}:{self._port}/{self._database}"

    def _refused(self, error: Exception) -> Invalid:
        reason = " ".join(str(error).split())[:300]
        return Invalid(f"{self.name} refuses to be read: {reason}.", code="sources.database")

    def _unavailable(self, error: Exception) -> Unavailable:
        reason = " ".join(str(error).split())[:300]
        return Unavailable(f"{self.name} cannot be reached: {reason}.", code="sources.unavailable")


class Postgresql(_Server):
    """PostgreSQL: a cursor on the server, in a read-only transaction."""

    port = 5432

    def quoted(self, name: str) -> str:
        """See `Database`."""
        return '"' + name.replace('"', '""') + '"'

    def written(self, text: str) -> str:
        """See `Database`."""
        return text.replace("%", "%%")

    @contextmanager
    def read(self, statement: str, values: list[Any]) -> Iterator[Selected]:
        """See `Database`."""
        import psycopg

        options = f"-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout={STATEMENT_SECONDS * 1000}"
        modes = {"verify": "verify-full", "require": "require", "off": "disable"}
        try:
            connection = psycopg.connect(
                host=self._host,
                hostaddr=resolve(self._host, self._port)[0],
                port=self._port,
                dbname=self._database,
                user=self._user,
                password=self._password,
                sslmode=modes[self._tls],
                sslrootcert="system" if self._tls == "verify" else None,
                connect_timeout=CONNECT_SECONDS,
                options=options,
                application_name="klantbeeld",
            )
        except psycopg.OperationalError as error:
            raise self._unavailable(error) from error
        with connection:
            connection.read_only = True
            try:
                with connection.cursor("kb_source") as cursor:
                    cursor.itersize = AT_ONCE
                    # A cursor on the server is declared by the extended protocol, which takes one statement only.
                    cursor.execute(statement, values, binary=False)  # type: ignore[arg-type]
                    yield [column.name for column in cursor.description or ()], iter(cursor)
            except psycopg.OperationalError as error:
                raise self._unavailable(error) from error
            except psycopg.Error as error:
                raise self._refused(error) from error
            finally:
                connection.rollback()


class Mysql(_Server):
    """MySQL and MariaDB: rows as the server sends them, in a read-only transaction."""

    port = 3306

    def quoted(self, name: str) -> str:
        """See `Database`."""
        return "`" + name.replace("`", "``") + "`"

    def written(self, text: str) -> str:
        """See `Database`."""
        return text.replace("%", "%%")

    @contextmanager
    def read(self, statement: str, values: list[Any]) -> Iterator[Selected]:
        """See `Database`."""
        import pymysql
        from pymysql.cursors import SSCursor

        connection: Any = pymysql.Connection(
            host=self._host,
            port=self._port,
            user=self._user,
            password=self._password,
            database=self._database,
            charset="utf8mb4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=STATEMENT_SECONDS,
            ssl=self._context(),
            local_infile=False,
            defer_connect=True,
            cursorclass=SSCursor,
        )
        try:
            with _closing(_Abandoned(connection)):
                connection.connect(connect(self._host, self._port, CONNECT_SECONDS))
                with connection.cursor() as setting:
                    setting.execute("SET SESSION TRANSACTION READ ONLY")
                    setting.execute("START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT")
                cursor = connection.cursor()
                cursor.execute(statement, tuple(values))
                yield [column[0] for column in cursor.description or ()], iter(cursor.fetchone, None)
        except pymysql.OperationalError as error:
            code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
            if code >= 2000 or code in BUSY:
                raise self._unavailable(error) from error
            raise self._refused(error) from error
        except pymysql.Error as error:
            raise self._refused(error) from error

    def _context(self) -> ssl.SSLContext | None:
        if self._tls == "off":
            return None
        context = ssl.create_default_context()
        if self._tls == "require":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class _Abandoned:
    """Closes a connection of PyMySQL in the middle of an answer, which it would otherwise read to its end first."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def close(self) -> None:
        """Close it."""
        result = self._connection._result
        if result is not None:
            result.unbuffered_active, result.connection = False, None
        if self._connection.open:
            self._connection.close()


class Sqlite:
    """A file of SQLite, opened so that nothing can be written and no other file reached."""

    placeholder = "?"

    def __init__(self, form: dict[str, Any]) -> None:
        self._path = Path(form["path"])

    @property
    def name(self) -> str:
        """See `Database`."""
        return self._path.name

    def quoted(self, name: str) -> str:
        """See `Database`."""
        return '"' + name.replace('"', '""') + '"'

    def written(self, text: str) -> str:
        """See `Database`."""
        return text

    @contextmanager
    def read(self, statement: str, values: list[Any]) -> Iterator[Selected]:
        """See `Database`."""
        if not self._path.is_file():
            raise Invalid(f"There is no file {self._path}.", code="sources.file_missing")
        try:
            connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._refused(error) from error
        with _closing(connection):
            try:
                connection.execute("PRAGMA trusted_schema=OFF")
                connection.execute("PRAGMA query_only=ON")
                connection.set_authorizer(_only_reading)
                connection.text_factory = _text
                cursor = connection.execute(statement, values)
                yield [column[0] for column in cursor.description or ()], iter(cursor)
            except sqlite3.Error as error:
                raise self._refused(error) from error

    def _refused(self, error: Exception) -> Invalid:
        return Invalid(f"{self.name} refuses to be read: {error}.", code="sources.database")


def _only_reading(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """What a statement may do: read, and call functions that stay inside."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in NO_FUNCTIONS else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY


def _text(data: bytes) -> str:
    """Text of a column; bytes that are no UTF-8 are found by whoever looks at the row."""
    return data.decode("utf-8", "surrogateescape")


@contextmanager
def _closing(connection: Any) -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()
