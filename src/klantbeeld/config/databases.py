"""From a data directory or an address to the database settings of Django and to a connection string of libpq."""

from __future__ import annotations

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from klantbeeld.config.home import Home, Secrets
from klantbeeld.config.options import SettingError

DATABASE_NAME = "klantbeeld"
ROLES = {"app": "kb_app", "owner": "kb_owner", "partner": "kb_partner", "superuser": "kb_admin"}
OLDEST_SERVER = 15
OWN_OPTIONS = ("pool", "prepare_threshold")  # psycopg's and Django's; libpq does not know them
PREPARED_FROM = 5
"""A statement that a connection of a pool has seen so often is kept ready by the server (psycopg's own default)."""


def embedded_conninfo(home: Home, secrets: Secrets, role: str, database: str = DATABASE_NAME) -> str:
    """Connection string of the embedded database for `role` (app, owner, partner or superuser)."""
    password = getattr(secrets, f"database_{role}")
    return make_conninfo(host=str(home.socket_dir), user=ROLES[role], password=password, dbname=database)


def parse_url(url: str, variable: str) -> dict[str, Any]:
    """The parts of a postgresql:// address as libpq reads them; raises SettingError naming `variable`."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise SettingError(f"{variable}: expected an address like postgresql://user:password@host:5432/name.")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        # The message of libpq quotes the address, password included: tell only what is wrong.
        raise SettingError(f"{variable}: not a valid PostgreSQL address.") from error
    if not parts.get("dbname"):
        raise SettingError(f"{variable}: the address names no database; end it with /name.")
    return parts


def django_database(
    home: Home, secrets: Secrets | None, *, url: str, owner_url: str, role: str, pool: int
) -> dict[str, Any]:
    """The entry of Django's DATABASES for this process."""
    if url:
        address, variable = (
            (owner_url, "KLANTBEELD_DATABASE_OWNER_URL") if role == "owner" and owner_url else (url, "DATABASE_URL")
        )
        parts = parse_url(address, variable)
    elif secrets is not None:
        parts = conninfo_to_dict(embedded_conninfo(home, secrets, role))
    else:
        # Before the first start there is no password yet; connecting fails with a message that names the socket.
        parts = {"host": str(home.socket_dir), "user": ROLES[role], "dbname": DATABASE_NAME}
    parts = {key: value for key, value in parts.items() if value is not None}
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        # A connection that died with its server is noticed before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parts),
    }
    if pool:
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10, "max_idle": 300}
        # Who answers people asks the same small statements again and again: planned once for each connection. An import
        # fills tables that were empty when it began, so its statements are planned as they come.
        database["OPTIONS"]["prepare_threshold"] = PREPARED_FROM
    else:
        database["CONN_MAX_AGE"] = None
    return database


def conninfo_of(settings: Any) -> str:
    """The database of this process as a connection string for psycopg, without Django's own options."""
    entry = settings.DATABASES["default"]
    extra = {key: value for key, value in entry["OPTIONS"].items() if key not in OWN_OPTIONS}
    return make_conninfo(
        dbname=entry["NAME"],
        user=entry["USER"] or None,
        password=entry["PASSWORD"] or None,
        host=entry["HOST"] or None,
        port=entry["PORT"] or None,
        **extra,
    )
