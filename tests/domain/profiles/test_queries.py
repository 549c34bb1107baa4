"""Golden records through their doors: search by name, lists, reasons, history, and what may not be seen."""

from __future__ import annotations

import base64

import pytest
from tests.domain.flows.house import PURPOSE, STEWARD, address, customer, deliver, person, source

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine
from klantbeeld.kit.errors import Invalid, Missing, Refused
from klantbeeld.kit.ids import new_uuid
from klantbeeld.profiles import queries
from klantbeeld.profiles.queries import Filters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
MARKETER = Actor.user(id=9, name="Yasmina", roles=("marketer",))


@pytest.fixture
def house() -> None:
    source("crm")
    source("shop")
    deliver(
        "crm",
        person("1", given_name="Sanne", family_name="van den Berg", birth_date="1990-02-03",
               phone="0612345678", email="sanne@voorbeeld.nl", address=address("3512AB", "12", "")),
        person("2", given_name="Kees", family_name="Dijkstra", birth_date="1955-11-30",
               address=address("1012JS", "1", "")),
        person("3", given_name="Piet", family_name="Janssen"),
    )  # fmt: skip
    deliver(
        "shop",
        person("a", given_name="SANNE", family_name="VAN DEN BERG", birth_date="1990-02-03",
               phone="06-12345678", email="sanne@voorbeeld.nl"),
    )  # fmt: skip


def names(text: str) -> list[str]:
    return [row.name for row in queries.find_by_name(text, actor=STEWARD, purpose=PURPOSE)]


@pytest.mark.parametrize(
    "text",
    ["sanne van den berg", "Berg", "sane berg", "BERGH sanne", "s berg", "berg 1990", "berg 3512ab", "san ber"],
)
def test_find_by_name_forgives_typos_and_takes_hints(text: str) -> None:
    assert names(text)[0] == "Sanne van den Berg"


@pytest.mark.parametrize("text", ["dykstra", "Dijkstr", "deikstra kees"])
def test_find_by_name_hears_dutch(text: str) -> None:
    assert names(text) == ["Kees Dijkstra"]


@pytest.mark.parametrize("text", ["", "x", "zzzzzz", "berg 1991", "%", "_"])
def test_find_by_name_finds_nobody(text: str) -> None:
    assert names(text) == []


def test_list_goes_on_where_the_page_ended() -> None:
    seen, cursor = [], ""
    for _ in range(3):
        page = queries.list_profiles(actor=STEWARD, purpose=PURPOSE, cursor=cursor, limit=1)
        seen += [row.name for row in page.rows]
        cursor = page.next_cursor
    assert seen == ["Sanne van den Berg", "Kees Dijkstra", "Piet Janssen"]
    assert (cursor, page.total) == ("", 3)


def test_list_by_change_goes_on_where_the_page_ended_and_nobody_comes_twice() -> None:
    seen, cursor = [], ""
    for turn in range(3):
        page = queries.list_profiles(actor=STEWARD, purpose=PURPOSE, order="changed", cursor=cursor, limit=1)
        seen += [row.name for row in page.rows]
        cursor = page.next_cursor
        if turn == 0:  # somebody seen already changes again: at the top, not on a later page
            deliver("crm", person("3", given_name="Piet", family_name="Janssens"))
    whole = queries.list_profiles(actor=STEWARD, purpose=PURPOSE, order="changed")
    assert len(set(seen)) == len(seen) == 3
    assert (cursor, {row.name for row in whole.rows} - set(seen)) == ("", {"Piet Janssens"} - set(seen))


def test_cursor_of_one_order_is_none_of_the_other() -> None:
    by_name = queries.list_profiles(actor=STEWARD, purpose=PURPOSE, limit=1).next_cursor
    with pytest.raises(Invalid, match="cursor"):
        queries.list_profiles(actor=STEWARD, purpose=PURPOSE, order="changed", cursor=by_name)


def test_list_keeps_who_was_joined_from_several_records() -> None:
    page = queries.list_profiles(actor=STEWARD, purpose=PURPOSE, filters=Filters(several=True))
    assert [(row.name, row.records) for row in page.rows] == [("Sanne van den Berg", 2)]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "bnVsbA==",
        "W10=",
        *(
            base64.urlsafe_b64encode(text.encode()).decode()
            for text in ('["a", 1e999]', "[" * 100_000, '["\\u0000", 1]', '["\\ud800", 1]', f'["a", {1 << 63}]')
        ),
    ],
)
def test_list_refuses_a_cursor_that_it_did_not_give(cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        queries.list_profiles(actor=STEWARD, purpose=PURPOSE, cursor=cursor)


def test_list_refuses_a_town_that_cannot_be() -> None:
    with pytest.raises(Invalid, match="NUL"):
        queries.list_profiles(actor=STEWARD, purpose=PURPOSE, filters=Filters(city="Delft\0"))


def test_value_is_explained_with_winner_and_supporters() -> None:
    explained = queries.explain_value(customer("crm", "1").uuid, "family_name", actor=STEWARD, purpose=PURPOSE)
    (only,) = explained.candidates
    assert (only.value, only.why, only.sources) == ({"prefix": "van den", "name": "Berg"}, "only", ("crm", "shop"))
    assert AuditLine.objects.filter(action="customers.explain").count() == 1


def test_history_tells_what_a_new_version_changed() -> None:
    deliver("crm", person("3", given_name="Pieter", family_name="Janssen"))
    newest, first = queries.history(customer("crm", "3").uuid, actor=STEWARD, purpose=PURPOSE)
    assert newest.changes == {"given_name": (["Piet"], ["Pieter"])}
    assert (first.version, first.until_at) == (1, newest.from_at)
    assert set(first.changes) == {"given_name", "family_name"}


def test_read_is_in_the_audit_log_before_it_is_answered() -> None:
    view = queries.get_profile(customer("crm", "2").uuid, actor=STEWARD, purpose=PURPOSE)
    line = AuditLine.objects.get(action="customers.read")
    assert (line.subject_id, line.actor, line.purpose) == (view.customer_id, STEWARD.ref, PURPOSE)
    assert set(line.detail["attributes"]) == set(view.values)
    assert "Dijkstra" not in str(line.detail)


def test_marketer_sees_nothing_that_marketing_may_not() -> None:
    view = queries.get_profile(customer("crm", "2").uuid, actor=MARKETER, purpose="marketing")
    whole = queries.get_profile(customer("crm", "2").uuid, actor=STEWARD, purpose=PURPOSE)
    hidden = set(whole.values) - set(view.values)
    (row,) = queries.find_by_name("dijkstra", actor=MARKETER, purpose="marketing")
    for attribute, shown in (("birth_date", row.birth_date), ("address", row.city + row.postcode)):
        assert bool(shown) is (attribute in view.values)
    for attribute in hidden:
        with pytest.raises(Missing):
            queries.explain_value(customer("crm", "2").uuid, attribute, actor=MARKETER, purpose="marketing")


def test_unknown_customer_is_missing_and_no_purpose_is_refused() -> None:
    with pytest.raises(Missing):
        queries.get_profile(new_uuid(), actor=STEWARD, purpose=PURPOSE)
    with pytest.raises(Refused):
        queries.get_profile(customer("crm", "2").uuid, actor=STEWARD, purpose="")
