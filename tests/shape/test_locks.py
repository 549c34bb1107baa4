"""The locks: every file hashed, no address of an index, and all that we declare; each dependency with its reason."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def _entries(lock: str) -> list[str]:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def _declared(*groups: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [*project["project"]["dependencies"], *(t for g in groups for t in project["dependency-groups"][g])]
    return {canonicalize_name(Requirement(text).name) for text in texts}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_hashes(lock: str) -> None:
    entries = _entries(lock)
    assert len(entries) > 50
    assert [
        entry for entry in entries if not re.match(r"^[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ;.*?)?\s+--hash=sha256:", entry)
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?://|--index|--extra-index|--find-links|file:", text) == []


@pytest.mark.parametrize(("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev", "bench"))])
def test_lock_holds_everything_that_is_declared(lock: str, groups: tuple[str, ...]) -> None:
    locked = {canonicalize_name(re.split(r"[=\[]", entry)[0]) for entry in _entries(lock)}
    assert _declared(*groups) - locked == set()


def test_both_locks_agree_on_versions() -> None:
    first, second = (dict(entry.split()[0].split("==") for entry in _entries(lock)) for lock in LOCKS)
    assert {name: (version, second.get(name)) for name, version in first.items() if second.get(name) != version} == {}


def test_every_dependency_has_its_reason() -> None:
    lines = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("dependencies = [")[1].split("\n]")[0].splitlines()
    )
    # numpy, click and the like stand in a line of their own below the heading of their group.
    without = [
        line.strip()
        for above, line in itertools.pairwise(lines)
        if line.strip().startswith('"') and not above.strip().startswith("#")
    ]
    assert without == []
