"""What a workbook consists of: its sheets, texts, and which styles are dates."""

import posixpath
import re
import tempfile
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.limits import LIMITS, Limits
from klantbeeld.engines.files.packed import open_member, open_zip
from klantbeeld.engines.files.xml_records import BLOCK, SafeParser

# Section 18.8.30: numbers of formats that are built in, with those of East Asian editions.
DATES = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
IN_MEMORY = 32 << 20  # bytes of shared texts before they go to a temporary file
RECENT = 20_000  # short texts that are kept at hand
TEXT_LIMIT = 1 << 20  # characters in one shared text; Excel itself allows 32,767


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by the name that people see."""

    name: str
    member: str
    hidden: bool


class SharedTexts:
    """The texts that cells point to, in the order of the file; large ones stand on disk."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the book
        self._ends = array("Q", [0])
        self._recent: dict[int, str] = {}  # texts return: a town, a street, a word of a list

    def add(self, text: str) -> None:
        """Take in the next text."""
        data = text.encode("utf-8", "surrogatepass")
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        if number in self._recent:
            return self._recent[number]
        if not 0 <= number < len(self):
            raise IndexError(number)
        self._file.seek(self._ends[number])
        text = self._file.read(self._ends[number + 1] - self._ends[number]).decode("utf-8", "surrogatepass")
        if len(self._recent) >= RECENT:
            self._recent.clear()
        if len(text) < 100:
            self._recent[number] = text
        return text

    def close(self) -> None:
        """Forget them."""
        self._file.close()


class Book:
    """An opened workbook; use it as a context manager. Raises TableError when it is damaged or too large."""

    def __init__(self, path: Path, limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        self._archive = open_zip(path, limits)
        self._texts: SharedTexts | None = None
        self.from_1904 = False
        try:
            self.sheets = self._find_sheets()
            self.dates = self._find_dates()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        if self._texts is not None:
            self._texts.close()

    def choose(self, name: str | None) -> Sheet:
        """The sheet of this name, else the first that is not hidden."""
        if name is None:
            return next((one for one in self.sheets if not one.hidden), self.sheets[0])
        for one in self.sheets:
            if one.name.casefold() == name.casefold():
                return one
        names = ", ".join(one.name for one in self.sheets)
        raise TableError(
            self.path, en=f"there is no sheet '{name}'; there is {names}", nl=f"er is geen blad '{name}'; wel {names}"
        )

    def open(self, sheet: Sheet) -> BinaryIO:
        """The XML of a sheet."""
        return open_member(self.path, self._archive, sheet.member, self.limits)

    @property
    def texts(self) -> SharedTexts:
        """Texts that cells point to; read when they are first asked for."""
        if self._texts is None:
            self._texts = SharedTexts()
            if "xl/sharedStrings.xml" in self._names():
                self._read_texts(self._texts)
        return self._texts

    def parse(self, member: str, **handlers: Any) -> None:
        """Run handlers of expat over a file of the workbook."""
        safe = SafeParser(self.path, self.limits)
        for name, handler in handlers.items():
            setattr(safe.parser, name, handler)
        with open_member(self.path, self._archive, member, self.limits) as file:
            while block := file.read(BLOCK):
                safe.feed(block)
            safe.feed(b"")

    def _names(self) -> frozenset[str]:
        return frozenset(self._archive.namelist())

    def _find_sheets(self) -> list[Sheet]:
        if "xl/workbook.xml" not in self._names():
            raise self._no_workbook()
        targets: dict[str, str] = {}
        listed: list[tuple[str, str, str]] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "Relationship":
                target = attributes.get("Target", "")
                full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                targets[attributes.get("Id", "")] = full

        def entry(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "sheet":
                ids = [value for key, value in attributes.items() if key.endswith(":id")]
                listed.append((attributes.get("name", ""), ids[0] if ids else "", attributes.get("state", "visible")))
            elif _local(name) == "workbookPr":
                self.from_1904 = attributes.get("date1904", "0") in ("1", "true")

        if "xl/_rels/workbook.xml.rels" in self._names():
            self.parse("xl/_rels/workbook.xml.rels", StartElementHandler=relation)
        self.parse("xl/workbook.xml", StartElementHandler=entry)
        sheets = [
            Sheet(name, targets[id_], state != "visible")
            for name, id_, state in listed
            if targets.get(id_, "") in self._names() and "chartsheet" not in targets[id_]
        ]
        if not sheets:
            raise self._no_workbook()
        return sheets

    def _find_dates(self) -> list[bool]:
        """For each cell style: is a number in it a date?"""
        found: list[bool] = []
        codes: dict[int, str] = {}
        inside: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            name = _local(name)
            if name == "numFmt":
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "xf" and "cellXfs" in inside:
                number = _number(attributes.get("numFmtId"))
                found.append(is_date(codes[number]) if number in codes else number in DATES)
            inside.append(name)

        if "xl/styles.xml" in self._names():
            self.parse("xl/styles.xml", StartElementHandler=start, EndElementHandler=lambda _name: inside.pop())
        return found

    def _read_texts(self, texts: SharedTexts) -> None:
        parts: list[str] = []
        size = 0
        state = {"t": False, "phonetic": False}

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal size
            match _local(name):
                case "si":
                    parts.clear()
                    size = 0
                case "t":
                    state["t"] = not state["phonetic"]
                case "rPh":
                    state["phonetic"] = True

        def end(name: str) -> None:
            match _local(name):
                case "si":
                    texts.add("".join(parts))
                case "t":
                    state["t"] = False
                case "rPh":
                    state["phonetic"] = False

        def text(data: str) -> None:
            nonlocal size
            size += len(data)
            if size > TEXT_LIMIT:
                raise TableError(
                    self.path,
                    en=f"a cell holds more than {TEXT_LIMIT} characters",
                    nl=f"een cel bevat meer dan {TEXT_LIMIT} tekens",
                )
            if state["t"]:
                parts.append(data)

        self.parse("xl/sharedStrings.xml", StartElementHandler=start, EndElementHandler=end, CharacterDataHandler=text)

    def _no_workbook(self) -> TableError:
        return TableError(
            self.path, en="this is no Excel workbook with sheets", nl="dit is geen Excel-werkmap met bladen"
        )


def is_date(code: str) -> bool:
    """Does a number format show days or times? Texts, colours and conditions in it do not count."""
    plain = NOT_CODE.sub("", code.split(";")[0]).lower()
    return "general" not in plain and any(sign in plain for sign in "dmyhs")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0
