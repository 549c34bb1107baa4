"""Audit lines and outbox events: partitioned by month, insert-only, ordered by transaction."""

from django.db import migrations

from klantbeeld.foundation.append_only import append_only

# A transaction id of PostgreSQL orders writers so that a reader can tell which ones can no longer add anything: those
# below the oldest transaction still running (the horizon). Transactions of other databases of the cluster cannot add
# anything here and are left out; one whose database cannot be seen counts as ours, which only makes readers wait.
# A database that was restored elsewhere starts counting low again; `shift` is then raised (foundation.outbox.realign),
# so that the order goes on where it was.
CLOCK = """
CREATE TABLE foundation_epoch (one boolean PRIMARY KEY DEFAULT true CHECK (one), shift bigint NOT NULL);
INSERT INTO foundation_epoch (shift) VALUES (0);
CREATE FUNCTION kb_xid() RETURNS bigint LANGUAGE sql STABLE
  RETURN pg_current_xact_id()::text::bigint + (SELECT shift FROM foundation_epoch);
CREATE FUNCTION kb_horizon() RETURNS bigint LANGUAGE sql STABLE
  RETURN (SELECT shift FROM foundation_epoch) + least(
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
    pg_current_xact_id_if_assigned()::text::bigint,
    (SELECT min(running.xid::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) running (xid)
     WHERE (running.xid::text::bigint & 4294967295) NOT IN (
       SELECT held.transactionid::text::bigint FROM pg_locks held JOIN pg_stat_activity other ON other.pid = held.pid
       WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock'
         AND other.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))));
"""
NO_CLOCK = "DROP FUNCTION kb_horizon(); DROP FUNCTION kb_xid(); DROP TABLE foundation_epoch;"

REFUSAL = """
CREATE FUNCTION kb_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

TABLES = """
CREATE SEQUENCE foundation_auditline_seq AS bigint CACHE 1;
CREATE TABLE foundation_auditline (
  id bigint NOT NULL DEFAULT nextval('foundation_auditline_seq'),
  at timestamptz NOT NULL DEFAULT now(),
  xid bigint NOT NULL DEFAULT kb_xid(),
  actor varchar(80) NOT NULL,
  purpose varchar(60) NOT NULL DEFAULT '',
  action varchar(60) NOT NULL,
  subject_kind varchar(20) NOT NULL DEFAULT '',
  subject_id bigint,
  request_id varchar(36) NOT NULL DEFAULT '',
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
ALTER SEQUENCE foundation_auditline_seq OWNED BY foundation_auditline.id;
CREATE INDEX foundation_auditline_order ON foundation_auditline (xid, id);
CREATE INDEX foundation_auditline_subject ON foundation_auditline (subject_kind, subject_id, at)
  WHERE subject_id IS NOT NULL;
CREATE INDEX foundation_auditline_actor ON foundation_auditline (actor, at);
CREATE TABLE foundation_auditline_default PARTITION OF foundation_auditline DEFAULT;

CREATE SEQUENCE foundation_outboxevent_seq AS bigint CACHE 1;
CREATE TABLE foundation_outboxevent (
  id bigint NOT NULL DEFAULT nextval('foundation_outboxevent_seq'),
  at timestamptz NOT NULL DEFAULT now(),
  xid bigint NOT NULL DEFAULT kb_xid(),
  type varchar(60) NOT NULL,
  subject_kind varchar(20) NOT NULL,
  subject_id bigint NOT NULL,
  subject_uuid uuid,
  version integer,
  payload jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
ALTER SEQUENCE foundation_outboxevent_seq OWNED BY foundation_outboxevent.id;
CREATE INDEX foundation_outboxevent_order ON foundation_outboxevent (xid, id);
CREATE TABLE foundation_outboxevent_default PARTITION OF foundation_outboxevent DEFAULT;
"""
NO_TABLES = "DROP TABLE foundation_outboxevent; DROP TABLE foundation_auditline;"

# Runs as the owner of the tables, so that the worker may call it; the search path is fixed, as SECURITY DEFINER asks.
# A month whose rows already fell into the default partition stays there: they are read all the same.
PARTITIONS = """
DO $do$ BEGIN EXECUTE format($create$
CREATE FUNCTION kb_make_partitions(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  parent text; month timestamp; name text; found boolean; made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('kb_make_partitions'));
  FOREACH parent IN ARRAY ARRAY['foundation_auditline', 'foundation_outboxevent'] LOOP
    FOR month IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
        date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), interval '1 month') LOOP
      name := parent || '_' || to_char(month, 'YYYYMM');
      CONTINUE WHEN to_regclass(name) IS NOT NULL;
      EXECUTE format('SELECT EXISTS (SELECT FROM %%I WHERE at >= %%L AND at < %%L)', parent || '_default',
        month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC') INTO found;
      IF found THEN
        RAISE WARNING '%% keeps %% in its default partition', parent, to_char(month, 'YYYY-MM');
        CONTINUE;
      END IF;
      EXECUTE format('CREATE TABLE %%I PARTITION OF %%I FOR VALUES FROM (%%L) TO (%%L)', name, parent,
        month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kb_app') THEN
        EXECUTE format('REVOKE ALL ON %%I FROM kb_app', name);
      END IF;
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$
$create$, current_schema()); END $do$;
SELECT kb_make_partitions(3);
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kb_app') THEN
    REVOKE ALL ON foundation_auditline_default, foundation_outboxevent_default FROM kb_app;
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON foundation_epoch FROM kb_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.RunSQL(CLOCK, NO_CLOCK),
        migrations.RunSQL(REFUSAL, "DROP FUNCTION kb_append_only() CASCADE;"),
        migrations.RunSQL(TABLES, NO_TABLES),
        append_only("foundation_auditline"),
        append_only("foundation_outboxevent"),
        migrations.RunSQL(PARTITIONS, "DROP FUNCTION kb_make_partitions(integer);"),
        append_only("foundation_auditseal"),
    ]
