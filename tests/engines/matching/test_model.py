from __future__ import annotations

import json

import numpy as np
import pytest

from klantbeeld.engines.matching import Model, Resolution, Schema, normalise_record, quality, score_pairs
from klantbeeld.engines.matching.fields import FieldType


def test_model_survives_json_exactly(resolved: Resolution) -> None:
    model = resolved.model
    again = Model.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again == model
    assert np.array_equal(again.log_levels, model.log_levels)
    assert again.frequencies == model.frequencies
    assert again.generic_keys == model.generic_keys


def test_a_changed_model_is_refused(resolved: Resolution) -> None:
    data = resolved.model.to_dict()
    data["thresholds"] = {**data["thresholds"], "customer": 0.0}
    with pytest.raises(ValueError, match="it was changed"):
        Model.from_dict(data)
    with pytest.raises(ValueError, match="format 99"):
        Model.from_dict({**data, "format": 99})


def test_thresholds_make_another_version(resolved: Resolution) -> None:
    other = resolved.model.with_thresholds(customer=3.5)
    assert other.version != resolved.model.version
    assert other.thresholds.customer == 3.5


def test_default_model_tells_people_apart_without_training() -> None:
    schema = Schema.of({t.value: t.value for t in FieldType if t is not FieldType.IGNORE})
    model = Model.default(schema)
    me = normalise_record(
        {"given_name": "Sophie", "family_name": "Hoogendoorn", "birth_date": "1984-05-06", "email": "sophie@klein.nl"},
        schema,
    )
    moved = normalise_record({"given_name": "Sofie", "family_name": "Hoogendoorn", "birth_date": "1984-05-06"}, schema)
    brother = normalise_record({"given_name": "Bart", "family_name": "Hoogendoorn", "birth_date": "1981-02-03"}, schema)
    same, other = score_pairs(me, [moved, brother], model)
    assert same.weight > model.thresholds.customer
    assert other.weight < -5.0
    assert same.class_name == "match"


def test_a_larger_population_makes_a_name_weigh_less() -> None:
    schema = Schema.of({"first": "given_name", "last": "family_name"})
    jan = normalise_record({"first": "Jan", "last": "Kramer"}, schema)
    small, large = (score_pairs(jan, [jan], Model.default(schema, records=n))[0].weight for n in (1_000, 1_000_000))
    assert small > large + 5.0


def test_quality_of_a_small_partition() -> None:
    found = quality(["a", "a", "b", "b", "c"], [1, 1, 1, 2, 2])
    assert (found.precision, found.recall) == (0.5, 0.25)
    assert found.f1 == pytest.approx(1 / 3)
    assert (found.exact_precision, found.exact_recall) == (0.0, 0.0)
    assert found.bcubed_precision == pytest.approx(0.8)
    assert found.bcubed_recall == pytest.approx((4 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert (found.groups, found.true_groups, found.max_group) == (3, 2, 2)
    assert quality([1, 2, 3], ["x", "y", "z"]).exact_f1 == 1.0
    with pytest.raises(ValueError, match="2 labels found, 1 true ones"):
        quality([1, 2], [1])
