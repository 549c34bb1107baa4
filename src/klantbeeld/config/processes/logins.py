"""The accounts of the demo, remembered in the data directory so that every later start can show them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from klantbeeld.config.home import Home


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo: its role in words, and how to log in."""

    role: str
    username: str
    password: str


def keep_logins(home: Home, logins: Iterable[Login]) -> None:
    """Remember the accounts, readable by the owner only."""
    path = home.folder / "demo-logins.json"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in logins], file, ensure_ascii=False, indent=1)


def find_logins(home: Home) -> list[Login]:
    """The remembered accounts; empty without a demo."""
    try:
        text = (home.folder / "demo-logins.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [Login(**row) for row in json.loads(text)]
