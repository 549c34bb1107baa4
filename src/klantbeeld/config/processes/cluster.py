"""One PostgreSQL data directory: create it, start it, wait out its recovery, watch it, stop it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from klantbeeld.config.databases import ROLES
from klantbeeld.config.home import SOCKET_NAME
from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.programs import Programs
from klantbeeld.config.processes.system_user import SystemUser
from klantbeeld.config.processes.tuning import GUARANTEES, access_rules, configuration, memory_mb

_FORK_SECONDS = 15.0
_LEFTOVER_SECONDS = 60.0
_TELL_SECONDS = 5.0
_SHARED_MEMORY_IN_USE = "pre-existing shared memory block"
_BUILTIN_PROVIDER_SINCE = 17
Say = Callable[[str], None]


def _silent(text: str) -> None:
    """For callers that show nothing."""


def _never() -> bool:
    """For callers that wait to the end."""
    return False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory, the programs that serve it, its socket folder and the user it runs as."""

    folder: Path
    socket_dir: Path
    programs: Programs
    user: SystemUser
    password: str = field(repr=False)
    durable: bool = True
    memory: int = field(default_factory=memory_mb)

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes; pg_ctl would hold our own output open without it."""
        return self.folder / "server.log"

    @property
    def exists(self) -> bool:
        """Whether there is a data directory."""
        return (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the data directory; a half-made one is never left under its final name.

        UTF-8 with the builtin C.UTF-8 collation (PostgreSQL 17+), so that an upgrade of the system's C library can't
        change the order in our indexes. Raises DatabaseError with what initdb said.
        """
        self._make_folders()
        draft = self.folder / "data.draft"
        password_file = self.folder / "initdb.password"
        if draft.exists():
            shutil.rmtree(draft)
        self._write_private(password_file, self.password)
        try:
            self._run(self.programs.path("initdb"), *self._initdb_options(draft, password_file))
        finally:
            password_file.unlink()
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'klantbeeld.conf'\n# Your own settings may follow here.\n")
        draft.rename(self.data)

    def check_version(self) -> None:
        """Raise DatabaseError when the data directory belongs to another major version than the programs."""
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(self.programs.major):
            raise DatabaseError(
                f"The data in {self.data} was made by PostgreSQL {found}; the installed programs are version"
                f" {self.programs.version} and cannot open it. Nothing was changed. docs/how-to/upgrade.md tells how to"
                f" move the data: dump with version {found}, restore with version {self.programs.major}."
            )

    def start(self, say: Say = _silent, is_cancelled: Callable[[], bool] = _never) -> None:
        """Start the server, or adopt the one that runs, and return when it accepts connections.

        Recovery after a crash is waited for, however long it takes (unless `is_cancelled`), with a line to `say` now
        and then. Raises DatabaseError with the end of the server's log when it does not come up.
        """
        self.check_version()
        if self.find_postmaster() is None or not self._wait_until_ready(None, say, is_cancelled):
            self._make_folders()
            self._write_configuration()
            deadline = time.monotonic() + _LEFTOVER_SECONDS
            self._clear_stale_pid(say, deadline)
            while not self._try_start(say, is_cancelled):
                # The backends of a postmaster that was killed notice within moments; starting beside them is refused.
                if time.monotonic() > deadline:
                    raise DatabaseError(f"Processes of an earlier database server do not end: {self._leftovers()}.")
                time.sleep(0.3)
        self.check_guarantees()

    def find_postmaster(self) -> psutil.Process | None:
        """The running server of this data directory, or None. A zombie or a reused process number is None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, PermissionError, ValueError):
            return None
        return _live_process_in(pid, self.data)

    def is_ready(self) -> bool:
        """Whether the server accepts connections now."""
        try:
            with self.connect(connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, database: str = "postgres", **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as superuser, in autocommit; for the supervisor and the test harness only."""
        return psycopg.connect(
            host=str(self.socket_dir),
            user=ROLES["superuser"],
            password=self.password,
            dbname=database,
            autocommit=True,
            **options,
        )

    def check_guarantees(self) -> None:
        """Raise DatabaseError unless what is acknowledged is stored: the settings of the running server are asked."""
        if not self.durable:
            return
        with self.connect() as connection:
            for name, wanted in GUARANTEES.items():
                row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
                if row is None or row[0] != wanted:
                    raise DatabaseError(
                        f"The database runs with {name} = {row and row[0]}: what it acknowledges could be lost. Remove"
                        f" that setting from {self.data}/postgresql.conf and postgresql.auto.conf."
                    )

    def stop(self, mode: str = "fast", *, seconds: int = 60) -> None:
        """Stop the server if it runs: fast (default), smart or immediate (as after a power cut)."""
        if self.find_postmaster() is None:
            return
        self._run(self.programs.path("pg_ctl"), "-D", self.data, "-m", mode, "-w", "-t", str(seconds), "stop")

    def log_tail(self, lines: int = 12) -> str:
        """The last lines of the server's log."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])

    def _initdb_options(self, draft: Path, password_file: Path) -> list[str | Path]:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.programs.major < _BUILTIN_PROVIDER_SINCE:
            locale = ["--locale=C.UTF-8"]
        safety = ["--data-checksums"] if self.durable else ["--no-sync"]
        return [
            *("-D", draft, "-U", ROLES["superuser"], "--pwfile", password_file),
            *("--auth=scram-sha-256", "--encoding=UTF8", *locale, *safety),
        ]

    def _make_folders(self) -> None:
        for path in (self.folder, self.socket_dir):
            path.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or path.stat().st_uid not in (self.user.uid, os.geteuid()):
                raise DatabaseError(f"{path} belongs to another user; remove it or set KLANTBEELD_HOME elsewhere.")
            path.chmod(0o700)
            self.user.own(path)
        if not self.user.can_read(self.folder):
            raise DatabaseError(
                f"The database's user (number {self.user.uid}) cannot reach {self.folder}: a folder above it is closed"
                " to others. Set KLANTBEELD_HOME to a folder that can be passed through, such as /var/lib/klantbeeld."
            )

    def _write_configuration(self) -> None:
        for name, text in {
            "klantbeeld.conf": configuration(self.socket_dir, durable=self.durable, memory=self.memory),
            "pg_hba.conf": access_rules(),
        }.items():
            draft = self.data / f"{name}.draft"
            self._write_private(draft, text)
            draft.replace(self.data / name)

    def _write_private(self, path: Path, text: str) -> None:
        """Write a new file for the database's user; never through a link that this user may have put there."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        self.user.own(path)

    def _clear_stale_pid(self, say: Say, deadline: float) -> None:
        """Remove the pid files of a server that is gone, when no process of it is left.

        PostgreSQL takes any live process with the number in the file for its server (after a reboot, or in a container
        where that number is in use again) and then refuses to start.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        while leftovers := self._leftovers():
            if time.monotonic() > deadline:
                raise DatabaseError(f"Processes of an earlier database server do not end: {leftovers}.")
            time.sleep(0.2)
        say("removing the mark of a database server that is gone")
        pid_file.unlink(missing_ok=True)
        (self.socket_dir / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _leftovers(self) -> list[int]:
        """Process numbers that work in the data directory (every PostgreSQL process does)."""
        return [process.pid for process in psutil.process_iter() if _live_process_in(process.pid, self.data)]

    def _try_start(self, say: Say, is_cancelled: Callable[[], bool]) -> bool:
        """One start; False when processes of an earlier server still hold its shared memory."""
        written = self.log.stat().st_size if self.log.exists() else 0
        self._run(self.programs.path("pg_ctl"), "-D", self.data, "-l", self.log, "-W", "-s", "start")
        return self._wait_until_ready(written, say, is_cancelled)

    def _wait_until_ready(self, written: int | None, say: Say, is_cancelled: Callable[[], bool]) -> bool:
        """Wait for a server; False when it cannot be had this way: an earlier one is ending, or still holds memory.

        `written`: the length of the log before we started it; None for a server that ran already.
        """
        began = told = time.monotonic()
        while not self.is_ready():
            now = time.monotonic()
            gone = self.find_postmaster() is None
            if gone and written is None:
                return False
            if gone and written is not None and (now - began > _FORK_SECONDS or self._log_since(written, "FATAL")):
                if self._log_since(written, _SHARED_MEMORY_IN_USE):
                    return False
                raise DatabaseError(f"PostgreSQL did not start; the end of {self.log}:\n{self.log_tail()}")
            if is_cancelled():
                raise DatabaseError("stopped while PostgreSQL was starting")
            if now - told > _TELL_SECONDS:
                told = now
                say(f"the database recovers what was not yet written when it stopped ({now - began:.0f} s)")
            time.sleep(0.05)
        return True

    def _log_since(self, position: int, needle: str) -> bool:
        try:
            with self.log.open("rb") as file:
                file.seek(position)
                return needle.encode() in file.read()
        except FileNotFoundError:
            return False

    def _run(self, *command: str | Path) -> None:
        """Run one of the programs as the database's user; raises DatabaseError with what it said."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}
        # Output to a file: the server that pg_ctl leaves behind would hold a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            code = subprocess.run(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=environment,
                check=False,
                umask=0o077,
                start_new_session=True,
                **self.user.run_options(),
            ).returncode
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
        if code != 0:
            log = f"\nThe end of {self.log}:\n{self.log_tail()}" if self.log.exists() else ""
            raise DatabaseError(f"{Path(command[0]).name} failed with code {code}: {text}{log}")


def _live_process_in(pid: int, folder: Path) -> psutil.Process | None:
    """The process `pid` when it lives and works in `folder`, else None."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process if Path(process.cwd()) == folder.resolve() else None
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return None
