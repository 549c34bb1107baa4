"""Guessing what columns mean, from names in four languages and from values."""

import pyarrow as pa
import pytest

from klantbeeld.engines.files.guess import ColumnGuess, date_order, guess_columns
from klantbeeld.engines.files.guess.headers import read_header, words_of

MEANINGS = [
    ("Voornaam", "given_name"), ("roepnaam", "given_name"), ("Vorname", "given_name"), ("prénom", "given_name"),
    ("FIRST_NAME", "given_name"), ("firstName", "given_name"), ("fname_c1", "given_name"),
    ("Achternaam", "family_name"), ("klant_achternaam", "family_name"), ("Nachname", "family_name"),
    ("surname", "family_name"), ("PRIMARY_NAME_LAST", "family_name"), ("Nom de famille", "family_name"),
    ("Tussenvoegsel", "name_prefix"), ("tussenv.", "name_prefix"), ("Voorletters", "initials"),
    ("Geboortedatum", "birth_date"), ("dob", "birth_date"), ("Geburtsdatum", "birth_date"),
    ("date de naissance", "birth_date"), ("birthDate", "birth_date"), ("gebdat", "birth_date"), ("by", "birth_year"),
    ("Geslacht", "gender"), ("Anrede", "gender"), ("sex", "gender"),
    ("Straße", "street"), ("straatnaam", "street"), ("address_1", "street"), ("rue", "street"),
    ("huisnr", "house_number"), ("Hausnummer", "house_number"), ("street_number", "house_number"),
    ("toevoeging", "house_suffix"), ("PLZ", "postcode"), ("zip code", "postcode"), ("code postal", "postcode"),
    ("woonplaats", "city"), ("Ort", "city"), ("suburb", "city"), ("ville", "city"),
    ("Telefoonnummer", "phone"), ("mobiel", "phone"), ("phone 2", "phone"), ("Handynummer", "phone"),
    ("E-mailadres", "email"), ("e-mail", "email"), ("Courriel", "email"), ("email_address", "email"),
    ("Bedrijfsnaam", "organisation_name"), ("company", "organisation_name"), ("Raison sociale", "organisation_name"),
    ("KvK-nummer", "kvk"), ("BTW nr", "vat"), ("USt-IdNr", "vat"),
    ("klantnummer", "record_id"), ("customer_id", "record_id"), ("Kundennummer", "record_id"), ("id", "record_id"),
    ("laatst gewijzigd", "updated_at"), ("last_modified", "updated_at"), ("bron", "source"),
    ("birth_place", "category"), ("paspoortnummer", "identifier"), ("soc_sec_id", "identifier"), ("BSN", "forbidden"),
    ("SOFINR", "forbidden"), ("klantkaart", "identifier"), ("billingAddress.addition", "house_suffix"),
    ("GESL", "gender"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "meaning"), MEANINGS)
def test_read_header_knows_the_words_of_four_languages(name: str, meaning: str) -> None:
    found = read_header(name)
    assert found is not None
    assert found.type == meaning


@pytest.mark.parametrize(
    "name",
    ["cluster", "entity_id_hash", "household", "amount", "email_opt_in", "telefoon toestemming", "orderdatum", "x", "",
     "phone_verified", "nieuwsbrief", "status", "employee name"],
)  # fmt: skip
def test_read_header_says_nothing_about_other_subjects(name: str) -> None:
    assert read_header(name) is None


def test_words_of_splits_camel_case_accents_and_digits() -> None:
    assert words_of("geboorteDatum") == ["geboorte", "datum"]
    assert words_of("Straße_2") == ["strasse", "2"]
    assert words_of("Prénom d'usage") == ["prenom", "d", "usage"]
    assert words_of("ADDR_LINE1") == ["addr", "line", "1"]


def test_billing_and_delivery_addresses_are_told_apart() -> None:
    columns = {
        "factuur_postcode": ["1234AB"],
        "factuur_huisnummer": ["1"],
        "bezorg_postcode": ["9999ZZ"],
        "postcode": ["1234AB"],
    }
    found = {g.column: (g.type, g.group) for g in guess_columns(pa.table(columns))}
    assert found == {
        "factuur_postcode": ("postcode", "billing"),
        "factuur_huisnummer": ("house_number", "billing"),
        "bezorg_postcode": ("postcode", "delivery"),
        "postcode": ("postcode", ""),
    }


def test_only_address_of_a_file_has_no_group() -> None:
    found = _guess({"shipping_street": ["Dam"], "shipping_zip": ["1012AB"]})
    assert [(g.type, g.group) for g in found.values()] == [("street", ""), ("postcode", "")]


def _guess(columns: dict[str, list[str | None]], *, header: bool = True) -> dict[str, ColumnGuess]:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return {guess.column: guess for guess in guess_columns(table, header=header)}


def test_values_that_contradict_the_name_win() -> None:
    found = _guess({"email": ["yes", "no", "yes"], "geboortedatum": ["a", "b", "c"], "phone": ["0612345678"] * 3})
    assert (found["email"].type, found["email"].reason, found["email"].contradicted) == (
        "ignore",
        "contradicted",
        "email",
    )
    assert found["geboortedatum"].type == "ignore"
    assert found["phone"].type == "phone"


def test_values_alone_tell_email_postcode_prefix_and_iban() -> None:
    found = _guess(
        {
            "a": ["jan@example.nl", "piet@example.org", None],
            "b": ["1234 AB", "9876ZZ", "1111aa"],
            "c": ["van der", "de", "van den"],
            "d": ["NL91ABNA0417164300", "NL20INGB0001234567", "DE89370400440532013000"],
            "e": ["12", "13", "14"],
        }
    )
    assert {name: guess.type for name, guess in found.items()} == {
        "a": "email", "b": "postcode", "c": "name_prefix", "d": "identifier", "e": "ignore",
    }  # fmt: skip
    assert found["d"].scheme == "iban"
    assert found["a"].reason == "values"


def test_columns_without_header_are_read_from_their_values() -> None:
    names = ["Jan", "Piet", "Anna", "Maria", "Kees", "Henk", "Els", "Sophie", "Lucas", "Emma", "Daan", "Julia"]
    surnames = [
        "Jansen",
        "Bakker",
        "Visser",
        "Smit",
        "Meijer",
        "Mulder",
        "Bos",
        "Vos",
        "Dekker",
        "Kok",
        "Vries",
        "Berg",
    ]
    rows = {
        "column_1": [str(1000 + i) for i in range(12)],
        "column_2": names,
        "column_3": surnames,
        "column_4": [f"{1950 + 4 * i}-0{1 + i % 9}-1{i % 9}" for i in range(12)],
        "column_5": [f"06123456{10 + i}" for i in range(12)],
        "column_6": ["M", "V"] * 6,
    }
    found = _guess(rows, header=False)
    assert [g.type for g in found.values()] == [
        "record_id",
        "given_name",
        "family_name",
        "birth_date",
        "phone",
        "gender",
    ]


def test_citizen_service_number_is_left_out() -> None:
    found = _guess({"bsn": ["111222333", "123456782"], "naam": ["Jan", "Piet"]})
    assert (found["bsn"].type, found["bsn"].reason) == ("ignore", "forbidden")
    assert "burgerservicenummer" in found["bsn"].sentence("nl")


def test_citizen_service_numbers_are_known_by_their_values() -> None:
    passing = [f"{n:09d}" for n in range(100_000_000, 100_001_000) if _passes(f"{n:09d}")][:20]
    found = _guess({"nummer2": passing, "polis": [str(100_000_000 + n) for n in range(20)]})
    assert (found["nummer2"].type, found["nummer2"].reason) == ("ignore", "forbidden")
    assert found["polis"].reason == "unknown"


def _passes(digits: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def test_unknown_name_that_ends_like_an_id_is_the_record_id_when_unique() -> None:
    found = _guess({"RELNR": ["R1", "R2", "R3"], "ORDERNR": ["1", "1", "2"], "naam": ["Jan Bos", "An Kok", "Piet Vos"]})
    assert [g.type for g in found.values()] == ["record_id", "ignore", "full_name"]


def test_name_in_a_table_of_organisations_is_that_of_the_organisation() -> None:
    found = _guess({"name": ["Kapsalon Do", "De Linde"], "kvk": ["44987756", "12345678"]})
    assert found["name"].type == "organisation_name"


def test_column_that_tells_persons_from_organisations_is_known_by_its_values() -> None:
    assert _guess({"type": ["consumer", "business", "consumer"]})["type"].type == "record_kind"
    assert _guess({"type": ["gold", "silver", "gold"]})["type"].type == "ignore"


def test_last_change_goes_before_creation() -> None:
    days = ["2025-01-02", "2025-02-03"]
    found = _guess({"createdAt": days, "updatedAt": days})
    assert [g.type for g in found.values()] == ["ignore", "updated_at"]
    assert _guess({"createdAt": days})["createdAt"].type == "updated_at"


def test_id_that_is_not_unique_is_no_record_id() -> None:
    found = _guess({"klantnummer": ["1", "1", "2"], "id": ["7", "8", "9"]})
    assert (found["klantnummer"].type, found["klantnummer"].reason) == ("ignore", "not_unique")
    assert found["id"].type == "record_id"


def test_full_name_is_left_out_where_its_parts_are() -> None:
    parts = {"voornaam": ["Jan", "Piet"], "achternaam": ["Bos", "Kok"], "naam": ["Jan Bos", "Piet Kok"]}
    assert _guess(parts)["naam"].type == "ignore"
    gaps = {"voornaam": ["Jan", None], "achternaam": ["Bos", None], "naam": ["Jan Bos", "Piet Kok"]}
    assert _guess(gaps)["naam"].type == "full_name"


def test_name_beside_a_given_name_is_the_family_name() -> None:
    assert _guess({"Vorname": ["Jan"], "Name": ["Müller"]})["Name"].type == "family_name"
    assert _guess({"Name": ["Jan Müller"]})["Name"].type == "full_name"
    assert (
        _guess({"naam": ["Bakkerij Bos B.V.", "Stichting Hulp", "Kok Transport BV"]})["naam"].type
        == "organisation_name"
    )


def test_address_beside_its_parts_is_the_street() -> None:
    found = _guess(
        {"adres": ["Dam 1", "Spui 2"], "postcode": ["1012AB", "2511BL"], "plaats": ["Amsterdam", "Den Haag"]}
    )
    assert found["adres"].type == "street"
    assert _guess({"adres": ["Dam 1, 1012AB Amsterdam"]})["adres"].type == "address"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["31/12/1980", "01/02/1990"], "dmy"),
        (["12/31/1980", "01/02/1990"], "mdy"),
        (["01/02/1990", "1980-12-31"], None),
        (["31-12-1980", "12-31-1980"], None),
        ([None, ""], None),
    ],
)
def test_date_order_is_told_by_days_beyond_twelve(values: list[str | None], order: str | None) -> None:
    assert date_order(values) == order


def test_every_name_of_an_organisation_is_used() -> None:
    """A trade name beside the statutory name is often the name under which another system knows the company."""
    table = pa.table(
        {
            "statutaire naam": ["Bakker Holding BV", "Smit Beheer BV", "De Vries Transport BV"],
            "handelsnaam": ["Bakker's Brood", None, "Vriesvervoer"],
            "KvK-nummer": ["12345678", "23456789", "34567890"],
        }
    )
    assert [guess.type for guess in guess_columns(table)] == ["organisation_name", "organisation_name", "kvk"]
