"""An importer that is killed with SIGKILL, several times, ends with what one go gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from klantbeeld.flows.imports import import_source
from klantbeeld.foundation.access import Actor
from klantbeeld.sources import actions
from klantbeeld.sources.models import Quarantine, RecordVersion, Run

ACTOR = Actor.system("test")
ROWS = 400
DECLARATION = """
schema: 1
code: crm
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: {type: csv, delimiter: ";", encoding: utf-8}
    values: {dates: [iso]}
    records:
      - kind: person
        external_id: nr
        attributes: {given_name: voornaam, family_name: achternaam, birth_date: geboren, email: email}
        identifiers: [{scheme: loyalty, value: pas}]
      - kind: activity
        external_id: {template: "O{nr}"}
        attributes: {type: {constant: order}, number: nr, at: geboren}
        roles: [{role: customer, holder: {kind: person, external_id: nr}}]
"""
IMPORTER = """
import sys
from pathlib import Path
from klantbeeld.config.start import setup_django
setup_django()
from klantbeeld.flows import imports
from klantbeeld.foundation.access import Actor
imports.LARGEST = imports.SMALLEST = 20
imports.Pace.__init__.__defaults__ = (20,)
imports.import_source(source_code="crm", actor=Actor.system("test"), path=Path(sys.argv[1]),
                      progress=lambda one: print(one.rows, flush=True))
print("done", flush=True)
"""


def write(folder: Path) -> Path:
    """Every third row is a person who was there before; some rows cannot be read."""
    lines = ["nr;voornaam;achternaam;geboren;email;pas"]
    for number in range(ROWS):
        who = number - number % 3
        born = f"19{who % 80 + 10}-0{who % 9 + 1}-1{who % 9}"
        lines.append(f"{number};Naam{who};Van Achter{who};{born};klant{who}@example.com;{7_000_000 + who}")
    for bad in (40, 200, 380):
        lines[bad] = f"{bad};te;weinig"
    lines[150] = lines[150].replace("-0", "-2")
    path = folder / "customers.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def importer(path: Path, address: str) -> subprocess.Popen[str]:
    keys = {f"KLANTBEELD_{name}": getattr(settings, name) for name in ("SECRET_KEY", "MATCH_KEY", "PARTNER_KEY")}
    environment = {
        **os.environ,
        **keys,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "klantbeeld.config.settings",
    }
    command = [sys.executable, "-c", IMPORTER, str(path)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def outcome() -> dict[str, Any]:
    """What there is in the end, without ids and moments of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(r.external_id ORDER BY r.external_id) FROM identity_member m"
            " JOIN sources_record r ON r.id = m.record_id GROUP BY m.customer_id"
        )
        customers = sorted(tuple(members) for (members,) in cursor.fetchall())
        cursor.execute(
            "SELECT r.kind, r.external_id, r.state, v.data::text FROM sources_record r"
            " JOIN sources_recordversion v ON v.id = r.version_id ORDER BY 1, 2"
        )
        records = cursor.fetchall()
        cursor.execute("SELECT golden::text FROM profiles_profile")
        golden = len(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM interactions_role")
        roles = cursor.fetchone()[0]
    refused = sorted(Quarantine.objects.values_list("position", "reason", "count"))
    (run,) = Run.objects.all()
    counts = (run.state, run.rows, run.created, run.changed, run.unchanged, run.refused, run.share)
    return {
        "customers": customers,
        "records": records,
        "versions": RecordVersion.objects.count(),
        "golden": golden,
        "roles": roles,
        "refused": refused,
        "run": counts,
    }


@pytest.mark.django_db(transaction=True)
def test_import_killed_at_ten_fifty_and_ninety_percent_ends_as_one_go(
    database_url: str, database_server: Any, database_template: str, tmp_path: Path
) -> None:
    path = write(tmp_path)
    actions.declare(declaration=DECLARATION, actor=ACTOR)
    for share in (0.1, 0.5, 0.9):
        child = importer(path, database_url)
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= share * ROWS:
                break
        os.killpg(child.pid, signal.SIGKILL)
        assert child.wait(timeout=30) == -signal.SIGKILL
        child.stdout.close()
        assert Run.objects.get().state == "running"
    child = importer(path, database_url)
    lines = child.communicate(timeout=120)[0].split()
    assert lines[-1] == "done"
    assert int(lines[0]) > 0.9 * ROWS, "it began where it was"
    after_kills = outcome()

    other = f"{connection.settings_dict['NAME']}_one_go"
    database_server.clone(other, database_template)
    before = database_server.address(connection.settings_dict["NAME"])
    try:
        database_server.address(other).use()
        actions.declare(declaration=DECLARATION, actor=ACTOR)
        import_source(source_code="crm", actor=ACTOR, path=path)
        in_one_go = outcome()
    finally:
        before.use()
        database_server.drop(other)
    assert after_kills == in_one_go
    assert after_kills["run"] == ("done", ROWS, 2 * (ROWS - 3), 0, 0, 4, 1.0)
    assert ROWS // 6 < len(after_kills["customers"]) < ROWS // 2
