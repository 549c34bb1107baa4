"""Reading one value: text to date, moment, number, money, yes or no. A value that cannot be read says why."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from klantbeeld.kit.labels import Label

TEXT_LIMIT = 20_000
YEARS = range(1000, 2201)
YES = frozenset({"true", "1", "yes", "y", "ja", "j", "waar", "t", "x"})
NO = frozenset({"false", "0", "no", "n", "nee", "onwaar", "f"})
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
ISO = re.compile(
    r"(?P<yyyy>\d{4})(?:-?(?P<mm>\d{2})(?:-?(?P<dd>\d{2})"
    r"(?:[T ](?P<HH>\d{2}):?(?P<MM>\d{2})(?::?(?P<SS>\d{2})(?:[.,]\d+)?)?\s?"
    r"(?P<zone>Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?)?)?"
)
NUMBER = {
    ".": re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+"),
    ",": re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?|[-+]?,\d+"),
}
CURRENCY = re.compile(r"^(?:€|EUR|\$|USD|£|GBP)\s*|\s*(?:€|EUR|\$|USD|£|GBP)$")
PARTS = re.compile(r"yyyy|mm?|dd?|HH|MM|SS")
PART_PATTERNS = {"m": r"\d{1,2}", "d": r"\d{1,2}", "yyyy": r"\d{4}"}


class Unreadable(Exception):  # noqa: N818 - a value is unreadable
    """A value that cannot be read; `reason` is a stable code, `message` says what was expected."""

    def __init__(self, reason: str, value: Any, nl: str, en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = str(value)
        self.message = Label(nl=nl, en=en)


def read_text(value: Any) -> str:
    """Text as it is kept; numbers and yes/no of JSON become text."""
    if type(value) is not str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        raise Unreadable(
            "text.nested", value, "hier staat een lijst of object, geen waarde", "a list or object, no value"
        )
    if len(value) > TEXT_LIMIT:
        raise Unreadable(
            "text.too_long", value[:200], f"langer dan {TEXT_LIMIT} tekens", f"longer than {TEXT_LIMIT} characters"
        )
    return value


def read_number(value: Any, decimal: str) -> int | float:
    """A number; with a decimal comma the dot separates thousands, and the other way round."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _plain_number(value, decimal, "number.unreadable")
    return float(text) if "." in text else int(text)


def read_money(value: Any, decimal: str) -> str:
    """An amount as decimal text ("1234.50"); a currency sign around it is dropped."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = repr(value)
        if "e" not in text and "n" not in text:
            return text
    return _plain_number(CURRENCY.sub("", str(value)), decimal, "money.unreadable")


def _plain_number(value: Any, decimal: str, reason: str) -> str:
    text = str(value).replace(" ", "").replace("\xa0", "")
    if text.endswith("-"):
        text = "-" + text[:-1]
    if len(text) > 40 or not NUMBER[decimal].fullmatch(text):
        raise Unreadable(
            reason, value, f"geen getal met decimaalteken '{decimal}'", f"not a number with decimal sign '{decimal}'"
        )
    text = text.replace("." if decimal == "," else ",", "").replace(",", ".").removeprefix("+")
    return "0" + text if text.startswith(".") else text


def read_boolean(value: Any) -> bool:
    """Yes or no, in the notations that Dutch and English systems use."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable("boolean.unreadable", value, "geen ja of nee", "neither yes nor no")


class DateReader:
    """Reads dates and moments in the declared patterns, tried in order; remembers values that return often."""

    def __init__(self, patterns: Sequence[str], zone: tzinfo) -> None:
        self._patterns = tuple(patterns)
        self._readers = [_reader_of(pattern) for pattern in patterns]
        self._zone = zone
        self.date = lru_cache(maxsize=65_536)(self._date)
        self.moment = lru_cache(maxsize=8_192)(self._moment)

    def _parts(self, value: Any) -> dict[str, Any]:
        text = str(value)
        for reader in self._readers:
            parts = reader(text)
            if parts is not None:
                return parts
        wanted = ", ".join(self._patterns)
        raise Unreadable("date.unreadable", value, f"geen datum volgens {wanted}", f"not a date written as {wanted}")

    def _date(self, value: Any) -> str:
        """A day as ISO 8601 text; of a day or month that is not known (00) only the known part: 1980-05, 1980."""
        parts = self._parts(value)
        if "moment" in parts:
            return str(parts["moment"].astimezone(self._zone).date().isoformat())
        year, month, day = parts["yyyy"], parts["mm"], parts["dd"]
        if year not in YEARS or month > 12 or (day and (not month or day > monthrange(year, month)[1])):
            raise Unreadable("date.impossible", value, "deze dag bestaat niet", "there is no such day")
        return f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}" if month else f"{year:04d}"

    def _moment(self, value: Any) -> datetime:
        """A moment with time zone; one without gets the zone of the source, a day begins at midnight there."""
        parts = self._parts(value)
        if "moment" in parts:
            return parts["moment"].astimezone(UTC)
        try:
            moment = datetime(
                parts["yyyy"],
                parts["mm"] or 1,
                parts["dd"] or 1,
                parts["HH"],
                parts["MM"],
                parts["SS"],
                tzinfo=parts["zone"] or self._zone,
            )
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Unreadable(
                "moment.impossible", value, "dit moment bestaat niet", "there is no such moment"
            ) from error


def read_day(text: str, *, last: bool) -> date:
    """The day of an ISO date that may be partial: its first, or its last."""
    year, month, day = int(text[:4]), int(text[5:7] or 0), int(text[8:10] or 0)
    if not month:
        return date(year, 12, 31) if last else date(year, 1, 1)
    if not day:
        return date(year, month, monthrange(year, month)[1] if last else 1)
    return date(year, month, day)


def _reader_of(pattern: str) -> Callable[[str], dict[str, Any] | None]:
    if pattern == "iso":
        return _read_iso
    if pattern in ("unix", "unix_ms"):
        scale, digits = (1000, 14) if pattern == "unix_ms" else (1, 11)
        number = re.compile(rf"-?\d{{1,{digits}}}(\.\d{{1,9}})?")

        def read_unix(text: str) -> dict[str, Any] | None:
            if not number.fullmatch(text):
                return None
            try:
                moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / scale)
            except OverflowError:  # before the year 1
                return None
            return {"moment": moment} if moment.year in YEARS else None

        return read_unix
    expression = re.compile(_expression(pattern))

    def read(text: str) -> dict[str, Any] | None:
        found = expression.fullmatch(text)
        return None if found is None else _numbers(found.groupdict())

    return read


def _expression(pattern: str) -> str:
    text, start = "", 0
    for part in PARTS.finditer(pattern):
        name = {"m": "mm", "d": "dd"}.get(part.group(), part.group())
        text += re.escape(pattern[start : part.start()]) + f"(?P<{name}>{PART_PATTERNS.get(part.group(), r'[0-9]{2}')})"
        start = part.end()
    return text + re.escape(pattern[start:])


def _read_iso(text: str) -> dict[str, Any] | None:
    found = ISO.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    zone = parts.pop("zone")
    return _numbers(parts, zone)


def _numbers(parts: dict[str, str | None], zone: str | None = None) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: int(parts.get(name) or 0) for name in ("yyyy", "mm", "dd", "HH", "MM", "SS")}
    numbers["zone"] = _zone(zone) if zone else None
    return numbers


def _zone(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
