"""The processes of one installation and their supervisor, with the embedded PostgreSQL among them.

programs    where PostgreSQL's own programs are, and a copy that the database's user can read
system_user the user that the database runs as when we are root
cluster     one PostgreSQL data directory: create, start, wait, watch, stop
tuning      what we write into its configuration
prepare     before the first request: database, roles, migrations, static files, the demo
children    one child process: start, prefixed log, restart with back-off, drain
supervisor  `klantbeeld up`
live        the ASGI process of server-sent events
worker      jobs and the outbox relay
"""
