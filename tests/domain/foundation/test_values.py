"""Values of attributes as machines and employees write them."""

from __future__ import annotations

from typing import Any

import pytest

from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.foundation.rules.values import Faulty, read_attribute
from klantbeeld.kit.labels import Label

NONE = Label(nl="", en="")


def read(type_: str, value: Any, *, many: bool = False) -> Any:
    return read_attribute(AttributeSpec("person", "x", NONE, type_, (("f", NONE),), many), value)


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("date", "1980-05", "1980-05"),
        ("moment", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
        ("money", 12, "12"),
        ("choice", "f", "f"),
        ("address", {"street": "Dijk", "house_number": 3, "city": ""}, {"street": "Dijk", "house_number": "3"}),
    ],
)
def test_value_of_its_form_is_kept(type_: str, value: Any, kept: Any) -> None:
    assert read(type_, value) == kept


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("text", " "),
        ("date", "1980-02-30"),
        ("date", "\u0661\u0669\u0668\u0660"),  # 1980 in Arabic-Indic digits, which nothing else here reads
        ("moment", "0001-01-01T00:00:00+14:00"),  # before year 1 in UTC: a database gives it, Python cannot hold it
        ("moment", "9999-12-31T23:59:59-14:00"),
        ("moment", "2026-01-01T00:00:00"),
        ("money", 1e300),
        ("choice", ["f"]),
        ("address", {"house_number": True}),
        ("address", {"postcode": {"a": 1}}),
        ("phone", "none"),
    ],
)
def test_value_that_is_not_of_its_form_is_refused(type_: str, value: Any) -> None:
    with pytest.raises(Faulty):
        read(type_, value)


def test_role_that_is_too_long_is_refused_rather_than_cut() -> None:
    assert read("text", {"value": "a", "role": "r" * 30}, many=True) == [{"value": "a", "role": "r" * 30}]
    with pytest.raises(Faulty, match="at most 30"):
        read("text", {"value": "a", "role": "r" * 31}, many=True)
