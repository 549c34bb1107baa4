"""The text of a machine's key: `kb_live_<id>_<secret><checksum>`, in letters and digits only.

The checksum lets secret scanners and forms tell a mistyped key from a real one without asking the database. The secret
has 256 bits of chance, so that a fast hash of it is enough to keep (OWASP ASVS 5.0, 6.5.2).
"""

from __future__ import annotations

import hashlib
import zlib
from typing import NamedTuple

PREFIX = "kb_live_"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH, SECRET_LENGTH, CHECK_LENGTH = 12, 43, 6
SECRET_BYTES = 32


class KeyText(NamedTuple):
    """A key taken apart."""

    key_id: str
    secret: str

    @property
    def sha256(self) -> bytes:
        """What is kept of the secret: 32 bytes."""
        return hashlib.sha256(self.secret.encode()).digest()

    @property
    def text(self) -> str:
        """The whole key as its holder gets it, once."""
        return f"{PREFIX}{self.key_id}_{self.secret}{_checksum(self.key_id, self.secret)}"


def make_key(chance: bytes) -> KeyText:
    """A key from 41 random bytes: 9 for the id, 32 for the secret."""
    if len(chance) != 9 + SECRET_BYTES:
        raise ValueError("A key takes 41 random bytes.")
    return KeyText(_base62(chance[:9], ID_LENGTH), _base62(chance[9:], SECRET_LENGTH))


def parse_key(text: str) -> KeyText | None:
    """The parts of a key, or None when the text is not one (form or checksum)."""
    if len(text) != len(PREFIX) + ID_LENGTH + 1 + SECRET_LENGTH + CHECK_LENGTH or not text.startswith(PREFIX):
        return None
    body = text[len(PREFIX) :]
    key_id, mark, tail = body[:ID_LENGTH], body[ID_LENGTH], body[ID_LENGTH + 1 :]
    if mark != "_" or not (key_id + tail).isascii() or not (key_id + tail).isalnum():
        return None
    secret, check = tail[:SECRET_LENGTH], tail[SECRET_LENGTH:]
    return KeyText(key_id, secret) if check == _checksum(key_id, secret) else None


def _checksum(key_id: str, secret: str) -> str:
    return _base62(zlib.crc32(f"{key_id}_{secret}".encode()).to_bytes(4, "big"), CHECK_LENGTH)


def _base62(data: bytes, length: int) -> str:
    number, letters = int.from_bytes(data, "big"), []
    for _ in range(length):
        number, place = divmod(number, 62)
        letters.append(ALPHABET[place])
    return "".join(reversed(letters))
