"""Columns that are others than the last time: found, and judged as the feed declares."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantbeeld.sources.rules.drift import Observer, compare, type_of
from klantbeeld.sources.rules.mapping import Row

BASE = [{"nr": str(n), "naam": f"Naam {n}", "geboren": "31-12-1980", "mail": "a@b.nl"} for n in range(200)]


def seen(rows: list[dict[str, Any]], columns: tuple[str, ...] | None = None) -> dict[str, Any] | None:
    observer = Observer(columns)
    observer.see([Row(n, [], row) for n, row in enumerate(rows)])
    return observer.summary()


def told(before: Any, now: Any, **contract: Any) -> list[tuple[str, str, str]]:
    return [(one.kind, one.column, one.verdict) for one in compare(before, now, contract)]


def test_the_same_columns_are_no_drift() -> None:
    columns = ("nr", "naam", "geboren", "mail")
    assert told(seen(BASE, columns), seen(BASE[:150], columns)) == []
    assert seen(BASE, columns) == {
        "rows": 200,
        "table": True,
        "columns": {
            "nr": {"filled": 1.0, "type": "number"}, "naam": {"filled": 1.0, "type": "text"},
            "geboren": {"filled": 1.0, "type": "date"}, "mail": {"filled": 1.0, "type": "text"},
        },
    }  # fmt: skip


def test_every_kind_of_drift_is_told_in_both_languages() -> None:
    now = [
        {"nr": f"K{row['nr']}", "naam": row["naam"], "tel": "06"} | ({"mail": "x"} if n % 2 else {})
        for n, row in enumerate(BASE)
    ]
    found = compare(
        seen(BASE, ("nr", "naam", "geboren", "mail")), seen(now, ("nr", "naam", "mail", "tel")), {"vanished": "pause"}
    )
    assert [(one.kind, one.column, one.verdict) for one in found] == [
        ("vanished", "geboren", "pause"), ("new", "tel", "tell"), ("type", "nr", "tell"), ("empties", "mail", "tell"),
    ]  # fmt: skip
    assert [one.message["nl"] for one in found] == [
        "kolom 'geboren' is verdwenen",
        "kolom 'tel' is nieuw",
        "kolom 'nr' was getal en is nu tekst",
        "kolom 'mail' was voor 0% leeg en is nu voor 50% leeg",
    ]
    assert found[3].message["en"] == "column 'mail' was 0% empty and is 50% empty now"


def test_a_jump_is_as_large_as_declared() -> None:
    now = [row if n % 10 else {k: v for k, v in row.items() if k != "mail"} for n, row in enumerate(BASE)]
    columns = ("nr", "naam", "geboren", "mail")
    assert told(seen(BASE, columns), seen(now, columns)) == []
    assert told(seen(BASE, columns), seen(now, columns), jump=0.05, empties="pause") == [("empties", "mail", "pause")]


def test_of_few_rows_only_the_columns_of_a_table_mean_something() -> None:
    few = [{"nr": "x"}]
    assert told(seen(BASE, ("nr", "mail")), seen(few, ("nr", "mail"))) == []
    assert told(seen(BASE, ("nr", "mail")), seen(few, ("nr",))) == [("vanished", "mail", "tell")]
    assert seen(few) is None
    assert seen([]) is None


def test_fields_of_trees_are_known_by_their_path() -> None:
    trees = [{"id": n, "contact": {"mail": "x"}, "orders": [{"sku": "a"}]} for n in range(120)]
    found = seen(trees)
    assert found is not None
    assert set(found["columns"]) == {"id", "contact.mail", "orders.sku"}
    moved = [{"id": n, "mail": "x", "orders": []} for n in range(120)]
    assert sorted(told(found, seen(moved))) == [
        ("new", "mail", "tell"), ("vanished", "contact.mail", "tell"), ("vanished", "orders.sku", "tell"),
    ]  # fmt: skip


def test_rows_that_are_one_are_known_by_their_first() -> None:
    observer = Observer(("nr",))
    observer.see([Row(n, [], {"rows": [{"nr": "1"}, {"nr": "2"}]}) for n in range(3)])
    summary = observer.summary()
    assert summary is not None
    assert summary["columns"]["nr"]["filled"] == 1.0


@pytest.mark.parametrize(
    ("value", "type_"),
    [("12,50", "number"), ("-3", "number"), (4, "number"), ("2026-01-01T10:00:00Z", "date"), ("1/2/1980", "date"),
     ("ja", "boolean"), (True, "boolean"), ("12a", "text"), ("", "text")],
)  # fmt: skip
def test_what_a_value_looks_like(value: Any, type_: str) -> None:
    assert type_of(value) == type_


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(min_size=1, max_size=3)), max_size=300), st.booleans())
def test_an_input_never_drifts_from_itself(rows: list[dict[str, Any]], table: bool) -> None:
    columns = ("a", "b", "c") if table else None
    assert compare(seen(rows, columns), seen(rows, columns), {"new": "pause", "type": "pause"}) == []
