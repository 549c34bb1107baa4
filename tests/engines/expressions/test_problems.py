"""Errors list all that is wrong, with place, expectation and suggestion, in Dutch and English; limits hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.expressions.corpus import RELAXED

from klantbeeld.engines.expressions import (
    BOOLEAN,
    DATE,
    DEFAULT_LIMITS,
    INTEGER,
    LABELS,
    TEXT,
    Attribute,
    Catalogue,
    ExpressionError,
    Limits,
    compile_expression,
    list_of,
    list_problems,
)
from klantbeeld.engines.expressions.messages import MESSAGES

CATALOGUE = Catalogue(
    [
        Attribute("city", TEXT, "woonplaats", "city"),
        Attribute("age", INTEGER),
        Attribute("optin", BOOLEAN),
        Attribute("born", DATE),
        Attribute("tags", list_of(TEXT)),
        Attribute("title", LABELS),
        Attribute("address.street", TEXT),
    ]
)


def found(text: str, limits: Limits = DEFAULT_LIMITS) -> list[tuple[str, str, str | None]]:
    """Code, the text it points at and the suggestion of each problem."""
    problems = list_problems(text, CATALOGUE, limits=limits)
    return [(each.code, text[each.span.start : each.span.end], each.suggestion) for each in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('citty == "x"', [("unknown_attribute", "citty", "city")]),
        ("age = 3", [("unknown_character", "=", "==")]),
        ("optin and age > 3", [("unexpected", "and", "&&")]),
        ("optin of age > 3", [("unexpected", "of", "||")]),
        ("not optin", [("unexpected", "not", "!")]),
        ('city.startswith("x")', [("unknown_function", 'city.startswith("x")', "startsWith")]),
        ("1 < age < 3", [("chained_comparison", "1 < age < 3", "1 < age && age < 3")]),
        ('age > "x"', [("not_comparable", 'age > "x"', None)]),
        ('tags == ["x"]', [("not_comparable", 'tags == ["x"]', None)]),
        ('title == "x"', [("not_comparable", 'title == "x"', None)]),
        ("title.fr == city", [("unknown_field", "title.fr", None)]),
        ("city.x == city", [("unknown_field", "city.x", None)]),
        ("address == city", [("no_value", "address", None)]),
        ("city", [("wrong_type", "city", None)]),
        ("optin && age", [("wrong_type", "age", None)]),
        (
            "optin ? city : age",
            [
                ("mixed_choice", "optin ? city : age", None),
            ],
        ),
        ('city in ["a", 1]', [("mixed_list", "1", None)]),
        ("size(age) > 1", [("no_overload", "size(age)", None)]),
        ("age == null", [("null", "null", None)]),
        ("age == 1u", [("left_out", "1u", None)]),
        ('b"x" == city', [("left_out", 'b"x"', None)]),
        ("optin == {1: 2}", [("left_out", "{", None)]),
        ("age > 9223372036854775808", [("number_out_of_range", "9223372036854775808", None)]),
        ("age > 0.0000000000001", [("number_out_of_range", "0.0000000000001", None)]),
        ('city == "abc', [("open_text", '"abc', None)]),
        ('city == "\\q"', [("bad_escape", "\\q", None)]),
        ('city == "\\u0000"', [("bad_escape", '"\\u0000"', None)]),
        ("age > ", [("unexpected", "", None)]),
        ("(age > 1", [("unexpected", "", None)]),
        ("age > 1)", [("unexpected", ")", None)]),
        ("", [("empty", "", None)]),
        ("  // nothing\n", [("empty", "", None)]),
        ("if == 1", [("reserved", "if", None)]),
        ("has(age + 1)", [("not_an_attribute", "age + 1", None)]),
        ("has(now)", [("not_an_attribute", "now", None)]),
        ("tags.exists(1, true)", [("not_a_name", "1", None)]),
        ("tags.exists(age, true)", [("name_taken", "tags.exists(age, true)", None)]),
        ("city.exists(x, true)", [("wrong_type", "city", None)]),
        ('born > date("2023-02-29")', [("bad_constant", '"2023-02-29"', None)]),
        ('now.getHours("Mars/Base") > 1', [("bad_constant", '"Mars/Base"', None)]),
        ('now.getHours("Europe") > 1', [("bad_constant", '"Europe"', None)]),
        ("now.getHours(city) > 1", [("not_constant", "city", None)]),
        ("city.matches(city)", [("not_constant", "city", None)]),
        ('city.matches("(a")', [("pattern_syntax", '"(a"', None)]),
        ('city.matches("(?=a)")', [("pattern_unsupported", '"(?=a)"', None)]),
        ('city.matches("(a)\\\\1")', [("pattern_unsupported", '"(a)\\\\1"', None)]),
        ('city.matches("(a{99}){99}")', [("pattern_too_large", '"(a{99}){99}"', None)]),
    ],
)
def test_problem_has_its_code_place_and_suggestion(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert found(text) == expected


def test_all_problems_are_found_in_one_reading() -> None:
    text = 'citty == "x" && age = "y" and foo(1) > 2 || has(3)'
    assert [code for code, _, _ in found(text)] == [
        "unknown_attribute",
        "not_comparable",
        "unknown_character",
        "unexpected",
        "unknown_function",
        "not_an_attribute",
    ]


def test_report_points_at_the_place_in_both_languages() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression('age > 18 &&\n  citty == "Delft"', CATALOGUE)
    assert str(caught.value) == (
        'line 2, column 3: There is no attribute `citty`. Did you mean `city`?\n    citty == "Delft"\n    ^^^^^'
    )
    assert caught.value.report("nl").startswith("regel 2, kolom 3: Er is geen attribuut `citty`. Bedoelde u `city`?\n")


def test_every_message_exists_in_both_languages() -> None:
    assert all(set(texts) == {"nl", "en"} and texts["nl"] != texts["en"] for texts in MESSAGES.values())


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("optin || " * 1_000 + "optin", Limits(), "too_long"),
        ("(" * 41 + "optin" + ")" * 41, Limits(), "too_deep"),
        ("!" * 41 + "optin", Limits(), "too_deep"),
        ("age" + " + 1" * 41 + " > 1", Limits(), "too_deep"),
        ("optin || " * 60 + "optin", Limits(nodes=50), "too_many_nodes"),
        ("tags.exists(a, tags.exists(b, tags.exists(c, true)))", Limits(), "macro_too_deep"),
    ],
)
def test_limit_refuses(text: str, limits: Limits, code: str) -> None:
    assert [each for each, _, _ in found(text, limits)] == [code]


def test_long_chain_of_logic_is_one_level() -> None:
    assert found("optin || " * 400 + "optin") == []


PIECES = st.sampled_from(
    [
        *("age", "city", "tags", "optin", "(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "!", "-", "==", "&&", "||"),
        *("in", "has", "exists", "x", '"a"', '"', "1", "1.5", "1u", "null", "true", "\\", "\n", "//", "=", "€", "r'"),
        *("0x", "if", "and", "not"),
    ]
)


@RELAXED
@given(st.one_of(st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join), st.text()))
def test_any_text_is_read_or_refused_with_places_inside_it(text: str) -> None:
    for problem in list_problems(text, CATALOGUE):
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.message("nl")
        assert problem.message("en")


@pytest.mark.parametrize("name", ["", "a-b", "1a", "a.", "if", "in", "now", "today.x", "a b", "a;drop", 'a"b'])
def test_attribute_with_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"in an expression|would hide"):
        Attribute(name, TEXT)


def test_catalogue_refuses_a_name_declared_twice() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Catalogue([Attribute("a", TEXT), Attribute("a", INTEGER)])


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8_000,
        "a" + ".a" * 3_900,
        "1" + "+1" * 3_900,
        "-" * 8_000,
        "a(" * 4_000,
        "a[" * 4_000,
        "{" * 8_000,
        '"' * 8_000,
    ],
)
def test_text_made_to_exhaust_the_parser_is_refused(text: str) -> None:
    assert list_problems(text, CATALOGUE)
