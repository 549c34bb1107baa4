"""64-bit keyed hashes: blake2b under the caller's secret, so that a table of keys betrays no values."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

MASK = (1 << 64) - 1
FACTOR = 0x9E3779B97F4A7C15
ORGANISATION = 0xD1B54A32D192ED03
"""Turns the keys of organisations away from those of persons."""


@lru_cache(maxsize=4096)
def salt_of(template: str, secret: bytes) -> int:
    return hash_text(f"template:{template}", secret)


def hash_text(text: str, secret: bytes) -> int:
    """A 64-bit keyed hash, never 0: 0 stands for "no key" in batch."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8, key=secret[:64], person=b"match-key").digest()
    return int.from_bytes(digest, "little") or 1


def mix(left: int, right: int) -> int:
    """Join two hashes in order."""
    mixed = ((left ^ right) * FACTOR) & MASK
    return mixed ^ (mixed >> 32) or 1


def signed(key: int) -> int:
    """As a 64-bit integer with a sign, for a database."""
    return key - (1 << 64) if key >= 1 << 63 else key
