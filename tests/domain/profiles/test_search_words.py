"""By which words a customer is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from klantbeeld.profiles.rules.search import alike, phonetic, spellings, tokens_of, words


def test_words_leave_out_prefixes_and_accents() -> None:
    assert words("Zoë van der Meer-de Vries") == ("zoe", "meer", "vries")
    assert words("O'Brien") == ("obrien",)
    assert words("van de") == ("van", "de")  # nothing else was asked
    assert words("Łukasz Иванов") == ("ukasz",)
    assert words("Иванов") == ("иванов",)


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
