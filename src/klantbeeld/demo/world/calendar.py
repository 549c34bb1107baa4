"""Days as whole numbers since 1970-01-01, because the world counts in arrays."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from klantbeeld.demo.dice import Ints, Texts

EPOCH = date(1970, 1, 1)
AS_OF = date(2026, 10, 31)
"""The day on which the world is as it is; fixed, so that the same seed gives the same bytes next year."""


def day_number(day: date) -> int:
    """Give the number of a day."""
    return (day - EPOCH).days


TODAY = day_number(AS_OF)
UNKNOWN = -(2**20)
"""A day that a system does not know."""


def to_date(day: int) -> date:
    """Give the date of a day number."""
    return date.fromordinal(EPOCH.toordinal() + int(day))


def parts(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Split days into year, month (1..12) and day of the month (1..31)."""
    stamps: npt.NDArray[np.datetime64] = days.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    year = stamps.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    return year, month, (stamps - months.astype("datetime64[D]")).astype(np.int64) + 1


def before_now(seconds: Ints) -> Ints:
    """Put moments that lie after the world's last day at the end of that day: nothing happens in the future."""
    return np.minimum(seconds, (TODAY + 1) * 86_400 - 1)


def iso(days: Ints) -> Texts:
    """Write days as 2024-03-09."""
    written: Texts = np.datetime_as_string(days.astype("datetime64[D]"), unit="D").astype(object)
    return written


def iso_moment(seconds: Ints) -> Texts:
    """Write seconds since 1970 as 2024-03-09T14:05:00Z."""
    written: Texts = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s").astype(object)
    moments: Texts = np.add(written, "Z", dtype=object)
    return moments
