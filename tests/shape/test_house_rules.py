"""What linters, formatter, type checker and import-linter hold, held by the tests as well: CI runs nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _said_by(*command: str) -> str:
    bin_folder = Path(sys.executable).parent
    made = subprocess.run(
        [str(bin_folder / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if made.returncode == 0 else made.stdout + made.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--quiet", "."),
        ("ruff", "format", "--check", "--quiet", "."),
        ("lint-imports", "--no-cache"),
        ("mypy", "--no-error-summary"),
    ],
    ids=["ruff", "format", "imports", "types"],
)
def test_code_keeps_the_rule(command: tuple[str, ...]) -> None:
    assert _said_by(*command) == ""
