"""Tables that are only added to: what migrations use to let the database refuse the rest."""

from __future__ import annotations

from django.db import migrations

# The role of the serving processes may not exist (somebody else's PostgreSQL with one role); the trigger holds anyway.
_REVOKE = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kb_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM kb_app;
  END IF;
END $$;
"""
_PROTECT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kb_append_only();
"""
_RELEASE = "DROP TRIGGER IF EXISTS append_only ON {table};"


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation after which rows of `table` can be added and read, never changed or deleted.

    A row trigger refuses UPDATE and DELETE for every role, with SQLSTATE 23001 (Django: IntegrityError), also on the
    partitions of a partitioned table; TRUNCATE is a privilege that the serving role does not have. The migration must
    depend on ("foundation", "0002_partitions").
    """
    if not table.replace("_", "").isalnum():
        raise ValueError(f"{table!r} is not the name of a table.")
    return migrations.RunSQL(
        sql=_PROTECT.format(table=table) + _REVOKE.format(table=table), reverse_sql=_RELEASE.format(table=table)
    )
