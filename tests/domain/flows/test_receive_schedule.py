"""Imports as jobs: by schedule, once per source, of files in the import folder only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from klantbeeld.flows import tasks
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid
from klantbeeld.sources import actions, queries
from klantbeeld.sources.models import Record, Source

ACTOR = Actor.system("test")
DECLARATION = """
schema: 1
code: CODE
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
schedule: "15 6 * * *"
feeds:
  - name: customers
    form: {type: csv, path: PATH}
    records:
      - {kind: person, external_id: nr, attributes: {family_name: naam}}
"""


def declare(code: str, path: Path) -> None:
    actions.declare(declaration=DECLARATION.replace("CODE", code).replace("PATH", str(path)), actor=ACTOR)


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args->>'source_code' FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 1, 15, 5, 15, tzinfo=UTC), True),  # 06:15 in winter
        (datetime(2026, 7, 15, 4, 15, tzinfo=UTC), True),  # 06:15 in summer
        (datetime(2026, 7, 15, 5, 15, tzinfo=UTC), False),
        (datetime(2026, 7, 15, 4, 16, tzinfo=UTC), False),
    ],
)
def test_schedule_is_in_the_time_zone_of_the_source(db: None, tmp_path: Path, moment: datetime, due: bool) -> None:
    declare("crm", tmp_path / "x.csv")
    tasks.start_due_imports(timestamp=int(moment.timestamp()))
    assert jobs() == ([("flows.import", "crm")] if due else [])


def test_source_is_queued_once_and_a_paused_one_not_at_all(db: None, tmp_path: Path) -> None:
    declare("crm", tmp_path / "x.csv")
    declare("shop", tmp_path / "x.csv")
    Source.objects.filter(code="shop").update(paused_at=timezone.now())
    moment = int(datetime(2026, 1, 15, 5, 15, tzinfo=UTC).timestamp())
    tasks.start_due_imports(timestamp=moment)
    tasks.start_due_imports(timestamp=moment)
    assert jobs() == [("flows.import", "crm")]


def test_job_imports_a_file_in_the_import_folder(db: None, tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_DIR = tmp_path
    (tmp_path / "in.csv").write_text("nr;naam\n1;Bos\n", encoding="utf-8")
    declare("crm", tmp_path / "in.csv")
    tasks.import_job("crm")
    assert Record.objects.count() == 1
    assert queries.get_source("crm", ACTOR).last_run.state == "done"  # type: ignore[union-attr]


def test_job_refuses_a_file_elsewhere_and_one_that_leads_out_by_a_link(db: None, tmp_path: Path, settings: Any) -> None:
    inside, outside = tmp_path / "import", tmp_path / "secret.csv"
    inside.mkdir()
    outside.write_text("nr;naam\n1;Bos\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(outside)
    settings.IMPORT_DIR = inside
    for code, path in (("one", outside), ("two", inside / "link.csv"), ("three", inside / ".." / "secret.csv")):
        declare(code, path)
        with pytest.raises(Invalid, match="outside the import folder"):
            tasks.import_job(code)
    assert Record.objects.count() == 0
