"""The peer: Splink with a set-up by hand per set, as its documentation advises for such data.

Run as a process of its own: python -m bench.resolve.peer SET FILE TRUTH, prints JSON. Clusters are connected components
at a threshold; the best of a grid of thresholds is an oracle that no user has, .95 and .99 are what a user would take.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bench.resolve.measures import measure
from bench.resolve.sets import truth_of

GRID = (0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999)
SHOWN = (0.95, 0.99)
Setup = dict[str, Any]


def fake_1000() -> Setup:
    """Names, birth date, city and e-mail."""
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "id": "unique_id",
        "comparisons": [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("dob", 1),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        "blocking": [block_on("first_name", "city"), block_on("surname"), block_on("dob"), block_on("email")],
        "certain": [block_on("first_name", "surname", "dob"), block_on("email")],
        "recall": 0.7,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    }


def febrl3() -> Setup:
    """Names, birth date, number, postcode and social security number."""
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "id": "rec_id",
        "comparisons": [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        "blocking": [block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")],
        "certain": [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        "recall": 0.9,
        "training": [block_on("surname", "date_of_birth"), block_on("postcode")],
    }


def rldata() -> Setup:
    """Names and the parts of the birth date."""
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "id": "rec_id",
        "comparisons": [
            cl.NameComparison("fname_c1").configure(term_frequency_adjustments=True),
            cl.NameComparison("lname_c1").configure(term_frequency_adjustments=True),
            cl.ExactMatch("by"),
            cl.ExactMatch("bm"),
            cl.ExactMatch("bd"),
        ],
        "blocking": [
            block_on("fname_c1", "lname_c1"),
            block_on("lname_c1", "by"),
            block_on("fname_c1", "by", "bm"),
            block_on("by", "bm", "bd"),
            block_on("lname_c1", "bm", "bd"),
            block_on("fname_c1", "bm", "bd"),
        ],
        "certain": [block_on("fname_c1", "lname_c1", "by", "bm")],
        "recall": 0.7,
        "training": [block_on("fname_c1", "lname_c1"), block_on("by", "bm", "bd")],
    }


def historical() -> Setup:
    """Names together, birth date, postcode, birth place and occupation; ten blocking rules."""
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "id": "unique_id",
        "select": "*, first_name || ' ' || surname as first_name_surname",
        "comparisons": [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        "blocking": [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        "certain": [block_on("first_name", "surname", "dob"), block_on("dob", "postcode_fake")],
        "recall": 0.6,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    }


def dutch() -> Setup:
    """Names with initials and frequency, birth date, address by postcode and number, phone, e-mail, numbers, gender."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import block_on

    first = cl.CustomComparison(
        output_column_name="first_name",
        comparison_levels=[
            cll.CustomLevel("first_initial_l is null or first_initial_r is null", "missing").configure(
                is_null_level=True
            ),
            cll.ExactMatchLevel("first_name", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("first_name", 0.88),
            cll.CustomLevel("initials_l = initials_r", "same initials"),
            cll.CustomLevel("first_initial_l = first_initial_r", "same first initial"),
            cll.ElseLevel(),
        ],
    )
    address = cl.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            cll.CustomLevel("postcode_l is null or postcode_r is null", "missing").configure(is_null_level=True),
            cll.ExactMatchLevel("postcode_number", term_frequency_adjustments=True),
            cll.CustomLevel("postcode_l = postcode_r", "same postcode"),
            cll.CustomLevel("left(postcode_l, 4) = left(postcode_r, 4)", "same area"),
            cll.ElseLevel(),
        ],
    )
    return {
        "id": "unique_id",
        "select": """*, coalesce(left(first_name, 1), left(initials, 1)) as first_initial,
            postcode || '-' || number as postcode_number, left(postcode, 4) as area""",
        "comparisons": [
            first,
            cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            address,
            cl.DamerauLevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
            cl.ExactMatch("gender"),
            cl.ExactMatch("loyalty"),
            cl.ExactMatch("iban"),
        ],
        "blocking": [
            block_on("email"),
            block_on("phone"),
            block_on("loyalty"),
            block_on("iban", "first_initial"),
            block_on("last_name", "dob"),
            block_on("first_name", "dob"),
            block_on("dob", "area"),
            block_on("postcode_number", "first_initial"),
            block_on("postcode", "last_name"),
            block_on("last_name", "area", "first_initial"),
            block_on("first_name", "last_name", "substr(dob,1,4)"),
        ],
        "certain": [block_on("email", "first_initial"), block_on("last_name", "dob", "first_initial")],
        "recall": 0.75,
        "training": [block_on("email"), block_on("last_name", "dob"), block_on("postcode_number", "first_initial")],
    }


SETUPS: dict[str, Callable[[], Setup]] = {
    "fake_1000": fake_1000,
    "febrl3": febrl3,
    "RLdata10000": rldata,
    "historical_50k": historical,
    "dutch_world": dutch,
}


def main() -> None:
    """Link one file and print the measures."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    name, path, truth = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    started = time.perf_counter()
    from splink import DuckDBAPI, Linker, SettingsCreator

    setup = SETUPS[name]()
    table = _load(path, setup)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=setup["id"],
        comparisons=setup["comparisons"],
        blocking_rules_to_generate_predictions=setup["blocking"],
    )
    linker = Linker(DuckDBAPI().register(table), settings)
    linker.training.estimate_probability_two_random_records_match(setup["certain"], recall=setup["recall"])
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in setup["training"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=min(GRID))
    seconds = time.perf_counter() - started
    entities = dict(zip(table[setup["id"]].to_pylist(), truth_of(path, truth), strict=True))
    found = {threshold: _clusters(linker, predictions, threshold, setup["id"], entities) for threshold in GRID}
    best = max(found, key=lambda t: found[t]["pairwise"]["f1"])
    shown = {f"at_{t}": found[t] for t in SHOWN}
    print(json.dumps({"seconds": round(seconds, 2), "best": {**found[best], "threshold": best}, **shown}))


def _load(path: Path, setup: Setup) -> pa.Table:
    import duckdb

    scan = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    option = "" if path.suffix == ".parquet" else ", all_varchar=true, nullstr=['', 'NA']"
    found = duckdb.sql(f"select {setup.get('select', '*')} from {scan}('{path}'{option})").to_arrow_table()
    plain = [pc.utf8_trim_whitespace(c) if pa.types.is_string(c.type) else c for c in found.columns]
    return pa.table(dict(zip(found.column_names, plain, strict=True)))


def _clusters(linker: Any, predictions: Any, threshold: float, key: str, entities: dict[Any, str]) -> dict[str, Any]:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=threshold
    )
    rows = clusters.as_duckdbpyrelation().project(f"cluster_id, {key}").fetchall()
    truth = np.unique([entities[record] for _cluster, record in rows], return_inverse=True)[1]
    return measure(np.unique([str(cluster) for cluster, _record in rows], return_inverse=True)[1], truth)


if __name__ == "__main__":
    main()
