"""CEL's getters: parts of a moment on the clock of a zone (UTC unless one is given), of a day, and of a duration.

As in CEL, getMonth, getDayOfMonth and getDayOfYear count from 0, getDate from 1, and getDayOfWeek has Sunday as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from klantbeeld.engines.expressions import values
from klantbeeld.engines.expressions.functions.bounds import bounded_local
from klantbeeld.engines.expressions.overloads import Overload, Words
from klantbeeld.engines.expressions.types import DATE, DURATION, INTEGER, MOMENT, TEXT

_PART = tuple[str, Callable[..., int], str, str, str]

_OF_DAY: tuple[_PART, ...] = (
    ("getFullYear", lambda at: at.year, "extract(year from {at})", "het jaar van {0}", "the year of {0}"),
    (
        "getMonth",
        lambda at: at.month - 1,
        "extract(month from {at}) - 1",
        "de maand (0 = januari) van {0}",
        "the month (0 = January) of {0}",
    ),
    ("getDate", lambda at: at.day, "extract(day from {at})", "de dag van de maand van {0}", "the day of month of {0}"),
    (
        "getDayOfMonth",
        lambda at: at.day - 1,
        "extract(day from {at}) - 1",
        "de dag van de maand (vanaf 0) van {0}",
        "the day of month (from 0) of {0}",
    ),
    (
        "getDayOfYear",
        lambda at: at.timetuple().tm_yday - 1,
        "extract(doy from {at}) - 1",
        "de dag van het jaar (vanaf 0) van {0}",
        "the day of year (from 0) of {0}",
    ),
    (
        "getDayOfWeek",
        lambda at: at.isoweekday() % 7,
        "extract(dow from {at})",
        "de weekdag (0 = zondag) van {0}",
        "the day of week (0 = Sunday) of {0}",
    ),
)
_OF_CLOCK: tuple[_PART, ...] = (
    ("getHours", lambda at: at.hour, "extract(hour from {at})", "het uur van {0}", "the hour of {0}"),
    ("getMinutes", lambda at: at.minute, "extract(minute from {at})", "de minuut van {0}", "the minute of {0}"),
    (
        "getSeconds",
        lambda at: at.second,
        "trunc(extract(second from {at}))",
        "de seconde van {0}",
        "the second of {0}",
    ),
)
_OF_DURATION = (
    ("getHours", 3600, "het aantal hele uren van {0}", "the number of whole hours of {0}"),
    ("getMinutes", 60, "het aantal hele minuten van {0}", "the number of whole minutes of {0}"),
    ("getSeconds", 1, "het aantal hele seconden van {0}", "the number of whole seconds of {0}"),
)


def _of_moment(part: _PART) -> Iterator[Overload]:
    name, compute, sql, nl, en = part

    def at(moment: datetime, zone: str) -> int | None:
        there = values.local(moment, zone)
        return None if there is None else compute(there)

    def in_utc(moment: datetime) -> int | None:
        return compute(moment)

    utc = sql.replace("{at}", bounded_local("({0} AT TIME ZONE 'UTC')"))
    elsewhere = sql.replace("{at}", bounded_local("({0} AT TIME ZONE {1})"))
    yield Overload(name, "method", (MOMENT,), INTEGER, in_utc, utc, Words(f"{nl} (UTC)", f"{en} (UTC)"))
    words = Words(f"{nl} (in tijdzone {{1}})", f"{en} (in time zone {{1}})")
    yield Overload(name, "method", (MOMENT, TEXT), INTEGER, at, elsewhere, words)


def _of_day(part: _PART) -> Overload:
    name, compute, sql, nl, en = part

    def of(day: date) -> int:
        return compute(day)

    return Overload(name, "method", (DATE,), INTEGER, of, sql.replace("{at}", "{0}::date"), Words(nl, en))


def _of_duration(name: str, unit: int, nl: str, en: str) -> Overload:
    def of(duration: timedelta) -> int | None:
        return values.divide_integers(values.microseconds(duration), unit * 1_000_000)

    return Overload(name, "method", (DURATION,), INTEGER, of, f"div({{0}}, {unit})", Words(nl, en))


GETTERS = (
    *(overload for part in (*_OF_DAY, *_OF_CLOCK) for overload in _of_moment(part)),
    *(_of_day(part) for part in _OF_DAY),
    *(_of_duration(*part) for part in _OF_DURATION),
)
