"""python -m klantbeeld.config.processes.prepare STEP: what must be done before the first request.

`database` checks the server and migrates, as the owner of the tables, with a dump first when there is something to
lose; `demo` loads the demo world, as the application; `realign` follows a restore. Each is a process of its own, so
that the supervisor stays small.
"""

from __future__ import annotations

import hmac
import re
import sys
from collections.abc import Sequence

from klantbeeld.config import settings
from klantbeeld.config.databases import OLDEST_SERVER, conninfo_of
from klantbeeld.config.options import SettingError
from klantbeeld.config.processes.dump import dump
from klantbeeld.config.processes.embedded import find_programs
from klantbeeld.config.processes.errors import ProcessError
from klantbeeld.config.processes.logins import keep_logins
from klantbeeld.config.processes.tuning import GUARANTEES
from klantbeeld.config.start import setup_django
from klantbeeld.config.translations.__main__ import compile_all


def prepare_database() -> None:
    """Check the server, then bring its tables up to date."""
    setup_django()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    _check_server()
    compile_all()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        _migrate(plan, is_new=not executor.loader.applied_migrations)
    check_keys()


def _migrate(plan: Sequence[object], *, is_new: bool) -> None:
    from django.core.management import call_command
    from django.db import connection

    if is_new:
        _say("making the tables")
        settings.HOME.demo_marker.touch()
    else:
        connection.close()
        target = dump(conninfo_of(settings), find_programs(), settings.HOME.backups, "before-migration")
        _say(f"{len(plan)} migrations to do; the database as it was is in {target}")
    call_command("migrate", verbosity=0, interactive=False)


def _check_server() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
        values = {}
        for name in GUARANTEES:
            cursor.execute("SELECT current_setting(%s)", [name])
            (values[name],) = cursor.fetchone()
    if version < OLDEST_SERVER * 10_000:
        raise ProcessError(
            f"The database server is PostgreSQL {version // 10_000}; klantbeeld needs {OLDEST_SERVER} or newer."
        )
    if encoding != "UTF8":
        raise ProcessError(
            f"The database is encoded in {encoding}; make one in UTF8: createdb --encoding=UTF8 --template=template0"
        )
    # Of the embedded database this was asserted at its start; another one is its administrator's.
    if unsafe := sorted(name for name, wanted in GUARANTEES.items() if values[name] != wanted):
        _say(f"warning: this server runs with {', '.join(unsafe)} not on: it can lose what it acknowledged")


def check_keys() -> None:
    """Note in a new database which keys it is used with; raises ProcessError when it is now started with others.

    With another match key no new record would match a stored one, and with another partner key every partner's ids
    would change: both without any error. The note is a fingerprint, in the comment of the schema, so a dump has it.
    """
    from django.db import connection

    present = key_fingerprint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        (comment,) = cursor.fetchone()
        noted = re.search(r"klantbeeld keys ([0-9a-f]+)", comment or "")
        if noted is None:
            cursor.execute(f"COMMENT ON SCHEMA public IS 'klantbeeld keys {present}'")
        elif noted[1] != present:
            raise ProcessError(
                "KLANTBEELD_MATCH_KEY and KLANTBEELD_PARTNER_KEY (or secrets.json in the data folder) are not the ones"
                " this database was filled with: stored records would never match new ones. Put the right ones back;"
                " they were made at the first start and belong with the backups."
            )


def key_fingerprint() -> str:
    """Tells two sets of keys apart and gives nothing of them away (HMAC-SHA-256, RFC 2104)."""
    return hmac.new(settings.MATCH_KEY.encode(), settings.PARTNER_KEY.encode(), "sha256").hexdigest()[:16]


def load_demo() -> None:
    """Load the demo world once into a database that was new."""
    setup_django()
    from klantbeeld.config import wiring

    keep_logins(settings.HOME, wiring.load_demo(_say))
    settings.HOME.demo_marker.unlink(missing_ok=True)


def realign() -> None:
    """After a restore: let the order of events go on where the dump left it."""
    setup_django()
    from klantbeeld.foundation import outbox

    outbox.realign()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(step: str) -> int:
    """Run one step; 1 with the reason on standard error when it cannot be done."""
    try:
        {"database": prepare_database, "demo": load_demo, "realign": realign}[step]()
    except (ProcessError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
