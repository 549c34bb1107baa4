"""Bytes of files that may be packed (gzip, zip), counted while they come out: a bomb is refused, not unpacked."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.limits import LIMITS, Limits

GZIP = b"\x1f\x8b"
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def check_size(path: Path, limits: Limits = LIMITS) -> None:
    """Raise TableError when a file is not there, empty, or larger than may be opened."""
    try:
        size = path.stat().st_size
    except OSError as error:
        reason = error.strerror or str(error)
        raise TableError(path, en=f"cannot be read: {reason}", nl=f"kan niet worden gelezen: {reason}") from error
    if size > limits.file_bytes:
        raise TableError(
            path,
            en=f"the file is larger than {limits.file_bytes >> 20} MB; split it",
            nl=f"het bestand is groter dan {limits.file_bytes >> 20} MB; splits het",
        )


def open_bytes(path: Path, *, compressed: bool, limits: Limits = LIMITS) -> BinaryIO:
    """The bytes of a file, unpacked when it is gzip; raises TableError while reading when they are too many."""
    check_size(path, limits)
    if not compressed:
        return path.open("rb")
    unpacked = gzip.open(path, "rb")  # noqa: SIM115 - closed by the stream around it
    return io.BufferedReader(Counted(path, unpacked, path.stat().st_size, limits), 1 << 16)


def open_zip(path: Path, limits: Limits = LIMITS) -> zipfile.ZipFile:
    """A zip whose directory promises no more than may be unpacked; raises TableError."""
    check_size(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise TableError(
            path,
            en=f"this is no Excel workbook, or a damaged one: {error}",
            nl=f"dit is geen Excel-werkmap, of een beschadigde: {error}",
        ) from error
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > limits.members or _is_bomb(total, path.stat().st_size, limits):
        archive.close()
        raise too_large(path, limits)
    if any(info.flag_bits & 1 for info in infos):
        archive.close()
        raise TableError(
            path,
            en="the workbook has a password; save it without one",
            nl="de werkmap heeft een wachtwoord; sla haar zonder op",
        )
    return archive


def open_member(path: Path, archive: zipfile.ZipFile, name: str, limits: Limits = LIMITS) -> BinaryIO:
    """One file in a zip, counted while it unpacks, whatever the directory promised."""
    try:
        info = archive.getinfo(name)
        member = archive.open(info)
    except (KeyError, *DAMAGE) as error:
        raise _damaged(path, error) from error
    return io.BufferedReader(Counted(path, member, max(info.compress_size, 1), limits), 1 << 16)


def too_large(path: Path, limits: Limits) -> TableError:
    """What is said of a file that unpacks to too much."""
    return TableError(
        path,
        en=f"the file unpacks to more than {limits.unpacked_bytes >> 20} MB, or to more than {limits.ratio} times its"
        " size; it was not opened",
        nl=f"het bestand wordt uitgepakt groter dan {limits.unpacked_bytes >> 20} MB, of meer dan {limits.ratio} keer"
        " zo groot; het is niet geopend",
    )


class Counted(io.RawIOBase):
    """A stream of unpacked bytes that stops where its limit is; says of damage what it is."""

    def __init__(self, path: Path, inner: Any, packed: int, limits: Limits) -> None:
        self._path, self._inner, self._packed, self._limits = path, inner, packed, limits
        self._seen = 0
        # How far the packed file has been read, for those who show progress.
        self.fileobj: Any = getattr(inner, "fileobj", None)

    def readable(self) -> bool:
        """It is read, never written."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See io.RawIOBase; raises TableError."""
        try:
            data = self._inner.read(len(buffer))
        except DAMAGE as error:
            raise _damaged(self._path, error) from error
        self._seen += len(data)
        if _is_bomb(self._seen, self._packed, self._limits):
            raise too_large(self._path, self._limits)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file below too."""
        if not self.closed:
            self._inner.close()
        super().close()


def _is_bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > limits.unpacked_bytes or (unpacked > limits.small and unpacked > limits.ratio * packed)


def _damaged(path: Path, error: Exception) -> TableError:
    return TableError(
        path, en=f"the packed file is damaged: {error}", nl=f"het ingepakte bestand is beschadigd: {error}"
    )
