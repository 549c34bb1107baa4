"""All texts of a run, each once: a value is a number from then on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from klantbeeld.engines.matching.derived import COMPILED, Derive

Codes = np.ndarray
"""int32, -1 for missing."""
FEW = 2_000
"""So many texts are read one by one, without compiled code."""


@dataclass(slots=True)
class Pool:
    """All texts of a run, once; a code is a place in the list. Empty text is missing: code -1."""

    texts: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    _data: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8), repr=False)
    _start: np.ndarray = field(default_factory=lambda: np.zeros(1, np.int64), repr=False)
    _plain: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_), repr=False)

    def code(self, text: str) -> int:
        """The code of a text, a new one when it was not met before."""
        if not text:
            return -1
        found = self.index.get(text)
        if found is None:
            found = self.index[text] = len(self.texts)
            self.texts.append(text)
        return found

    def codes(self, texts: Sequence[str]) -> Codes:
        """The codes of several texts."""
        if len(texts) < FEW:
            return np.array([self.code(t) for t in texts], dtype=np.int32)
        index, known = self.index, len(self.texts)
        place = index.setdefault
        found = np.array([place(t, len(index)) if t else -1 for t in texts], dtype=np.int32)
        self.texts.extend(islice(index, known, None))
        return found

    def derive(self, codes: Codes, function: Derive) -> Codes:
        """Apply a function of text to every distinct value behind the codes."""
        size = len(self.texts)
        table = np.full(size + 1, -1, np.int32)
        used = used_codes(codes, size)
        way = COMPILED.get(function)
        if way is None or len(used) < FEW:
            texts = self.texts
            table[used] = self.codes([function(texts[c]) for c in used.tolist()])
        else:
            quick, slow = self._parted(used)
            made, place = self._distinct(*self._made(quick, way))
            table[quick] = self.codes(made)[place]
            table[slow] = self.codes([function(self.texts[c]) for c in slow.tolist()])
        return table[codes]

    def derive_number(self, codes: Codes, function: Callable[[str], int], missing: int = 0) -> Codes:
        """The same for functions that give a number."""
        table = np.full(len(self.texts) + 1, missing, np.int32)
        used = used_codes(codes, len(self.texts))
        texts = self.texts
        table[used] = np.array([function(texts[c]) for c in used.tolist()], dtype=np.int32)
        return table[codes]

    def hashes(self, codes: Codes, function: Derive) -> np.ndarray:
        """uint64 hash of what a function makes of the texts behind the codes, 0 for nothing; good for this run only."""
        from klantbeeld.engines.matching import texts as compiled

        size = len(self.texts)
        table = np.zeros(size + 1, np.uint64)
        used = used_codes(codes, size)
        way = COMPILED.get(function)
        quick, slow = self._parted(used) if way else (used[:0], used)
        if way:
            data, start = self._made(quick, way)
            made = np.zeros(len(quick), np.uint64)
            compiled.hash_texts(data, start, made)
            table[quick] = made
        table[slow] = hashes_of([function(self.texts[c]) for c in slow.tolist()])
        return table[codes]

    def bytes(self) -> tuple[np.ndarray, np.ndarray]:
        """The UTF-8 bytes of all texts in a row, and where each starts (one more than texts)."""
        from klantbeeld.engines.matching import texts as compiled

        known = len(self._start) - 1
        if known < len(self.texts):
            data, start = bytes_of(self.texts[known:])
            plain = np.empty(len(start) - 1, np.bool_)
            compiled.plain_texts(data, start, plain)
            self._plain = np.concatenate([self._plain, plain])
            self._start = np.concatenate([self._start, start[1:] + len(self._data)])
            self._data = np.concatenate([self._data, data])
        return self._data, self._start

    def _parted(self, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Codes of texts that compiled code can read, and the others."""
        self.bytes()
        plain = self._plain[used]
        return used[plain], used[~plain]

    def _made(self, codes: np.ndarray, way: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        from klantbeeld.engines.matching import texts as compiled

        return compiled.derive(*self.bytes(), codes, way)

    @staticmethod
    def _distinct(data: np.ndarray, start: np.ndarray) -> tuple[list[str], np.ndarray]:
        """The distinct texts among many and the place of each in them."""
        import pyarrow as pa

        buffers = [None, pa.py_buffer(start), pa.py_buffer(data)]
        found = pa.Array.from_buffers(pa.large_string(), len(start) - 1, buffers).dictionary_encode()
        return found.dictionary.to_pylist(), found.indices.to_numpy()


def bytes_of(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 bytes of texts in a row, and where each starts."""
    parts = [t.encode("utf-8", "replace") for t in texts]
    start = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=start[1:])
    return np.frombuffer(bytearray(b"".join(parts) or b"\0"), np.uint8), start


def hashes_of(texts: Sequence[str]) -> np.ndarray:
    """uint64 hash per text, 0 for an empty one."""
    from klantbeeld.engines.matching import texts as compiled

    out = np.zeros(len(texts), np.uint64)
    compiled.hash_texts(*bytes_of(texts), out)
    return out


def used_codes(codes: Codes, size: int) -> np.ndarray:
    """The distinct codes that occur, without the missing one."""
    seen = np.zeros(size + 1, bool)
    seen[codes.ravel()] = True
    seen[-1] = False
    return np.flatnonzero(seen[:size])
