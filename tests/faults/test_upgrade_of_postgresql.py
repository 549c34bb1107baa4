"""docs/how-to/upgrade.md, done: a data folder of an older major version is refused, dumped by it, restored by ours."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from tests.faults.installation import Installation

from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.programs import bundled_programs, programs_in


def _older_programs() -> Path:
    """Another PostgreSQL of this machine, older than ours."""
    newest = bundled_programs().major
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        try:
            if programs_in(folder).major < newest:
                return folder
        except DatabaseError:
            continue
    pytest.skip("no older PostgreSQL on this machine")


@pytest.mark.skipif("KLANTBEELD_TEST_PG" in os.environ, reason="moves to the PostgreSQL that comes with us")
def test_older_data_is_moved_as_the_document_says(run_folder: Path) -> None:
    older = _older_programs()
    folder = run_folder / f"home-{secrets.token_hex(4)}"
    before = Installation(folder, KLANTBEELD_POSTGRES_BIN=str(older))
    before.up()
    before.psql("INSERT INTO django_session VALUES ('older', '', now())")
    assert before.down() == 0

    after = Installation(folder)
    refused = after.run("up", "--port", str(after.port))
    assert refused.returncode == 1
    assert f"was made by PostgreSQL {programs_in(older).major}" in refused.stderr
    assert "docs/how-to/upgrade.md" in refused.stderr

    assert before.run("database", "start").returncode == 0
    dump = before.run("backup").stdout.strip()
    assert before.run("database", "stop").returncode == 0
    (folder / "database" / "data").rename(folder / "database" / "data-older")
    restored = after.run("restore", "--yes", dump)
    assert (restored.returncode, restored.stderr) == (0, "")
    after.up()
    assert after.psql("SELECT session_key FROM django_session") == "older"
    assert after.psql("SELECT current_setting('server_version_num')::int / 10000") == str(bundled_programs().major)
    assert after.down() == 0
