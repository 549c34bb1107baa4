"""Masses of identical records: linked through one of them when they say enough, at bounded cost."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from klantbeeld.engines.matching import Resolution, Schema, resolve
from klantbeeld.engines.matching.columns import encode
from klantbeeld.engines.matching.copies import find_copies

SCHEMA = Schema.of({"first": "given_name", "last": "family_name", "born": "birth_date", "mail": "email"})
TOLD = {"first": "Jelle", "last": "Wierda", "born": "1981-04-05", "mail": "jelle@wierda.nl"}
UNTOLD = {"first": "Jan", "last": None, "born": None, "mail": None}


@pytest.mark.parametrize("frozen", [False, True])
def test_a_mass_of_copies_is_one_customer_when_one_record_says_enough(frozen: bool) -> None:
    table = pa.Table.from_pylist([TOLD] * 3000)
    found = resolve(table, SCHEMA)
    if frozen:
        found = resolve(table, SCHEMA, model=found.model)
    assert set(found.customer_id.tolist()) == {0}
    assert found.report["candidate_pairs"] == 2999


def test_a_mass_of_records_that_say_little_stays_apart() -> None:
    found = resolve(pa.Table.from_pylist([UNTOLD] * 3000), SCHEMA)
    assert len(set(found.suggested_id.tolist())) == 3000


def test_a_mass_among_others_changes_nothing_for_them(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    table, _ = table_and_truth
    some = table.slice(0, 1).to_pylist()[0]
    mass = pa.Table.from_pylist([{**some, "key": f"zz{i}"} for i in range(500)], schema=table.schema)
    found = resolve(pa.concat_tables([table, mass]), people.SCHEMA)
    n = table.num_rows
    assert np.array_equal(found.customer_id[:n], resolved.customer_id)
    assert len(set(found.suggested_id[n:].tolist()) | {int(found.suggested_id[0])}) == 1


def test_few_copies_are_ordinary_records() -> None:
    assert find_copies(encode(pa.Table.from_pylist([TOLD] * 20), SCHEMA)) is None
    copies = find_copies(encode(pa.Table.from_pylist([UNTOLD, *[TOLD] * 21]), SCHEMA))
    assert copies is not None
    assert copies.kept.tolist() == [0, 1]
    assert set(copies.first.tolist()) == {1}
