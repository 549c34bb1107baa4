"""Which value wins and why; never because of the order of arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.kit.errors import Invalid
from klantbeeld.profiles.rules.claims import Claim, Witness, same_key
from klantbeeld.profiles.rules.golden import Statement, agreed, alone, judge, winners
from klantbeeld.profiles.rules.survivorship import DEFAULT_RULE, check_rule, contest

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Spec:
    """A catalogue attribute as far as survivorship looks at it."""

    def __init__(self, type_: str = "text", many: bool = False, survivorship: tuple[str, ...] = ()) -> None:
        self.type, self.many, self.survivorship = type_, many, survivorship


def witness(record: int, rank: int = 5, days: int = 0, steward: bool = False) -> Witness:
    return Witness(
        record, f"source{rank}", rank, f"source{rank}/person/{record}", rank, steward, NOON + timedelta(days)
    )


def claim(value: str, by: Witness, verified: bool = False) -> Claim:
    return Claim(value, same_key(value, "text"), by, verified=verified)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (claim("Jan", witness(1, rank=9, steward=True)), claim("Piet", witness(2, rank=1)), "steward"),
        (claim("Jan", witness(1, rank=9), verified=True), claim("Piet", witness(2, rank=1)), "verified"),
        (claim("Jan", witness(1, rank=1)), claim("Piet", witness(2, rank=2, days=3)), "rank"),
        (claim("Jan", witness(1, days=3)), claim("Piet", witness(2)), "recent"),
        (claim("Johan", witness(1)), claim("Jo", witness(2)), "complete"),
        (claim("Jan", witness(1)), claim("Ton", witness(2)), "tie"),
    ],
)
def test_first_criterion_that_tells_apart_decides(first: Claim, second: Claim, why: str) -> None:
    verdicts = contest([second, first])
    assert [(verdict.claim.value, verdict.why) for verdict in verdicts] == [(first.value, why), (second.value, why)]


def test_most_frequent_wins_when_the_rule_says_so() -> None:
    claims = [claim("Jan", witness(1, rank=1)), claim("JOHN", witness(2)), claim("John", witness(3))]
    verdict = contest(claims, ("frequent", "rank"))[0]
    assert (verdict.claim.value, verdict.why) == ("John", "frequent")
    assert {supporter.witness.record for supporter in verdict.support} == {2, 3}


def test_one_value_from_several_records_is_the_only_one() -> None:
    verdicts = contest([claim("JANSEN", witness(1, rank=1)), claim("Jansen", witness(2, rank=2))])
    assert [(verdict.claim.value, verdict.why) for verdict in verdicts] == [("Jansen", "only")]


claims_of_one_customer = st.lists(
    st.builds(
        claim,
        st.sampled_from(["Jan", "JAN", "jan", "Johan", "Jo", "Piet"]),
        st.builds(
            witness,
            st.integers(1, 6),
            rank=st.integers(1, 3),
            days=st.integers(0, 2),
            steward=st.booleans(),
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda made: (made.witness.key, made.value),
)


@given(claims_of_one_customer, st.randoms(use_true_random=False), st.permutations(DEFAULT_RULE))
def test_outcome_does_not_depend_on_order(claims: list[Claim], random: object, rule: list[str]) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def seen(order: list[Claim]) -> list[tuple[str, str, str]]:
        return [(verdict.claim.value, verdict.claim.witness.key, verdict.why) for verdict in contest(order, rule)]

    assert seen(claims) == seen(shuffled)
    assert {verdict.claim.same for verdict in contest(claims, rule)} == {made.same for made in claims}


@pytest.mark.parametrize("rule", [("rank", "rank"), ("loudest",)])
def test_rule_with_a_wrong_criterion_is_refused(rule: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="at most once"):
        check_rule(rule)


def test_prefix_and_name_come_from_the_same_record() -> None:
    specs = {"name_prefix": Spec(), "family_name": Spec()}
    heard = [
        Statement(witness(1, rank=1), {"family_name": "VAN DEN BERG"}),
        Statement(witness(2, rank=2), {"family_name": "Berg", "name_prefix": "van der"}),
    ]
    golden = winners(specs, judge(specs, heard))
    assert golden["name_prefix"][0] == {"value": "van den", "record": 1, "why": "only"}
    assert golden["family_name"][0]["record"] == 1


def test_several_addresses_keep_role_and_period() -> None:
    specs = {"address": Spec("address", many=True)}
    home = {"street": "Dam", "house_number": "1", "postcode": "1012 JS", "city": "Amsterdam"}
    heard = [
        Statement(witness(1, rank=1), {"address": [{"value": home, "role": "home", "from": "2020-01-01"}]}),
        Statement(witness(2, rank=2), {"address": [{"value": {**home, "postcode": "1012js"}}]}),
        Statement(witness(3, rank=3), {"address": [{"value": {**home, "house_number": "3"}, "role": "post"}]}),
    ]
    golden = winners(specs, judge(specs, heard))["address"]
    assert [(entry["value"]["house_number"], entry.get("role"), entry.get("from")) for entry in golden] == [
        ("1", "home", "2020-01-01"),
        ("3", "post", None),
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("+49 201 234567890", "+1 201 234567890"), ("+31 20 1234567", "+32 20 1234567")]
)
def test_phones_of_two_countries_are_two_phones(one: str, other: str) -> None:
    assert same_key(one, "phone") != same_key(other, "phone")


@pytest.mark.parametrize(
    ("type_", "one", "other"),
    [
        ("phone", "06-12345678", "+31 6 1234 5678"),
        ("phone", "0031612345678", "0612345678"),
        ("email", "Jan@Example.NL ", "jan@example.nl"),
        ("text", "Café  Noir", "cafe noir"),
        (
            "address",
            {"postcode": "1012 JS", "house_number": 1},
            {"postcode": "1012js", "house_number": "1"},
        ),
    ],
)
def test_values_written_differently_say_the_same(type_: str, one: object, other: object) -> None:
    assert same_key(one, type_) == same_key(other, type_)


SPECS = {
    "given_name": Spec(),
    "name_prefix": Spec(),
    "family_name": Spec(),
    "birth_date": Spec("date"),
    "phone": Spec("phone", many=True),
    "address": Spec("address", many=True),
}
WORDS = st.sampled_from(["", "Jan", "JAN", "van den Berg", "06-12345678", "+31612345678"])
ENTRY = st.one_of(
    WORDS,
    st.fixed_dictionaries({"value": WORDS}, optional={"role": WORDS, "from": WORDS, "verified": st.booleans()}),
)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.one_of(st.none(), ENTRY),
        "name_prefix": st.sampled_from(["", "de"]),
        "family_name": WORDS,
        "birth_date": WORDS,
        "phone": st.one_of(st.lists(ENTRY, max_size=3), ENTRY),
        "address": st.lists(st.just({"value": {"postcode": "1234AB", "house_number": "1"}}), max_size=2),
    },
)


@given(SAID)
def test_one_record_alone_gives_the_golden_record_that_a_contest_would(said: dict[str, object]) -> None:
    statement = Statement(witness(1), said)
    assert alone(SPECS, statement) == agreed(SPECS, [statement])
