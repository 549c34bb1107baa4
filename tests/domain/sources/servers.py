"""Real servers for tests, on loopback: a MariaDB of our own, a real sshd, and a door to the tests' PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; its own log is the message when it ends or never does."""
    until = time.monotonic() + WAIT_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3_000:])
        time.sleep(0.05)


def answers(port: int, greeting: bytes = b"") -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(1)
            return not greeting or greeting in connection.recv(100)
    except OSError:
        return False


@contextmanager
def tcp_door(socket_path: str) -> Iterator[int]:
    """A port of this machine that leads to a unix socket: the tests' PostgreSQL listens on no port."""
    server = socket.create_server(("127.0.0.1", 0))

    def pump(from_: socket.socket, to: socket.socket) -> None:
        try:
            while data := from_.recv(65536):
                to.sendall(data)
        except OSError:
            return  # the other side is gone, which is how a connection ends
        finally:
            for one in (from_, to):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            inner = socket.socket(socket.AF_UNIX)
            inner.connect(socket_path)
            pair = [
                threading.Thread(target=pump, args=ends, daemon=True) for ends in ((client, inner), (inner, client))
            ]
            for one in pair:
                one.start()
            threading.Thread(target=close_after, args=(pair, client, inner), daemon=True).start()

    def close_after(pair: list[threading.Thread], *ends: socket.socket) -> None:
        for one in pair:
            one.join()
        for end in ends:
            end.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@contextmanager
def mariadb(folder: Path) -> Iterator[int]:
    """A MariaDB server with an empty root password; yields its port."""
    data, log = folder / "mariadb", folder / "mariadb.log"
    root = os.geteuid() == 0
    user = ["--user=root"] if root else []
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
               "--skip-test-db", *user]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True)
    port = free_port()
    server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    options = [f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/m.sock",
               "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin",
               f"--pid-file={folder}/m.pid", *user]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen([server, "--no-defaults", *options], stdout=out, stderr=out)
    try:
        wait_for(lambda: answers(port, b"MariaDB"), process, log)
        yield port
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


SSHD = "/usr/sbin/sshd"


@contextmanager
def sshd(folder: Path) -> Iterator[dict[str, str]]:
    """A real sshd that lets whoever runs the tests in, by key only, and only to files.

    Yields port, user, key (the private key as text) and host_key (as in known_hosts).
    """
    folder.chmod(0o700)
    for name in ("host", "user"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(make, check=True, capture_output=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd wants it as root
    (folder / "authorized").write_text((folder / "user.pub").read_text(), encoding="utf-8")
    port = free_port()
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPubkeyAuthentication yes\nUsePAM no\n"
        f"StrictModes no\nPermitRootLogin yes\nPidFile {folder}/pid\nSubsystem sftp internal-sftp\n",
        encoding="utf-8",
    )
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "config")], stdout=out, stderr=out)
    try:
        wait_for(lambda: answers(port, b"SSH-2.0"), process, log)
        yield {
            "port": str(port),
            "user": pwd.getpwuid(os.geteuid()).pw_name,
            "key": (folder / "user").read_text(encoding="utf-8"),
            "host_key": (folder / "host.pub").read_text(encoding="utf-8").strip(),
        }
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)
