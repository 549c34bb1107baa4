"""Ports: whether they are free, and what to say when they are not."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

import psutil

from klantbeeld.config.processes.errors import ProcessError


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address listened on."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_free(host: str, ports: dict[str, int]) -> None:
    """Raise ProcessError unless every port (setting's name to number) can be listened on."""
    for setting, port in ports.items():
        problem = _problem(host, port)
        if problem is None:
            continue
        raise ProcessError(
            f"{setting}={port}: {host} port {port} cannot be used ({problem}{_holder(port)})."
            f" Free it, or take others: klantbeeld up --port {_free_row(host, port + 10, len(ports))}"
        )


def _problem(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # As the servers do: connections that linger after a restart are no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None


def _holder(port: int) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" by process {connection.pid}, {psutil.Process(connection.pid).name()}"
    return ""


def _free_row(host: str, first: int, length: int) -> int:
    """The first port of `length` free ones in a row."""
    for start in range(first, 65_000, 10):
        if all(_problem(host, start + offset) is None for offset in range(length)):
            return start
    raise ProcessError(f"No {length} free ports in a row on {host}.")
