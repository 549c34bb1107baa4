"""The processes of one installation and their supervisor, with the embedded PostgreSQL among them.

programs    where PostgreSQL's own programs are, and a copy that the database's user can read
system_user the user that the database runs as when we are root
cluster     one PostgreSQL data directory: create, start, wait, watch, stop
tuning      what we write into its configuration
embedded    the cluster of this installation, its roles, and the thread that keeps it up
dump        a dump before migrations and for backups
prepare     before the first request: database, roles, migrations, static files, the demo
definitions which processes there are
addresses   free ports
children    one child process: start, prefixed log, restart with back-off, drain
state       which supervisor holds the data directory
logins      the accounts of the demo
supervisor  `klantbeeld up`
live        the ASGI process of server-sent events
worker      jobs, and in a thread beside them (background) the outbox relay
"""
