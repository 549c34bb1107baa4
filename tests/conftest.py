"""What every test shares: a run folder with its watchdog, our own database harness under pytest-django, test settings.

A test that asks for `db` (or carries @pytest.mark.django_db) runs in a transaction that is rolled back; one that asks
for `transactional_db` really commits and leaves a fresh clone of the template behind (never a flush: append-only tables
refuse to be emptied, and rows that migrations made would be gone). Both connect as kb_app, as the product does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_RUN = "KLANTBEELD_TEST_RUN"
_watchdog: subprocess.Popen[bytes] | None = None


def _run_folder() -> Path:
    return Path(os.environ[_RUN])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the run folder, in memory when there is room; its workers inherit the address."""
    global _watchdog
    if not hasattr(config, "workerinput"):
        memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
        roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
        folder = Path(tempfile.mkdtemp(prefix="kbtest-", dir=memory if roomy else None)).resolve()
        # As root the tests' database runs as another user, who must be able to pass through.
        folder.chmod(0o711)
        os.environ[_RUN] = str(folder)
        # What tests start as processes of their own must not touch the installation of whoever runs the tests.
        os.environ["KLANTBEELD_HOME"] = str(folder / "home")
        os.environ.pop("DATABASE_URL", None)
        _watchdog = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("watchdog.py")), str(folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
    _use_test_settings()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the watchdog clean up, and wait for it."""
    if _watchdog is not None and _watchdog.stdin is not None:
        _watchdog.stdin.close()
        _watchdog.wait(timeout=30)


def _use_test_settings() -> None:
    from django.conf import settings

    from klantbeeld.config.home import Home

    settings.HOME = Home(_run_folder() / "home")
    settings.SECRET_KEY = "secret-key-of-the-tests-0123456789abcdef0123456789abcdef"
    settings.MATCH_KEY = "match-key-of-the-tests-0123456789abcdef0123456789abcdef"
    settings.PARTNER_KEY = "partner-key-of-the-tests-0123456789abcdef0123456789abcdef"
    # The services and databases of tests answer on loopback; that it is refused otherwise has tests of its own.
    settings.SOURCE_PRIVATE_HOSTS = ("127.0.0.1",)
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    # Argon2 is slow on purpose; its use is tested with the settings of the product.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Until `django_db_setup` there is no database, certainly not the one of whoever runs the tests.
    settings.DATABASES["default"].update(NAME="not_set_up", HOST=str(_run_folder() / "nowhere"), USER="", PASSWORD="")


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this test run, removed at its end."""
    return _run_folder()


@pytest.fixture(scope="session")
def database_server(run_folder: Path) -> Any:
    """The throw-away server of this run (tests.database.Server), started by whoever asks first."""
    from tests.database import server

    return server(run_folder)


@pytest.fixture(scope="session")
def database_template(database_server: Any, django_db_blocker: Any) -> str:
    """Name of the migrated template database."""
    with django_db_blocker.unblock():
        return str(database_server.template())


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    database_server: Any,
    database_template: str,
) -> Iterator[None]:
    """In place of pytest-django's: Django's default connection is this worker's clone of the template."""
    from django.db import connections
    from django.test import TransactionTestCase

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"klantbeeld_test_{worker}_{_run_folder().name.rsplit('-', 1)[-1]}"

    def renew(*_: object) -> None:
        connections.close_all()
        database_server.clone(name, database_template)

    with django_db_blocker.unblock():
        renew()
        address = database_server.address(name)
        address.use()
        os.environ["DATABASE_URL"] = address.url
        os.environ["KLANTBEELD_DATABASE_OWNER_URL"] = database_server.address(name, "owner").url
    patch = pytest.MonkeyPatch()
    # Django empties all tables after a test that committed.
    patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
        database_server.drop(name)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """Address of this worker's database for a process that the test starts (in DATABASE_URL already)."""
    return os.environ["DATABASE_URL"]
