"""Settings: each documented by one sentence, read by its type, refused with its name when it makes no sense."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from klantbeeld.config import settings
from klantbeeld.config.databases import django_database, parse_url
from klantbeeld.config.home import Home, default_home
from klantbeeld.config.options import OPTIONS, SettingError, option
from klantbeeld.config.settings_page import settings_page

ROOT = Path(__file__).resolve().parents[2]


def test_page_of_settings_is_the_list() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), "renew it: python -m klantbeeld.config.settings_page > docs/settings.md"


def test_every_setting_is_told_in_one_sentence() -> None:
    names = [entry.name for entry in OPTIONS]
    assert len(names) == len(set(names))
    assert {"DATABASE_URL", "KLANTBEELD_HOME", "KLANTBEELD_WEB_PORT"} <= set(names)
    assert [entry.name for entry in OPTIONS if not entry.meaning.endswith(".") or entry.meaning.count(". ") > 0] == []


@pytest.mark.parametrize(
    ("name", "text", "expectation"),
    [
        ("KLANTBEELD_WEB_PORT", "eighty", "a whole number"),
        ("KLANTBEELD_DEBUG", "perhaps", "yes or no"),
        ("KLANTBEELD_HOME", "here", "the absolute path of a folder"),
        ("KLANTBEELD_LANGUAGE", "fr", "nl or en"),
        ("KLANTBEELD_DATABASE_ROLE", "boss", "app or owner"),
    ],
)
def test_setting_that_makes_no_sense_is_refused_by_name(name: str, text: str, expectation: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import klantbeeld.config.settings"],
        env={**os.environ, name: text},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 1
    assert f"SettingError: {name}={text!r}: expected {expectation}" in made.stderr


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("0", False), ("On", True), ("", False)])
def test_yes_and_no_are_read(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLANTBEELD_TRIAL", text)
    monkeypatch.setattr("klantbeeld.config.options.OPTIONS", [])
    assert option("KLANTBEELD_TRIAL", not value, "A trial.") is value


def test_address_becomes_the_settings_of_the_database() -> None:
    url = "postgresql://me:se%20cret@db.example:5433/kb?sslmode=require"
    entry = django_database(Home(Path("/nowhere")), None, url=url, owner_url="", role="app", pool=0)
    found = {key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    assert found == {
        "NAME": "kb",
        "USER": "me",
        "PASSWORD": "se cret",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url", ["mysql://db/kb", "postgresql://me:hunter2@db.example", "postgresql://me:hunter2@db:x/kb?a"]
)
def test_address_that_makes_no_sense_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as caught:
        parse_url(url, "DATABASE_URL")
    assert "hunter2" not in str(caught.value)


def test_home_of_an_ordinary_user_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_home() == tmp_path / ".local" / "share" / "klantbeeld"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == tmp_path / "data" / "klantbeeld"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_home() == tmp_path / ".local" / "share" / "klantbeeld"


def test_socket_of_a_deep_home_fits_and_is_always_the_same() -> None:
    near, deep = Home(Path("/srv/kb")), Home(Path("/srv") / ("d" * 120))
    assert near.socket_dir == Path("/srv/kb/database/run")
    assert len(os.fsencode(deep.socket_dir / ".s.PGSQL.5432")) <= 103
    assert deep.socket_dir == Home(Path("/srv") / ("d" * 120)).socket_dir
    assert deep.socket_dir != Home(Path("/srv") / ("e" * 120)).socket_dir


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "kb")
    home.create()
    first = home.ensure_secrets()
    assert home.ensure_secrets() == first
    assert home.secrets_file.stat().st_mode & 0o777 == 0o600
    assert len({getattr(first, name) for name in first.__dataclass_fields__}) == 7
    assert all(len(getattr(first, name)) >= 43 for name in first.__dataclass_fields__)


def test_security_of_the_product_is_on() -> None:
    assert all("Argon2" in hasher for hasher in settings.PASSWORD_HASHERS)
    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.X_FRAME_OPTIONS == "DENY"
