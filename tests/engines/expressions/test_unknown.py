"""Missing is unknown, never true: Kleene's tables, and nothing that is known changes when more becomes known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.expressions.corpus import CATALOGUE, NOW, RELAXED, SCALARS, WHOLE, ZONE, plain, records, trees

from klantbeeld.engines.expressions import (
    BOOLEAN,
    INTEGER,
    TEXT,
    Attribute,
    Catalogue,
    ExpressionError,
    compile_expression,
    list_of,
)
from klantbeeld.engines.expressions.unparse import to_text

SMALL = Catalogue(
    [
        Attribute("a", BOOLEAN),
        Attribute("b", BOOLEAN),
        Attribute("n", INTEGER),
        Attribute("city", TEXT),
        Attribute("tags", list_of(TEXT)),
    ]
)
THREE = (True, False, None)
NO_HAS = replace(WHOLE, has=False)


def value(text: str, **record: Any) -> Any:
    return compile_expression(text, SMALL, wanted=None).evaluate(record, now=NOW)


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_logic_follows_kleene(a: bool | None, b: bool | None) -> None:
    both = False if False in (a, b) else None if None in (a, b) else True
    either = True if True in (a, b) else None if None in (a, b) else False
    assert value("a && b", a=a, b=b) is both
    assert value("a || b", a=a, b=b) is either
    assert value("!a", a=a) is (None if a is None else not a)


@pytest.mark.parametrize(
    "text", ['city == "Delft"', 'city != "Delft"', "n > 3", "!(n > 3)", "a", "!a", 'city in ["x"]']
)
def test_condition_on_a_missing_attribute_does_not_hold(text: str) -> None:
    condition = compile_expression(text, SMALL)
    assert condition.evaluate({}, now=NOW) is None
    assert condition.holds({}, now=NOW) is False


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("has(city)", {}, False),
        ("has(city)", {"city": None}, False),
        ("has(city)", {"city": ""}, True),
        ("has(n)", {"n": "3"}, False),
        ("has(n)", {"n": 2**63}, False),
        ("has(tags)", {"tags": []}, True),
        ('city in [city, "x"]', {}, None),
        ("city in []", {}, False),
        ('"x" in tags', {"tags": ["x", None]}, True),
        ('"y" in tags', {"tags": ["x", None]}, None),
        ('tags.exists(t, t == "x")', {"tags": [None, "x"]}, True),
        ('tags.all(t, t == "x")', {"tags": [None, "y"]}, False),
        ('tags.all(t, t == "x")', {"tags": [None, "x"]}, None),
        ('tags.exists_one(t, t == "x")', {"tags": ["x", None]}, None),
        ('tags.exists_one(t, t == "x")', {"tags": ["x", None, "x"]}, False),
        ('tags.filter(t, t == "x")', {"tags": ["x", None]}, None),
        ("tags.map(t, size(t))", {"tags": ["x", None]}, (1, None)),
        ("tags[2]", {"tags": ["x"]}, None),
        ("tags[-1]", {"tags": ["x"]}, None),
        ("n / 0", {"n": 1}, None),
        ("n % 0", {"n": 1}, None),
        ("n + 1", {"n": 2**63 - 1}, None),
        ("-n", {"n": -(2**63)}, None),
        ("n / -1", {"n": -(2**63)}, None),
        ("a ? 1 : 1", {}, None),
    ],
)
def test_value_with_gaps(text: str, record: dict[str, Any], expected: Any) -> None:
    assert value(text, **record) == expected


@RELAXED
@given(data=st.data())
def test_what_is_known_stays_so_when_more_becomes_known(data: st.DataObject) -> None:
    """Information only adds: an answer found with gaps is the answer for every way to fill them (without has)."""
    wanted = data.draw(st.sampled_from([BOOLEAN, *SCALARS]))
    try:
        expression = compile_expression(to_text(data.draw(trees(wanted, NO_HAS))), CATALOGUE, wanted=wanted)
    except ExpressionError as error:
        if not {problem.code for problem in error.problems} <= {"too_deep", "macro_too_deep"}:
            raise
        return
    full = plain(data.draw(records()))
    gaps = data.draw(st.sets(st.sampled_from(sorted(full)))) if full else set()
    run = expression.bind(now=NOW, zone=ZONE)
    partly = run({key: value for key, value in full.items() if key not in gaps})
    if partly is not None:
        assert run(full) == partly, expression.text


def test_decimals_are_exact_where_doubles_are_not() -> None:
    assert value("0.1 + 0.2 == 0.3") is True
    assert str(value("2.0 / 3.0")) == "0.666666666667"
    assert value("-0.000001 * 0.0000005 == -0.000000000001") is True  # half away from zero
