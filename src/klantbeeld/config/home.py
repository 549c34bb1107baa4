"""The data directory of one installation: where the embedded database, secrets, backups and run-time state live.

As an ordinary user it follows the XDG Base Directory Specification 0.8 ($XDG_DATA_HOME); as root it is
/var/lib/klantbeeld (Filesystem Hierarchy Standard 3.0, section 5.8). XDG_RUNTIME_DIR is not used: a second shell or
a scheduled job without it must find the same database.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS with the closing zero; PostgreSQL adds "/.s.PGSQL.5432".
_LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


def default_home() -> Path:
    """The data directory when KLANTBEELD_HOME does not name one."""
    if os.geteuid() == 0:
        return Path("/var/lib/klantbeeld")
    base = os.environ.get("XDG_DATA_HOME", "")
    # A relative path in the variable must be ignored, says the specification.
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "share") / "klantbeeld"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must stay secret and must stay the same: lose `match_key` and the stored match keys are worthless."""

    secret_key: str
    match_key: str
    partner_key: str
    database_superuser: str
    database_owner: str
    database_app: str
    database_partner: str

    @classmethod
    def generate(cls) -> Secrets:
        """Fresh secrets of 256 bits each."""
        return cls(**{name: secrets.token_urlsafe(32) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside one data directory."""

    folder: Path

    @property
    def secrets_file(self) -> Path:
        """Passwords and keys, readable by the owner only."""
        return self.folder / "secrets.json"

    @property
    def database(self) -> Path:
        """Everything that the database's own user owns: data, copied programs, log."""
        return self.folder / "database"

    @property
    def backups(self) -> Path:
        """Dumps made before migrations and by `klantbeeld backup`."""
        return self.folder / "backups"

    @property
    def lock_file(self) -> Path:
        """Held by the supervisor as long as it runs."""
        return self.folder / "up.lock"

    @property
    def state_file(self) -> Path:
        """What runs now: process ids and addresses."""
        return self.folder / "up.json"

    @property
    def low_disk_flag(self) -> Path:
        """Exists while there is too little room on the disk; the web answers writes with 503 then."""
        return self.folder / "low-disk"

    @property
    def demo_marker(self) -> Path:
        """Exists from the making of a new database until the demo world is loaded into it."""
        return self.folder / "demo-wanted"

    @property
    def demo_world(self) -> Path:
        """Says which invented world was loaded; exists when one was."""
        return self.folder / "demo" / "world.json"

    @property
    def socket_dir(self) -> Path:
        """Folder of the database's unix socket: inside the data directory, unless that path is too long for a socket.

        Then a folder in /tmp named after user and data directory; its 0700 mode and owner are checked before use.
        """
        inside = self.database / "run"
        if len(os.fsencode(inside / SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp") / f"klantbeeld-{os.geteuid()}-{digest}"  # noqa: S108 - owner and mode are checked

    def create(self) -> None:
        """Make the directory: others may pass through (the database's own user must) but not look."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.stat().st_uid == os.geteuid():
            self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.backups.mkdir(mode=0o700, exist_ok=True)

    def find_secrets(self) -> Secrets | None:
        """The stored secrets, or None before the first start (or for a user who may not read them)."""
        try:
            text = self.secrets_file.read_text(encoding="utf-8")
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            return None
        return Secrets(**json.loads(text))

    def ensure_secrets(self) -> Secrets:
        """The stored secrets; generated and stored with mode 0600 the first time."""
        found = self.find_secrets()
        if found is not None:
            return found
        fresh = Secrets.generate()
        draft = self.secrets_file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(fresh), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A hard link fails when the name exists: of two first starts at once, one wins and both read the same.
            os.link(draft, self.secrets_file)
        except FileExistsError:
            return self.ensure_secrets()
        finally:
            draft.unlink()
        return fresh
