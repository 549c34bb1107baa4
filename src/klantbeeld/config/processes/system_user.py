"""The user that the embedded database runs as. PostgreSQL refuses to run as root, so root needs another."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klantbeeld.config.processes.errors import DatabaseError


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A user by number, and how a child process becomes that user (nothing to do when it is ourselves)."""

    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """Whether this process already is that user."""
        return self.uid == os.geteuid()

    def run_options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that start a child as this user."""
        return {} if self.is_self else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, *paths: Path) -> None:
        """Give files and folders to this user."""
        if not self.is_self:
            for path in paths:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_read(self, path: Path) -> bool:
        """Whether this user can get at `path`, tried by a child process (modes alone do not tell)."""
        if self.is_self:
            return os.access(path, os.R_OK)
        tried = subprocess.run(["/bin/sh", "-c", '[ -r "$1" ]', "sh", path], cwd="/", check=False, **self.run_options())
        return tried.returncode == 0


def current_user() -> SystemUser:
    """Whoever runs this process."""
    return SystemUser(os.geteuid(), os.getegid())


def database_user(name: str) -> SystemUser:
    """The user for the database: ourselves, or as root the system user `name`, which is made when it is missing.

    Raises DatabaseError when root has no such user and the system offers no `useradd`.
    """
    if os.geteuid() != 0:
        return current_user()
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = _create(name)
    if entry.pw_uid == 0:
        raise DatabaseError(f"KLANTBEELD_POSTGRES_USER={name} is root; PostgreSQL needs another user.")
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _create(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        raise DatabaseError(
            f"PostgreSQL does not run as root, and there is no system user {name!r} nor a program `useradd` to make it."
            " Make one and name it in KLANTBEELD_POSTGRES_USER, or start as an ordinary user."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", name], capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise DatabaseError(f"The system user {name!r} could not be made: {made.stderr.strip()}") from None
