"""Names as the Dutch write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.profiles.rules.names import (
    PersonName,
    addressed,
    dotted,
    full_name,
    salutation,
    sort_name,
    split_family_name,
    write,
)

ELS = PersonName(given="Els", prefix="van den", family="Berg", partner_prefix="de", partner_family="Vries", gender="F")


@pytest.mark.parametrize(
    ("name", "written", "envelope", "letter"),
    [
        (ELS, "Els de Vries-van den Berg", "mevrouw De Vries-van den Berg", "Geachte mevrouw De Vries-van den Berg"),
        (ELS._replace(use="E"), "Els van den Berg", "mevrouw Van den Berg", "Geachte mevrouw Van den Berg"),
        (ELS._replace(use="P"), "Els de Vries", "mevrouw De Vries", "Geachte mevrouw De Vries"),
        (
            ELS._replace(use="N"),
            "Els van den Berg-de Vries",
            "mevrouw Van den Berg-de Vries",
            "Geachte mevrouw Van den Berg-de Vries",
        ),
        (
            PersonName(initials="jp", family="JANSEN", gender="M"),
            "J.P. Jansen",
            "de heer Jansen",
            "Geachte heer Jansen",
        ),
        (PersonName(prefix="'t", family="Hart", gender="M"), "'t Hart", "de heer 't Hart", "Geachte heer 't Hart"),
        (PersonName(given="Sam", prefix="van", family="Dijk"), "Sam van Dijk", "Sam van Dijk", "Geachte Sam van Dijk"),
        (PersonName(given="Noor"), "Noor", "Noor", "Geachte Noor"),
    ],
)
def test_name_in_dutch(name: PersonName, written: str, envelope: str, letter: str) -> None:
    assert (full_name(name), addressed(name, "nl"), salutation(name, "nl")) == (written, envelope, letter)


@pytest.mark.parametrize(
    ("name", "dutch", "english"),
    [
        (ELS, "Geachte mevrouw De Vries-van den Berg", "Dear Ms De Vries-van den Berg"),
        (PersonName(), "Geachte heer/mevrouw", "Dear Sir or Madam"),
        (PersonName(gender="M"), "Geachte heer", "Dear Sir"),
        (PersonName(gender="f"), "Geachte mevrouw", "Dear Madam"),
        (PersonName(gender="X"), "Geachte heer/mevrouw", "Dear Sir or Madam"),
        (PersonName(initials="jp", gender="M"), "Geachte heer", "Dear Sir"),
        (PersonName(given=" ", gender="F"), "Geachte mevrouw", "Dear Madam"),
        (PersonName(given="Noor", gender="F"), "Geachte Noor", "Dear Noor"),
        (PersonName(family="JANSEN"), "Geachte heer/mevrouw Jansen", "Dear Mr/Ms Jansen"),
        (
            PersonName(initials="S.", prefix="van", family="Dijk"),
            "Geachte heer/mevrouw Van Dijk",
            "Dear S. van Dijk",
        ),
        (PersonName(prefix="d'", family="ANCONA", gender="M"), "Geachte heer D'Ancona", "Dear Mr D'Ancona"),
        (
            PersonName(partner_prefix="ter", partner_family="Horst", gender="F", use="P"),
            "Geachte mevrouw Ter Horst",
            "Dear Ms Ter Horst",
        ),
        (PersonName(given="Bo", family="de heer", gender="M"), "Geachte heer De Heer", "Dear Mr De Heer"),
    ],
)
def test_salutation(name: PersonName, dutch: str, english: str) -> None:
    assert (salutation(name, "nl"), salutation(name, "en")) == (dutch, english)


@given(st.builds(PersonName, *[st.text("ab'-. ", max_size=6)] * 6, st.sampled_from("EPVN "), st.sampled_from(" MFXm")))
def test_salutation_never_ends_in_nothing(name: PersonName) -> None:
    for language, opening in (("nl", "Geachte "), ("en", "Dear ")):
        said = salutation(name, language)
        assert said.startswith(opening)
        assert said[len(opening) :].strip()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("van den Berg", ("van den", "Berg")),
        ("VAN DER MEER", ("van der", "MEER")),
        ("in 't Veld", ("in 't", "Veld")),
        ("in \u2019t Veld", ("in 't", "Veld")),
        ("Berg", ("", "Berg")),
        ("van", ("", "van")),  # a prefix alone is somebody's name
        ("", ("", "")),
        ("Vander Meer", ("", "Vander Meer")),
    ],
)
def test_family_name_split_in_prefix_and_base(text: str, parts: tuple[str, str]) -> None:
    assert split_family_name(text) == parts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("JANSEN-DE VRIES", "Jansen-de Vries"),
        ("o'brien", "O'Brien"),
        ("ijsbrand", "IJsbrand"),
        ("McDonald", "McDonald"),
        ("X", "X"),
    ],
)
def test_name_in_capitals_is_rewritten(text: str, written: str) -> None:
    assert write(text) == written


@pytest.mark.parametrize(
    ("text", "points"), [("jp", "J.P."), ("J P", "J.P."), ("J.P.", "J.P."), ("Th.J.", "Th.J."), (" ", "")]
)
def test_initials_get_points(text: str, points: str) -> None:
    assert dotted(text) == points


def test_sort_name_begins_with_the_base() -> None:
    assert sort_name(PersonName(given="Kees", prefix="van der", family="Meer")) == "meer kees vander"
    assert sort_name(ELS) == "vries els de"
