"""Moments, durations and days. A moment is CEL's timestamp; days (`date`, `today`, days_since, ...) are our extension.

A day has no time zone; the day on which a moment falls is told in the zone that is handed in with the evaluation.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from datetime import date, datetime, timedelta

from klantbeeld.engines.expressions import values
from klantbeeld.engines.expressions.functions.bounds import bounded, bounded_duration, bounded_local, moment_from_epoch
from klantbeeld.engines.expressions.overloads import Overload, Words
from klantbeeld.engines.expressions.types import DATE, DURATION, INTEGER, MOMENT

_LATER = Words("{0} plus {1}", "{0} plus {1}")
_EARLIER = Words("{0} min {1}", "{0} minus {1}")
_BETWEEN = Words("de tijd van {1} tot {0}", "the time from {1} to {0}")
_LAST_DAY = date.max.toordinal() - date.min.toordinal()


# --- Python
def _difference(later: datetime, earlier: datetime) -> timedelta:
    return later - earlier


def _sum(left: timedelta, right: timedelta) -> timedelta | None:
    return values.bounded_duration(left + right)


def _rest(left: timedelta, right: timedelta) -> timedelta | None:
    return values.bounded_duration(left - right)


def _earlier(moment: datetime, duration: timedelta) -> datetime | None:
    return values.shift_moment(moment, -duration)


def _later(duration: timedelta, moment: datetime) -> datetime | None:
    return values.shift_moment(moment, duration)


def _day(moment: datetime, zone: str) -> date | None:
    at = values.local(moment, zone)
    return None if at is None else at.date()


def _days_between(first: date, second: date) -> int:
    return (second - first).days


def _months_between(first: date, second: date) -> int:
    """Return whole months; both before and after, as PostgreSQL's age() counts them."""
    if second < first:
        return -_months_between(second, first)
    return (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day)


def _years_between(first: date, second: date) -> int:
    months = _months_between(first, second)
    return months // 12 if months >= 0 else -(-months // 12)


def _add_days(day: date, count: int) -> date | None:
    ordinal = day.toordinal() + count
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def _add_months(day: date, count: int) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _seconds(count: int, each: int) -> timedelta | None:
    seconds = count * each
    return timedelta(seconds=seconds) if abs(seconds) <= values.DURATION_LIMIT.total_seconds() else None


# --- SQL
_DAY_OF_MOMENT = bounded_local("({0} AT TIME ZONE {zone})") + "::date"
# 10,000 years are 25 cycles of the calendar: counting from there keeps every step within what PostgreSQL can hold.
_ADD_MONTHS = (
    bounded(
        "({0} + make_interval(months => " + bounded("{1}", "-119989", "119989") + "::int + 120000))",
        "timestamp '10000-12-31 23:59:59'",
        "timestamp '20000-01-01 00:00:00'",
    )
    + " - interval '120000 months'"
)


def _age(first: str, second: str) -> str:
    return f"age({second}::timestamp, {first}::timestamp)"


def _whole_years(first: str, second: str) -> str:
    return f"extract(year from {_age(first, second)})"


def _whole_months(first: str, second: str) -> str:
    age = f"(SELECT {_age(first, second)} AS expr_v OFFSET 0) AS expr_s"
    return f"(SELECT extract(year from expr_s.expr_v) * 12 + extract(month from expr_s.expr_v) FROM {age})"  # noqa: S608


def _days(first: str, second: str) -> str:
    return f"{second}::date - {first}::date"


def _since(name: str, compute: object, sql: object, words: Words, forward: bool) -> tuple[Overload, Overload]:
    def of_day(day: date, today: date) -> int:
        return compute(day, today) if forward else compute(today, day)  # type: ignore[operator, no-any-return]

    def of_moment(moment: datetime, today: date, zone: str) -> int | None:
        day = _day(moment, zone)
        return None if day is None else of_day(day, today)

    def template(day: str) -> str:
        return sql(day, "{today}") if forward else sql("{today}", day)  # type: ignore[operator, no-any-return]

    return (
        Overload(name, "function", (DATE,), INTEGER, of_day, template("{0}"), words, ("today",)),
        Overload(name, "function", (MOMENT,), INTEGER, of_moment, template(_DAY_OF_MOMENT), words, ("today", "zone")),
    )


def _unit(name: str, seconds: int, nl: str, en: str) -> Overload:
    sql = bounded_duration(f"{{0}}::numeric * {seconds}")
    words = Words(f"{{0}} {nl}", f"{{0}} {en}")
    return Overload(name, "function", (INTEGER,), DURATION, lambda count: _seconds(count, seconds), sql, words)


CALENDAR = (
    # --- CEL: timestamps and durations
    Overload(
        "-",
        "operator",
        (MOMENT, MOMENT),
        DURATION,
        _difference,
        "extract(epoch from {0}) - extract(epoch from {1})",
        _BETWEEN,
    ),
    Overload(
        "+",
        "operator",
        (MOMENT, DURATION),
        MOMENT,
        values.shift_moment,
        moment_from_epoch("extract(epoch from {0}) + {1}"),
        _LATER,
    ),
    Overload(
        "+",
        "operator",
        (DURATION, MOMENT),
        MOMENT,
        _later,
        moment_from_epoch("{0} + extract(epoch from {1})"),
        _LATER,
    ),
    Overload(
        "-",
        "operator",
        (MOMENT, DURATION),
        MOMENT,
        _earlier,
        moment_from_epoch("extract(epoch from {0}) - {1}"),
        _EARLIER,
    ),
    Overload("+", "operator", (DURATION, DURATION), DURATION, _sum, bounded_duration("{0} + {1}"), _LATER),
    Overload("-", "operator", (DURATION, DURATION), DURATION, _rest, bounded_duration("{0} - {1}"), _EARLIER),
    Overload("-", "operator", (DURATION,), DURATION, operator.neg, "- {0}", Words("min {0}", "minus {0}")),
    # --- extension: durations from numbers, days
    _unit("days", 86_400, "dagen", "days"),
    _unit("hours", 3_600, "uur", "hours"),
    _unit("minutes", 60, "minuten", "minutes"),
    Overload(
        "date",
        "function",
        (MOMENT,),
        DATE,
        _day,
        _DAY_OF_MOMENT,
        Words("de dag van {0}", "the day of {0}"),
        ("zone",),
    ),
    Overload(
        "add_days",
        "function",
        (DATE, INTEGER),
        DATE,
        _add_days,
        "date '0001-01-01' + "
        + bounded("({0} - date '0001-01-01') + {1}::numeric", "-1", str(_LAST_DAY + 1))
        + "::int",
        Words("{0} plus {1} dagen", "{0} plus {1} days"),
    ),
    Overload(
        "add_months",
        "function",
        (DATE, INTEGER),
        DATE,
        _add_months,
        f"({_ADD_MONTHS})::date",
        Words("{0} plus {1} maanden", "{0} plus {1} months"),
    ),
    Overload(
        "days_between",
        "function",
        (DATE, DATE),
        INTEGER,
        _days_between,
        _days("{0}", "{1}"),
        Words("het aantal dagen van {0} tot {1}", "the number of days from {0} to {1}"),
    ),
    *_since(
        "days_since",
        _days_between,
        _days,
        Words("het aantal dagen sinds {0}", "the number of days since {0}"),
        True,
    ),
    *_since(
        "days_until",
        _days_between,
        _days,
        Words("het aantal dagen tot {0}", "the number of days until {0}"),
        False,
    ),
    *_since(
        "months_since",
        _months_between,
        _whole_months,
        Words("het aantal hele maanden sinds {0}", "the number of whole months since {0}"),
        True,
    ),
    *_since(
        "years_since",
        _years_between,
        _whole_years,
        Words("het aantal hele jaren sinds {0}", "the number of whole years since {0}"),
        True,
    ),
)
