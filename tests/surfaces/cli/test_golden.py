"""Golden values: which value wins, and the rule that says why."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.cli.resolve.combine import FILE, RECORD_ID, RECORD_KEY, SOURCE, UPDATED_AT, Combined, Input, iso_dates
from klantbeeld.cli.resolve.golden import golden_table
from klantbeeld.cli.resolve.mapping import FileMapping
from klantbeeld.engines.files import Refusals, TableFile
from klantbeeld.engines.matching import DateOrder, Schema

Records = list[dict[str, str | None]]


def _combined(records: Records, **types: str) -> Combined:
    """Build what reading would give; `_updated_at` and `_key` may stand in a record."""
    number = len(records)
    columns = {name: pa.array([r.get(name) for r in records], pa.string()) for name in types}
    keys = [str(r.get("_key") or row) for row, r in enumerate(records)]
    columns |= {
        FILE: pa.array(["a.csv"] * number),
        SOURCE: pa.array(["a.csv"] * number),
        RECORD_ID: pa.array(keys),
        RECORD_KEY: pa.array(keys),
        UPDATED_AT: pa.array([r.get("_updated_at") for r in records], pa.string()),
    }
    table = pa.table(columns)
    opened = TableFile(Path("a.csv"), "delimited", (), table.slice(0, 0))
    file = Input("a.csv", Path("a.csv"), opened, FileMapping("a.csv", ()), number, Refusals(), {}, ())
    return Combined(table, Schema.of(types), (file,), np.zeros(number, dtype=np.int64), None)


def _one(records: Records, **types: str) -> tuple[dict[str, object], dict[str, tuple[str, str, int, int]]]:
    """Resolve all records to one customer; return its values, and per field (rule, record, agreeing, values)."""
    ids = np.zeros(len(records), dtype=np.int64)
    (row,) = golden_table(_combined(records, **types), ids, ids, ids).to_pylist()
    why = {p["field"]: (p["rule"], p["record_id"], p["agreeing"], p["values"]) for p in row["provenance"]}
    return row, why


def test_value_that_most_records_have_wins_for_what_stays() -> None:
    records: Records = [
        {"given": "Jan"}, {"given": "Johan", "_updated_at": "2025-01-01"}, {"given": "JAN"}, {"given": None},
    ]  # fmt: skip
    row, why = _one(records, given="given_name")
    # Case does not make another value; of the equal ones the better written is shown.
    assert row["given"] == "Jan"
    assert why["given"] == ("frequency", "0", 2, 2)


def test_newest_value_wins_for_what_changes() -> None:
    records: Records = [
        {"phone": "0612345678", "_updated_at": "2020-01-01"},
        {"phone": "+31 6 12345678", "_updated_at": "2021-01-01"},
        {"phone": "0687654321", "_updated_at": "2024-06-01"},
    ]
    row, why = _one(records, phone="phone")
    assert row["phone"] == "0687654321"
    assert why["phone"] == ("recency", "2", 1, 2)


def test_notations_of_one_phone_number_are_one_value() -> None:
    row, why = _one([{"phone": "06-12345678"}, {"phone": "0031612345678"}, {"phone": "0611111111"}], phone="phone")
    assert str(row["phone"]).endswith("12345678")
    assert why["phone"][0] == "frequency"
    assert why["phone"][2:] == (2, 2)


def test_prefix_and_family_name_come_from_one_record() -> None:
    records: Records = [
        {"family_name": "Vries", "name_prefix": "de", "_updated_at": "2020-01-01"},
        {"family_name": "Berg", "name_prefix": None, "_updated_at": "2024-01-01"},
    ]
    row, why = _one(records, family_name="family_name", name_prefix="name_prefix")
    # The newest name has no prefix; that of the other name is not put before it.
    assert (row["name_prefix"], row["family_name"]) == (None, "Berg")
    assert why == {"family_name": ("recency", "1", 1, 2)}


def test_parts_of_an_address_come_from_one_record() -> None:
    records: Records = [
        {"street": "Damstraat", "house_number": "1", "postcode": "1012 AB"},
        {"street": "Damstr.", "house_number": "1", "postcode": "1012AB"},
        {"street": "Spui", "house_number": "9", "postcode": "2511 BL"},
    ]
    row, why = _one(records, street="street", house_number="house_number", postcode="postcode")
    assert (row["street"], row["house_number"], row["postcode"]) == ("Damstraat", "1", "1012 AB")
    assert {found[0] for found in why.values()} == {"frequency"}
    assert why["street"][2:] == (2, 2)


@pytest.mark.parametrize(
    ("values", "winner", "rule"),
    [
        (["jan"], None, None),
        (["Jan", None], "Jan", "only"),
        (["Jan", "JAN"], "Jan", "agreed"),
        (["JOHANNES", "Jan"], "Jan", "completeness"),
        (["Jan", "Piet", "Piet"], "Piet", "frequency"),
        (["Jan", "Tom"], "Jan", "order"),
    ],
)
def test_rule_names_what_decided(values: list[str | None], winner: str | None, rule: str | None) -> None:
    records: Records = [{"given": value} for value in values]
    ids = np.zeros(len(values), dtype=np.int64)
    (row,) = golden_table(_combined(records, given="given_name"), ids, ids, ids).to_pylist()
    if rule is None:
        assert row["provenance"] is None
        assert row["given"] == values[0]
    else:
        assert row["given"] == winner
        assert [p["rule"] for p in row["provenance"]] == [rule]


def test_customer_without_any_value_has_empty_provenance() -> None:
    row, why = _one([{"given": None}, {"given": None}], given="given_name", email="email")
    assert why == {}
    assert "given" not in row or row["given"] is None


CHOICES = st.fixed_dictionaries(
    {
        "given": st.sampled_from([None, "Jan", "JAN", "Johan", "Piet"]),
        "phone": st.sampled_from([None, "0612345678", "+31612345678", "0687654321"]),
        "_updated_at": st.sampled_from([None, "2020-01-01", "2024-01-01"]),
    }
)


@given(records=st.lists(CHOICES, min_size=1, max_size=12), order=st.randoms(use_true_random=False))
def test_golden_values_do_not_depend_on_the_order_of_records(records: Records, order: object) -> None:
    keyed = [{**record, "_key": f"k{number:02d}", "group": str(number % 3)} for number, record in enumerate(records)]
    shuffled = list(keyed)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    def values(rows: Records) -> set[tuple[object, ...]]:
        first = {row["group"]: place for place, row in reversed(list(enumerate(rows)))}
        ids = np.array([first[row["group"]] for row in rows], dtype=np.int64)
        table = golden_table(_combined(rows, given="given_name", phone="phone"), ids, ids, ids).to_pylist()
        members = {first[row["group"]] + 1: row["group"] for row in rows}
        return {
            (members[row["customer_id"]], row.get("given"), row.get("phone"), str(row["provenance"])) for row in table
        }

    assert values(keyed) == values(shuffled)


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("31-12-1980", DateOrder.DAY_FIRST, "1980-12-31"),
        ("12/31/1980", DateOrder.MONTH_FIRST, "1980-12-31"),
        ("12/31/1980", DateOrder.DAY_FIRST, "1980-12-31"),
        ("3.4.1980", DateOrder.DAY_FIRST, "1980-04-03"),
        ("3/4/1980", DateOrder.MONTH_FIRST, "1980-03-04"),
        ("19800403", DateOrder.DAY_FIRST, "1980-04-03"),
        ("1980-4-3", DateOrder.DAY_FIRST, "1980-04-03"),
        ("1980-04-03 00:00:00", DateOrder.DAY_FIRST, "1980-04-03"),
        ("3/4/80", DateOrder.DAY_FIRST, "3/4/80"),
        ("99-99-1980", DateOrder.DAY_FIRST, "99-99-1980"),
        ("mei 1980", DateOrder.DAY_FIRST, "mei 1980"),
        (None, DateOrder.DAY_FIRST, None),
    ],
)
def test_iso_dates_writes_clear_dates_and_leaves_others(
    value: str | None, order: DateOrder, expected: str | None
) -> None:
    assert iso_dates(pa.chunked_array([[value]], pa.string()), order).to_pylist() == [expected]
    only = iso_dates(pa.chunked_array([[value]], pa.string()), order, only=True).to_pylist()[0]
    assert only is None or only.startswith(str(expected))
