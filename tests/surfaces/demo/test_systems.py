"""What the systems know: the truth behind their records, the mess in the intended share, and files that can be read."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stdnum.nl import bsn

from klantbeeld.demo import mess, sheet
from klantbeeld.demo.dice import Dice
from klantbeeld.demo.files import FILE_SYSTEMS, TRUTH, write_files
from klantbeeld.demo.sheet import Habits
from klantbeeld.demo.systems import CODES, Feed, System, build_systems, calls, crm, pos
from klantbeeld.demo.systems.crm import open_crm
from klantbeeld.demo.truth import truth_of
from klantbeeld.demo.world import World, build_world, names
from klantbeeld.demo.world.calendar import UNKNOWN


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(4000, seed=7)


@pytest.fixture(scope="module")
def systems(world: World) -> dict[str, System]:
    return {system.code: system for system in build_systems(world)}


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("files")
    write_files(world, found, CODES)
    return found


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def all_rows(feed: Feed) -> dict[str, np.ndarray]:
    return dict(feed.render(np.arange(feed.count, dtype=np.int64)))


def test_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    here = [(w.path.name, w.sha256) for w in write_files(build_world(300, seed=5), tmp_path / "here", CODES)]
    code = (
        "import sys; from pathlib import Path; from klantbeeld.demo.files import write_files;"
        "from klantbeeld.demo.systems import CODES; from klantbeeld.demo.world import build_world;"
        "[print(w.path.name, w.sha256) for w in write_files(build_world(300, seed=5), Path(sys.argv[1]), CODES)]"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "there")],
        env={"PYTHONHASHSEED": "12345", "PATH": ""}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    there = [tuple(line.split()) for line in done.stdout.splitlines()]
    assert there == here


def test_files_of_a_small_world_are_frozen(tmp_path: Path) -> None:
    """The same (size, seed) is the same bytes on every Python and NumPy; change this only with the world itself."""
    written = write_files(build_world(300, seed=5), tmp_path, CODES)
    digest = hashlib.sha256("".join(w.sha256 for w in written).encode()).hexdigest()
    assert digest[:16] == "9a6c8c263bc82426"


def test_other_seed_gives_another_world() -> None:
    one, other = build_world(300, seed=1), build_world(300, seed=2)
    assert one.email.tolist() != other.email.tolist()


def test_block_equals_rows_rendered_one_by_one(systems: dict[str, System]) -> None:
    for system in systems.values():
        for feed in system.feeds:
            some = np.asarray([0, feed.count // 2, feed.count - 1], dtype=np.int64)
            whole = all_rows(feed)
            for row in some:
                alone = feed.render(np.asarray([row]))
                assert {name: column[0] for name, column in alone.items()} == {
                    name: column[row] for name, column in whole.items()
                }


def test_every_party_record_has_one_entity_and_an_id_of_its_own(systems: dict[str, System], folder: Path) -> None:
    truth = truth_of(tuple(systems.values()))
    rows = sum(feed.count for system in systems.values() for feed in system.feeds if feed.entities)
    assert len(truth) == rows
    assert len(read(folder / TRUTH)) == rows
    entities = Counter(truth.values())
    persons = sum(1 for entity in entities if entity.startswith("P"))
    assert 0.85 * 4000 < persons <= 4000
    assert sum(1 for entity in entities if entity.startswith("O")) == 240
    assert {entity[0] for entity in entities} == {"P", "O"}


def test_files_decode_as_windows_1252_with_crlf_and_equal_columns(folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        raw = path.read_bytes()
        assert raw.decode("cp1252").encode("cp1252") == raw
        assert raw.endswith(b"\r\n")
        with path.open(encoding="cp1252", newline="") as file:
            widths = {len(row) for row in csv.reader(file, delimiter=";")}
        assert len(widths) == 1, path.name
    accented = (folder / "policies_relations.csv").read_bytes()
    assert b"\xeb" in accented or b"\xe9" in accented
    with pytest.raises(UnicodeDecodeError):
        accented.decode("utf-8")


def test_signs_that_windows_1252_lacks_are_written_without_marks() -> None:
    assert (
        "Şahin Yılmaz Łukasz Çelik Nguyễn".encode("cp1252", mess.FOLD).decode("cp1252")
        == "Sahin Yilmaz Lukasz Çelik Nguyen"
    )


def test_references_between_files_are_all_there(folder: Path) -> None:
    relations = {row["RELNR"]: row["SOORT"] for row in read(folder / "policies_relations.csv")}
    policies = read(folder / "policies_policies.csv")
    for row in policies:
        for column in ("NEMER2", "VERZEKERDE1", "VERZEKERDE2", "VERZEKERDE3", "HUURDER1", "HUURDER2"):
            assert not row[column] or relations[row[column]] == "P"
        assert relations[row["NEMER"]] == row["NEMER_SOORT"]
        assert relations[row["BETALER"]] == row["BETALER_SOORT"]
    cards = {row["KAARTNR"] for row in read(folder / "pos_cards.csv")}
    assert {row["KAARTNR"] for row in read(folder / "pos_receipts.csv")} - cards == {""}
    callers = {row["KLANTKAART"] for row in read(folder / "calls_callers.csv")}
    assert {row["KLANTKAART"] for row in read(folder / "calls_log.csv")} - callers == {""}
    accounts = {row["id"] for row in read(folder / "shop_customers.csv")}
    orders = read(folder / "shop_orders.csv")
    assert {row["customerId"] for row in orders} <= accounts
    shipped = {row["orderReference"] for row in read(folder / "partner_shipments.csv")}
    assert shipped == {row["orderNumber"] for row in orders if row["fulfilledBy"] == "partner"}
    contacts = read(folder / "crm_contacts.csv")
    ids, employers = (
        {row["contactId"] for row in contacts},
        {row["accountId"] for row in read(folder / "crm_accounts.csv")},
    )
    assert {row["represents.contactId"] for row in contacts} - ids == {""}
    assert {row["account.id"] for row in contacts} - employers == {""}


def test_order_lines_add_up_and_carry_cost_and_margin(systems: dict[str, System]) -> None:
    orders = all_rows(systems["shop"].feed("orders"))
    for total, cost, lines in zip(orders["totalAmount"], orders["totalCost"], orders["lines"], strict=True):
        cents = [
            (line["quantity"], *(round(float(line[k]) * 100) for k in ("unitPrice", "unitCost", "margin")))
            for line in lines
        ]
        assert round(float(total) * 100) == sum(n * price for n, price, _, _ in cents)
        assert round(float(cost) * 100) == sum(n * each for n, _, each, _ in cents)
        assert all(margin == n * (price - each) for n, price, each, margin in cents)


def test_receipt_lines_follow_each_other(folder: Path) -> None:
    seen: set[str] = set()
    last = ""
    for row in read(folder / "pos_receipts.csv"):
        if row["BONNR"] != last:
            assert row["BONNR"] not in seen
            assert row["REGEL"] == "1"
        seen.add(last := row["BONNR"])


def test_numbers_like_a_bsn_stand_in_one_column_of_the_archive_only(folder: Path) -> None:
    archive = read(folder / "archive_relations.csv")
    assert len(archive) == 40
    assert all(bsn.is_valid(row["SOFINR"]) for row in archive)
    for path in sorted(folder.glob("*.csv")):
        columns = defaultdict(list)
        for row in read(path):
            for name, value in row.items():
                columns[name].append(value)
        suspect = {
            name for name, values in columns.items()
            if sum(len(value) == 9 and bsn.is_valid(value) for value in values) > 0.5 * sum(map(bool, values)) > 0
        }  # fmt: skip
        assert suspect == ({"SOFINR"} if path.name == "archive_relations.csv" else set())


def test_one_policy_sees_two_tenants_who_are_two_people(systems: dict[str, System], folder: Path) -> None:
    truth = truth_of([systems["policies"]])
    let = [row for row in read(folder / "policies_policies.csv") if row["PRODUCT"] == "Verhuurdersbundel"]
    assert len(let) > 30
    for row in let:
        assert truth["policies", row["HUURDER1"]] != truth["policies", row["HUURDER2"]]
        assert row["HUURDER1_TOT"] < row["HUURDER2_VAN"]
        assert truth["policies", row["NEMER"]].startswith("O")


def test_representatives_are_adults_of_the_family_of_whom_they_represent(world: World) -> None:
    state = open_crm(world)
    rows = np.flatnonzero(state.ward >= 0)
    ward, guardian = state.who[state.ward[rows]], state.who[rows]
    age = world.persons.age
    assert len(rows) > 30
    assert np.array_equal(world.persons.family[ward], world.persons.family[guardian])
    assert np.all(age[guardian] >= 25)
    assert np.all((age[ward] < 18) | (age[ward] >= 80))
    assert np.any(age[ward] < 18)
    assert np.any(age[ward] >= 80)


def test_sole_traders_are_organisation_and_consumer(world: World, systems: dict[str, System]) -> None:
    truth = set(truth_of(tuple(systems.values())).values())
    known = world.organisations
    both = [
        n for n in np.flatnonzero(known.form == 0).tolist() if f"O{n}" in truth and f"P{known.contacts[n, 0]}" in truth
    ]
    assert len(both) > 40


def test_shared_card_of_partners_stands_on_two_persons(systems: dict[str, System]) -> None:
    truth = truth_of(tuple(systems.values()))
    shop = all_rows(systems["shop"].feed("customers"))
    holders = defaultdict(set)
    for card, account in zip(shop["loyaltyNumber"], shop["id"], strict=True):
        if card:
            holders[card].add(truth["shop", account])
            if ("pos", card) in truth:
                holders[card].add(truth["pos", card])
    several = sum(len(entities) > 1 for entities in holders.values())
    assert 0.01 < several / len(holders) < 0.12


SHARES = {
    "surname typo": "surname_typo",
    "given typo": "given_typo", "swapped": "swapped", "upper": "upper", "lower": "lower",
    "prefix lost": "prefix_lost", "prefix merged": "prefix_merged", "official": "official",
    "nickname": "nickname",
    "born default": "born_default", "born swapped": "born_swapped",
    "born typo": "born_typo", "number typo": "number_typo",
    "street typo": "street_typo", "postcode typo": "postcode_typo", "suffix lost": "suffix_lost",
    "old phone": "old_phone",
    "phone typo": "phone_typo", "old email": "old_email", "email typo": "email_typo", "town variant": "town_variant",
}  # fmt: skip


@pytest.mark.parametrize("habits", [pos.HABITS, calls.HABITS, crm.HABITS], ids=["pos", "calls", "crm"])
def test_errors_come_in_the_share_that_the_habits_say(world: World, habits: Habits) -> None:
    rows = np.arange(40_000, dtype=np.int64)
    who = rows % world.size
    changed = np.full(len(rows), 20_000 * 86_400, dtype=np.int64)
    found = sheet.write(world, Dice(3, "test"), rows, who, changed, habits)
    for error, name in SHARES.items():
        share = getattr(habits, name)
        assert abs(float(found.errors[error].mean()) - share) < 4 * (share / len(rows)) ** 0.5 + 1e-9, error


def test_errors_change_the_values_and_nothing_else_does(world: World) -> None:
    rows = np.arange(world.size, dtype=np.int64)
    changed = np.full(len(rows), 20_800 * 86_400, dtype=np.int64)
    clean = Habits(
        given=1, official=0, nickname=0, initials=1, sex=1, other_name_use=0, prefix_lost=0, prefix_merged=0,
        surname_typo=0, given_typo=0, swapped=0, upper=0, born=1, born_default=0, born_swapped=0, born_typo=0,
        address=1, stale=0, suffix_lost=0, street_typo=0, number_typo=0, postcode_typo=0, town_variant=0, phone=1,
        landline=0, old_phone=0, phone_typo=0, email=1, old_email=0, email_typo=0,
    )  # fmt: skip
    true = sheet.write(world, Dice(1, "test"), rows, rows, changed, clean)
    assert np.array_equal(true.born, world.persons.born)
    assert true.email.tolist() == world.email.tolist()
    assert true.phone.tolist() == [f"06{number}" for number in world.mobile.tolist()]
    table = names.surname_table()
    own = world.persons.name_use == 0
    assert true.surname[own].tolist() == table.base[world.persons.surname[own]].tolist()
    spoilt = sheet.write(
        world, Dice(1, "test"), rows, rows, changed, replace(clean, surname_typo=0.5, email_typo=0.5, born=0.5)
    )
    wrong = spoilt.errors["surname typo"]
    assert 0.4 < wrong.mean() < 0.6
    assert np.array_equal(spoilt.surname[~wrong], true.surname[~wrong])
    assert np.mean(spoilt.surname[wrong] != true.surname[wrong]) > 0.9
    assert np.mean(spoilt.email[spoilt.errors["email typo"]] == true.email[spoilt.errors["email typo"]]) < 0.1
    assert np.array_equal(spoilt.born == UNKNOWN, ~Dice(1, "test").chance("born known", rows, 0.5))


def test_married_name_is_written_in_the_dutch_order(world: World) -> None:
    persons, table = world.persons, names.surname_table()
    rows = np.flatnonzero(persons.name_use == 2)[:50]
    found = sheet.write(
        world, Dice(1), rows, rows, np.full(len(rows), 20_800 * 86_400),
        Habits(other_name_use=0, prefix_lost=0, prefix_merged=0, surname_typo=0, swapped=0, upper=0),
    )  # fmt: skip
    for row, who in enumerate(rows.tolist()):
        partner, own = persons.partner_surname[who], persons.surname[who]
        assert found.prefix[row] == table.prefix[partner]
        assert found.surname[row] == f"{table.base[partner]}-{table.full[own]}"


def test_old_address_stands_on_records_from_before_the_move(world: World) -> None:
    movers = np.flatnonzero(world.moved >= 0)
    habits = Habits(stale=0, address=1, number_typo=0, postcode_typo=0)
    before = sheet.write(world, Dice(1), movers, movers, (world.moved[movers] - 1) * 86_400, habits)
    after = sheet.write(world, Dice(1), movers, movers, (world.moved[movers] + 1) * 86_400, habits)
    assert before.postcode.tolist() == world.addresses(world.previous_dwelling[movers]).postcode.tolist()
    assert after.postcode.tolist() == world.addresses(world.dwelling[movers]).postcode.tolist()


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        ("0612345678", 1, "06-12345678"), ("0612345678", 2, "+31612345678"), ("0201234567", 1, "020-1234567"),
        
        ("0592345678", 1, "0592-345678"), ("0201234567", 6, "(020) 1234567"), ("", 3, ""),
        ("0612345678", 4, "0031 6 12345678"),
    ],
)  # fmt: skip
def test_phone_notation(number: str, style: int, written: str) -> None:
    column = np.asarray([number], dtype=object)
    assert mess.phone(column, np.asarray([style])).tolist() == [written]


def test_file_systems_are_those_whose_form_is_csv(systems: dict[str, System]) -> None:
    assert set(FILE_SYSTEMS) == {code for code, system in systems.items() if system.form == "csv"}
