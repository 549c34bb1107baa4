"""Opaque cursors: a place in a list as text that only we read."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from klantbeeld.foundation.contracts import Cursor
from klantbeeld.kit.errors import Invalid

_BIGGEST = 2**63 - 1
_BEGINNING, _STEP = datetime.min.replace(tzinfo=UTC), timedelta(microseconds=1)
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
        raise malformed("#query/cursor")
    return numbers


def malformed(pointer: str) -> Invalid:
    """What to raise for a cursor that we never gave out; `pointer` says where it stood."""
    return Invalid(
        "cursor: not one that this list gave out; leave it away to begin.",
        code="cursor.malformed",
        errors=[{"pointer": pointer, "message": "not one of ours"}],
    )


def write_place(place: Cursor) -> str:
    """A place in the outbox."""
    return write(place.xid, place.id)


def read_place(text: str) -> Cursor:
    """The place in the outbox that a cursor stands for; an empty one is the beginning."""
    return Cursor(*read(text, 2))


def write_moment(at: datetime, number: int) -> str:
    """A place in a list that is in order of time."""
    return write((at - _BEGINNING) // _STEP, number)


def read_moment(text: str) -> tuple[datetime, int]:
    """The place in a list that is in order of time."""
    steps, number = read(text, 2)
    try:
        return _BEGINNING + steps * _STEP, number
    except OverflowError:
        raise malformed("#query/cursor") from None


def seal(place: str) -> str:
    """A place that a query gave out as text, signed, so that only what we gave out comes back."""
    return _signer().sign(place) if place else ""


def unseal(text: str) -> str:
    """The place in a sealed cursor, which stood in the body; raises Invalid when it is not one that we gave out."""
    try:
        return _signer().unsign(text) if text else ""
    except BadSignature:
        raise malformed("/cursor") from None


def _signer() -> Signer:
    return Signer(salt="exchange.cursor")
