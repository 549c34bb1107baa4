"""Which hosts a declaration reaches: no spelling of our own network, and only the address that was judged."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from klantbeeld.kit.errors import Invalid, Unavailable
from klantbeeld.sources.adapters.network import CheckedTransport, ForbiddenHost, connect, is_public, resolve
from klantbeeld.sources.adapters.rest import RestInput
from klantbeeld.sources.declaration import Feed, Reading

# Spellings of this machine and of others that are nobody's business.
SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1",
    "0", "0.0.0.0",  # noqa: S104 - it is called, not listened on
    "0177.0.0.1", "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "LocalHost.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]",
    "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
    "[::ffff:169.254.169.254]",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", 
    "１２７.0.0.1", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "①②⑦.0.0.1",
]  # fmt: skip


class Listener:
    """A port of this machine that counts who connects."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.hosts: list[str] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                head = client.recv(65536).decode(errors="replace")
                self.hosts.append(next((line for line in head.split("\r\n") if line.lower().startswith("host:")), ""))
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")

    def stop(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    running = Listener()
    yield running
    running.stop()


def rest(url: str) -> RestInput:
    form = {"type": "rest", "url": url, "pagination": {"type": "none"}, "retries": 0}
    return RestInput(Feed("people", form, Reading(), ({"kind": "person", "external_id": "id"},)))


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_our_own_network_is_reached(listener: Listener, settings: Any, host: str) -> None:
    settings.SOURCE_PRIVATE_HOSTS = ()
    with pytest.raises((Invalid, Unavailable, httpx.InvalidURL)):
        list(rest(f"http://{host}:{listener.port}/x").chunks(None, lambda: 10))
    with pytest.raises((ForbiddenHost, Unavailable)):
        connect(host, listener.port, 5)
    assert listener.hosts == []


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.1:PORT", "localhost"])
def test_a_host_that_the_operator_names_is_reached(listener: Listener, settings: Any, allowed: str) -> None:
    settings.SOURCE_PRIVATE_HOSTS = (allowed.replace("PORT", str(listener.port)),)
    host = "localhost" if allowed == "localhost" else "127.0.0.1"
    assert list(rest(f"http://{host}:{listener.port}/x").chunks(None, lambda: 10)) == []
    assert listener.hosts == [f"Host: {host}:{listener.port}"]


def test_another_port_or_name_of_an_allowed_host_is_not_reached(listener: Listener, settings: Any) -> None:
    settings.SOURCE_PRIVATE_HOSTS = (f"127.0.0.1:{listener.port + 1}", "localhost")
    with pytest.raises(ForbiddenHost, match="KLANTBEELD_SOURCE_PRIVATE_HOSTS"):
        list(rest(f"http://127.0.0.1:{listener.port}/x").chunks(None, lambda: 10))
    assert listener.hosts == []


def test_the_address_that_was_judged_is_the_one_that_is_used(
    listener: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is judged and ours a moment later: the second answer is never asked for."""
    settings.SOURCE_PRIVATE_HOSTS = ()
    answers = iter(["93.184.215.14", "127.0.0.1"])
    asked: list[str] = []
    real = socket.getaddrinfo

    def changing(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name == "rebind.example":
            asked.append(name)
            return real(next(answers), port, *rest, **more)
        return real(host, port, *rest, **more)

    tried: list[Any] = []

    def refuse(address: Any, *rest: Any, **more: Any) -> Any:
        tried.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(httpx.ConnectError), httpx.Client(transport=CheckedTransport(), trust_env=False) as client:
        client.get(f"http://rebind.example:{listener.port}/")
    assert (asked, tried, listener.hosts) == (["rebind.example"], ["93.184.215.14"], [])


def test_one_private_address_among_public_ones_refuses_the_host(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SOURCE_PRIVATE_HOSTS = ()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ForbiddenHost):
        resolve("mixed.example", 443)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
