"""The keyed hash under which numbers are found; the key is a secret of the installation."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from django.conf import settings


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return blake2b(secret.encode(), digest_size=32, person=b"klantbeeld.match").digest()


def match_key() -> bytes:
    """The key of all hashes in the key table: 32 bytes made from the setting MATCH_KEY."""
    return _key(settings.MATCH_KEY)


def hash_form(form: str, key: bytes) -> int:
    """A signed 64-bit keyed hash (BLAKE2b) of a form that a number is found under."""
    return int.from_bytes(blake2b(form.encode("utf-8", "replace"), digest_size=8, key=key).digest(), "big", signed=True)
