"""Features as codes, column by column: the same as record by record."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.engines.matching.encoding import encode_batch
from klantbeeld.engines.matching.rows import encode_features

TEXT = st.text("abc ", min_size=1, max_size=4)
FEATURES = st.fixed_dictionaries(
    {},
    optional={
        "given": TEXT,
        "family": TEXT,
        "birth": st.sampled_from(["19800312", "19810401"]),
        "phones": st.lists(TEXT, max_size=3, unique=True),
        "addresses": st.lists(st.lists(st.one_of(TEXT, st.just("")), min_size=5, max_size=5), max_size=3),
        "ids": st.dictionaries(st.sampled_from(["kvk", "loyalty"]), st.lists(TEXT, max_size=2), max_size=2),
    },
)


@given(st.lists(FEATURES, max_size=6))
def test_columns_hold_the_codes_that_records_have(features: list[dict[str, object]]) -> None:
    expected, made = encode_features(features), encode_batch(features)
    assert made.n == expected.n
    assert made.pool.texts == expected.pool.texts
    assert made.atoms.keys() == expected.atoms.keys()
    for atom, codes in expected.atoms.items():
        np.testing.assert_array_equal(made.atoms[atom], codes)
