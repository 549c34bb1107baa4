"""Birth dates of any usual notation to eight digits yyyymmdd; unknown parts are zeros."""

from __future__ import annotations

import re

from klantbeeld.engines.matching.normalise.text import fold

DEFAULTS = frozenset(
    {"19000101", "18991230", "18991231", "19010101", "19700101", "00010101", "99991231", "11111111", "17530101"}
)
"""Dates that systems fill in when nobody knows; they say nothing."""

_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "maa": 3,
    "mrt": 3,
    "mae": 3,
    "mär": 3,
    "apr": 4,
    "avr": 4,
    "may": 5,
    "mei": 5,
    "mai": 5,
    "jun": 6,
    "juin": 6,
    "jul": 7,
    "juil": 7,
    "aug": 8,
    "aou": 8,
    "sep": 9,
    "oct": 10,
    "okt": 10,
    "nov": 11,
    "dec": 12,
    "dez": 12,
}
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$", re.ASCII)
_PARTS = re.compile(r"[a-zà-ÿ]+|[0-9]+")
PIVOT = 30
"""Two-digit years from here on are of the twentieth century."""


def birth_date(text: str, month_first: bool = False) -> str:
    """Give yyyymmdd, zeros for what is unknown, "" for nothing or a system's default date.

    A wrong date of eight digits keeps its digits: it may be one typing error away from another.
    """
    iso = _ISO.match(text)
    if iso:
        return _known(iso[1] + iso[2] + iso[3])
    parts = _PARTS.findall(fold(text.split("T")[0] if text[:1].isdigit() and "T" in text else text))
    if not parts:
        return ""
    if len(parts) == 1 and parts[0].isdigit():
        return _known(_compact(parts[0], month_first))
    return _known(_from_parts(parts, month_first))


def _known(date: str) -> str:
    return "" if date in DEFAULTS or (date[:4] == "0000" and date[4:] == "0000") else date


def _compact(digits: str, month_first: bool) -> str:
    if len(digits) == 4:
        return digits + "0000"
    if len(digits) == 6 and 1000 <= int(digits[:4]) <= 2100 and 1 <= int(digits[4:]) <= 12:
        return digits + "00"
    if len(digits) != 8:
        return ""
    year_first = 1000 <= int(digits[:4]) <= 2100
    if not year_first and 1800 <= int(digits[4:]) <= 2100:
        first, second, year = digits[:2], digits[2:4], digits[4:]
        swapped = _is_month_first(int(first), int(second), month_first)
        return year + first + second if swapped else year + second + first
    return digits


def _from_parts(parts: list[str], month_first: bool) -> str:
    month = 0
    numbers: list[str] = []
    for part in parts:
        if part.isdigit():
            numbers.append(part)
        elif not month:
            month = _MONTHS.get(part[:4], _MONTHS.get(part[:3], 0))
    if month:
        if len(numbers) == 1:
            return _pack(_year(numbers[0]), month, 0)
        if len(numbers) >= 2:
            first, second = numbers[0], numbers[1]
            if len(first) == 4:
                return _pack(int(first), month, int(second))
            return _pack(_year(second), month, int(first))
        return ""
    if len(numbers) == 1:
        return _compact(numbers[0], month_first)
    if len(numbers) == 2:  # month and year
        a, b = numbers
        return _pack(int(a), int(b), 0) if len(a) == 4 else _pack(_year(b), int(a), 0)
    if len(numbers) < 3:
        return ""
    a, b, c = numbers[:3]
    if len(a) == 4:
        return _pack(int(a), int(b), int(c))
    day, number = int(a), int(b)
    if _is_month_first(day, number, month_first):
        day, number = number, day
    return _pack(_year(c), number, day)


def _is_month_first(first: int, second: int, month_first: bool) -> bool:
    if first > 12:
        return False
    return True if second > 12 else month_first


def _year(digits: str) -> int:
    year = int(digits[:4])
    if len(digits) > 2:
        return year
    return 1900 + year if year >= PIVOT else 2000 + year


def _pack(year: int, month: int, day: int) -> str:
    return f"{year % 10000:04d}{month % 100:02d}{day % 100:02d}"


def birth_parts(year: str, month: str, day: str) -> str:
    """Join a year, month and day that came in columns of their own."""
    numbers = []
    for text, limit in ((year, 10000), (month, 100), (day, 100)):
        digits = re.sub(r"[^0-9]", "", text.split(".")[0])[:4]
        numbers.append(int(digits) % limit if digits else 0)
    if year and numbers[0] and numbers[0] < 100:
        numbers[0] = _year(f"{numbers[0]:02d}")
    return _known(_pack(*numbers)) if any(numbers) else ""


def reads_month_first(values: list[str]) -> bool | None:
    """Whether the unambiguous dates of a column put the month first; None when none of them tells."""
    votes = 0
    for text in values:
        numbers = re.findall(r"[0-9]+", text)
        if len(numbers) >= 3 and len(numbers[0]) <= 2 and len(numbers[1]) <= 2:
            first, second = int(numbers[0]), int(numbers[1])
            votes += (first <= 12 < second <= 31) - (second <= 12 < first <= 31)
    return None if votes == 0 else votes > 0
