from __future__ import annotations

import json

import pytest

from klantbeeld.engines.matching import Model, Resolution, Schema, explain, normalise_record, why_not
from klantbeeld.engines.matching.levels import LEVELS
from klantbeeld.engines.matching.phrases import COMPARISONS
from klantbeeld.engines.matching.phrases import LEVELS as TEXTS

SCHEMA = Schema.of({"first": "given_name", "last": "family_name", "born": "birth_date", "mail": "email"})
MODEL = Model.default(SCHEMA)


def features(**values: str) -> dict[str, object]:
    return normalise_record(values, SCHEMA)


def test_waterfall_adds_up_to_the_weight(resolved: Resolution) -> None:
    for link in resolved.links.slice(0, 200).to_pylist():
        found = explain(resolved.features(link["left"]), resolved.features(link["right"]), resolved.model)
        assert found.weight == link["weight"]
        assert found.prior + sum(step.weight for step in found.steps) == pytest.approx(found.weight, abs=1e-9)
        assert sum(found.posteriors.values()) == pytest.approx(1.0)
        json.dumps(found.to_dict())


def test_missing_value_adds_nothing() -> None:
    found = explain(
        features(first="Jan", last="Bakker"), features(first="Jan", last="Bakker", born="1980-02-03"), MODEL
    )
    missing = {s.comparison: s.weight for s in found.steps if s.level == "missing"}
    assert missing == {"initials": 0.0, "generation": 0.0, "birth": 0.0, "email": 0.0}


def test_sentences_in_both_languages() -> None:
    left = features(first="Jan", last="de Vries", born="1980-02-03", mail="jan@klein.nl")
    right = features(first="Johannes", last="Vries", born="1980-02-03", mail="jan@klein.nl")
    english, dutch = explain(left, right, MODEL, "en"), explain(left, right, MODEL, "nl")
    assert english.sentence.startswith("The same (chance of being the same: > 99%). For: ")
    assert dutch.sentence.startswith("Dezelfde (kans dat het dezelfde is: > 99%). Voor: ")
    assert "e-mailadres: gelijk" in dutch.sentence
    assert english.verdict == "customer"
    assert [(s.comparison, s.level) for s in dutch.steps if s.comparison == "given"] == [("given", "variant")]


def test_nothing_to_compare_is_said() -> None:
    assert "hardly anything to compare" in explain(features(first="Jan"), features(last="Vries"), MODEL).sentence


def test_every_level_and_comparison_has_words() -> None:
    assert set(COMPARISONS) == set(LEVELS)
    assert {name for names in LEVELS.values() for name in names} <= set(TEXTS)


@pytest.mark.parametrize(
    ("left", "right", "groups", "apart", "reason"),
    [
        ({"first": "Jan", "last": "Bakker"}, {"first": "Piet", "last": "Smit"}, ((), ()), False, "weak"),
        ({"mail": "a@klein.nl", "first": "Jan"}, {"mail": "a@klein.nl", "first": "Jan"}, ((), ()), True, "decision"),
        ({"mail": "a@klein.nl"}, {"mail": "a@klein.nl"}, ((), ()), False, "queue"),
        (
            {"mail": "a@klein.nl"},
            {"mail": "a@klein.nl"},
            (
                ({"first": "Jan", "last": "Smit", "born": "1950-02-03"},),
                ({"first": "Anna", "last": "Smit", "born": "1982-07-08"},),
            ),
            False,
            "conflict",
        ),
    ],
)
def test_why_two_records_are_not_one(
    left: dict[str, str],
    right: dict[str, str],
    groups: tuple[tuple[dict[str, str], ...], ...],
    apart: bool,
    reason: str,
) -> None:
    mine, theirs = ([features(**g) for g in group] for group in groups)
    found = why_not(
        features(**left),
        features(**right),
        MODEL,
        left_group=mine,
        right_group=theirs,
        decided_apart=apart,
        language="nl",
    )
    assert found.reason == reason
    assert found.sentence
    json.dumps(found.to_dict())
