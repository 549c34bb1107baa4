"""Opaque cursors: a place in a list as text that only we read."""

from __future__ import annotations

import base64
import binascii
import re

from klantbeeld.foundation.contracts import Cursor
from klantbeeld.kit.errors import Invalid

_BIGGEST = 2**63 - 1
_FORM = re.compile(r"[0-9]{1,19}(\.[0-9]{1,19})*")


def write(*numbers: int) -> str:
    """A place given by numbers."""
    return base64.urlsafe_b64encode(".".join(map(str, numbers)).encode()).decode().rstrip("=")


def read(text: str, length: int) -> tuple[int, ...]:
    """The numbers in a cursor; all zero for an empty one. Raises Invalid when it is not one that we gave out."""
    if not text:
        return (0,) * length
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        plain = ""
    numbers = tuple(map(int, plain.split("."))) if _FORM.fullmatch(plain) else ()
    if len(numbers) != length or any(number > _BIGGEST for number in numbers):
        raise Invalid(
            "cursor: not one that this list gave out; leave it away to begin.",
            code="cursor.malformed",
            errors=[{"pointer": "#query/cursor", "message": "not one of ours"}],
        )
    return numbers


def write_place(place: Cursor) -> str:
    """A place in the outbox."""
    return write(place.xid, place.id)


def read_place(text: str) -> Cursor:
    """The place in the outbox that a cursor stands for; an empty one is the beginning."""
    return Cursor(*read(text, 2))
