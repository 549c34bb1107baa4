"""Files as text: their encoding, and their characters in bounded memory."""

import io
from collections.abc import Iterator
from pathlib import Path

from klantbeeld.engines.files.encoding import Encoding, detect_encoding
from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.limits import LIMITS, Limits
from klantbeeld.engines.files.packed import open_bytes

BLOCK = 1 << 20


def encoding_of(path: Path, *, compressed: bool, declared: str | None = None, limits: Limits = LIMITS) -> Encoding:
    """The encoding of a file, detected from all its bytes unless it is declared; raises TableError."""
    if declared:
        return Encoding(declared, True)
    return detect_encoding(_blocks(path, compressed, limits))


def open_text(path: Path, encoding: Encoding, *, compressed: bool, limits: Limits = LIMITS) -> io.TextIOWrapper:
    """A file as text with its own line ends; bytes that the encoding does not have become surrogates or U+FFFD."""
    errors = "surrogateescape" if "16" not in encoding.name and "32" not in encoding.name else "replace"
    file = open_bytes(path, compressed=compressed, limits=limits)
    try:
        return io.TextIOWrapper(file, encoding=encoding.name, errors=errors, newline="")
    except LookupError:
        file.close()
        raise TableError(
            path,
            en=f"unknown encoding {encoding.name!r}; write for instance utf-8, windows-1252, iso-8859-15 or utf-16",
            nl=f"onbekende codering {encoding.name!r}; schrijf bijvoorbeeld utf-8, windows-1252, iso-8859-15 of utf-16",
        ) from None


def _blocks(path: Path, compressed: bool, limits: Limits) -> Iterator[bytes]:
    with open_bytes(path, compressed=compressed, limits=limits) as file:
        while block := file.read(BLOCK):
            yield block
