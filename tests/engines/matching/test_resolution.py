"""Tables as they come: odd, empty, huge, several sources."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from klantbeeld.engines.matching import Kind, Resolution, Schema, quality, resolve, train
from klantbeeld.engines.matching.fields import FieldType


def test_links_and_weights_fit_the_partition(resolved: Resolution) -> None:
    links = resolved.links
    assert links.column_names[:5] == ["left", "right", "weight", "probability", "class"]
    left, right, weight = (links[c].to_numpy() for c in ("left", "right", "weight"))
    assert (left < right).all()
    assert (np.diff(weight) <= 0).all()
    for row in range(50):
        inside = ((left == row) | (right == row)) & (resolved.customer_id[left] == resolved.customer_id[right])
        expected = weight[inside].max() if inside.any() else np.nan
        assert resolved.weight[row] == pytest.approx(expected, nan_ok=True)
    assert (resolved.customer_id <= np.arange(len(resolved.customer_id))).all()
    together = resolved.customer_id[:, None] == resolved.customer_id[None, :]
    assert (resolved.suggested_id[:, None] == resolved.suggested_id[None, :])[together].all()
    assert (resolved.household_id[:, None] == resolved.household_id[None, :])[together].all()


def test_the_same_seed_gives_the_same_model(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    assert train(table_and_truth[0], people.SCHEMA) == resolved.model


def test_progress_and_report(people: ModuleType, table_and_truth: tuple[pa.Table, list[int]]) -> None:
    told: list[tuple[str, float]] = []
    report = resolve(
        table_and_truth[0], people.SCHEMA, progress=lambda phase, share: told.append((phase, share))
    ).report
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0
    assert report["records"] == table_and_truth[0].num_rows
    assert report["customers"] >= report["suggested"] > 0
    assert report["keys"]


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_tiny_tables(rows: int) -> None:
    table = pa.table({"first": ["Jan"] * 3, "last": ["de Wilde"] * 3, "mail": ["jan@klein.nl"] * 3}).slice(0, rows)
    found = resolve(table, Schema.of({"first": "given_name", "last": "family_name", "mail": "email"}))
    assert len(found.customer_id) == rows
    assert len(set(found.customer_id.tolist())) == min(rows, 1)


def test_odd_columns_never_stop_a_run() -> None:
    rng = np.random.default_rng(2)
    n = 420
    odd = [
        "a\x00b",
        "x" * 1_000_000,
        "\ud800 lone",
        "🙂" * 300,
        "",
        "   ",
        "NULL",
        "N/A",
        "²³",
        "١٩٨٠-٠١-٠٢",
        "٠٦١٢٣٤٥٦٧٨",
        "王小明",
        "'" * 50,
        "@@@",
        "-",
        ",,,",
    ]
    text = [odd[i] for i in rng.integers(0, len(odd), n)]
    text = [t.encode("utf-8", "surrogatepass") for t in text]
    columns: dict[str, pa.Array] = {}
    mapping: dict[str, str] = {}
    for kind in FieldType:
        if kind is FieldType.IGNORE:
            continue
        columns[f"odd_{kind.value}"] = pa.array(text, pa.binary())
        mapping[f"odd_{kind.value}"] = kind.value
    columns["empty"] = pa.nulls(n)
    columns["number"] = pa.array(rng.normal(size=n))
    columns["day"] = pa.array([date(1980, 1, 1 + i % 28) for i in range(n)])
    columns["list"] = pa.array([[i % 7] for i in range(n)])
    columns["flag"] = pa.array([i % 2 == 0 for i in range(n)])
    mapping |= {
        "empty": "family_name",
        "number": "house_number",
        "day": "birth_date",
        "list": "category",
        "flag": "gender",
    }
    found = resolve(pa.table(columns), Schema.of(mapping, kind=Kind.MIXED))
    assert len(found.customer_id) == n


def test_all_empty_and_all_equal_tables_keep_to_bounds() -> None:
    schema = Schema.of({"first": "given_name", "last": "family_name", "mail": "email"})
    empty = pa.table({c: pa.nulls(2_000, pa.string()) for c in ("first", "last", "mail")})
    assert len(np.unique(resolve(empty, schema).customer_id)) == 2_000
    shared = pa.table(
        {"first": [f"Naam{i}" for i in range(5_000)], "last": ["Bakker"] * 5_000, "mail": ["info@bakker.nl"] * 5_000}
    )
    found = resolve(shared, schema)
    assert found.report["candidate_pairs"] < 2_000_000
    assert found.report["customers"] > 4_000


def test_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="no column 'last'"):
        resolve(pa.table({"first": ["Jan"]}), Schema.of({"first": "given_name", "last": "family_name"}))


def test_linking_two_clean_files_learns_that_neither_repeats_itself(people: ModuleType) -> None:
    table, truth = people.population(900, seed=4)
    rows, seen = [], set()
    for row, (values, person) in enumerate(zip(table.to_pylist(), truth, strict=True)):
        if (values["system"], person) not in seen and values["system"] != "till":
            seen.add((values["system"], person))
            rows.append(row)
    found = resolve(table.take(pa.array(rows)), people.SCHEMA)
    truth = [truth[r] for r in rows]
    assert quality(found.suggested_id, truth).f1 > 0.8
    comparison = [c.name for c in found.model.comparisons].index("source")
    same, other = found.model.log_levels[0, comparison, 1:3]
    assert same < other - 2.0, "matches are hardly ever from one source here"


def test_organisations_and_persons_in_one_table() -> None:
    names = ["Gouden Bakker BV", "Transport Noord", "Fietsenwinkel De Spaak", "Kapsalon Knip"]
    rows = []
    for i, name in enumerate(names):
        for variant in (name, name.upper() + " B.V.", name.replace("Noord", "Nord")):
            rows.append(
                {
                    "org": variant,
                    "last": None,
                    "first": None,
                    "post": ("1234AB", "3511KL", "9712XZ", "6041GH")[i],
                    "nr": "1",
                    "tel": ("0201234567", "0307654321", "0505551122", "0475998877")[i],
                }
            )
        for _ in range(2):
            rows.append(
                {
                    "org": None,
                    "last": ("Hoogendoorn", "Wilbrink", "Terpstra", "Achterberg")[i],
                    "first": "Jan",
                    "post": ("1234AB", "3511KL", "9712XZ", "6041GH")[i],
                    "nr": "1",
                    "tel": ("0201234567", "0307654321", "0505551122", "0475998877")[i],
                }
            )
    schema = Schema.of(
        {
            "org": "organisation_name",
            "first": "given_name",
            "last": "family_name",
            "post": "postcode",
            "nr": "house_number",
            "tel": "phone",
        },
        kind=Kind.MIXED,
    )
    found = resolve(pa.Table.from_pylist(rows), schema)
    assert quality(found.suggested_id, [i // 5 * 2 + (i % 5 > 2) for i in range(len(rows))]).f1 == 1.0


def test_importing_the_package_does_not_import_numba() -> None:
    code = "import sys, klantbeeld.engines.matching; sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
