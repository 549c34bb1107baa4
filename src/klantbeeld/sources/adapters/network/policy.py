"""Which addresses a declared host may have.

Whoever declares a source could name a machine of our own network. So a name is resolved once, all its addresses are
judged, and the connection is made to an address that was judged: a name that means something else a moment later
(DNS rebinding) gains nothing. What matters is the address, so no spelling of a host has to be understood here.
Hosts of the own network are reached only when the operator names them in KLANTBEELD_SOURCE_PRIVATE_HOSTS.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable

from django.conf import settings

from klantbeeld.kit.errors import Invalid, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
DEMO = "KLANTBEELD_DEMO_SERVICE"  # host and port of the invented systems, set by the demo itself
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: holds an IPv4 address in its last 32 bits
REFUSED = (
    ipaddress.ip_network("192.88.99.0/24"),  # relays of 6to4
    ipaddress.ip_network("2002::/16"),  # 6to4: holds an IPv4 address of which a router makes a tunnel
    ipaddress.ip_network("2001::/32"),  # Teredo, likewise
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 of one's own network
    ipaddress.ip_network("fec0::/10"),  # what used to be private
    ipaddress.ip_network("::/96"),  # what used to be IPv4
)


class ForbiddenHost(Invalid):
    """The host of a declaration has an address that may not be reached."""

    code = "sources.private_host"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"'{host[:100]}' is a machine of our own network; name it in KLANTBEELD_SOURCE_PRIVATE_HOSTS"
            " when sources may be read from it.",
            labels={
                "en": f"'{host[:100]}' is a machine of our own network; name it in KLANTBEELD_SOURCE_PRIVATE_HOSTS"
                " when sources may be read from it.",
                "nl": f"'{host[:100]}' is een machine van het eigen netwerk; noem haar in"
                " KLANTBEELD_SOURCE_PRIVATE_HOSTS wanneer er bronnen van gelezen mogen worden.",
            },
        )


def is_public(address: Address) -> bool:
    """Is it an address of the internet, that is neither ours, nor a group's, nor a way around through a tunnel?"""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.scope_id is not None:
            return False
    if any(address.version == net.version and address in net for net in REFUSED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_allowed(host: str, port: int, allowed: Iterable[str] | None = None) -> bool:
    """Does the operator name this host, or this host and port, as one of our own network that may be read?"""
    names = [*(settings.SOURCE_PRIVATE_HOSTS if allowed is None else allowed)]
    if allowed is None and (demo := os.environ.get(DEMO)):
        names.append(demo)
    host = host.strip("[]").rstrip(".").lower()
    shown = f"[{host}]" if ":" in host else host
    known = {name.strip().lower() for name in names}
    return bool(known & {host, shown, f"{shown}:{port}"})


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, every one of them judged. Raises ForbiddenHost, Unavailable when there are none."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise Unavailable(f"The host '{host[:100]}' is not found: {error}.", code="sources.unavailable") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not is_allowed(host, port) and not all(is_public(ipaddress.ip_address(one)) for one in addresses):
        raise ForbiddenHost(host)
    return addresses


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to a judged address of a host. Raises ForbiddenHost and Unavailable."""
    reason = ""
    for address in resolve(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            reason = str(error)
    raise Unavailable(f"{host[:100]}:{port} cannot be reached: {reason}.", code="sources.unavailable")
