"""What kind of file it is, from its first bytes; the name of a file is not believed."""

import codecs
import re
from pathlib import Path
from typing import Literal

from klantbeeld.engines.files.errors import TableError
from klantbeeld.engines.files.limits import LIMITS, Limits
from klantbeeld.engines.files.packed import GZIP, open_bytes, open_zip

Form = Literal["delimited", "parquet", "workbook", "ndjson", "json", "xml", "vcard"]
LABELS: dict[Form, str] = {
    "delimited": "CSV",
    "parquet": "Parquet",
    "workbook": "Excel",
    "ndjson": "NDJSON",
    "json": "JSON",
    "xml": "XML",
    "vcard": "vCard",
}
LOOK = 1 << 16
OTHER_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook, or one with a password",
        "een oude Excel-werkmap, of een met wachtwoord",
    ),
    (b"%PDF", "a PDF document", "een PDF-document"),
    (b"SQLite format 3", "an SQLite database", "een SQLite-database"),
    (b"BZh", "compressed with bzip2", "gecomprimeerd met bzip2"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "gecomprimeerd met zstd"),
    (b"\xfd7zXZ", "compressed with xz", "gecomprimeerd met xz"),
    (b"7z\xbc\xaf", "compressed with 7-Zip", "gecomprimeerd met 7-Zip"),
)
WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HTML = re.compile(r"<(!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
XML = re.compile(r"<(\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*[\s/>])")


def kind_of(path: Path, limits: Limits = LIMITS) -> tuple[Form, bool]:
    """The form of a file and whether it is packed with gzip; raises TableError for what cannot be read as records."""
    with open_bytes(path, compressed=False, limits=limits) as file:
        start = file.read(LOOK)
    if not start:
        raise TableError(path, en="the file is empty", nl="het bestand is leeg")
    if start.startswith(b"PAR1"):
        return "parquet", False
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path, limits), False
    compressed = start.startswith(GZIP)
    if compressed:
        with open_bytes(path, compressed=True, limits=limits) as file:
            start = file.read(LOOK)
    for magic, en, nl in OTHER_KINDS:
        if start.startswith(magic):
            raise _unusable(path, en, nl)
    return _text_form(path, _decoded(start)), compressed


def _zipped(path: Path, limits: Limits) -> Form:
    with open_zip(path, limits) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)):
        if "xl/workbook.bin" in names:
            raise _unusable(path, "a binary Excel workbook (xlsb)", "een binaire Excel-werkmap (xlsb)")
        return "workbook"
    raise _unusable(path, "a zip file that is no Excel workbook", "een zip-bestand dat geen Excel-werkmap is")


def _decoded(start: bytes) -> str:
    for mark, name in WIDE:
        if start.startswith(mark):
            return start[: len(start) // 4 * 4].decode(name, "replace")
    if start[:2] in (b"<\0", b"{\0", b"[\0"):
        return start.decode("utf-16-le", "replace")
    if start[:2] in (b"\0<", b"\0{", b"\0["):
        return start.decode("utf-16-be", "replace")
    return start.decode("utf-8-sig", "replace")


def _text_form(path: Path, text: str) -> Form:
    body = text.lstrip("\ufeff \t\r\n")
    if body.startswith("<"):
        if HTML.match(body):
            raise _unusable(path, "a web page (HTML)", "een webpagina (HTML)")
        if XML.match(body):
            return "xml"
    if body[:11].upper() == "BEGIN:VCARD":
        return "vcard"
    if body.startswith("{"):
        # One object on one line may hold a list of records: the reader of JSON looks into it.
        first, _, rest = body.partition("\n")
        return "ndjson" if first.rstrip().endswith("}") and rest.lstrip()[:1] == "{" else "json"
    if re.match(r'\[\s*([\[{\]"]|$)', body):
        return "json"
    return "delimited"


def _unusable(path: Path, en: str, nl: str) -> TableError:
    return TableError(
        path,
        en=f"this is {en}; save it as CSV, Excel (xlsx), JSON, XML or Parquet first",
        nl=f"dit is {nl}; sla het eerst op als CSV, Excel (xlsx), JSON, XML of Parquet",
    )
