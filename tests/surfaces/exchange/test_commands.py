"""The commands that belong to the exchange and the ground: keys, audit, openapi; in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from klantbeeld.foundation.models import ApiKey, AuditLine, User


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from klantbeeld.cli import main; main()"
    keys = {f"KLANTBEELD_{name}_KEY": "0123456789abcdef0123456789abcdef" for name in ("SECRET", "MATCH", "PARTNER")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **keys, "KLANTBEELD_LANGUAGE": "en"},
    )


@pytest.mark.usefixtures("database_url")
def test_keys_are_made_listed_used_and_revoked() -> None:
    made = run("keys", "create", "web shop", "--scope", "sources:read", "--purpose", "service", "--days", "30")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    assert "never again" in made.stderr
    client = Client()
    assert client.get("/api/v1/sources", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 200
    listed = run("keys", "list").stdout
    key_id = ApiKey.objects.get().key_id
    assert f"{key_id}  web shop  in force  sources:read  [service]" in listed
    assert key not in listed
    assert run("keys", "revoke", key_id).returncode == 0
    assert client.get("/api/v1/sources", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 401
    assert "revoked" in run("keys", "list").stdout
    assert set(AuditLine.objects.filter(actor="system:operator").values_list("action", flat=True)) == {
        "key.created",
        "key.revoked",
    }


@pytest.mark.usefixtures("database_url")
def test_key_with_an_unknown_scope_or_company_is_refused() -> None:
    for arguments in (("--scope", "customers:fly"), ("--scope", "sources:read", "--company", "nothere")):
        refused = run("keys", "create", "x", *arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "There is no" in refused.stderr


@pytest.mark.usefixtures("database_url")
def test_employee_is_made_changed_and_closed() -> None:
    password = ("--password", "een-lang-wachtwoord-42")
    made = run("users", "create", "An@Example.nl", "--name", "An", "--role", "agent", *password)
    assert made.returncode == 0, made.stderr
    assert run("users", "change", "an@example.nl", "--role", "steward").returncode == 0
    assert "an@example.nl  An  steward\n" in run("users", "list").stdout
    assert run("users", "change", "an@example.nl", "--close").returncode == 0
    user = User.objects.get()
    assert (user.email, user.roles, user.is_active) == ("an@example.nl", ["steward"], False)
    refused = run("users", "create", "bo@example.nl", "--name", "Bo", "--role", "pilot", *password)
    assert (refused.returncode, "pilot" in refused.stderr) == (1, True)
    assert "Data steward" in run("users", "roles").stdout


@pytest.mark.usefixtures("database_url")
def test_audit_is_sealed_and_verified() -> None:
    run("keys", "create", "x", "--scope", "sources:read")
    assert "lines sealed" in run("audit", "seal").stdout
    verified = run("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "as it was sealed" in verified.stdout


def test_openapi_writes_the_committed_document(tmp_path: Path) -> None:
    target = tmp_path / "openapi.json"
    assert run("openapi", "--out", str(target)).returncode == 0
    assert target.read_bytes() == (Path(__file__).parents[3] / "docs" / "openapi.json").read_bytes()
