"""Access, audit, outbox, idempotency, jobs, attribute catalogue, companies, users."""
