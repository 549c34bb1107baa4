"""A dump of the database in PostgreSQL's custom format, and how it is made safely."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.programs import Programs

_ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def client_environment(conninfo: str) -> dict[str, str]:
    """Environment for a program of PostgreSQL: on a command line everybody on the machine could read the password."""
    parts = conninfo_to_dict(conninfo)
    chosen = {_ENVIRONMENT[key]: str(value) for key, value in parts.items() if key in _ENVIRONMENT and value}
    return {**os.environ, **chosen}


def dump(conninfo: str, programs: Programs, folder: Path, reason: str) -> Path:
    """Write a dump with today's moment and `reason` in its name; returns the file, which is whole or absent.

    Raises DatabaseError with what pg_dump said.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"klantbeeld-{moment}-{reason}.dump"
    draft = target.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            made = subprocess.run(
                [programs.path("pg_dump"), "--format=custom", "--compress=6"],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.PIPE,
                env=client_environment(conninfo),
                check=False,
            )
            file.flush()
            os.fsync(file.fileno())
        if made.returncode != 0:
            raise DatabaseError(f"The dump failed: {made.stderr.decode(errors='replace').strip()}")
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
