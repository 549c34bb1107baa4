"""Storing drafts: versions, idempotence, tombstones, late versions, expected records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.sources.conftest import ACTOR, NOON, make_source

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources import actions, queries
from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft, State, Stored
from klantbeeld.sources.models import Record, RecordVersion, Source

DAY = timedelta(days=1)
ELSEWHERE = Reference(Kind.PERSON, "2")


def person(external_id: str = "p1", *, at: datetime | None = NOON, gone: bool = False, **attributes: Any) -> Draft:
    return Draft(Kind.PERSON, external_id, attributes=attributes, source_at=at, gone=gone, raw={"n": "x"})


def put(source: Source, *drafts: Draft, at: datetime = NOON) -> Stored:
    return actions.store(source_id=source.id, drafts=drafts, actor=ACTOR, at=at)


def current(source: Source, external_id: str = "p1", kind: Kind = Kind.PERSON) -> Any:
    ids = queries.find_record_ids([(source.id, kind, external_id)])
    return queries.load_records(list(ids.values()))[0]


def test_store_new_record_keeps_content_raw_and_moments(crm: Source) -> None:
    draft = Draft(
        Kind.PERSON,
        "p1",
        attributes={"family_name": "De Vries", "phone": [{"value": "0612345678", "role": "mobile"}]},
        identifiers=(Identifier("loyalty", "77"), Identifier("policy", "P-1", "contract")),
        source_at=NOON - DAY,
        raw={"naam": "De Vries"},
    )
    stored = put(crm, draft)
    record = current(crm)
    assert stored == Stored(created=(record.id,))
    assert (record.kind, record.state, record.external_id) == (Kind.PERSON, State.LIVE, "p1")
    assert record.attributes == draft.attributes
    assert set(record.identifiers) == set(draft.identifiers)
    assert (record.source_at, record.received_at) == (NOON - DAY, NOON)
    assert RecordVersion.objects.get().raw == {"naam": "De Vries"}


def test_store_same_content_again_is_no_new_version(crm: Source) -> None:
    put(crm, person(family_name="Bos"))
    assert put(crm, person(family_name="Bos"), at=NOON + DAY) == Stored(unchanged=1)
    assert RecordVersion.objects.count() == 1


def test_store_order_of_keys_identifiers_and_roles_is_not_content(crm: Source) -> None:
    role = RoleDraft("payer", Reference(Kind.PERSON, "p1"), Reference(Kind.CONTRACT, "c1"))
    other = RoleDraft("insured", Reference(Kind.PERSON, "p1"), Reference(Kind.CONTRACT, "c1"))
    one, two = Identifier("a", "1"), Identifier("b", "2")
    put(crm, Draft(Kind.PERSON, "p1", {"x": 1, "y": 2}, (one, two), (role, other), NOON))
    again = Draft(Kind.PERSON, "p1", {"y": 2, "x": 1}, (two, one, two), (other, role), NOON)
    assert put(crm, again) == Stored(unchanged=1)


def test_store_without_source_moment_the_last_received_wins(crm: Source) -> None:
    put(crm, person(at=None, family_name="Bos"))
    stored = put(crm, person(at=None, family_name="Smit"), person(at=None, family_name="Prins"), at=NOON + DAY)
    assert stored == Stored(changed=(current(crm).id,), superseded=1)
    assert current(crm).attributes == {"family_name": "Prins"}
    assert put(crm, person(at=None, family_name="Prins"), at=NOON + 2 * DAY) == Stored(unchanged=1)
    assert RecordVersion.objects.count() == 3


def test_store_late_version_is_kept_and_changes_nothing(crm: Source) -> None:
    put(crm, person(family_name="Nieuw"))
    old = person(at=NOON - DAY, family_name="Oud")
    assert put(crm, old, at=NOON + DAY) == Stored(late=1)
    assert put(crm, old, at=NOON + 2 * DAY) == Stored(unchanged=1)
    assert current(crm).attributes == {"family_name": "Nieuw"}
    assert RecordVersion.objects.count() == 2


def test_store_content_that_returns_with_a_newer_moment_is_current(crm: Source) -> None:
    put(crm, person(family_name="Bos"))
    put(crm, person(at=NOON + 2 * DAY, family_name="Bos"))
    assert put(crm, person(at=NOON + DAY, family_name="Smit")) == Stored(late=1)
    assert current(crm).attributes == {"family_name": "Bos"}


def test_store_tombstone_then_return(crm: Source) -> None:
    put(crm, person(family_name="Bos"))
    gone = put(crm, person(at=NOON + DAY, gone=True))
    record = current(crm)
    assert gone == Stored(gone=(record.id,))
    assert record.state == State.GONE
    assert put(crm, person(family_name="Bos")) == Stored(unchanged=1)
    assert current(crm).state == State.GONE
    assert put(crm, person(at=NOON + 2 * DAY, family_name="Bos")) == Stored(changed=(record.id,))
    assert current(crm).state == State.LIVE


def test_store_reference_makes_an_expected_record_that_its_arrival_fills(crm: Source, shop: Source) -> None:
    roles = (
        RoleDraft("insured", Reference(Kind.PERSON, "p9"), Reference(Kind.CONTRACT, "c1"), date(2025, 1, 1), None),
        RoleDraft("payer", Reference(Kind.PERSON, "s4", "shop"), Reference(Kind.CONTRACT, "c1")),
    )
    contract = Draft(Kind.CONTRACT, "c1", {"title": "Polis"}, roles=roles, source_at=NOON)
    stored = put(crm, contract)
    assert stored.created == (current(crm, "c1", Kind.CONTRACT).id,)
    expected = current(crm, "p9")
    assert (expected.state, expected.attributes, expected.source_at) == (State.EXPECTED, {}, None)
    assert current(shop, "s4").state == State.EXPECTED
    assert set(current(crm, "c1", Kind.CONTRACT).roles) == set(roles)
    assert put(crm, person("p9", family_name="Bos")) == Stored(created=(expected.id,))
    assert current(crm, "p9").uuid == expected.uuid


def test_store_same_id_of_another_kind_or_source_is_another_record(crm: Source, shop: Source) -> None:
    put(crm, person("1"), Draft(Kind.ORGANISATION, "1", source_at=NOON))
    put(shop, person("1"))
    assert Record.objects.count() == 3


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (person(""), "sources.external_id"),
        (person("x" * 201), "sources.external_id"),
        (person(family_name="a\0b"), "sources.nul"),
        (person(family_name="a\ud800b"), "sources.surrogate"),
        (person(family_name=float("nan")), "sources.content"),
        (
            Draft(Kind.PERSON, "p1", roles=(RoleDraft("x", Reference(Kind.PERSON, "1", "nope"), ELSEWHERE),)),
            "sources.unknown_source",
        ),
    ],
)
def test_store_unusable_draft_stores_nothing(crm: Source, draft: Draft, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        put(crm, person("good"), draft)
    assert caught.value.code == code
    assert Record.objects.count() == 0


def test_store_raw_with_nul_and_surrogates_is_kept_readable(crm: Source) -> None:
    put(crm, Draft(Kind.PERSON, "p1", source_at=NOON, raw={"a": "x\0y", "b": "x\ud800y"}))
    assert RecordVersion.objects.get().raw == {"a": "x\ufffdy", "b": "x?y"}


def test_versions_cannot_be_changed_or_deleted(crm: Source) -> None:
    put(crm, person(family_name="Bos"))
    for statement in ("UPDATE sources_recordversion SET gone = true", "DELETE FROM sources_recordversion"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


deliveries = st.lists(
    st.builds(
        lambda number, day, name, gone: person(
            f"p{number}", at=NOON + day * DAY, gone=gone, **({} if gone else {"family_name": name})
        ),
        st.integers(1, 3),
        st.integers(0, 4),
        st.sampled_from(["Bos", "Smit", "Prins"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def _state(source: Source) -> dict[str, tuple[Any, ...]]:
    ids = list(Record.objects.filter(source=source).values_list("id", flat=True))
    return {one.external_id: (one.state, one.attributes, one.source_at) for one in queries.load_records(ids)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=deliveries, data=st.data())
def test_any_order_duplication_and_batching_gives_the_same_current_versions(
    db: None, drafts: list[Draft], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(drafts + data.draw(st.lists(st.sampled_from(drafts), max_size=6))))
    size = data.draw(st.integers(1, len(shuffled)))
    with transaction.atomic():
        one, other = make_source("one"), make_source("other")
        put(one, *drafts)
        for start in range(0, len(shuffled), size):
            put(other, *shuffled[start : start + size], at=NOON + DAY * start)
        assert _state(one) == _state(other)
        versions = [RecordVersion.objects.filter(record__source=source).count() for source in (one, other)]
        assert versions[0] == versions[1]
        transaction.set_rollback(True)


def test_versions_overtaken_within_a_batch_are_kept_and_counted(crm: Source) -> None:
    drafts = [person(at=NOON + DAY * day, family_name=f"Bos{day}") for day in range(4)]
    stored = put(crm, drafts[1], drafts[2], drafts[0], drafts[3], drafts[2], at=NOON + 9 * DAY)
    assert stored == Stored(created=(current(crm).id,), superseded=2, late=1, unchanged=1)
    assert (stored.drafts, RecordVersion.objects.count()) == (5, 4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=deliveries, data=st.data())
def test_every_draft_is_in_exactly_one_count(db: None, drafts: list[Draft], data: st.DataObject) -> None:
    everything = data.draw(st.permutations(drafts + data.draw(st.lists(st.sampled_from(drafts), max_size=6))))
    size = data.draw(st.integers(1, len(everything)))
    with transaction.atomic():
        source = make_source("one")
        kept = 0
        for start in range(0, len(everything), size):
            batch = everything[start : start + size]
            stored = put(source, *batch, at=NOON + DAY * start)
            assert stored.drafts == len(batch)
            kept += stored.drafts - stored.unchanged
        assert RecordVersion.objects.filter(record__source=source).count() == kept
        transaction.set_rollback(True)
