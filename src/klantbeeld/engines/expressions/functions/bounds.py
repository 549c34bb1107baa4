"""SQL that keeps a result within bounds by turning what lies outside into NULL, naming the operand only once.

GREATEST and LEAST skip NULL, so a NULL becomes the sentinel, and NULLIF turns the sentinel into NULL: unknown stays
unknown. No branch of it can raise an error.
"""

from __future__ import annotations


def bounded(sql: str, below: str, above: str) -> str:
    """Return SQL for the value of `sql` if it lies strictly between the two sentinels, else NULL."""
    return f"NULLIF(LEAST(NULLIF(GREATEST({sql}, {below}), {below}), {above}), {above})"


def bounded_integer(sql: str) -> str:
    """Return SQL for a numeric that fits in 64 bits, else NULL."""
    return bounded(sql, "-9223372036854775809", "9223372036854775808")


def bounded_decimal(sql: str) -> str:
    """Return SQL for a numeric rounded to twelve decimals and smaller than 10^26, else NULL."""
    limit = "1" + "0" * 26
    return bounded(f"round({sql}, 12)", f"-{limit}", limit)


def bounded_duration(sql: str) -> str:
    """Return SQL for seconds within the range of a duration, else NULL."""
    return bounded(sql, "-315576000000.000001", "315576000000.000001")


def bounded_local(sql: str) -> str:
    """Return SQL for a timestamp without zone in the years 1 to 9999, else NULL."""
    return bounded(sql, "timestamp '0001-12-31 23:59:59.999999 BC'", "timestamp '10000-01-01 00:00:00'")


def bounded_moment(sql: str) -> str:
    """Return SQL for a timestamptz in the years 1 to 9999 of UTC, else NULL."""
    return bounded(sql, "timestamptz '0001-12-31 23:59:59.999999+00 BC'", "timestamptz '10000-01-01 00:00:00+00'")


def moment_from_epoch(sql: str) -> str:
    """Return SQL for the timestamptz at these seconds since 1970, exact to the microsecond whatever the time zone.

    to_timestamp() takes a double, which cannot hold microseconds so far out; hours and seconds apart can.
    """
    lowest, highest = "-62135596800.000001", "253402300800"
    return (
        "(SELECT timestamptz 'epoch' + make_interval("  # noqa: S608
        "hours => floor(expr_s.expr_v / 3600)::int,"
        " secs => (expr_s.expr_v - floor(expr_s.expr_v / 3600) * 3600)::float8)"
        f" FROM (SELECT {bounded(sql, lowest, highest)} AS expr_v OFFSET 0) AS expr_s)"
    )
