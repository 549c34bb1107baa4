"""Databases for tests: one throw-away cluster a run, one migrated template in it, one clone for each xdist worker.

KLANTBEELD_TEST_PG=/usr/lib/postgresql/15/bin   another PostgreSQL than the one installed with us
KLANTBEELD_TEST_DATABASE_URL=postgresql://...   a running server, by a role that may create databases
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from klantbeeld.config.databases import ROLES
from klantbeeld.config.home import Home
from klantbeeld.config.processes.cluster import Cluster
from klantbeeld.config.processes.programs import Programs, bundled_programs, copied_programs, programs_in
from klantbeeld.config.processes.roles import ensure_roles, grant_rows
from klantbeeld.config.processes.system_user import SystemUser, current_user

EXTERNAL = os.environ.get("KLANTBEELD_TEST_DATABASE_URL", "")


def throwaway_user() -> SystemUser:
    """Who runs the tests' cluster: ourselves, or as root a user without rights."""
    if os.geteuid() != 0:
        return current_user()
    entry = pwd.getpwnam("nobody")
    return SystemUser(entry.pw_uid, entry.pw_gid)


def throwaway_programs(folder: Path, user: SystemUser) -> Programs:
    """The PostgreSQL that the tests run on."""
    chosen = os.environ.get("KLANTBEELD_TEST_PG")
    if chosen:
        return programs_in(Path(chosen))
    bundled = bundled_programs()
    return bundled if user.can_read(bundled.folder / "postgres") else copied_programs(bundled, folder, user)


def throwaway_cluster(folder: Path, *, durable: bool = False) -> Cluster:
    """A cluster in `folder`, not yet made; not durable means fast and of no use after a power cut."""
    home = Home(folder)
    home.create()
    folder.chmod(0o711)
    home.database.mkdir(exist_ok=True)
    user = throwaway_user()
    user.own(home.database)
    password = home.ensure_secrets().database_superuser
    programs = throwaway_programs(home.database, user)
    return Cluster(home.database, home.socket_dir, programs, user, password, durable=durable, memory=2048)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a role finds a database."""

    conninfo: str

    @property
    def parts(self) -> dict[str, Any]:
        return {key: value for key, value in conninfo_to_dict(self.conninfo).items() if value is not None}

    @property
    def url(self) -> str:
        """The same as an address that DATABASE_URL takes."""
        from urllib.parse import quote

        parts = self.parts
        keys = ("user", "password", "host", "port")
        query = "&".join(f"{key}={quote(str(parts[key]), safe='')}" for key in keys if key in parts)
        return f"postgresql:///{quote(parts['dbname'])}?{query}"

    def use(self) -> None:
        """Point Django's default connection, in every thread, to this database."""
        entry = connections.settings["default"]
        parts = self.parts
        connections["default"].close()
        entry.update(
            NAME=parts.pop("dbname"),
            USER=parts.pop("user", ""),
            PASSWORD=parts.pop("password", ""),
            HOST=parts.pop("host", ""),
            PORT=str(parts.pop("port", "")),
            OPTIONS=parts,
            CONN_MAX_AGE=0,
            CONN_HEALTH_CHECKS=False,
        )
        connections["default"].settings_dict.update(entry)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that databases are made on."""

    folder: Path
    admin: str
    roles: dict[str, str]

    def address(self, database: str, role: str = "app") -> Address:
        """A database as `role` (app or owner) sees it."""
        return Address(make_conninfo(self.roles[role], dbname=database))

    def connect(self, database: str | None = None) -> psycopg.Connection[Any]:
        conninfo = make_conninfo(self.admin, dbname=database) if database else self.admin
        return psycopg.connect(conninfo, autocommit=True)

    def template(self) -> str:
        """The name of the migrated template database; made by whoever asks first."""
        name = f"klantbeeld_template_{_migrations_digest()}"
        with _only_one(self.folder / "template.lock"), self.connect() as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
                return name
            self._drop(admin, name)
            owner = sql.Identifier(self.address(name, "owner").parts["user"])
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
            admin.execute(create.format(sql.Identifier(name), owner))
            if not EXTERNAL:
                with self.connect(name) as connection:
                    grant_rows(connection)
            self.address(name, "owner").use()
            call_command("migrate", verbosity=0, interactive=False)
            connections["default"].close()
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name)))
        return name

    def clone(self, database: str, template: str) -> None:
        """Make `database` anew as a copy of `template`."""
        with self.connect() as admin:
            self._drop(admin, database)
            owner = sql.Identifier(self.address(database, "owner").parts["user"])
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            admin.execute(statement.format(sql.Identifier(database), owner, sql.Identifier(template)))

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        with self.connect() as admin:
            self._drop(admin, database)

    def _drop(self, admin: psycopg.Connection[Any], database: str) -> None:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def server(folder: Path) -> Server:
    """The server of this test run; the first worker that needs it starts it."""
    if EXTERNAL:
        return Server(folder, EXTERNAL, {"app": EXTERNAL, "owner": EXTERNAL})
    secrets = Home(folder).ensure_secrets()
    cluster = throwaway_cluster(folder)
    with _only_one(folder / "cluster.lock"):
        if not cluster.exists:
            cluster.create()
        if cluster.find_postmaster() is None:
            cluster.start()
            with cluster.connect() as connection:
                ensure_roles(connection, secrets)

    def conninfo(role: str, database: str) -> str:
        password = getattr(secrets, f"database_{role}")
        return make_conninfo(host=str(cluster.socket_dir), user=ROLES[role], password=password, dbname=database)

    roles = {role: conninfo(role, "template1") for role in ("app", "owner", "partner")}
    return Server(folder, conninfo("superuser", "postgres"), roles)


def _migrations_digest() -> str:
    """Changes when any migration of any app changes."""
    digest = hashlib.sha256()
    loader = MigrationLoader(None)
    for key in sorted(loader.disk_migrations):
        module = loader.disk_migrations[key].__module__
        digest.update(repr((key, module)).encode())
        path = __import__(module, fromlist=["__file__"]).__file__
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
