"""BSNs are found by context and refused; order numbers are not taken for them."""

from __future__ import annotations

import random

import pytest

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.actions import encode, sift
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft
from klantbeeld.sources.rules.bsn import (
    Guard,
    is_named,
    mask_text,
    mask_unplaced,
    passes_eleven_test,
)
from klantbeeld.sources.rules.trees import TreeGuard


def bsns(chance: random.Random, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        digits = f"{chance.randrange(10_000_000, 999_999_999):09d}"
        if passes_eleven_test(digits):
            found.append(digits)
    return found


@pytest.mark.parametrize(
    ("digits", "passes"),
    [
        ("123456782", True),
        ("111222333", True),
        ("123456789", False),
        ("000000000", False),
        ("10000008", True),
        ("10000009", False),
    ],
)
def test_eleven_test(digits: str, passes: bool) -> None:
    assert passes_eleven_test(digits) is passes


def test_eleven_test_of_eight_digits_is_that_of_nine_with_a_leading_zero() -> None:
    assert passes_eleven_test("12345672") is passes_eleven_test("012345672")


@pytest.mark.parametrize(
    "name", ["BSN", "bsn_nr", "klant_bsn", "BsnNummer", "Burgerservicenummer", "burger_service_nummer", "sofinr",
             "SoFi-nummer", "citizenServiceNumber", "persoon.bsn", "BSNnr"],
)  # fmt: skip
def test_column_names_that_say_bsn(name: str) -> None:
    assert is_named(name)


@pytest.mark.parametrize("name", ["absnr", "klantnr", "ordernummer", "subsnelheid", "sofia", "service_nr", "rsin"])
def test_column_names_that_do_not(name: str) -> None:
    assert not is_named(name)


@pytest.mark.parametrize("share_wrong", [0.0, 0.05])
@pytest.mark.parametrize("form", ["{}", "{0[0]}{0[1]}{0[2]}.{0[3]}{0[4]}{0[5]}.{0[6]}{0[7]}{0[8]}"])
def test_column_of_bsns_under_another_name_is_refused(share_wrong: float, form: str) -> None:
    chance = random.Random(1)
    for _ in range(50):
        numbers = [n if chance.random() >= share_wrong else f"{int(n) ^ 1:09d}" for n in bsns(chance, 60)]
        guard = Guard(["a", "nummer"])
        guard.inspect([("x", form.format(n)) for n in numbers])
        assert guard.refused == [1]


def order_numbers(chance: random.Random, kind: int) -> list[str]:
    start = chance.randrange(100_000_000, 900_000_000)
    match kind:
        case 0:
            return [str(start + n) for n in range(400)]  # a sequence
        case 1:
            return [str(chance.randrange(10_000_000, 999_999_999)) for _ in range(400)]  # at random
        case 2:
            return [f"2026{chance.randrange(1, 13):02d}{n:03d}" for n in range(400)]  # with year and month
        case 3:
            return [str(start + 11 * n) for n in range(400)]  # in steps
        case _:
            return [str(chance.randrange(100_000_000, 999_999_999)) for _ in range(chance.randrange(1, 8))]  # a few


def test_order_number_columns_are_hardly_ever_refused() -> None:
    chance = random.Random(2)
    refused = 0
    for number in range(1000):
        guard = Guard(["ordernr"])
        guard.inspect([(value,) for value in order_numbers(chance, number % 5)])
        refused += bool(guard.refused)
    assert refused < 10


def test_sequence_of_numbers_that_all_pass_by_chance_of_its_form_is_no_bsn_column() -> None:
    passing = [n for n in range(123_456_000, 123_460_000) if passes_eleven_test(str(n))][:200]
    guard = Guard(["nr"])
    guard.inspect([(str(n),) for n in passing])
    assert guard.refused == []


def test_declared_exception_holds_for_values_and_not_for_the_name() -> None:
    numbers = bsns(random.Random(3), 50)
    guard = Guard(["rsin", "bsn"], excepted=["rsin", "bsn"])
    guard.inspect([(number, number) for number in numbers])
    assert guard.refused == [1]


def test_strip_takes_values_out_and_counts_them_per_column() -> None:
    guard = Guard(["nr", "bsn", "notitie"])
    row: list[str | None] = ["1", "123456782", "Belt over BSN: 123.456.782, graag terugbellen op 0612345678"]
    guard.strip(row)
    assert row == ["1", None, "Belt over BSN: •••••••••, graag terugbellen op 0612345678"]
    assert guard.take_counts() == {"bsn": 1, "notitie": 1}
    assert guard.take_counts() == {}


def test_text_keeps_numbers_that_its_words_do_not_call_bsn() -> None:
    assert mask_text("order 123456782 voor mw. Bos") == ("order 123456782 voor mw. Bos", 0)
    assert mask_text("bsn onbekend, order 123456789") == ("bsn onbekend, order 123456789", 0)


def test_unplaced_text_loses_every_number_that_passes() -> None:
    assert mask_unplaced("a;123456782;123456789;31-12-1980") == "a;•••••••••;123456789;31-12-1980"


def test_trees_lose_bsns_by_name_by_values_and_in_lists() -> None:
    numbers = bsns(random.Random(4), 40)
    rows = [{"id": n, "person": {"bsn": x, "ids": [{"v": x}]}, "note": "ok"} for n, x in enumerate(numbers)]
    guard = TreeGuard()
    guard.inspect(rows)
    assert guard.refused == {"person.bsn", "person.ids.v"}
    assert guard.strip(rows[0]) == {"id": 0, "person": {"ids": [{}]}, "note": "ok"}
    assert guard.take_counts() == {"person.bsn": 1, "person.ids.v": 1}


# --- the rule for drafts, which every door goes through


def person(**more: object) -> Draft:
    return Draft(Kind.PERSON, **{"external_id": "1", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("draft", "places"),
    [
        (person(attributes={"title": "BSN 123456782"}), ["/attributes/title"]),
        (person(attributes={"title": "bsn: 1234.56.782, gebeld"}), ["/attributes/title"]),
        (person(attributes={"email": [{"value": "x@y.nl", "role": "sofinr 123456782"}]}), ["/attributes/email/0/role"]),
        (person(attributes={"lines": [{"bsn": 123456782}]}), ["/attributes/lines/0/bsn"]),
        (person(attributes={"citizenServiceNumber": "7"}), ["/attributes/citizenServiceNumber"]),
        (person(identifiers=(Identifier("loyalty", "BSN 123456782"),)), ["/identifiers/0"]),
        (person(identifiers=(Identifier("loyalty", "1"), Identifier("burgerservicenummer", "7"))), ["/identifiers/1"]),
        (person(external_id="BSN 123456782"), ["/external_id"]),
        (
            person(roles=(RoleDraft("child", Reference(Kind.PERSON, "bsn 123456782"), Reference(Kind.PERSON, "1")),)),
            ["/roles/0/holder/external_id"],
        ),
        (person(raw={"reason": "klant gaf bsn 123456782 door"}), ["/raw/reason"]),
    ],
)
def test_draft_with_a_bsn_is_refused_and_its_value_not_repeated(
    draft: Draft, places: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Invalid) as refused:
        encode([draft])
    assert refused.value.code == "bsn.refused"
    assert [fault["pointer"] for fault in refused.value.where["errors"]] == places
    told = f"{refused.value} {refused.value.where} {caplog.text}"
    assert "1 citizen service numbers" in caplog.text
    assert not any(digits in told for digits in ("123456782", "1234.56.782"))


@pytest.mark.parametrize(
    "draft",
    [
        person(attributes={"title": "order 123456782"}),
        person(attributes={"title": "BSN 123456789"}),  # fails the 11-test
        person(attributes={"given_name": "Sofie", "phone": [{"value": "0201234567"}]}),
        person(attributes={"bsn": None, "lines": [{"bsn": ""}]}),
        person(identifiers=(Identifier("customer_number", "123456782"),)),
        person(external_id="BSN 123456782", gone=True),
    ],
)
def test_draft_without_evidence_of_a_bsn_goes_on(draft: Draft) -> None:
    assert len(encode([draft])) == 1


def test_sift_tells_drafts_that_can_be_kept_from_the_others() -> None:
    drafts = [
        person(external_id="1", position=1),
        person(external_id="2", position=2, attributes={"title": "BSN 123456782"}, raw={"title": "BSN 123456782"}),
        person(external_id="", position=3, raw={"id": ""}),
        person(external_id="4", position=4, attributes={"title": "a\0b"}),
    ]
    good, refused = sift(drafts)
    assert good == drafts[:1]
    assert [(one.position, one.reason, one.raw) for one in refused] == [
        (2, "bsn.refused", None),
        (3, "sources.external_id", {"id": ""}),
        (4, "sources.nul", None),
    ]
    assert all("123456782" not in f"{one}" for one in refused)
