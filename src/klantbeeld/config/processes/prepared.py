"""Whether a database needs anything before its first request, found out without loading the apps.

At most starts it needs nothing, and loading the apps to learn that would cost half of the start. Whatever is not as
expected is left to `prepare`, which does it or tells what is wrong.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from klantbeeld.config import settings
from klantbeeld.config.databases import OLDEST_SERVER, conninfo_of
from klantbeeld.config.processes.prepare import key_fingerprint
from klantbeeld.config.processes.tuning import GUARANTEES

_SERVER = """
SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
  array(SELECT name || '=' || setting FROM pg_settings WHERE name = ANY(%s)),
  obj_description('public'::regnamespace, 'pg_namespace'), to_regclass('public.django_migrations') IS NOT NULL
"""


def nothing_to_prepare() -> bool:
    """Is this installation's database ready as it is? False also when it cannot be asked."""
    try:
        with psycopg.connect(conninfo_of(settings), connect_timeout=5) as connection:
            return is_prepared(connection)
    except psycopg.Error:
        return False


def is_prepared(connection: psycopg.Connection[Any]) -> bool:
    """Does this database have every migration of this code, our keys, and a server that keeps what it acknowledges?"""
    row = connection.execute(_SERVER, [list(GUARANTEES)]).fetchone()
    if row is None:
        return False
    version, encoding, kept, comment, has_tables = row
    if not has_tables or version < OLDEST_SERVER * 10_000 or encoding != "UTF8":
        return False
    if set(kept) != {f"{name}={wanted}" for name, wanted in GUARANTEES.items()}:
        return False
    if f"klantbeeld keys {key_fingerprint()}" not in (comment or ""):
        return False
    applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    return all(any((part, name) in applied for part in app.split(".")) for app, name in migrations_on_disk())


def migrations_on_disk() -> list[tuple[str, str]]:
    """Every migration of the installed apps as (dotted name of the app, name); the app's label is a part of its name.

    Only the outermost packages are looked up, because looking up what is in one would import it.
    """
    found = []
    for app in settings.INSTALLED_APPS:
        root, *rest = app.split(".")
        spec = find_spec(root)
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            folder = Path(place).joinpath(*rest, "migrations")
            found += [(app, path.stem) for path in sorted(folder.glob("[0-9]*.py"))]
    return found
