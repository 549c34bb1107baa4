"""Records in XML, one element each, streamed. A document type, and so every entity of its own, is refused.

An element becomes a tree: an element without elements in it is its text, its attributes stand beside it as
`name@attribute`; an element with elements is an object, its attributes in it as `@attribute`. Names are without prefix.
A repeated element is a list. Where a list is wanted (`lists`), each of its elements is an object with `#text`, also
when there is only one.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from klantbeeld.engines.files.errors import Refusals, TableError
from klantbeeld.engines.files.limits import Limits
from klantbeeld.engines.files.trees import fault_of

BLOCK = 1 << 16
Numbered = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Paths in a record that are lists, and paths that hold other elements, also where they happen to be empty."""

    lists: frozenset[str] = frozenset()
    containers: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Open:
    name: str
    path: str
    attributes: dict[str, str]
    children: dict[str, Any] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)


class SafeParser:
    """An expat parser that refuses document types and depth; says where a document is wrong. Raises TableError."""

    def __init__(self, path: Path, limits: Limits, encoding: str | None = None) -> None:
        self.path = path
        self._limits = limits
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 18
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def feed(self, block: bytes) -> None:
        """Take in the next bytes; empty at the end."""
        try:
            self.parser.Parse(block, not block)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, str(error)) if hasattr(error, "code") else str(error)
            raise TableError(
                self.path, line=error.lineno, en=f"this is not XML: {reason}", nl=f"dit is geen XML: {reason}"
            ) from error
        except (LookupError, ValueError) as error:
            raise TableError(
                self.path, en=f"the encoding is not usable: {error}", nl=f"de codering is niet bruikbaar: {error}"
            ) from error

    def too_deep(self) -> TableError:
        """What is said of elements in elements in elements."""
        return TableError(
            self.path,
            line=self.parser.CurrentLineNumber,
            en=f"elements are nested deeper than {self._limits.depth}",
            nl=f"elementen zijn dieper genest dan {self._limits.depth}",
        )

    def _refuse(self, *_: object) -> None:
        raise TableError(
            self.path,
            line=self.parser.CurrentLineNumber,
            en="the document has a document type (DTD) or entities; these are refused",
            nl="het document heeft een documenttype (DTD) of entiteiten; die worden geweigerd",
        )


class _Builder:
    """Turns the events of a parser into records."""

    def __init__(self, safe: SafeParser, at: Sequence[str], shape: Shape, refusals: Refusals, limits: Limits) -> None:
        self._safe, self._at, self._shape, self._refusals, self._limits = safe, tuple(at), shape, refusals, limits
        self._outside: list[str] = []
        self._open: list[_Open] = []
        self._size = self._fields = 0
        self._wrong = ""
        self._excerpt = ""
        self.seen = 0
        self.done: deque[Numbered] = deque()
        parser = safe.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self._open) + len(self._outside) > 4 * self._limits.depth + 1_000:
            raise self._safe.too_deep()
        if self._open:
            parent = self._open[-1]
            self._fields += 1 + len(attributes)
            self._size += sum(map(len, attributes.values()))
            if len(self._open) > self._limits.depth:
                self._wrong = self._wrong or "too_deep"
            if self._fields > self._limits.fields:
                self._wrong = self._wrong or "too_many_fields"
            path = f"{parent.path}.{name}" if parent.path else name
            self._open.append(_Open(name, path, attributes if not self._wrong else {}))
        elif self._is_record(name):
            self.seen += 1
            self._size, self._fields, self._wrong, self._excerpt = 0, 0, "", ""
            self._open.append(_Open(name, "", attributes))
        else:
            self._outside.append(name)

    def _is_record(self, name: str) -> bool:
        if self._at:
            return (*self._outside, name) == self._at
        return len(self._outside) == 1

    def _text(self, text: str) -> None:
        if not self._open:
            return
        self._size += len(text)
        if self._size > self._limits.record_bytes:
            self._wrong = self._wrong or "too_long"
        if len(self._excerpt) < 200:
            self._excerpt += text[:200].strip() + " "
        if not self._wrong:
            self._open[-1].text.append(text)

    def _end(self, name: str) -> None:
        if not self._open:
            self._outside.pop()
            return
        one = self._open.pop()
        if self._wrong:
            one.children.clear()
            if not self._open:
                self._refusals.add(self.seen, self._wrong, self._excerpt)
            return
        if self._open:
            self._place(one, self._open[-1].children)
            return
        tree = _object(one)
        if fault := fault_of(tree, self._limits):
            self._refusals.add(self.seen, fault[0], self._excerpt, fault[1])
        else:
            self.done.append((self.seen, tree))

    def _place(self, one: _Open, into: dict[str, Any]) -> None:
        value: Any
        if one.path in self._shape.lists:
            into.setdefault(one.name, []).append(_object(one))
            return
        if one.children or one.path in self._shape.containers:
            value = _object(one)
        else:
            value = "".join(one.text).strip() or None
            for attribute, text in one.attributes.items():
                _add(into, f"{one.name}@{attribute.rpartition(':')[2]}", text)
        _add(into, one.name, value)


def iterate_elements(
    path: Path,
    file: BinaryIO,
    at: Sequence[str],
    shape: Shape,
    refusals: Refusals,
    limits: Limits,
    encoding: str | None = None,
) -> Iterator[Numbered]:
    """Yield (number of the record, tree) of the elements at a path from the root; without one, the root's children.

    Raises TableError when the document is broken, has a document type, or has no such element.
    """
    builder = _Builder(SafeParser(path, limits, encoding), at, shape, refusals, limits)
    while True:
        block = file.read(BLOCK)
        builder._safe.feed(block)
        while builder.done:
            yield builder.done.popleft()
        if not block:
            break
    if not builder.seen and at:
        raise TableError(
            path,
            en=f"there is no element {'/'.join(at)}; see `records_at`",
            nl=f"er is geen element {'/'.join(at)}; zie `records_at`",
        )


def _object(one: _Open) -> dict[str, Any]:
    made: dict[str, Any] = {f"@{key.rpartition(':')[2]}": value for key, value in one.attributes.items()}
    made.update(one.children)
    if text := "".join(one.text).strip():
        made["#text"] = text
    return made


def _add(into: dict[str, Any], name: str, value: Any) -> None:
    """A second value under one name makes a list; that something was repeated is never hidden."""
    if name not in into:
        into[name] = value
    elif isinstance(into[name], list):
        into[name].append(value)
    else:
        into[name] = [into[name], value]
