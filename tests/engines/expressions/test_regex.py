"""Our automaton, PostgreSQL and CEL agree on every pattern of the profile, and time stays linear."""

from __future__ import annotations

from typing import Any

import cel
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.expressions.corpus import RELAXED

from klantbeeld.engines.expressions.regex import RegexError, read_regex

ATOMS = st.sampled_from(
    [
        *("a", "b", "Z", "0", "é", "😀", ".", " ", "%", "#", "'", '"', "-", ","),
        *("\\.", "\\\\", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\n", "\\t", "\\-"),
        *("[ab]", "[^ab]", "[a-z0]", "[^\\d\\n]", "[\\w-]", "[-a]", "[.$^]", "[\\]\\[]", "[é-ü]"),
    ]
)
REPEATS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "*?", "{0}"])
PATTERNS = st.recursive(
    st.builds(lambda atom, repeat: atom + repeat, ATOMS, REPEATS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map("|".join),
        st.builds(lambda group, repeat: f"({group}){repeat}", inner, REPEATS),
        inner.map(lambda part: f"^{part}"),
        inner.map(lambda part: f"{part}$"),
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.text("abzZ0é😀ü.\\-$^[] \n\t_#'%\u00a0", max_size=8), min_size=1, max_size=8)


@RELAXED
@given(pattern=PATTERNS, texts=TEXTS)
def test_automaton_postgresql_and_cel_agree(
    postgresql: psycopg.Connection[Any], pattern: str, texts: list[str]
) -> None:
    regex = read_regex(pattern)
    ours = [regex.automaton.search(text) for text in texts]
    query = "SELECT array_agg(t.v ~ %s::text ORDER BY n) FROM unnest(%s::text[]) WITH ORDINALITY AS t(v, n)"
    (theirs,) = postgresql.execute(query, [regex.postgresql, texts]).fetchone() or ([],)
    assert ours == theirs, (pattern, regex.postgresql)
    for text, found in zip(texts, ours, strict=True):
        if text.isascii():  # cel-rust takes \\d, \\w and \\s for Unicode, the specification (RE2) for ASCII
            assert found is cel.evaluate("text.matches(pattern)", {"text": text, "pattern": pattern}), (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("(?=a)", "pattern_unsupported"),
        ("(?<!a)b", "pattern_unsupported"),
        ("(?i)a", "pattern_unsupported"),
        ("(?P<x>a)", "pattern_unsupported"),
        ("(a)\\1", "pattern_unsupported"),
        ("\\bword\\b", "pattern_unsupported"),
        ("[[:alpha:]]", "pattern_unsupported"),
        ("\\p{L}", "pattern_unsupported"),
        ("a**", "pattern_syntax"),
        ("*a", "pattern_syntax"),
        ("^*", "pattern_syntax"),
        ("(", "pattern_syntax"),
        (")", "pattern_syntax"),
        ("[a", "pattern_syntax"),
        ("[]", "pattern_syntax"),
        ("[z-a]", "pattern_syntax"),
        ("a{2,1}", "pattern_syntax"),
        ("a{101}", "pattern_syntax"),
        ("a{", "pattern_syntax"),
        ("a|", "pattern_syntax"),
        ("", "pattern_syntax"),
        ("\\", "pattern_syntax"),
        ("(" * 21 + "a" + ")" * 21, "pattern_syntax"),
        ("((a{50}){50}){50}", "pattern_too_large"),
    ],
)
def test_pattern_outside_the_profile_is_refused(pattern: str, code: str) -> None:
    with pytest.raises(RegexError) as caught:
        read_regex(pattern)
    assert caught.value.code == code


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*)(.*)(.*)(.*)b$", "(a*)*b"])
def test_pattern_that_explodes_elsewhere_takes_one_step_a_character(pattern: str) -> None:
    automaton = read_regex(pattern).automaton
    text = "a" * 20_000 + "!"
    assert automaton.search(text) is False
    assert len(automaton._steps) < 20  # as good as all of the way was over states met before


def test_remembered_steps_are_bounded() -> None:
    automaton = read_regex("[^a]{3}x").automaton
    assert automaton.search("".join(chr(0x4E00 + number) for number in range(10_000))) is False
    assert len(automaton._steps) <= 4_096
