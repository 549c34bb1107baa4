"""Ids: bigint inside, typed UUIDv7 outside (`cus_01h455vb4pex5vsknk084sn02q`).

The text form is TypeID (specification 0.3): a prefix, an underscore, and the UUID's 128 bits in 26 letters of
Crockford's base 32. Sorting the text sorts by time of birth.
"""

from __future__ import annotations

import os
import time
import uuid

import uuid6

from klantbeeld.kit.errors import Invalid

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
VALUE_OF = {letter: value for value, letter in enumerate(ALPHABET)}
LENGTH = 26


def new_uuid() -> uuid.UUID:
    """A new UUID version 7 (RFC 9562, section 5.7): ordered by time."""
    return uuid.UUID(int=uuid6.uuid7().int)


def new_uuids(count: int) -> list[uuid.UUID]:
    """Many new UUIDs version 7 at once, in order: the counter in rand_a keeps it (RFC 9562, section 6.2, method 1)."""
    moment = time.time_ns() // 1_000_000
    chance = os.urandom(8 * count)
    made = []
    for number in range(count):
        tail = int.from_bytes(chance[8 * number : 8 * number + 8], "big") & ((1 << 62) - 1)
        head = (moment + (number >> 12)) << 80 | 7 << 76 | (number & 0xFFF) << 64
        made.append(uuid.UUID(int=head | 2 << 62 | tail))
    return made


def format_id(prefix: str, value: uuid.UUID) -> str:
    """The public text of an id: `format_id("cus", u)` gives `cus_...`."""
    number, letters = value.int, []
    for _ in range(LENGTH):
        letters.append(ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(letters))}"


def parse_id(prefix: str, text: str) -> uuid.UUID:
    """The UUID in a public id; raises Invalid when prefix, length or letters are not right."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != LENGTH or tail[0] > "7" or any(letter not in VALUE_OF for letter in tail):
        raise Invalid(f"'{text[:40]}' is not an id of the form {prefix}_ and {LENGTH} letters.", code="id.malformed")
    number = 0
    for letter in tail:
        number = number << 5 | VALUE_OF[letter]
    return uuid.UUID(int=number)
