"""The embedded database of this installation: its cluster, its roles, and the thread that keeps it up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from klantbeeld.config import settings
from klantbeeld.config.databases import DATABASE_NAME
from klantbeeld.config.home import Home
from klantbeeld.config.processes.children import pause_before_restart
from klantbeeld.config.processes.cluster import Cluster
from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.programs import Programs, bundled_programs, copied_programs, programs_in
from klantbeeld.config.processes.roles import ensure_database, ensure_roles, grant_rows
from klantbeeld.config.processes.system_user import database_user

_LOOK_SECONDS = 0.25
_STEADY_SECONDS = 60.0
Say = Callable[[str], None]


def find_programs() -> Programs:
    """The programs to use as a client (dump, psql): those that were named, else those that came with us."""
    return programs_in(Path(settings.POSTGRES_BIN)) if settings.POSTGRES_BIN else bundled_programs()


def embedded_cluster(home: Home) -> Cluster:
    """The cluster of a data directory, not yet made or started."""
    user = database_user(settings.POSTGRES_SYSTEM_USER)
    home.database.mkdir(mode=0o700, exist_ok=True)
    user.own(home.database)
    if settings.POSTGRES_BIN:
        programs = programs_in(Path(settings.POSTGRES_BIN))
    else:
        programs = copied_programs(bundled_programs(), home.database, user)
    password = home.ensure_secrets().database_superuser
    return Cluster(home.database, home.socket_dir, programs, user, password)


def make_ready(cluster: Cluster, home: Home, say: Say) -> None:
    """Create (the first time), start, and see to roles and database; every step may be repeated after a crash."""
    if not cluster.exists:
        say(f"making a database (PostgreSQL {cluster.programs.version}) in {cluster.data}")
        cluster.create()
    cluster.start(say)
    with cluster.connect() as connection:
        ensure_roles(connection, home.ensure_secrets())
        ensure_database(connection)
    with cluster.connect(DATABASE_NAME) as connection:
        grant_rows(connection)


class Keeper:
    """A thread that starts the database again whenever it is gone, and waits out its recovery."""

    def __init__(self, cluster: Cluster, say: Say) -> None:
        self._cluster = cluster
        self._say = say
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="database", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; a start that is under way is given up."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        failures, up_since = 0, time.monotonic()
        while not self._stop.wait(_LOOK_SECONDS):
            if self._cluster.find_postmaster() is not None:
                continue
            failures = 1 if time.monotonic() - up_since > _STEADY_SECONDS else failures + 1
            self._say("PostgreSQL is gone; starting it again")
            try:
                self._cluster.start(self._say, self._stop.is_set)
                self._say("PostgreSQL is back")
                up_since = time.monotonic()
            except (DatabaseError, psycopg.Error) as error:
                if not self._stop.is_set():
                    pause = pause_before_restart(failures)
                    self._say(f"{error}\ntrying again in {pause:g} s")
                    self._stop.wait(pause)
