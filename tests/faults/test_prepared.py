"""Whether a database is ready as it is, which decides if a start may skip the preparing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from klantbeeld.config import settings
from klantbeeld.config.databases import OLDEST_SERVER
from klantbeeld.config.processes import prepared

PLAIN = prepared._SERVER


@pytest.fixture(autouse=True)
def _server_of_the_tests(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server of the tests keeps nothing over a power cut; what it says is what is expected here.
    with connection.cursor() as cursor:
        values = {}
        for name in prepared.GUARANTEES:
            cursor.execute("SELECT current_setting(%s)", [name])
            (values[name],) = cursor.fetchone()
    monkeypatch.setattr(prepared, "GUARANTEES", values)
    note_keys(f"'klantbeeld keys {prepared.key_fingerprint()}'", monkeypatch)


def note_keys(comment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the comment of the schema, which only its owner may write, be this expression."""
    asked = "obj_description('public'::regnamespace, 'pg_namespace')"
    assert asked in PLAIN
    monkeypatch.setattr(prepared, "_SERVER", PLAIN.replace(asked, comment))


def is_prepared() -> bool:
    connection.ensure_connection()
    return prepared.is_prepared(connection.connection)


def test_a_migrated_database_with_our_keys_is_ready() -> None:
    assert is_prepared()


def test_every_migration_of_the_apps_is_seen_on_disk() -> None:
    labels = {config.name: config.label for config in apps.get_app_configs()}
    seen = {(labels[app], name) for app, name in prepared.migrations_on_disk()}
    assert seen == set(MigrationLoader(connection).disk_migrations)


def test_an_unapplied_migration_has_to_be_prepared() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'identity' AND name = '0001_initial'")
        assert cursor.rowcount == 1
    assert not is_prepared()


@pytest.mark.parametrize("comment", ["'klantbeeld keys 0123456789abcdef'", "NULL"])
def test_other_keys_or_none_have_to_be_checked(comment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    note_keys(comment, monkeypatch)
    assert not is_prepared()


def test_a_server_that_is_too_old_or_unsafe_is_left_to_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(prepared, "OLDEST_SERVER", OLDEST_SERVER + 100)
        assert not is_prepared()
    name = next(iter(prepared.GUARANTEES))
    monkeypatch.setitem(prepared.GUARANTEES, name, "something else")
    assert not is_prepared()


def test_a_database_that_cannot_be_asked_is_left_to_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {"default": {**settings.DATABASES["default"], "HOST": "/nowhere", "OPTIONS": {}}}
    monkeypatch.setattr(settings, "DATABASES", elsewhere)
    assert not prepared.nothing_to_prepare()
