"""`klantbeeld demo` as people and supervisors use it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from klantbeeld.cli.demo import demo


def test_files_are_written_and_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(demo, ["files", str(tmp_path / "world"), "--size", "200", "--seed", "4"])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "world").iterdir()}
    assert names == {
        "policies_relations.csv", "policies_policies.csv", "pos_cards.csv", "pos_receipts.csv", "calls_callers.csv",
        "calls_log.csv", "archive_relations.csv", "truth.csv",
    }  # fmt: skip
    assert str(tmp_path / "world" / "pos_cards.csv") in done.output


def test_files_of_all_systems_hold_the_services_too(tmp_path: Path) -> None:
    done = CliRunner().invoke(demo, ["files", str(tmp_path), "--size", "200", "--all"])
    assert done.exit_code == 0, done.output
    with (tmp_path / "shop_orders.csv").open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {"orderNumber", "sku", "unitCost", "margin"} <= set(rows[0])
    assert len(rows) > len({row["orderNumber"] for row in rows})


def test_files_into_a_folder_that_cannot_be_made_say_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = CliRunner().invoke(demo, ["files", str(tmp_path / "taken" / "world"), "--size", "200"])
    assert done.exit_code == 1
    assert f"Error: {tmp_path / 'taken' / 'world'}: Not a directory" in done.output


@pytest.fixture
def service() -> subprocess.Popen[str]:
    code = "from klantbeeld.cli import main; main()"
    command = [sys.executable, "-c", code, "demo", "serve", "--size", "200", "--port", "0", "--key", "sleutel"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})


def test_serve_answers_and_stops_in_order_on_sigterm(service: subprocess.Popen[str]) -> None:
    with service:
        try:
            assert service.stdout is not None
            address = service.stdout.readline().strip()
            assert address.endswith("/shop/v1/customers")
            answer = httpx.get(address, headers={"X-Api-Key": "sleutel"})
            assert answer.status_code == 200
            assert json.loads(answer.content)
            service.send_signal(signal.SIGTERM)
            assert service.wait(timeout=20) == 0
        finally:
            service.kill()
