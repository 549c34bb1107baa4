"""The roles of the database and what each may do; the same in the embedded database and in the tests.

kb_owner owns the tables and runs migrations; kb_app reads and writes rows; kb_partner gets nothing until a table or
function is granted to it. Append-only tables take UPDATE and DELETE away from kb_app in their migration.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from klantbeeld.config.databases import DATABASE_NAME, ROLES
from klantbeeld.config.home import Secrets

_GRANTED = ("app", "partner")


def ensure_roles(connection: psycopg.Connection[Any], secrets: Secrets) -> None:
    """Make the three roles with their passwords, or set the passwords of those that exist."""
    for role in ("owner", *_GRANTED):
        name = ROLES[role]
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            sql.SQL("ALTER" if found else "CREATE"),
            sql.Identifier(name),
            sql.Literal(getattr(secrets, f"database_{role}")),
        )
        connection.execute(statement)


def ensure_database(connection: psycopg.Connection[Any], name: str = DATABASE_NAME) -> bool:
    """Make the database, owned by kb_owner and closed to everybody else; True when it was made now."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    database, owner = sql.Identifier(name), sql.Identifier(ROLES["owner"])
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in _GRANTED:
        connection.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(ROLES[role]))
        )
    # A migration that waits for a lock makes everybody behind it wait: give up soon, and try again.
    connection.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} SET lock_timeout = '2s'").format(owner, database))
    return True


def grant_rows(connection: psycopg.Connection[Any]) -> None:
    """In the database connected to: kb_app gets the rows of every table that kb_owner makes from now on."""
    owner, app, partner = (sql.Identifier(ROLES[role]) for role in ("owner", "app", "partner"))
    connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
    connection.execute(sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, partner))
    defaults = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public ").format(owner)
    for grant in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {}",
        "GRANT EXECUTE ON FUNCTIONS TO {}",
    ):
        connection.execute(defaults + sql.SQL(grant).format(app))
    # Functions are open to everybody unless closed: a SECURITY DEFINER function must not be.
    everywhere = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(owner)
    connection.execute(everywhere)
