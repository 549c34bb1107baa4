"""The declarations of the demo's systems, one YAML text each; nothing of the demo is programmed into klantbeeld."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

SERVICE_VARIABLE = "KLANTBEELD_DEMO_SERVICE"
"""Names host and port of the demo's services, for the addresses in the declarations."""

KEY_VARIABLE = "KLANTBEELD_DEMO_KEY"
"""Holds the key of the demo's services."""


def declaration_text(code: str) -> str:
    """Give the declaration of one system of the demo as it is written; FileNotFoundError for another code."""
    return (files(__package__) / f"{code}.yaml").read_text(encoding="utf-8")


def declaration_for(code: str, folder: Path) -> dict[str, Any]:
    """Give the declaration of one system with the paths of its files in a folder."""
    declaration: dict[str, Any] = yaml.safe_load(declaration_text(code))
    for feed in declaration["feeds"]:
        if "path" in feed["form"]:
            feed["form"]["path"] = str(folder / feed["form"]["path"])
    return declaration
