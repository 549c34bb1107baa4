"""Putting a dump back: beside the present database first, and in its place only when it is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from psycopg import sql

from klantbeeld.config.databases import DATABASE_NAME, ROLES, embedded_conninfo
from klantbeeld.config.home import Home
from klantbeeld.config.processes.cluster import Cluster
from klantbeeld.config.processes.dump import client_environment
from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.roles import ensure_database, grant_rows

_FRESH = f"{DATABASE_NAME}_restored"
REPLACED = f"{DATABASE_NAME}_replaced"


def restore(cluster: Cluster, home: Home, source: Path) -> None:
    """Put the dump `source` in place of the embedded database; the replaced one stays as `klantbeeld_replaced`.

    Raises DatabaseError with what pg_restore said; the present database is untouched then.
    """
    fresh, present, replaced = (sql.Identifier(name) for name in (_FRESH, DATABASE_NAME, REPLACED))
    drop, rename = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with cluster.connect() as connection:
        connection.execute(drop.format(fresh))
        ensure_database(connection, _FRESH)
    with cluster.connect(_FRESH) as connection:
        # The rows' grants come with the dump. Default privileges that are in force while its tables are made would
        # give back what append-only tables had taken away.
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(ROLES["owner"])))
    _pg_restore(cluster, home, source)
    with cluster.connect(_FRESH) as connection:
        grant_rows(connection)
    with cluster.connect() as connection:
        connection.execute(drop.format(replaced))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)", [[DATABASE_NAME, _FRESH]]
        )
        with connection.transaction():
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone():
                connection.execute(rename.format(present, replaced))
            connection.execute(rename.format(fresh, present))
    _realign()


def _pg_restore(cluster: Cluster, home: Home, source: Path) -> None:
    conninfo = embedded_conninfo(home, home.ensure_secrets(), "owner", _FRESH)
    command = [str(cluster.programs.path("pg_restore")), "--no-owner", "--single-transaction", "--exit-on-error"]
    with source.open("rb") as file:
        # By standard input: the program may run from a folder, and as a user, that cannot open the file.
        made = subprocess.run(
            [*command, "--dbname", _FRESH],
            stdin=file,
            capture_output=True,
            env=client_environment(conninfo),
            check=False,
        )
    if made.returncode != 0:
        raise DatabaseError(f"Nothing was replaced; pg_restore said: {made.stderr.decode(errors='replace').strip()}")


def _realign() -> None:
    """Let the outbox go on above what the dump holds: a new cluster counts transactions from a low number again."""
    made = subprocess.run(
        [sys.executable, "-m", "klantbeeld.config.processes.prepare", "realign"],
        capture_output=True,
        text=True,
        env={**os.environ, "KLANTBEELD_DATABASE_ROLE": "owner"},
        check=False,
    )
    if made.returncode != 0:
        raise DatabaseError(f"The dump is in place, but the order of its events is not set: {made.stderr.strip()}")
