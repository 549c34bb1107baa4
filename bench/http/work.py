"""The measured installation: a source with invented records and a key; prints what the client needs as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.golden.work import FEEDS, write_feeds

from klantbeeld.config.start import setup_django

SCOPES = ("records:write", "customers:read", "customers:find", "customers:sensitive", "sources:read")


def main(records: int, home: Path) -> None:
    """Import the records, make a key, and give some customers."""
    paths = write_feeds(records, 1, home)
    setup_django()
    from django.db import connection

    import klantbeeld.demo
    from klantbeeld.engines import matching
    from klantbeeld.flows import imports
    from klantbeeld.foundation import actions
    from klantbeeld.foundation.access import Actor
    from klantbeeld.kit.ids import format_id
    from klantbeeld.sources import actions as sources

    matching.warm()
    actor = Actor.system("bench")
    for code in paths:
        declaration = Path(klantbeeld.demo.__file__).parent / "declarations" / f"{code}.yaml"
        sources.declare(declaration=declaration.read_text(encoding="utf-8"), actor=actor)
    for (code, feed), path in zip(FEEDS, paths.values(), strict=True):
        imports.import_source(source_code=code, feed=feed, path=path, actor=actor)
    _, key = actions.create_key(name="bench", scopes=SCOPES, purposes=["service"], actor=actor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT uuid FROM identity_customer WHERE retired_at IS NULL ORDER BY md5(id::text) LIMIT 500")
        customers = [format_id("cus", row[0]) for row in cursor.fetchall()]
    ready = {"key": key, "source": FEEDS[0][0], "customers": customers}
    (home / "http.json").write_text(json.dumps(ready), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
