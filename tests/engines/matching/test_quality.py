"""A gate on real, labelled sets when they are beside the project; shipped settings, no labels, no tuning per set.

The floors lie a little below what was measured, so that a change that costs quality fails here.
"""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantbeeld.engines.matching import DateOrder, Field, Kind, Schema, quality, resolve
from klantbeeld.engines.matching.fields import FieldType

DATA = Path(os.environ.get("KLANTBEELD_DATA") or Path(__file__).parents[4] / "shared" / "data") / "matching"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="labelled data is not beside the project (KLANTBEELD_DATA)")

IDENTIFIER = FieldType.IDENTIFIER


def read(name: str) -> pa.Table:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = csv.reader(lines)
    columns = zip(*rows, strict=True)
    return pa.table(
        {
            n.strip(): [None if v.strip() in ("", "NA") else v.strip() for v in c]
            for n, c in zip(head, columns, strict=True)
        }
    )


def test_febrl3() -> None:
    table = read("febrl3.csv")
    schema = Schema.of(
        {
            "given_name": "given_name",
            "surname": "family_name",
            "street_number": "house_number",
            "address_1": "street",
            "suburb": "city",
            "postcode": "postcode",
            "date_of_birth": "birth_date",
            "soc_sec_id": Field("", IDENTIFIER),
        },
        country="AU",
    )
    truth = [r.split("-")[1] for r in table["rec_id"].to_pylist()]
    found = resolve(table, schema)
    assert quality(found.suggested_id, truth).f1 >= 0.999
    assert quality(found.customer_id, truth).precision >= 0.999


def test_rldata10000_names_and_birth_dates_only() -> None:
    table = read("RLdata10000.csv")
    kinds = {"fname_c1": "given_name", "fname_c2": "middle_name", "lname_c1": "family_name"}
    schema = Schema.of({**kinds, "by": "birth_year", "bm": "birth_month", "bd": "birth_day"}, country="DE")
    found = resolve(table, schema)
    assert quality(found.suggested_id, table["ent_id"].to_pylist()).f1 >= 0.96
    assert quality(found.customer_id, table["ent_id"].to_pylist()).precision >= 0.99


def test_fake_1000() -> None:
    table = read("fake_1000.csv")
    kinds = {
        "first_name": "given_name",
        "surname": "family_name",
        "dob": "birth_date",
        "city": "city",
        "email": "email",
    }
    found = resolve(table, Schema.of(kinds, country="GB"))
    assert quality(found.suggested_id, table["cluster"].to_pylist()).f1 >= 0.95
    assert quality(found.customer_id, table["cluster"].to_pylist()).precision >= 0.99


def test_historical_50k() -> None:
    table = pq.read_table(DATA / "historical_50k.parquet")
    schema = Schema.of(
        {
            "first_name": "given_name",
            "surname": "family_name",
            "full_name": "full_name",
            "dob": "birth_date",
            "birth_place": "category",
            "postcode_fake": "postcode",
            "gender": "gender",
            "occupation": "category",
        },
        country="GB",
    )
    found = resolve(table, schema)
    assert quality(found.suggested_id, table["cluster"].to_pylist()).f1 >= 0.92
    assert quality(found.customer_id, table["cluster"].to_pylist()).precision >= 0.99


def test_senzing_truth_set_of_persons_and_organisations() -> None:
    parts = [read(f"senzing_truthset/{name}.csv") for name in ("customers", "reference", "watchlist")]
    table = pa.concat_tables(parts, promote_options="default")
    key = {
        (r["DATA_SOURCE"], r["RECORD_ID"]): r["CLUSTER_ID"]
        for r in read("senzing_truthset/actual_truthset_key.csv").to_pylist()
    }
    truth = [key[r["DATA_SOURCE"], r["RECORD_ID"]] for r in table.select(["DATA_SOURCE", "RECORD_ID"]).to_pylist()]
    numbers = {
        "PASSPORT": "passport",
        "DRIVERS_LICENSE": "license",
        "SSN": "ssn",
        "NATIONAL_ID": "national",
        "TAX_ID": "tax",
        "LEI": "lei",
    }
    schema = Schema.of(
        {
            "PRIMARY_NAME_FULL": "full_name",
            "NATIVE_NAME_FULL": "full_name",
            "PRIMARY_NAME_ORG": "organisation_name",
            "SECONDARY_NAME_ORG": "organisation_name",
            "PRIMARY_NAME_LAST": "family_name",
            "PRIMARY_NAME_FIRST": "given_name",
            "PRIMARY_NAME_MIDDLE": "middle_name",
            "GENDER": "gender",
            "DATE_OF_BIRTH": "birth_date",
            **{f"{column}_NUMBER": Field("", IDENTIFIER, scheme) for column, scheme in numbers.items()},
            "EMAIL_ADDRESS": "email",
            "ADDR_FULL": "address",
            "ADDR_LINE1": "street",
            "ADDR_CITY": "city",
            "ADDR_POSTAL_CODE": "postcode",
            "PHONE_NUMBER": "phone",
            "RECORD_TYPE": "record_kind",
        },
        country="US",
    )
    found = resolve(table, replace(schema, kind=Kind.MIXED, date_order=DateOrder.MONTH_FIRST))
    result = quality(found.suggested_id, truth)
    assert result.exact_recall >= 81 / 85
    assert result.bcubed_f1 >= 0.98
    assert quality(found.customer_id, truth).precision >= 0.99
