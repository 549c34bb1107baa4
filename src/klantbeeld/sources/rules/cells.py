"""Making the cells of a row clean: trimmed, Unicode NFC, None where there is no value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from unicodedata import normalize

from klantbeeld.sources.rules.values import TEXT_LIMIT


def clean_texts(row: Sequence[str], empty: Collection[str]) -> list[str | None]:
    """The cells of a table's row."""
    if "".join(row).isascii():
        cells: list[str | None] = [cell.strip() or None for cell in row]
    else:
        cells = [normalize("NFC", cell.strip()) or None for cell in row]
    if empty:
        cells = [None if cell in empty else cell for cell in cells]
    return cells


def clean_value(value: Any, empty: Collection[str]) -> Any:
    """One scalar of a tree; numbers and yes/no stay what they are."""
    if isinstance(value, str):
        text = normalize("NFC", value.strip())
        return None if not text or text in empty else text
    return value


def overlong(cells: Sequence[str | None]) -> list[int]:
    """Places of cells that are longer than a text may be."""
    return [place for place, cell in enumerate(cells) if cell is not None and len(cell) > TEXT_LIMIT]
