"""By which words a customer is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from klantbeeld.profiles.rules.search import (
    alike,
    beyond,
    initials_of,
    is_initial,
    phonetic,
    spellings,
    tokens_of,
    words,
)


def test_words_leave_out_prefixes_and_accents() -> None:
    assert words("Zoë van der Meer-de Vries") == ("zoe", "meer", "vries")
    assert words("O'Brien") == ("obrien",)
    assert words("van de") == ("van", "de")  # nothing else was asked


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Weiß", "weiss"),
        ("WEISS", "Weiß"),
        ("Łukasz Иванов", "lukasz ivanov"),
        ("Иванов", "Ivanov"),
        ("Παπαδόπουλος", "ΠΑΠΑΔΌΠΟΥΛΟΣ"),
        ("Παπαδόπουλος Νίκος", "papadopoylos nikos"),
        ("Søren Ærø", "soren aero"),
        ("王 小明", "王 小明"),
        ("D\u2019Hondt", "d'hondt"),
    ],
)
def test_words_meet_in_whatever_script_they_are_typed(written: str, typed: str) -> None:
    assert words(written) == words(typed)
    assert len(words(written)) == len(written.split())


@given(st.text(max_size=40))
def test_words_of_any_text_can_be_stored_and_found_again(text: str) -> None:
    for word in words(text):
        assert word
        assert " " not in word
        assert "\0" not in word
        assert words(word) in ((word,), (word[:60],)) or not word.isascii()
        word.encode()
        beyond(word).encode()


def test_initials_are_the_first_letters_of_given_names() -> None:
    assert initials_of(["Anna Maria", "J.P.", "Łukasz", ""]) == {"a", "m", "j", "p", "l"}
    assert [is_initial(one) for one in ("q", "王", "5", "jan")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("one", "other"), [("dijkstra", "dykstra"), ("schmidt", "smit"), ("janssen", "jansen"), ("cornelis", "kornelis")]
)
def test_words_that_sound_the_same(one: str, other: str) -> None:
    assert phonetic(one) == phonetic(other)
    assert alike(one, other) == 0.6
    assert set(spellings(one)) & set(spellings(other))


@pytest.mark.parametrize(("query", "token", "expected"), [("jan", "jan", 1), ("ja", "jansen", 0.8), ("jan", "bos", 0)])
def test_alike(query: str, token: str, expected: float) -> None:
    assert alike(query, token) == expected


@given(st.text("abcde", min_size=3, max_size=8), st.text("abcde", min_size=3, max_size=8))
def test_words_within_one_edit_always_meet(one: str, other: str) -> None:
    if OSA.distance(one, other) <= 1:
        assert set(spellings(one)) & set(spellings(other))


def test_tokens_are_distinct_and_sorted() -> None:
    assert tokens_of(["Jan Jansen", "JANSEN", "", "Utrecht"]) == ["jan", "jansen", "utrecht"]
