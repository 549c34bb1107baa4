"""Reading single values: dates, moments, numbers, money, yes and no, address lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.sources.rules.addresses import split_line
from klantbeeld.sources.rules.values import (
    DateReader,
    Unreadable,
    read_boolean,
    read_day,
    read_money,
    read_number,
    read_text,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("iso", "1980-12-31", "1980-12-31"),
        ("iso", "19801231", "1980-12-31"),
        ("iso", "1980-12", "1980-12"),
        ("iso", "1980", "1980"),
        ("iso", "1980-12-31T23:59:59Z", "1980-12-31"),
        ("dd-mm-yyyy", "31-12-1980", "1980-12-31"),
        ("dd-mm-yyyy", "00-12-1980", "1980-12"),
        ("dd-mm-yyyy", "00-00-1980", "1980"),
        ("d-m-yyyy", "1-2-1980", "1980-02-01"),
        ("yyyymmdd", "19800229", "1980-02-29"),
        ("m/d/yyyy", "12/31/1980", "1980-12-31"),
        ("unix", "0", "1970-01-01"),
        ("unix_ms", "1767225600000", "2026-01-01"),
    ],
)
def test_date_in_its_pattern(pattern: str, text: str, expected: str) -> None:
    assert DateReader([pattern], AMSTERDAM).date(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "reason"),
    [
        ("dd-mm-yyyy", "1980-12-31", "date.unreadable"),
        ("dd-mm-yyyy", "29-02-1981", "date.impossible"),
        ("dd-mm-yyyy", "01-13-1980", "date.impossible"),
        ("dd-mm-yyyy", "01-00-1980", "date.impossible"),
        ("dd-mm-yyyy", "31-12-0080", "date.impossible"),
        ("iso", "311280", "date.impossible"),
        ("iso", "gisteren", "date.unreadable"),
        ("unix", "99999999999999999999", "date.unreadable"),
        ("unix", "-99999999999", "date.unreadable"),  # long before the year 1
        ("unix", "99999999999", "date.unreadable"),
    ],
)
def test_date_that_cannot_be_read_says_why(pattern: str, text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        DateReader([pattern], AMSTERDAM).date(text)
    assert (caught.value.reason, caught.value.value) == (reason, text)


@given(st.dates(date(1000, 1, 1), date(2200, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    reader = DateReader(["dd-mm-yyyy", "iso"], UTC)
    assert reader.date(day.strftime("%d-%m-") + f"{day.year:04d}") == reader.date(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01T12:00:00+02:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01 12:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-01-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ("2026-07-01T12:00:00.123456Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00-0330", datetime(2026, 7, 1, 15, 30, tzinfo=UTC)),
    ],
)
def test_moment_gets_the_time_zone_of_the_source(text: str, expected: datetime) -> None:
    assert DateReader(["iso"], AMSTERDAM).moment(text) == expected


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00+99:00", "2026-01-01T00:00:00+02:60", "2026-01-01T00:00:00-24"])
def test_moment_in_a_time_zone_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        DateReader(["iso"], AMSTERDAM).moment(text)
    assert caught.value.reason == "date.unreadable"


def test_partial_day_is_its_first_or_its_last() -> None:
    assert (read_day("1980", last=False), read_day("1980", last=True)) == (date(1980, 1, 1), date(1980, 12, 31))
    assert (read_day("1980-02", last=False), read_day("1980-02", last=True)) == (date(1980, 2, 1), date(1980, 2, 29))


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234,50", ",", 1234.5),
        ("1,234.50", ".", 1234.5),
        ("12", ",", 12),
        ("-3,5", ",", -3.5),
        ("3,5-", ",", -3.5),
        (",5", ",", 0.5),
        (7, ",", 7),
        (7.25, ",", 7.25),
    ],
)
def test_number(text: Any, decimal: str, expected: float) -> None:
    assert read_number(text, decimal) == expected


@pytest.mark.parametrize("text", ["12,34,56", "1.23,4", "abc", "1e5", "--1", "1 2 x", "", "9" * 41])
def test_number_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(text, ",")


@pytest.mark.parametrize(
    ("text", "expected"), [("€ 1.234,50", "1234.50"), ("12,- ".strip(), None), ("12,5 EUR", "12.5"), (12.5, "12.5")]
)
def test_money_stays_exact_text(text: Any, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(Unreadable):
            read_money(text, ",")
    else:
        assert read_money(text, ",") == expected


def test_boolean() -> None:
    assert [read_boolean(text) for text in ("Ja", "1", True, "n", "FALSE", 0)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(Unreadable):
        read_boolean("misschien")


def test_text_refuses_trees_and_giants() -> None:
    for value in ([1], {"a": 1}, "x" * 20_001):
        with pytest.raises(Unreadable):
            read_text(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hofweg 12", {"street": "Hofweg", "house_number": "12"}),
        ("Hofweg 12a", {"street": "Hofweg", "house_number": "12", "house_suffix": "a"}),
        ("Hofweg 12-3", {"street": "Hofweg", "house_number": "12", "house_suffix": "3"}),
        ("Plein 1944 8", {"street": "Plein 1944", "house_number": "8"}),
        ("Hofweg", {"street": "Hofweg"}),
        ("", {"street": ""}),
        (
            "Laan van Meerdervoort 100 bis, 2517AN 's-Gravenhage",
            {
                "street": "Laan van Meerdervoort",
                "house_number": "100",
                "house_suffix": "bis",
                "postcode": "2517AN",
                "city": "'s-Gravenhage",
            },
        ),
    ],
)
def test_address_line(text: str, expected: dict[str, str]) -> None:
    assert split_line(text) == expected


@pytest.mark.parametrize("read", [read_number, read_money])
@pytest.mark.parametrize("hostile", ["1" * 100_000, "1." * 50_000, "," * 100_000, "1,1" * 30_000])
def test_hostile_texts_are_refused(read: Callable[[Any, str], Any], hostile: str) -> None:
    with pytest.raises(Unreadable):
        read(hostile, ",")
