"""Records in JSON: one per line (NDJSON), or the items of a list anywhere in one document, in bounded memory.

A document is scanned for brackets and strings only; each item is then read by the standard library as JSON (RFC 8259)
by itself. An item that is no object, repeats a key, or holds NaN is refused alone, and reading goes on behind it.

The scan is our own: a streaming library (ijson 3.6 was measured) knows no item apart from its document, so it ends the
file at a NaN, a byte that is no text, a number of more than 64 bits or beyond a double. It reads half of a surrogate
pair as `?`, the last of two equal keys, a key `a.b` as the path a, b; and 100,000 brackets in each other take its
reader of items more than 700 MB.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from klantbeeld.engines.files.errors import Refusals, TableError
from klantbeeld.engines.files.limits import Limits
from klantbeeld.engines.files.trees import fault_of

BRACKETS = re.compile(r'["{}\[\]]')
IN_STRING = re.compile(r'["\\]')
SCALAR_END = re.compile(r"[,\]}\s]")
BLANK = re.compile(r"[ \t\r\n\ufeff]*")
BLOCK = 1 << 16
EXCERPT = 2_000
Numbered = tuple[int, dict[str, Any]]


class _ItemError(ValueError):
    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.reason, self.key = reason, key


def iterate_lines(text: TextIO, refusals: Refusals, limits: Limits) -> Iterator[Numbered]:
    """Yield (line number, object) of a text with one JSON object on each line."""
    number = 0
    while line := text.readline(limits.record_bytes):
        number += 1
        if len(line) >= limits.record_bytes and not line.endswith("\n"):
            refusals.add(number, "too_long", line[:EXCERPT])
            while (rest := text.readline(BLOCK)) and not rest.endswith("\n"):
                pass
            continue
        body = line.strip(" \t\r\n\ufeff")
        if body and (tree := _read(number, body, refusals, limits)) is not None:
            yield number, tree


def iterate_items(
    path: Path, text: TextIO, at: Sequence[str], refusals: Refusals, limits: Limits
) -> Iterator[Numbered]:
    """Yield (number of the item, object) of the list at a path; an object there is the only item.

    Raises TableError when the document breaks off or there is no such list.
    """
    scan = _Scan(path, text, limits)
    for step in at:
        scan.enter(step)
    for number, (body, too_long) in enumerate(scan.items(), start=1):
        if too_long:
            refusals.add(number, "too_long", body)
        elif (tree := _read(number, body, refusals, limits)) is not None:
            yield number, tree
    if not at:
        scan.end()


def find_list(path: Path, text: TextIO, limits: Limits) -> tuple[str, ...]:
    """The keys that lead to the first list of objects of a document; empty when it is a list or one object itself."""
    scan = _Scan(path, text, limits)
    if scan.peek() != "{":
        return ()
    return tuple(scan.first_list(limits.depth) or ())


def _read(number: int, body: str, refusals: Refusals, limits: Limits) -> dict[str, Any] | None:
    try:
        tree = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except _ItemError as error:
        refusals.add(number, error.reason, body[:EXCERPT], error.key or None)
        return None
    except RecursionError:  # the library goes some hundreds deep; `fault_of` judges what it could read
        refusals.add(number, "too_deep", body[:EXCERPT])
        return None
    except ValueError:
        refusals.add(number, "not_json", body[:EXCERPT])
        return None
    if not isinstance(tree, dict):
        refusals.add(number, "no_object", body[:EXCERPT])
        return None
    if fault := fault_of(tree, limits):
        refusals.add(number, fault[0], body[:EXCERPT], fault[1])
        return None
    return tree


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        raise _ItemError("duplicate_key", next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return made


def _no_number(name: str) -> Any:
    raise _ItemError("not_finite", name)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _ItemError("not_finite")
    return value


class _Scan:
    """A place in a document, with as much of its text as is needed."""

    def __init__(self, path: Path, text: TextIO, limits: Limits) -> None:
        self._path, self._text, self._limits = path, text, limits
        self._buffer, self._place, self._line = "", 0, 1

    def peek(self) -> str:
        """The next sign that is not blank, empty at the end."""
        while True:
            found = BLANK.match(self._buffer, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._more():
                return ""

    def enter(self, step: str) -> None:
        """Go to the value of a key of the object that stands here."""
        if self.peek() != "{":
            raise self._broken(f"there is no object with '{step}'", f"er is geen object met '{step}'")
        for key in self._keys():
            if key == step:
                return
            self._value(keep=False)
        raise self._broken(f"there is no '{step}' on the way to the records", f"er is geen '{step}' op het pad")

    def first_list(self, depth: int) -> list[str] | None:
        """Keys to the first list of objects in the object that stands here; the place is behind it or in it."""
        if depth == 0:
            return None
        for key in self._keys():
            sign = self.peek()
            if sign == "[":
                self._place += 1
                if self.peek() == "{":
                    return [key]
                self._rest_of_list()
            elif sign == "{":
                if (found := self.first_list(depth - 1)) is not None:
                    return [key, *found]
            else:
                self._value(keep=False)
        return None

    def items(self) -> Iterator[tuple[str, bool]]:
        """(text, whether it is too long) of each item of the list that stands here."""
        if self.peek() != "[":
            yield self._value(keep=True)
            return
        self._place += 1
        if self.peek() == "]":
            self._place += 1
            return
        while True:
            yield self._value(keep=True)
            match self.peek():
                case ",":
                    self._place += 1
                case "]":
                    self._place += 1
                    return
                case _:
                    raise self._broken("the list breaks off", "de lijst breekt af")

    def end(self) -> None:
        """Raise TableError when more follows."""
        if self.peek():
            raise self._broken(
                "more follows behind the document; is it one record per line (NDJSON)?",
                "achter het document volgt nog meer; is het één record per regel (NDJSON)?",
            )

    def _rest_of_list(self) -> None:
        while True:
            match self.peek():
                case "]":
                    self._place += 1
                    return
                case ",":
                    self._place += 1
                case "":
                    raise self._broken("the list breaks off", "de lijst breekt af")
                case _:
                    self._value(keep=False)

    def _keys(self) -> Iterator[str]:
        """Keys of the object that stands here, the place being before the value; the caller goes past the value."""
        self._place += 1
        while True:
            match self.peek():
                case '"':
                    body, _ = self._value(keep=True)
                    if self.peek() != ":":
                        raise self._broken("a key has no value", "een sleutel heeft geen waarde")
                    self._place += 1
                    yield str(json.loads(body, strict=False))
                case ",":
                    self._place += 1
                case "}":
                    self._place += 1
                    return
                case _:
                    raise self._broken("an object breaks off", "een object breekt af")

    def _value(self, *, keep: bool) -> tuple[str, bool]:
        """Go past the value that stands here; returns its text, and whether it was too long to keep."""
        sign = self.peek()
        if sign == "" or sign in ",:}]":
            raise self._broken("a value is missing", "er ontbreekt een waarde")
        self._buffer, self._place = self._buffer[self._place :], 0
        if sign not in '"{[':
            return self._scalar()
        place, depth, excerpt = 0, 0, ""
        while True:
            found = BRACKETS.search(self._buffer, place)
            if found is None:
                place = len(self._buffer)
            else:
                place = found.end()
                if found.group() == '"':
                    place = self._string_end(place)
                elif found.group() in "{[":
                    depth += 1
                else:
                    depth -= 1
                if depth == 0:
                    break
            if place > BLOCK and (not keep or excerpt or place > self._limits.record_bytes):
                excerpt = excerpt or self._buffer[:EXCERPT]
                self._buffer, place = self._buffer[place:], 0
            if found is None and not self._more():
                raise self._broken("the file breaks off in a value", "het bestand breekt af in een waarde")
        body, self._place = self._buffer[:place], place
        if len(body) > self._limits.record_bytes:
            excerpt = body[:EXCERPT]
        return (excerpt, True) if excerpt else (body, False)

    def _string_end(self, place: int) -> int:
        while True:
            found = IN_STRING.search(self._buffer, place)
            if found and found.group() == '"':
                return found.end()
            if found and found.end() < len(self._buffer):
                place = found.end() + 1
                continue
            place = found.start() if found else len(self._buffer)
            if len(self._buffer) > self._limits.unpacked_bytes or not self._more():
                raise self._broken("a text is not ended", "een tekst heeft geen einde")

    def _scalar(self) -> tuple[str, bool]:
        while (found := SCALAR_END.search(self._buffer)) is None:
            if len(self._buffer) > BLOCK * 4:
                raise self._broken("this is not JSON", "dit is geen JSON")
            if not self._more():
                self._place = len(self._buffer)
                return self._buffer, False
        self._place = found.start()
        return self._buffer[: self._place], False

    def _more(self) -> bool:
        block = self._text.read(BLOCK)
        if self._place > BLOCK:
            self._line += self._buffer.count("\n", 0, self._place)
            self._buffer, self._place = self._buffer[self._place :], 0
        self._buffer += block
        return bool(block)

    def _broken(self, en: str, nl: str) -> TableError:
        near = self._buffer[max(self._place - 20, 0) : self._place + 20].replace("\n", " ")
        return TableError(
            self._path,
            en=f"{en}, near '{near}'" if near else en,
            nl=f"{nl}, bij '{near}'" if near else nl,
        )
