"""Files whose rows are records with named values: Excel, NDJSON, JSON, XML, Parquet and vCard.

opened = open_records(Path("klanten.xlsx"))          # form, encoding, columns where they are fixed, what was noticed
with opened.read(refusals) as reading:               # refusals: what could not become a record
    for number, record in reading: ...               # values: text, number, yes/no, list, object; days as ISO text
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median_low as median
from typing import Any

from klantbeeld.engines.files import json_records, parquet_records, vcard, xml_records
from klantbeeld.engines.files.encoding import Encoding
from klantbeeld.engines.files.errors import Refusals, TableError, Text
from klantbeeld.engines.files.kinds import LABELS, Form, kind_of
from klantbeeld.engines.files.limits import LIMITS, Limits
from klantbeeld.engines.files.names import unique_names
from klantbeeld.engines.files.packed import open_bytes
from klantbeeld.engines.files.texts import encoding_of, open_text
from klantbeeld.engines.files.trees import text_fault
from klantbeeld.engines.files.workbook import Book, Sheet, iterate_rows
from klantbeeld.engines.files.xml_records import Shape

HEADER_ROWS = 30  # in which the row with the names of the columns is looked for
Numbered = tuple[int, dict[str, Any]]
ANY_SHAPE = Shape()
Share = Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file that was looked at. `columns`: of a table, None for trees; `place`: sheet, or path to the records."""

    path: Path
    form: Form
    columns: tuple[str, ...] | None = None
    encoding: Encoding | None = None
    compressed: bool = False
    place: str = ""
    first_row: int = 0
    shape: Shape = ANY_SHAPE
    notes: tuple[Text, ...] = ()
    limits: Limits = field(default=LIMITS)

    @property
    def label(self) -> str:
        """How the file is written, for people: `Excel, Klanten`, `XML, UTF-8, export.klant`."""
        return ", ".join(filter(None, (LABELS[self.form], self.encoding.label if self.encoding else "", self.place)))

    def read(self, refusals: Refusals) -> "Reading":
        """Begin at the first record."""
        return Reading(self, refusals)


class Reading:
    """Records of a file, one by one; `share` tells how much of it is behind us."""

    def __init__(self, opened: RecordFile, refusals: Refusals) -> None:
        self._stack = ExitStack()
        self._share: Share = lambda: None
        try:
            self._rows = self._open(opened, refusals)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Numbered]:
        return self._rows

    @property
    def share(self) -> float | None:
        """0..1 of the file that was read, None when that cannot be told."""
        return self._share()

    def _open(self, opened: RecordFile, refusals: Refusals) -> Iterator[Numbered]:
        path, limits = opened.path, opened.limits
        if opened.form == "workbook":
            book = self._stack.enter_context(Book(path, limits))
            return _workbook_rows(book, opened, refusals)
        if opened.form == "parquet":
            rows = parquet_records.ParquetRows(path, limits)
            self._share = lambda: rows.share
            return rows.iterate(refusals)
        at = _steps(opened.place, opened.form)
        if opened.form == "xml":
            file = self._stack.enter_context(open_bytes(path, compressed=opened.compressed, limits=limits))
            self._share = _share_of(path, file)
            declared = opened.encoding.name if opened.encoding else None
            return xml_records.iterate_elements(path, file, at, opened.shape, refusals, limits, declared)
        assert opened.encoding is not None  # noqa: S101 - all that is left is text
        text = self._stack.enter_context(open_text(path, opened.encoding, compressed=opened.compressed, limits=limits))
        self._share = _share_of(path, text.buffer)
        if opened.form == "ndjson":
            return json_records.iterate_lines(text, refusals, limits)
        if opened.form == "vcard":
            return vcard.iterate_cards(text, refusals, limits)
        return json_records.iterate_items(path, text, at, refusals, limits)


def open_records(
    path: Path,
    form: Form | None = None,
    *,
    encoding: str | None = None,
    place: str | None = None,
    header: Sequence[str] | None = None,
    skip: int | None = None,
    shape: Shape | None = None,
    limits: Limits = LIMITS,
) -> RecordFile:
    """Look at a file; what is given is not guessed.

    `place`: the sheet of a workbook, or the path to the records; `header`: the names of a workbook's columns when no
    row gives them; `skip`: rows before the header. Raises TableError, also when the file is of another form.
    """
    found, compressed = kind_of(path, limits)
    if form in ("json", "ndjson") and found in ("json", "ndjson", "delimited"):
        found = form  # a single record looks like a document, and what is no JSON at all is told line by line
    if found == "delimited" or (form is not None and found != form):
        wanted = LABELS[form] if form else "Excel, JSON, XML, Parquet, vCard"
        raise TableError(
            path,
            en=f"this looks like {LABELS[found]}, not like {wanted}",
            nl=f"dit lijkt op {LABELS[found]}, niet op {wanted}",
        )
    shape = shape or Shape()
    if found == "workbook":
        return _open_workbook(path, place, header, skip, limits)
    if found == "parquet":
        columns, notes = parquet_records.columns_of(path, limits)
        return RecordFile(path, found, columns, notes=notes, limits=limits)
    if found == "xml":
        given = Encoding(encoding, True) if encoding else None
        return RecordFile(path, found, None, given, compressed, place or "", shape=shape, limits=limits)
    known = encoding_of(path, compressed=compressed, declared=encoding, limits=limits)
    if found == "json" and place is None:
        with open_text(path, known, compressed=compressed, limits=limits) as text:
            place = ".".join(json_records.find_list(path, text, limits))
    return RecordFile(path, found, None, known, compressed, place or "", shape=shape, limits=limits)


def _open_workbook(
    path: Path, place: str | None, header: Sequence[str] | None, skip: int | None, limits: Limits
) -> RecordFile:
    notes: list[Text] = []
    with Book(path, limits) as book:
        sheet = book.choose(place)
        first = list(islice(iterate_rows(book, sheet), HEADER_ROWS))
        others = [one.name for one in book.sheets if one.name != sheet.name]
        if others and place is None:
            names = ", ".join(others)
            notes.append(
                {"en": f"other sheets are not read: {names}", "nl": f"andere bladen zijn niet gelezen: {names}"}
            )
    if not first:
        raise TableError(path, en=f"sheet '{sheet.name}' is empty", nl=f"blad '{sheet.name}' is leeg")
    if header is not None:
        columns, after = tuple(header), first[0][0] - 1
        after = max(after, skip or 0)
    else:
        after, cells = _header(path, sheet, first, skip, notes)
        columns = unique_names(["" if cell is None else " ".join(str(cell).split()) for cell in cells])
    if len(columns) > limits.columns:
        raise TableError(
            path,
            en=f"the sheet has {len(columns)} columns; a table may have {limits.columns}",
            nl=f"het blad heeft {len(columns)} kolommen; een tabel mag er {limits.columns} hebben",
        )
    return RecordFile(path, "workbook", columns, place=sheet.name, first_row=after, notes=tuple(notes), limits=limits)


def _header(
    path: Path, sheet: Sheet, first: list[tuple[int, list[Any]]], skip: int | None, notes: list[Text]
) -> tuple[int, list[Any]]:
    """The row with the names: the first after `skip` rows, else the first that is nearly as wide as most."""
    if skip is not None:
        after = [row for row in first if row[0] > skip]
        if not after:
            raise TableError(path, en="there is no header after the rows to skip", nl="er is geen kopregel na `skip`")
        return after[0]
    filled = [sum(cell is not None for cell in cells) for _, cells in first]
    place = next(place for place, count in enumerate(filled) if count > 0.6 * median(filled))
    if place:
        notes.append(
            {
                "en": f"the names of the columns stand in row {first[place][0]}; what is above it is not read",
                "nl": f"de namen van de kolommen staan in rij {first[place][0]}; wat erboven staat is niet gelezen",
            }
        )
    return first[place]


def _workbook_rows(book: Book, opened: RecordFile, refusals: Refusals) -> Iterator[Numbered]:
    assert opened.columns is not None  # noqa: S101 - a workbook has columns
    columns, width, last = opened.columns, len(opened.columns), opened.first_row
    for number, cells in iterate_rows(book, book.choose(opened.place)):
        if number <= opened.first_row:
            continue
        if number <= last:
            refusals.add(last, "out_of_order", f"row {number} after row {last}")
            continue
        last = number
        if len(cells) > width:
            if any(cell is not None for cell in cells[width:]):
                refusals.add(number, "too_many", _excerpt(cells))
                continue
            del cells[width:]
        row = dict(zip(columns, cells, strict=False))
        wrong = [(name, fault) for name, one in row.items() if type(one) is str and (fault := text_fault(one))]
        if wrong:
            refusals.add(number, wrong[0][1], _excerpt(cells), wrong[0][0])
            continue
        yield number, row


def _excerpt(cells: Sequence[Any]) -> str:
    return ";".join("" if cell is None else str(cell)[:100] for cell in cells[:40])


def _steps(place: str, form: Form) -> tuple[str, ...]:
    sign = "/" if form == "xml" and "/" in place else "."
    return tuple(step for step in place.split(sign) if step)


def _share_of(path: Path, file: Any) -> Share:
    size = max(path.stat().st_size, 1)
    raw: Any = getattr(getattr(file, "raw", None), "fileobj", None) or file
    return lambda: min(raw.tell() / size, 1.0)


def columns_of(opened: RecordFile, flat: Callable[[dict[str, Any]], dict[str, str]]) -> tuple[str, ...]:
    """The columns of a file as a table: its own, else every path that occurs, in the order in which they are met.

    Raises TableError when there are more than a table may have.
    """
    if opened.columns is not None:
        return opened.columns
    seen: Counter[str] = Counter()
    with opened.read(Refusals(kept=0)) as reading:
        for _, record in reading:
            seen.update(dict.fromkeys(flat(record), 1))
            if len(seen) > opened.limits.columns:
                raise TableError(
                    opened.path,
                    en=f"the records have more than {opened.limits.columns} different values",
                    nl=f"de records hebben meer dan {opened.limits.columns} verschillende waarden",
                )
    return tuple(seen)
