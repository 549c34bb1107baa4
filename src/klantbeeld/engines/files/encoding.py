"""Which encoding a text file is in, from its bytes.

A byte order mark decides; then the pattern of zero bytes (UTF-16 and UTF-32 without mark); then whether all of it is
valid UTF-8, which text in another encoding almost never is (RFC 3629 section 8). What is left is a single-byte
encoding: each candidate is scored by what its letters stand next to: `é` stands between letters, `‚` does not.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# In order of preference when two explain the bytes equally well.
SINGLE_BYTE = ("windows-1252", "iso-8859-15", "cp850", "mac_roman", "windows-1250")
COMMON_LETTERS = frozenset("éëïöüèáàçñíóúâêîôûäßåøæœšžÉËÏÖÜÈÁÀÇÑÍÓÚÂÊÎÔÛÄÅØÆŒŠŽčćřěůýłńśźżąęőű")
SIGNS = frozenset("€£§©®°±²³´·«»‘’“”„–—…•¿¡½¼¾ªºµ×÷ \xa0")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "windows-1252": "Windows-1252",
    "iso-8859-15": "Latin-9 (ISO 8859-15)",
    "iso-8859-1": "Latin-1 (ISO 8859-1)",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
    "windows-1250": "Windows-1250",
}
MOSTLY = 20  # valid multi-byte sequences per broken one, from which a file is damaged UTF-8 and nothing else
CHUNK = 1 << 16
HIGH = re.compile(rb"[\x80-\xff]")
NEIGHBOURHOODS = 20_000  # non-ASCII places looked at per file


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by its Python codec name; `certain` is false when it was weighed from the letters."""

    name: str
    certain: bool

    @property
    def label(self) -> str:
        """Return the name as people write it."""
        return LABELS.get(self.name, self.name)


def detect_encoding(blocks: Iterable[bytes]) -> Encoding:
    """Return the encoding of a file given as blocks of bytes; reads all of them, keeps a bounded sample."""
    scan = _Scan()
    for block in blocks:
        if scan.marked is None and scan.seen == 0 and (marked := _marked(block)):
            return Encoding(marked, certain=True)
        scan.add(block)
    scan.finish()
    if scan.seen == 0 or (not scan.broken and not scan.zeros):
        return Encoding("utf-8", certain=True)
    if wide := _wide(scan):
        return Encoding(wide, certain=True)
    if scan.broken == 0 or scan.sequences >= MOSTLY * scan.broken:
        return Encoding("utf-8", certain=scan.broken == 0)
    return Encoding(_single_byte(scan.places), certain=False)


class _Scan:
    """What one pass over the bytes found."""

    def __init__(self) -> None:
        self.marked: str | None = None
        self.seen = 0
        self.zeros = [0, 0, 0, 0]  # by position modulo 4
        self.sequences = 0
        self.broken = 0
        self.places: Counter[bytes] = Counter()
        self._rest = b""

    def add(self, block: bytes) -> None:
        if 0 in block:
            for position in range(4):
                self.zeros[(self.seen + position) % 4] += block[position::4].count(0)
        self.seen += len(block)
        for start in range(0, len(block), CHUNK):
            chunk = block[start : start + CHUNK]
            if chunk.isascii() and not self._rest:
                continue
            if self._decided():
                self._note_places(chunk)
            else:
                self._utf8(self._rest + chunk, last=False)

    def _decided(self) -> bool:
        """Say whether so much is broken that it cannot be UTF-8; the rest is only looked at for its letters."""
        return self.broken >= 500 and self.sequences < MOSTLY * self.broken

    def finish(self) -> None:
        if self._rest:
            self._utf8(self._rest, last=True)
        if not any(self.zeros):
            self.zeros = []

    def _utf8(self, data: bytes, *, last: bool) -> None:
        self._rest = b""
        start = 0
        while True:
            try:
                _text, used = codecs.utf_8_decode(data[start:] if start else data, "strict", last)
            except UnicodeDecodeError as error:
                self.sequences += _sequences(data[start : start + error.start])
                self.broken += 1
                start += error.end
                if self._decided():
                    break
            else:
                self._rest = data[start + used :]
                self.sequences += _sequences(data[start : start + used])
                break
        if self.broken:
            self._note_places(data)

    def _note_places(self, data: bytes) -> None:
        if self.places.total() >= NEIGHBOURHOODS:
            return
        for i in (match.start() for match in HIGH.finditer(data)):
            self.places[data[max(i - 1, 0) : i].rjust(1) + data[i : i + 1] + data[i + 1 : i + 2].ljust(1)] += 1


def _sequences(valid: bytes) -> int:
    """Count the characters beyond ASCII in valid UTF-8: its bytes that start a sequence."""
    if valid.isascii():
        return 0
    return sum(1 for byte in valid if byte >= 0xC2)


def _marked(block: bytes) -> str | None:
    return next((name for mark, name in MARKS if block.startswith(mark)), None)


def _wide(scan: _Scan) -> str | None:
    """Return UTF-16 or UTF-32 when zero bytes stand where such an encoding puts them for Western text."""
    if not scan.zeros:
        return None
    share = [count / max(scan.seen / 4, 1) for count in scan.zeros]
    if min(share[1:]) > 0.7 and share[0] < 0.1:
        return "utf-32-le"
    if min(share[:3]) > 0.7 and share[3] < 0.1:
        return "utf-32-be"
    even, odd = (share[0] + share[2]) / 2, (share[1] + share[3]) / 2
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


def _single_byte(places: Counter[bytes]) -> str:
    return max(SINGLE_BYTE, key=lambda name: (_score(places, name), -SINGLE_BYTE.index(name)))


def _score(places: Counter[bytes], name: str) -> float:
    """Say how well an encoding explains the bytes: letters between letters and signs between signs are good."""
    score = 0.0
    for place, times in places.items():
        before, char, after = (bytes([b]).decode(name, "replace") for b in place)
        beside = sum(c.isalpha() for c in (before, after))
        if char == "�" or (not char.isprintable() and char != "\xa0"):
            score -= 5 * times
        elif char in COMMON_LETTERS:
            score += (1.0 if beside else 0.3) * times * (0.2 if _odd_case(before, char) else 1)
        elif char.isalpha():
            score += (0.2 if beside else -0.2) * times
        else:
            score += (0.5 if char in SIGNS and beside < 2 else -1.0) * times
    return score


def _odd_case(before: str, char: str) -> bool:
    """Say whether a capital follows a small letter, which a wrong encoding produces and a right one hardly ever."""
    return char.isupper() and before.islower()
