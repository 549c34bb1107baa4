"""A correction outlives the feed, goes where its record goes, and joins nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.flows.house import PURPOSE, STEWARD, customer, deliver, events, person, source

from klantbeeld.flows.correct import correct
from klantbeeld.flows.merge import merge, unmerge
from klantbeeld.flows.rebuild import rebuild
from klantbeeld.foundation.actions import define_attribute
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity.models import Customer
from klantbeeld.kit.errors import Conflict, Invalid
from klantbeeld.profiles.models import Profile
from klantbeeld.sources.queries.said import said_of

pytestmark = pytest.mark.django_db
DOOR = {"actor": STEWARD, "purpose": PURPOSE}


def golden(code: str, name: str, attribute: str) -> str:
    values = Profile.objects.get(customer=customer(code, name)).golden.get(attribute)
    return str(values[0]["value"]) if values else ""


@pytest.fixture
def house() -> None:
    source("crm")
    source("shop", rank=1)
    same = {"family_name": "Jansen", "birth_date": "1990-02-03", "email": "s@voorbeeld.nl"}
    deliver("crm", person("a", given_name="Sane", **same))
    deliver("shop", person("b", given_name="Sane", **same))
    deliver("shop", person("x", given_name="Piet", family_name="Bos"))


@pytest.mark.usefixtures("house")
def test_a_correction_wins_and_survives_the_next_feed() -> None:
    seen, ids = len(events()), Customer.objects.count()
    corrected = correct(customer=customer("crm", "a").uuid, attribute="given_name", value="Sanne", **DOOR)
    assert golden("crm", "a", "given_name") == "Sanne"
    assert corrected.version == Profile.objects.get(customer=customer("crm", "a")).version
    assert events(seen) == [("customer.changed", customer("crm", "a").id)]
    assert Customer.objects.count() == ids  # no id was born for it
    same = {"family_name": "Jansen", "birth_date": "1990-02-03", "email": "s@voorbeeld.nl"}
    deliver("shop", person("b", given_name="Sana", day=3, **same))
    assert golden("crm", "a", "given_name") == "Sanne"


@pytest.mark.usefixtures("house")
def test_a_second_correction_replaces_the_first_and_none_takes_it_back() -> None:
    uuid = customer("crm", "a").uuid
    first = correct(customer=uuid, attribute="given_name", value="Sanne", **DOOR)
    second = correct(customer=uuid, attribute="given_name", value="Susanne", **DOOR)
    assert first.record_id == second.record_id
    assert golden("crm", "a", "given_name") == "Susanne"
    correct(customer=uuid, attribute="given_name", value=None, **DOOR)
    assert golden("crm", "a", "given_name") == "Sane"
    with pytest.raises(Conflict, match="Nothing was said"):
        correct(customer=uuid, attribute="given_name", value=None, **DOOR)


@pytest.mark.usefixtures("house")
def test_a_correction_does_not_join_customers_that_share_the_corrected_value() -> None:
    correct(customer=customer("shop", "x").uuid, attribute="email", value=[{"value": "s@voorbeeld.nl"}], **DOOR)
    assert customer("shop", "x") != customer("crm", "a")
    assert golden("shop", "x", "email") == "s@voorbeeld.nl"


@pytest.mark.usefixtures("house")
def test_a_correction_goes_along_through_merge_and_unmerge_and_when_its_record_goes() -> None:
    a, x = customer("crm", "a"), customer("shop", "x")
    correct(customer=x.uuid, attribute="given_name", value="Pieter", **DOOR)
    merged = merge(customers=[a.uuid, x.uuid], **DOOR)
    assert golden("crm", "a", "given_name") == "Pieter"
    unmerge(merge_uuid=merged.merge_uuid, **DOOR)
    assert golden("shop", "x", "given_name") == "Pieter"
    assert golden("crm", "a", "given_name") == "Sane"
    correct(customer=a.uuid, attribute="gender", value="f", **DOOR)
    deliver("crm", person("a", gone=True, day=1))
    assert golden("shop", "b", "gender") == "f"


@pytest.mark.usefixtures("house")
def test_what_is_no_attribute_or_no_value_of_it_is_refused() -> None:
    uuid = customer("crm", "a").uuid
    with pytest.raises(Invalid, match="not an attribute"):
        correct(customer=uuid, attribute="shoe_size", value="44", **DOOR)
    with pytest.raises(Invalid, match="expected one of"):
        correct(customer=uuid, attribute="gender", value="q", **DOOR)
    with pytest.raises(Invalid, match="goes with family_name"):
        correct(customer=uuid, attribute="name_prefix", value="de", **DOOR)
    with pytest.raises(Invalid, match="several values"):
        correct(customer=uuid, attribute="email", value="a@b.nl", **DOOR)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("gender", ["f"]),
        ("gender", {"f": 1}),
        ("birth_date", "yesterday"),
        ("birth_date", 19800517),
        ("given_name", 5),
        ("family_name", "   "),
        ("family_name", "x" * 20_001),
        ("email", []),
        ("email", [{"value": None}]),
        ("email", [{"value": "no address"}]),
        ("email", [{"value": "a@b.nl", "role": ["home"]}]),
        ("email", [{"value": "a@b.nl", "from": "once"}]),
        ("phone", [{"value": 612345678}]),
        ("address", [{"value": "Dorpsstraat 1"}]),
        ("address", [{"value": {}}]),
    ],
)
def test_a_value_that_is_not_of_its_form_is_refused_and_changes_nothing(attribute: str, value: object) -> None:
    before = customer("crm", "a")
    seen, version = len(events()), Profile.objects.get(customer=before).version
    with pytest.raises(Invalid) as refused:
        correct(customer=before.uuid, attribute=attribute, value=value, **DOOR)
    assert refused.value.code in ("corrections.value", "corrections.form")
    assert (len(events()), Profile.objects.get(customer=before).version) == (seen, version)


# --- who stated it


def words(code: str, name: str, attribute: str) -> list[tuple[str, str, bool]]:
    """Value, why it won, and whether the customer said so."""
    entries = Profile.objects.get(customer=customer(code, name)).golden.get(attribute, [])
    return [(str(one["value"]), one["why"], one.get("verified", False)) for one in entries]


@pytest.mark.usefixtures("house")
def test_what_the_customer_stated_is_verified_and_outlives_the_feed() -> None:
    uuid = customer("crm", "a").uuid
    correct(customer=uuid, attribute="given_name", value="Sanne", stated_by="customer", reason="said so", **DOOR)
    assert words("crm", "a", "given_name") == [("Sanne", "verified", True)]
    deliver("shop", person("b", given_name="Sana", family_name="Jansen", day=3))
    assert words("crm", "a", "given_name") == [("Sanne", "verified", True)]


@pytest.mark.usefixtures("house")
def test_the_last_word_replaces_the_other_whoever_stated_it() -> None:
    uuid, ids = customer("crm", "a").uuid, Customer.objects.count()
    correct(customer=uuid, attribute="given_name", value="Sanne", **DOOR)
    correct(customer=uuid, attribute="birth_date", value="1990-02-04", **DOOR)
    correct(customer=uuid, attribute="given_name", value="Suzan", stated_by="customer", **DOOR)
    assert words("crm", "a", "given_name") == [("Suzan", "verified", True)]
    assert words("crm", "a", "birth_date") == [("1990-02-04", "steward", False)]
    correct(customer=uuid, attribute="given_name", value="Sanna", **DOOR)
    assert words("crm", "a", "given_name") == [("Sanna", "steward", False)]
    correct(customer=uuid, attribute="given_name", value=None, **DOOR)
    assert words("crm", "a", "given_name") == [("Sane", "only", False)]
    assert Customer.objects.count() == ids
    assert customer("crm", "a").uuid == uuid


@pytest.mark.usefixtures("house")
def test_the_value_of_a_list_that_the_customer_stated_stands_first() -> None:
    uuid = customer("crm", "a").uuid
    mine = [{"value": "sanne@thuis.nl", "role": "private"}]
    correct(customer=uuid, attribute="email", value=mine, stated_by="customer", **DOOR)
    assert words("crm", "a", "email") == [("sanne@thuis.nl", "verified", True), ("s@voorbeeld.nl", "verified", False)]
    correct(customer=uuid, attribute="email", value=[{"value": "S@Voorbeeld.nl"}], stated_by="customer", **DOOR)
    assert words("crm", "a", "email") == [("S@Voorbeeld.nl", "only", True)], "confirmed, as the customer writes it"


@pytest.mark.usefixtures("house")
def test_of_a_list_the_employee_and_the_customer_each_keep_their_own() -> None:
    uuid = customer("crm", "a").uuid
    correct(customer=uuid, attribute="email", value=[{"value": "werk@voorbeeld.nl"}], **DOOR)
    correct(customer=uuid, attribute="email", value=[{"value": "thuis@voorbeeld.nl"}], stated_by="customer", **DOOR)
    assert [(value, verified) for value, _, verified in words("crm", "a", "email")] == [
        ("werk@voorbeeld.nl", False),
        ("thuis@voorbeeld.nl", True),
        ("s@voorbeeld.nl", False),
    ]
    for _ in range(2):
        correct(customer=uuid, attribute="email", value=None, **DOOR)
    assert [value for value, _, _ in words("crm", "a", "email")] == ["s@voorbeeld.nl"]


@pytest.mark.usefixtures("house")
def test_the_declared_order_decides_between_an_employee_and_the_customer_after_a_merge() -> None:
    a, x = customer("crm", "a"), customer("shop", "x")
    correct(customer=a.uuid, attribute="given_name", value="Anna", **DOOR)
    correct(customer=x.uuid, attribute="given_name", value="Bea", stated_by="customer", **DOOR)
    merge(customers=[a.uuid, x.uuid], **DOOR)
    assert words("crm", "a", "given_name") == [("Anna", "steward", False)]
    spec = attributes("person")["given_name"]
    define_attribute(spec=replace(spec, survivorship=("verified", "steward", "rank")), actor=STEWARD)
    rebuild(actor=STEWARD)
    assert words("crm", "a", "given_name") == [("Bea", "verified", True)]


@pytest.mark.usefixtures("house")
def test_a_correction_keeps_who_said_it_and_why_for_each_attribute() -> None:
    uuid = customer("crm", "a").uuid
    correct(customer=uuid, attribute="given_name", value="Sanne", reason="by telephone", **DOOR)
    kept = correct(customer=uuid, attribute="gender", value="f", reason="seen", **DOOR).record_id
    said = said_of([kept])[kept]
    assert {code: (one["by"], one["reason"]) for code, one in said.items()} == {
        "given_name": (STEWARD.ref, "by telephone"),
        "gender": (STEWARD.ref, "seen"),
    }
    correct(customer=uuid, attribute="gender", value=None, **DOOR)
    assert set(said_of([kept])[kept]) == {"given_name"}
    assert said_of([customer("crm", "a").id + 10_000]) == {}


def test_a_declared_source_with_our_code_is_not_taken_for_ours() -> None:
    source("desk")
    deliver("desk", person("1", given_name="Piet"))
    with pytest.raises(Conflict, match="ours"):
        correct(customer=customer("desk", "1").uuid, attribute="given_name", value="Pieter", **DOOR)
