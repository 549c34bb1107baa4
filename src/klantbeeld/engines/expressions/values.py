"""Values and their arithmetic, exact and bounded so that Python and PostgreSQL cannot differ; None is unknown.

Whole numbers are CEL's int (64 bits, division truncates toward zero). Other numbers are exact decimals instead of
CEL's double: |x| < 10^26, twelve decimals, each result rounded half away from zero. What overflows, and what is
divided by zero, is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_T = TypeVar("_T")

Scalar = bool | int | Decimal | str | date | datetime | timedelta
Value = Scalar | tuple[Scalar | None, ...]

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
DECIMAL_LIMIT = Decimal(10) ** 26
DECIMAL_PLACES = 12
DURATION_LIMIT = timedelta(seconds=315_576_000_000)  # as CEL: about ten thousand years
_STEP = Decimal(1).scaleb(-DECIMAL_PLACES)
EXACT = Context(prec=100, rounding=ROUND_HALF_UP)

DATE_PATTERN = r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT_PATTERN = (
    DATE_PATTERN + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
)
SECONDS_PATTERN = r"-?[0-9]{1,12}(\.[0-9]{1,6})?s"
_DATE, _MOMENT, _SECONDS = (re.compile(each) for each in (DATE_PATTERN, MOMENT_PATTERN, SECONDS_PATTERN))
_DURATION = re.compile(r"(-?)((?:[0-9]{1,12}(?:\.[0-9]{1,12})?(?:h|ms|m|us|s))+|0)")
_DURATION_PART = re.compile(r"([0-9.]+)(h|ms|m|us|s)")
_MICROSECONDS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}


# --- numbers
def bounded_integer(value: int) -> int | None:
    """Return the value if it fits in 64 bits."""
    return value if INTEGER_MIN <= value <= INTEGER_MAX else None


def bounded_decimal(value: Decimal) -> Decimal | None:
    """Return the value rounded half away from zero to twelve decimals, if it is smaller than 10^26."""
    if not value.is_finite() or abs(value) >= DECIMAL_LIMIT:
        return None
    rounded = value.quantize(_STEP, context=EXACT)
    return rounded if abs(rounded) < DECIMAL_LIMIT else None


def decimal_fits(value: Decimal) -> bool:
    """Say whether the value is held exactly, without rounding."""
    return bounded_decimal(value) == value


def divide_integers(left: int, right: int) -> int | None:
    """Return the quotient truncated toward zero (CEL, Go)."""
    if right == 0:
        return None
    quotient = abs(left) // abs(right)
    return bounded_integer(quotient if (left < 0) == (right < 0) else -quotient)


def remainder(left: int, right: int) -> int | None:
    """Return what the truncated division leaves; its sign is that of the dividend."""
    if right == 0:
        return None
    return abs(left) % abs(right) if left >= 0 else -(abs(left) % abs(right))


def divide_decimals(left: Decimal, right: Decimal) -> Decimal | None:
    """Return the quotient rounded half away from zero, from one digit more than is kept; no double rounding."""
    if right == 0:
        return None
    scaled = EXACT.divide_int(left.scaleb(DECIMAL_PLACES + 1, EXACT), right)
    return bounded_decimal(scaled.scaleb(-DECIMAL_PLACES - 1, EXACT))


# --- time
@lru_cache(maxsize=64)
def get_zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name; raises ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # OSError: a folder of zones, as "Europe"
        raise ValueError(f"There is no time zone {name!r}; use an IANA name as 'Europe/Amsterdam'.") from error


def bounded_duration(value: timedelta) -> timedelta | None:
    """Return the value if it lies within CEL's range."""
    return value if abs(value) <= DURATION_LIMIT else None


def local(moment: datetime, zone: str) -> datetime | None:
    """Return the moment on the wall clock of the zone, unknown outside the years 1 to 9999."""
    there = get_zone(zone)
    return _guard(lambda: moment.astimezone(there))


def shift_moment(moment: datetime, duration: timedelta) -> datetime | None:
    """Return the moment that lies the duration later, unknown outside the years 1 to 9999."""
    return _guard(lambda: moment + duration)


def parse_date(text: str) -> date | None:
    """Return the day written as YYYY-MM-DD, if it exists."""
    return _guard(lambda: date.fromisoformat(text)) if _DATE.fullmatch(text) else None


def parse_moment(text: str) -> datetime | None:
    """Return the moment written as in RFC 3339 with offset and at most microseconds, in UTC, if it exists."""
    return _guard(lambda: datetime.fromisoformat(text).astimezone(UTC)) if _MOMENT.fullmatch(text) else None


def parse_duration(text: str) -> timedelta | None:
    """Return the duration written as CEL writes it ("1h30m", "-2.5s"), whole microseconds only."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    parts = [(Decimal(amount), unit) for amount, unit in _DURATION_PART.findall(match[2])]
    total = sum((amount * _MICROSECONDS[unit] for amount, unit in parts), Decimal(0))
    if total != int(total):
        return None
    return _guard(lambda: bounded_duration(timedelta(microseconds=int(total)) * (-1 if match[1] else 1)))


def microseconds(value: timedelta) -> int:
    """Return the whole length in microseconds."""
    return value // timedelta(microseconds=1)


def _guard(compute: Callable[[], _T]) -> _T | None:
    try:
        return compute()
    except (ValueError, OverflowError):
        return None  # a day or moment that does not exist, or lies outside the calendar, is unknown


# --- attributes as they arrive: JSON values or the Python values they stand for
def read_boolean(raw: object) -> bool | None:
    """Return a boolean; anything else is unknown."""
    return raw if isinstance(raw, bool) else None


def read_text(raw: object) -> str | None:
    """Return a text; anything else is unknown."""
    return raw if isinstance(raw, str) else None


def read_decimal(raw: object) -> Decimal | None:
    """Return a number as exact decimal (a float by its shortest notation, as JSON writes it)."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        return bounded_decimal(Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw))
    except InvalidOperation:
        return None  # an integer of more digits than any decimal holds is out of range, hence unknown


def read_integer(raw: object) -> int | None:
    """Return a whole number within 64 bits; 3.0 counts as 3."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    if isinstance(raw, int):
        return bounded_integer(raw)
    value = Decimal(repr(raw)) if isinstance(raw, float) else raw
    if not value.is_finite() or abs(value) >= DECIMAL_LIMIT or value != int(value):
        return None
    return bounded_integer(int(value))


def read_date(raw: object) -> date | None:
    """Return a day, from a date or from YYYY-MM-DD."""
    if isinstance(raw, str):
        return parse_date(raw)
    return raw if isinstance(raw, date) and not isinstance(raw, datetime) else None


def read_moment(raw: object) -> datetime | None:
    """Return a moment in UTC, from an aware datetime or from RFC 3339 with offset; without offset it is unknown."""
    if isinstance(raw, str):
        return parse_moment(raw)
    if isinstance(raw, datetime) and raw.tzinfo is not None:
        return _guard(lambda: raw.astimezone(UTC))
    return None


def read_duration(raw: object) -> timedelta | None:
    """Return a duration, from a timedelta or from seconds as CEL writes them in JSON ("3.5s")."""
    if isinstance(raw, str):
        return parse_duration(raw) if _SECONDS.fullmatch(raw) else None
    return bounded_duration(raw) if isinstance(raw, timedelta) else None


def read_labels(raw: object) -> Mapping[str, object] | None:
    """Return the texts per language; anything but a mapping is unknown."""
    return raw if isinstance(raw, Mapping) else None


def read_list(raw: object, element: Callable[[object], Scalar | None]) -> tuple[Scalar | None, ...] | None:
    """Return a list; an element of another type is an unknown element."""
    if not isinstance(raw, list | tuple):
        return None
    return tuple(element(each) for each in raw)
