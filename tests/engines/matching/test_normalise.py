from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantbeeld.engines.matching import (
    DateOrder,
    Field,
    Kind,
    Model,
    Schema,
    match_keys,
    normalise_record,
    resolve,
    score_pairs,
)
from klantbeeld.engines.matching.fields import FieldType
from klantbeeld.engines.matching.normalise import address, codes, contact, dates, names
from klantbeeld.engines.matching.normalise.text import clean, fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de Vries", ("vries", "")),
        ("Vries-van den Berg", ("vries berg", "")),
        ("JANSEN e/v DE BOER", ("jansen boer", "")),
        ("in 't Veld", ("veld", "")),
        ("O'Hare", ("ohare", "")),
        ("Smith Sr", ("smith", "1")),
        ("Le", ("le", "")),
        ("Müller", ("muller", "")),
    ],
)
def test_family_name_in_dutch_and_other_forms(text: str, expected: tuple[str, str]) -> None:
    assert names.family_name(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vries, Jan de", ("jan", "j", "vries", "")),
        ("J.P. de Vries", ("", "jp", "vries", "")),
        ("Dr. Robert Smith Jr", ("robert", "r", "smith", "2")),
        ("王杰", ("杰", "", "王", "")),
        ("van den Berg, A.", ("", "a", "berg", "")),
    ],
)
def test_full_name_is_split(text: str, expected: tuple[str, str, str, str]) -> None:
    assert names.full_name(text) == expected


def test_sound_joins_spellings_by_ear_but_not_other_names() -> None:
    assert names.sound("smit") == names.sound("smith") == names.sound("smid")
    assert names.sound("jansen") == names.sound("janssen")
    assert names.sound("bakker") != names.sound("visser")


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("1978-12-11", False, "19781211"),
        ("11/12/1978", False, "19781211"),
        ("11/12/1978", True, "19781112"),
        ("20/8/1991", True, "19910820"),
        ("15-Mar-92", False, "19920315"),
        ("12 mei 1980", False, "19800512"),
        ("19560409", False, "19560409"),
        ("1960", False, "19600000"),
        ("1-1-1970", False, ""),
        ("niet bekend", False, ""),
    ],
)
def test_birth_date_notations(text: str, month_first: bool, expected: str) -> None:
    assert dates.birth_date(text, month_first) == expected


@pytest.mark.parametrize("text", ["06-12345678", "+31 (0)6 12345678", "0031 6 12345678", "0612345678", "31612345678"])
def test_dutch_phone_notations_are_one_number(text: str) -> None:
    assert contact.phone(text, "NL") == "+31612345678"


def test_phone_of_another_country_and_nonsense() -> None:
    assert contact.phone("702-919-1300", "US") == "+17029191300"
    assert contact.phone("000000", "NL") == ""
    assert contact.phone("123", "NL") == ""
    assert contact.is_fixed("+31201234567")
    assert not contact.is_fixed("+31612345678")


def test_email_loses_display_name_tag_and_gmail_dots() -> None:
    assert contact.email('"Jay Jones" <J.Jones+shop@GoogleMail.com>') == "jjones@gmail.com"
    assert contact.email("geen") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dorpsstraat 12-A", ("dorpsst", "12", "a")),
        ("12A Dorpsstr.", ("dorpsst", "12", "a")),
        ("Hardenbergstraße 87", ("hardenbergst", "87", "")),
    ],
)
def test_street_with_number(text: str, expected: tuple[str, str, str]) -> None:
    assert address.street(text) == expected


def test_whole_address_in_one_text() -> None:
    assert address.whole_address("Kerkstraat 12-A, 1234 AB Utrecht") == ("1234ab", "12", "a", "kerkst", "utrecht")
    assert address.whole_address("123 Main Street, Las Vegas NV 89132") == ("89132", "123", "", "main st", "lasvegas")


def test_organisation_name_without_legal_form() -> None:
    assert codes.organisation_name("De Gouden Bakker B.V. (filiaal Oost)") == "gouden bakker"
    assert codes.organisation_name("BV") == "bv"


def test_record_features_bring_columns_together() -> None:
    schema = Schema.of(
        {
            "voornaam": "given_name",
            "tussen": "name_prefix",
            "achternaam": "family_name",
            "tel": "phone",
            "tel2": "phone",
            "pc": "postcode",
            "nr": "house_number",
            "pas": Field("", FieldType.IDENTIFIER, scheme="passport"),
            "polis": Field("", FieldType.IDENTIFIER, evidence=False),
        }
    )
    values = {
        "voornaam": "Jan Peter",
        "tussen": "de",
        "achternaam": "Vries",
        "tel": "06-12345678",
        "tel2": "0031612345678",
        "pc": "1234 AB",
        "nr": "12 bis",
        "pas": "NX-12 34",
        "polis": "P1",
    }
    assert normalise_record(values, schema) == {
        "given": "jan peter",
        "initials": "jp",
        "family": "vries",
        "addresses": [["1234ab", "12", "bis", "", ""]],
        "phones": ["+31612345678"],
        "ids": {"passport": ["nx1234"]},
    }


def test_record_of_a_mixed_table_gets_its_kind() -> None:
    schema = Schema.of({"org": "organisation_name", "last": "family_name"}, kind=Kind.MIXED)
    assert normalise_record({"org": "Bakker BV"}, schema) == {"organisation": "bakker", "kind": "organisation"}
    assert normalise_record({"org": "Bakker BV", "last": "Smit"}, schema)["kind"] == "person"


def test_values_may_be_lists() -> None:
    schema = Schema.of({"mail": "email", "pc": "postcode", "nr": "house_number"})
    found = normalise_record(
        {"mail": ["a@b.nl", "A@B.NL", "c@d.nl"], "pc": ["1234AB", "5678CD"], "nr": ["1", "2"]}, schema
    )
    assert found["emails"] == ["a@b.nl", "c@d.nl"]
    assert found["addresses"] == [["1234ab", "1", "", "", ""], ["5678cd", "2", "", "", ""]]


def test_date_order_of_a_schema_is_followed() -> None:
    schema = Schema.of({"b": "birth_date"}, date_order=DateOrder.MONTH_FIRST)
    assert normalise_record({"b": "03/04/1980"}, schema) == {"birth": "19800304"}


@given(st.text(max_size=400))
@settings(deadline=None)
def test_every_parser_takes_any_text(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= 256
    assert fold(fold(cleaned)) == fold(cleaned)
    every = {t.value: t.value for t in FieldType if t is not FieldType.IGNORE}
    schema = Schema.of(every, kind=Kind.MIXED)
    normalise_record(dict.fromkeys(every, text), schema)


def test_unknown_field_type_is_named() -> None:
    with pytest.raises(ValueError, match="Column 'x': unknown field type 'nonsense'"):
        Schema.of({"x": "nonsense"})


def test_schema_survives_json() -> None:
    schema = Schema.of(
        {"a": "given_name", "b": Field("", FieldType.IDENTIFIER, "pas", "", False)}, source="s", country="BE"
    )
    assert Schema.from_dict(schema.to_dict()) == schema


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Васильев", "vasil'ev"),
        ("Παπαδόπουλος", "papadopoylos"),
        ("محمد", "mhmd"),
        ("Müller", "muller"),
        ("王杰", "王杰"),  # how it sounds depends on the language
        ("Müller 王", "muller 王"),
    ],
)
def test_scripts_that_spell_sounds_become_latin(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_other_names_of_an_organisation_are_compared_too() -> None:
    schema = Schema.of({"name": "organisation_name", "trade": "organisation_name"}, kind=Kind.ORGANISATION)
    features = normalise_record({"name": "Jansen Holding BV", "trade": "De Gouden Aar"}, schema)
    assert (features["organisation"], features["aliases"]) == ("jansen holding", ["gouden aar"])
    assert normalise_record({"trade": "De Gouden Aar"}, schema)["organisation"] == "gouden aar"
    listed = normalise_record({"name": ["Jansen Holding BV", "De Gouden Aar"]}, schema)
    assert listed["aliases"] == ["gouden aar"]
    model = Model.default(schema)
    other = normalise_record({"name": "Gouden Aar"}, schema)
    (link,) = score_pairs(features, [other], model)
    assert model.comparisons[0].levels[link.levels[0]] == "same_rare"
    assert {k for _, k in match_keys(features, model)} & {k for _, k in match_keys(other, model)}


def test_open_date_order_is_decided_by_the_dates_that_tell() -> None:
    schema = Schema.of({"born": "birth_date", "last": "family_name"})
    american = pa.table({"born": ["03/04/1980", "03/25/1981"], "last": ["Bakker", "Smit"]})
    found = resolve(american, schema)
    assert found.model.schema.date_order is DateOrder.MONTH_FIRST
    assert found.features(0)["birth"] == "19800304"
    told = resolve(american, Schema.of({"born": "birth_date"}, date_order=DateOrder.DAY_FIRST))
    assert told.features(0)["birth"] == "19800403"
    silent = pa.table({"born": ["03/04/1980"], "last": ["Bakker"]})
    assert resolve(silent, schema).model.schema.date_order is DateOrder.DAY_FIRST
    assert resolve(silent, schema, model=found.model).features(0)["birth"] == "19800304"
