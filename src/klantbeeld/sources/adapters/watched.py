"""Files that appear in a folder, here or on an SFTP server: which there are, and one of them as a file of ours."""

from __future__ import annotations

import base64
import io
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from klantbeeld.engines.files.limits import LIMITS
from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.network import connect
from klantbeeld.sources.adapters.opening import allowed
from klantbeeld.sources.adapters.secrets import fill_variables, read_secret
from klantbeeld.sources.declaration import Feed

QUIET_SECONDS = 60
SECONDS = 60.0  # that a server may keep silent
MOST = 10_000  # files in a folder that are looked at


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A file in a watched folder; `mark` tells this file from a later one of the same name."""

    name: str
    size: int
    changed_at: float  # seconds since 1970, by the clock of whoever holds it

    @property
    def mark(self) -> str:
        """Name, moment and size, as the run keeps them."""
        moment = datetime.fromtimestamp(self.changed_at, UTC)
        return f"{self.name[:200]} [{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond:06d}Z {self.size} B]"


def list_files(feed: Feed, within: Sequence[Path] | None) -> list[WatchedFile]:
    """The files of a watched feed that have not changed for a while, the oldest first.

    Raises Invalid (no such folder, or not one that may be read; a server that is not the declared one), Unavailable.
    """
    place = feed.form.get("folder") or feed.form["sftp"]
    pattern, quiet = place.get("pattern", "*"), place.get("quiet_seconds", QUIET_SECONDS)
    found = _local(feed, place, within) if "folder" in feed.form else _remote(place)
    until = time.time() - quiet
    files = [one for one in found if fnmatch(one.name.lower(), pattern.lower()) and one.changed_at <= until]
    return sorted(files, key=lambda one: (one.changed_at, one.name))


@contextmanager
def fetched(feed: Feed, file: WatchedFile, within: Sequence[Path] | None) -> Iterator[Path]:
    """A watched file as a file of this machine; what came from a server is gone afterwards."""
    if "folder" in feed.form:
        yield allowed(feed, Path(feed.form["folder"]["path"]) / file.name, within)
        return
    place = feed.form["sftp"]
    with tempfile.TemporaryDirectory(prefix="klantbeeld-") as folder, _session(place) as server:
        path = Path(folder) / "fetched"
        source = str(PurePosixPath(fill_variables(place["folder"])) / file.name)
        try:
            with server.open(source, "rb") as remote, path.open("wb") as own:
                remote.prefetch(file.size)
                size = 0
                while block := remote.read(1 << 16):
                    size += len(block)
                    if size > min(file.size, LIMITS.file_bytes):
                        raise Invalid(
                            f"{file.name} grew while it was fetched, or is too large; it is left for the next time.",
                            code="sources.file_grows",
                        )
                    own.write(block)
        except OSError as error:
            raise Unavailable(f"{file.name} cannot be fetched: {error}.", code="sources.unavailable") from error
        if size != file.size:
            raise Unavailable(f"{file.name} came in only in part.", code="sources.unavailable")
        yield path


def _local(feed: Feed, place: dict[str, Any], within: Sequence[Path] | None) -> list[WatchedFile]:
    folder = allowed(feed, Path(place["path"]), within)
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}.", code="sources.folder_missing", feed=feed.name)
    found: list[WatchedFile] = []
    for path in folder.iterdir():
        if path.name.startswith(".") or len(found) >= MOST:
            continue
        try:
            state = path.lstat()
        except FileNotFoundError:
            continue  # taken away between listing and looking
        if stat.S_ISREG(state.st_mode):  # a link could lead anywhere
            found.append(WatchedFile(path.name, state.st_size, state.st_mtime))
    return found


def _remote(place: dict[str, Any]) -> list[WatchedFile]:
    with _session(place) as server:
        try:
            entries = server.listdir_attr(fill_variables(place["folder"]))
        except OSError as error:
            raise Invalid(
                f"The folder '{place['folder']}' on {place['host']} cannot be read: {error}.",
                code="sources.folder_missing",
            ) from error
    return [
        WatchedFile(one.filename, int(one.st_size or 0), float(one.st_mtime or 0))
        for one in entries[:MOST]
        if stat.S_ISREG(one.st_mode or 0) and not one.filename.startswith(".") and "/" not in one.filename
    ]


@contextmanager
def _session(place: dict[str, Any]) -> Iterator[Any]:
    """A session with the server whose key is declared; with any other no secret is exchanged."""
    import paramiko

    host, port = fill_variables(place["host"]), int(place.get("port", 22))
    kind, encoded = place["host_key"].split()[:2]
    try:
        expected = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Invalid("`host_key` is no public key as known_hosts has it.", code="sources.host_key") from error
    secret = read_secret(place["password"]) if "password" in place else None
    key = _private_key(read_secret(place["key"])) if "key" in place else None
    connection = connect(host, port, SECONDS)
    try:
        transport = paramiko.Transport(connection)
        transport.banner_timeout = transport.auth_timeout = SECONDS
        options = transport.get_security_options()
        wanted = ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)
        options.key_types = tuple(one for one in options.key_types if one in wanted) or options.key_types
        try:
            transport.start_client(timeout=SECONDS)
            if transport.get_remote_server_key().asbytes() != expected:
                raise Invalid(
                    f"{host}:{port} shows another key than `host_key`; nothing was sent to it.", code="sources.host_key"
                )
            if key is not None:
                transport.auth_publickey(fill_variables(place["user"]), key)
            else:
                transport.auth_password(fill_variables(place["user"]), secret)
            client = paramiko.SFTPClient.from_transport(transport)
            client.get_channel().settimeout(SECONDS)
            yield client
        except paramiko.AuthenticationException as error:
            raise Invalid(f"{host}:{port} refuses the declared user.", code="sources.login") from error
        except (paramiko.SSHException, EOFError, TimeoutError) as error:
            raise Unavailable(f"{host}:{port} breaks off: {error}.", code="sources.unavailable") from error
        finally:
            transport.close()
    finally:
        connection.close()


def _private_key(text: str) -> Any:
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text + "\n"))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise Invalid(
        "The secret is no private key (OpenSSH or PEM, Ed25519, ECDSA or RSA, without passphrase).", code="sources.key"
    )
