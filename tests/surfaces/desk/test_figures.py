"""Numbers, days, towns and phone numbers in the reader's own writing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.desk.pages.spelling import Spelling, spoken
from klantbeeld.desk.pages.timeline import money
from klantbeeld.desk.pages.values import address, spaced, written_phone
from klantbeeld.ui.templatetags.figures import chance, count, signed
from klantbeeld.ui.templatetags.moments import day


@pytest.mark.parametrize(
    ("share", "dutch", "english"),
    [
        (1.0, "> 99,9%", "> 99.9%"),
        (0.99951, "> 99,9%", "> 99.9%"),
        (0.9978, "99,7%", "99.7%"),
        (0.99, "99,0%", "99.0%"),
        (0.9578, "95%", "95%"),
        (0.5, "50%", "50%"),
        (0.004, "0,4%", "0.4%"),
        (0.0, "< 0,1%", "< 0.1%"),
    ],
)
def test_chance_never_claims_certainty(share: float, dutch: str, english: str) -> None:
    for language, text in (("nl", dutch), ("en", english)):
        with translation.override(language):
            assert chance(share) == text


@given(st.floats(0, 1))
def test_chance_above_a_half_is_never_shown_as_larger_than_it_is(share: float) -> None:
    with translation.override("en"):
        text = chance(share).removeprefix("> ").removeprefix("< ").removesuffix("%")
    assert share <= 0.5 or float(text) <= share * 100 + 1e-9


def test_bits_and_counts_are_written_in_the_readers_format() -> None:
    with translation.override("nl"):
        assert [signed(17.4736), signed(-0.96), signed(-0.04)] == ["+17,5", "−1,0", "+0,0"]
        assert [count(1234567), count(None)] == ["1.234.567", "–"]
        assert money(Decimal("1234.5"), "EUR") == "€\N{NO-BREAK SPACE}1.234,50"
        assert money(Decimal("8"), "CHF") == "CHF\N{NO-BREAK SPACE}8,00"
        assert [day("1980-03-05"), day("1980-03"), day("1980"), day("1980-13-40")] == [
            "5 mrt 1980",
            "mrt 1980",
            "1980",
            "1980-13-40",
        ]
    with translation.override("en"):
        assert [signed(17.4736), count(1234567)] == ["+17.5", "1,234,567"]
        assert money(Decimal("1234.5"), "EUR") == "€1,234.50"
        assert day("1980-03-05") == "5 Mar 1980"


@pytest.mark.parametrize(
    ("shouted", "said"),
    [
        ("OSS", "Oss"),
        ("DEN HAAG", "Den Haag"),
        ("'S-HERTOGENBOSCH", "'s-Hertogenbosch"),
        ("IJSSELSTEIN", "IJsselstein"),
        ("ALPHEN AAN DEN RIJN", "Alphen aan den Rijn"),
        ("BERGEN OP ZOOM", "Bergen op Zoom"),
    ],
)
def test_town_in_capitals_is_written_as_dutch_writes_it(shouted: str, said: str) -> None:
    assert spoken(shouted) == said
    assert Spelling().read(shouted) == said


def test_what_is_not_in_capitals_stays_as_written() -> None:
    assert [Spelling().read(text) for text in ("Oss", "oss", "NL", "", "Sint Annaparochie")] == [
        "Oss",
        "oss",
        "NL",
        "",
        "Sint Annaparochie",
    ]


def test_address_names_a_country_only_when_it_is_another() -> None:
    parts = {"street": "DAM", "house_number": "1", "house_suffix": "A", "postcode": "1012js", "city": "AMSTERDAM"}
    assert address({**parts, "country": "NL"}, Spelling()) == "Dam 1 A, 1012 JS Amsterdam"
    assert address({**parts, "country": "BE"}, Spelling()).endswith(", BE")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+31656152840", "06 56152840"),
        ("0031 6 56152840", "06 56152840"),
        ("010-5672593", "010 567 2593"),
        ("+32 2 555 12 12", "+32 2 555 12 12"),
        ("toestel 12", "toestel 12"),
        ("", ""),
    ],
)
def test_phone_number_reads_the_same_however_it_was_written(written: str, read: str) -> None:
    assert written_phone(written) == read


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    written_phone(text)
    assert Spelling().read(text).casefold() == text.casefold() or text.upper() == text
    assert spaced(text).replace(" ", "") == "".join(text.split())
