"""The kernel against the reference scorer, batch against online."""

from __future__ import annotations

import random
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from klantbeeld.engines.matching import (
    Field,
    Kind,
    Model,
    Resolution,
    Schema,
    distances,
    kernel,
    match_keys,
    normalise_record,
    score_pairs,
)
from klantbeeld.engines.matching.columns import encode
from klantbeeld.engines.matching.compare import prepare, score
from klantbeeld.engines.matching.fields import FieldType
from klantbeeld.engines.matching.keys import KeyTable, record_keys, signed
from klantbeeld.engines.matching.normalise import gather
from klantbeeld.engines.matching.rows import build_rows, encode_features

WORDS = st.text("abcdeé", min_size=1, max_size=12)


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
def test_kernel_distances_equal_rapidfuzz(a: str, b: str) -> None:
    x, y = a.encode(), b.encode()
    data = np.frombuffer(x + y, np.uint8)
    shorter, longer = sorted((x, y), key=len)
    assert distances.jaro_winkler(data, 0, len(x), len(x), len(y)) == pytest.approx(
        JaroWinkler.similarity(shorter, longer), abs=1e-12
    )
    for limit in (1, 2):
        assert distances.within_typos(data, 0, len(x), len(x), len(y), limit) == (OSA.distance(x, y) <= limit)


def _every_kind(rng: random.Random) -> dict[str, str]:
    """A record that exercises all comparisons, from few values so that every level occurs."""
    some = lambda *values: rng.choice(values)  # noqa: E731
    return {
        "given": some(
            "Jan", "Johannes", "Jan Piet", "Piet", "Robert", "Bob", "Vries", "王", "", "Janne", "J.", "Pieter Jan"
        ),
        "initials": some("J.P.", "J.", "P.J.K.", "", ""),
        "family": some(
            "de Vries", "Vries-Bakker", "Bakker", "Bakkers", "Vriez", "Jan", "Smit", "Smidt", "Schmidt Jr", "王", ""
        ),
        "gender": some("m", "v", ""),
        "born": some(
            "1980-02-03", "1980-03-02", "1980-02-04", "1980", "1980-01-01", "1908-02-03", "1981-02-03", "1955-11-30", ""
        ),
        "street": some("Dorpsstraat 1", "Dorpstraat", "Kerkweg 2", "", "1 Dorpsstr."),
        "number": some("1", "2", "1 a", "1 b", "", "12"),
        "postcode": some("1234AB", "1234 AC", "1235AB", "9999XX", ""),
        "city": some("Utrecht", "Den Haag", "'s-Gravenhage", ""),
        "phone": some("0612345678", "0612345679", "0201234567", "1234567", "+1 702 919 1300", ""),
        "phone2": some("0201234567", "0687654321", "", ""),
        "mail": some("jan@klein.nl", "jan@gmail.com", "jann@klein.nl", "j.de.vries@gmail.com", "j.vries@gmail.com", ""),
        "pass": some("AB123456", "AB123457", "XY999123", ""),
        "org": some(
            "Bakker BV", "De Bakker", "Bakker en Zoon", "Zoon Bakker en", "Bakkers", "Smit Transport Utrecht", ""
        ),
        "trade": some("", "Smit Transport", "De Bakker BV"),
        "job": some("baker", "bakers", "baker and cook", "smith", ""),
        "note": some("a b c d", "a b c", "d e f", "a x y z", ""),
        "system": some("crm", "shop", ""),
    }


EVERY = Schema.of(
    {
        "given": "given_name",
        "initials": "initials",
        "family": "family_name",
        "gender": "gender",
        "born": "birth_date",
        "street": "street",
        "number": "house_number",
        "postcode": "postcode",
        "city": "city",
        "phone": "phone",
        "phone2": "phone",
        "mail": "email",
        "pass": Field("", FieldType.IDENTIFIER),
        "org": "organisation_name",
        "trade": "organisation_name",
        "job": "category",
        "note": "text",
    },
    source="system",
)


def test_kernel_equals_reference_on_every_level() -> None:
    rng = random.Random(3)
    table = pa.Table.from_pylist([_every_kind(rng) for _ in range(250)])
    model = Model.default(EVERY)
    encoded = encode(table, EVERY)
    rows = build_rows(encoded, model.comparisons, model.frequencies)
    left, right = (x.astype(np.int32) for x in np.triu_indices(250, 1))
    levels = kernel.score_levels(rows.rows, left, right, *rows.args())
    records = [prepare(normalise_record(row, EVERY), model) for row in table.to_pylist()]
    for i, j, found in zip(left.tolist(), right.tolist(), levels.tolist(), strict=True):
        assert tuple(found) == score(records[i], records[j], model).levels, (i, j)
    assert np.array_equal(levels, kernel.score_levels(rows.rows, right, left, *rows.args())), "order of a pair matters"
    for f, comparison in enumerate(model.comparisons):
        reached = {comparison.levels[x] for x in np.unique(levels[:, f])}
        expected = {x for x in comparison.levels if not x.startswith("same_") or x in ("same_words", "same_user")}
        missed = expected - reached - {"same_shared_line", "other", "same", "generation"}
        assert len(missed) <= 5, f"{comparison.name} never gave {sorted(missed)}"


def test_batch_features_and_keys_equal_online(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    table, _ = table_and_truth
    encoded = encode(table, people.SCHEMA)
    keys = KeyTable(encoded, b"secret")
    batch: list[set[tuple[str, int]]] = [set() for _ in range(table.num_rows)]
    for template in resolved.model.templates:
        for row, values in enumerate(keys.keys(template).tolist()):
            batch[row].update((template, v) for v in values if v)
    for row, values in enumerate(table.to_pylist()):
        features = normalise_record(values, people.SCHEMA)
        assert features == gather({a: encoded.pool.texts[c[row]] for a, c in encoded.atoms.items() if c[row] >= 0})
        assert features == resolved.features(row)
        assert set(record_keys(features, resolved.model.templates, b"secret")) == batch[row]


def test_keys_depend_on_the_secret_and_leave_out_generic_ones(people: ModuleType, resolved: Resolution) -> None:
    features = resolved.features(0)
    keys = match_keys(features, resolved.model, b"one")
    assert keys
    assert {k for _, k in keys}.isdisjoint(k for _, k in match_keys(features, resolved.model, b"two"))
    assert all(-(2**63) <= k < 2**63 for _, k in keys)
    assert signed(2**64 - 1) == -1


def test_online_scores_equal_the_links_of_the_batch(resolved: Resolution) -> None:
    links = resolved.links.slice(0, 400).to_pylist()
    for link in links:
        (found,) = score_pairs(resolved.features(link["left"]), [resolved.features(link["right"])], resolved.model)
        assert found.weight == link["weight"]
        assert found.posteriors[0] == pytest.approx(link["class_match"], abs=1e-12)
        assert found.probability == pytest.approx(link["probability"], abs=1e-12)
        assert found.class_name == link["class"]
        names = {
            c.name: (None if level == 0 else c.levels[level])
            for c, level in zip(resolved.model.comparisons, found.levels, strict=True)
        }
        assert names == link["levels"]


def test_features_of_a_few_records_encode_like_a_table(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    features = [resolved.features(row) for row in range(40)]
    model = resolved.model
    few = build_rows(encode_features(features), model.comparisons, model.frequencies)
    many = build_rows(encode(table_and_truth[0].slice(0, 40), people.SCHEMA), model.comparisons, model.frequencies)
    left, right = (x.astype(np.int32) for x in np.triu_indices(40, 1))
    assert np.array_equal(
        kernel.score_levels(few.rows, left, right, *few.args()),
        kernel.score_levels(many.rows, left, right, *many.args()),
    )


def test_persons_and_organisations_never_meet() -> None:
    schema = Schema.of({"org": "organisation_name", "last": "family_name", "mail": "email"}, kind=Kind.MIXED)
    model = Model.default(schema)
    person = match_keys(normalise_record({"last": "Bakker", "mail": "info@bakker.nl"}, schema), model)
    organisation = match_keys(normalise_record({"org": "Bakker", "mail": "info@bakker.nl"}, schema), model)
    assert set(person).isdisjoint(organisation)


def _levels(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    schema = Schema.of({"first": "given_name", "last": "family_name", "gender": "gender", "mail": "email"})
    model = Model.default(schema)
    (link,) = score_pairs(normalise_record(left, schema), [normalise_record(right, schema)], model)
    return {c.name: c.levels[level] for c, level in zip(model.comparisons, link.levels, strict=True)}


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("Jonathon", "Johnathan", "alike"),  # sounds the same
        ("Esmeral", "Esmeralda", "alike"),  # begins the same
        ("Darletta", "Darlene", "resembles"),
        ("Darla", "Darlene", "same_initial"),  # two names that everybody knows
        ("Anna", "Annabelle", "same_initial"),
        ("Александр", "Alexander", "variant"),
    ],
)
def test_given_names_that_look_alike(left: str, right: str, level: str) -> None:
    assert _levels({"first": left}, {"first": right})["given"] == level


def test_gender_is_no_evidence_beside_an_equal_given_name() -> None:
    same = _levels({"first": "Jan", "gender": "m"}, {"first": "Jan", "gender": "m"})
    other = _levels({"first": "Jan", "gender": "m"}, {"first": "Piet", "gender": "m"})
    clash = _levels({"first": "Jan", "gender": "m"}, {"first": "Jan", "gender": "v"})
    assert (same["gender"], other["gender"], clash["gender"]) == ("missing", "same", "different")


def test_mailbox_made_of_the_family_name_is_no_more_than_the_name() -> None:
    made = _levels({"last": "Bakker", "mail": "jbakker@a.nl"}, {"last": "Bakker", "mail": "jbakker@b.nl"})
    own = _levels({"last": "Bakker", "mail": "roodborst@a.nl"}, {"last": "Bakker", "mail": "roodborst@b.nl"})
    assert (made["email"], own["email"]) == ("user_alike", "same_user")


def test_number_and_job_with_a_typo_are_typos_whatever_text_was_met_first() -> None:
    """The first texts of a table are family names here; the frequency class of a number must never be read as one."""
    schema = Schema.of({"last": "family_name", "pass": Field("", FieldType.IDENTIFIER), "job": "category"})
    model = Model.default(schema)
    table = pa.table({"last": ["Bakker", "Bakker"], "pass": ["XY999123", "XY999124"], "job": ["smith", "smiths"]})
    rows = build_rows(encode(table, schema), model.comparisons, model.frequencies)
    one, two = np.array([0], np.int32), np.array([1], np.int32)
    (levels,) = kernel.score_levels(rows.rows, one, two, *rows.args()).tolist()
    mine, other = (normalise_record(values, schema) for values in table.to_pylist())
    assert score_pairs(mine, [other], model)[0].levels == tuple(levels)
    told = {c.name: c.levels[x] for c, x in zip(model.comparisons, levels, strict=True)}
    assert (told["ids:pass"], told["categories:job"]) == ("typo", "similar")
