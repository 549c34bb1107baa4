"""The measured installation: a source with invented records and a key; prints what the client needs as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.golden.work import FEEDS
from bench.online.work import STEP, fill, load

from klantbeeld.config.start import setup_django

SCOPES = ("records:write", "customers:read", "customers:find", "customers:sensitive", "sources:read")


def main(records: int, filled_to: int, home: Path) -> None:
    """Import the records (none: they are there), fill, make a key, and give some customers that were imported."""
    setup_django()
    from django.db import connection

    from klantbeeld.engines import matching
    from klantbeeld.foundation import actions
    from klantbeeld.foundation.access import Actor
    from klantbeeld.kit.ids import format_id

    matching.warm()
    if records:
        load(records, home)
    if filled_to > records:
        fill(-(-filled_to // records) - 1)
    _, key = actions.create_key(name="bench", scopes=SCOPES, purposes=["service"], actor=Actor.system("bench"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM identity_matchinput")
        (stored,) = cursor.fetchone()
        cursor.execute(
            """SELECT uuid FROM identity_customer WHERE retired_at IS NULL AND id < %s
               ORDER BY md5(id::text) LIMIT 500""",
            [STEP],
        )
        customers = [format_id("cus", row[0]) for row in cursor.fetchall()]
    ready = {
        "key": key, "source": FEEDS[0][0], "customers": customers, "records": stored, "first": int(time.time()) * 1000
    }  # fmt: skip
    (home / "http.json").write_text(json.dumps(ready), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
