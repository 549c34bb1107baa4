"""Excel workbooks, made of the parts of the standard that matter: written here, so that no test needs Excel."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Style 0: general, 1: a built-in date, 2: an own date with time, 3: an amount in which a `d` is only text.
STYLES = f"""<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy hh:mm"/>
<numFmt numFmtId="165" formatCode="[Red]0.00&quot; euro paid&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/>
</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>
</styleSheet>"""


def column(number: int) -> str:
    """Letters of a column from 0: A, B ... AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(reference: str, value: object, shared: list[str] | None) -> str:
    """One cell; `("raw", xml)` is put in as it is."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return str(value[1]).replace("REF", reference)
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    if shared is None:
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
    if value not in shared:
        shared.append(str(value))
    return f'<c r="{reference}" t="s"><v>{shared.index(str(value))}</v></c>'


def sheet_xml(rows: Sequence[Sequence[object]], shared: list[str] | None) -> str:
    """A sheet of rows from row 1."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(cell(f"{column(place)}{number}", value, shared) for place, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def write_book(
    path: Path,
    sheets: dict[str, Sequence[Sequence[object]] | str],
    *,
    inline: bool = False,
    from_1904: bool = False,
    hidden: Sequence[str] = (),
) -> Path:
    """Write a workbook: sheet name -> rows, or the XML of the sheet itself."""
    shared: list[str] | None = None if inline else []
    parts = {}
    for number, content in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = content if isinstance(content, str) else sheet_xml(content, shared)
    states = {name: ' state="hidden"' if name in hidden else "" for name in sheets}
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{states[name]}/>'
        for n, name in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        properties = '<workbookPr date1904="1"/>' if from_1904 else ""
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{RELATIONS}">{properties}<sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        archive.writestr("xl/styles.xml", STYLES)
        if shared:
            texts = "".join(f"<si><t>{escape(one)}</t></si>" for one in shared)
            archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{texts}</sst>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
