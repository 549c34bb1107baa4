"""Evidence made beforehand is the evidence that would be made in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from tests.domain.identity.toy import START, STEWARD, World

from klantbeeld.foundation import catalogue
from klantbeeld.identity import actions
from klantbeeld.identity.actions.models import active_matchers
from klantbeeld.identity.models import Link, MatchInput, MatchKey, Member
from klantbeeld.sources import actions as sources
from klantbeeld.sources.contracts import Draft, Identifier, Kind

pytestmark = pytest.mark.django_db


def drafts(count: int = 40) -> list[Draft]:
    """Persons in pairs that are alike, some organisations and a contract, one record twice."""
    made = []
    for number in range(count):
        one = number // 2
        home = {"street": "Oudegracht", "house_number": str(one), "postcode": f"35{one:02d} AB", "city": "Utrecht"}
        attributes: dict[str, Any] = {
            "given_name": "Zoë" if number % 2 else "Z.",
            "family_name": f"de Vries{chr(97 + one % 26)}",
            "birth_date": f"1980-03-{1 + one % 28:02d}",
            "address": [{"value": home}],
            "phone": [{"value": f"06-123456{one:02d}"}, {"value": "030 1234567"}],
            "email": [{"value": f"z{one}@voorbeeld.nl"}],
        }
        numbers = (Identifier("loyalty", f"L{one}", "person"), Identifier("order", f"O{number}", "object"))
        made.append(Draft(Kind.PERSON, str(number), attributes, numbers, source_at=START))
    for number in range(3):
        made.append(Draft(Kind.ORGANISATION, str(number), {"name": "Bakkerij De Vries", "kvk": "12345678"}))
    made.append(Draft(Kind.CONTRACT, "c1", {"number": "P-00123", "type": "policy"}))
    made.append(replace(made[0], attributes={**made[0].attributes, "given_name": "Zahra"}, source_at=None))
    return made


def evidence() -> list[Any]:
    """Everything that resolving keeps about the records, by their ids."""
    return [
        sorted(MatchInput.objects.values_list("stable", "kind", "features", "keys")),
        sorted(MatchKey.objects.values_list("key", "type")),
        sorted(Link.objects.values_list("weight", "household", "levels")),
    ]


def resolved(world: World, *, prepared: bool, batch: int) -> tuple[list[Any], set[frozenset[str]]]:
    preparer = actions.Preparer(world.source.id)
    everything = drafts()
    for start in range(0, len(everything), batch):
        encoded = sources.encode(everything[start : start + batch])
        ready = preparer.prepare(encoded) if prepared else None
        _, records = sources.store_records(source_id=world.source.id, drafts=encoded, actor=STEWARD, at=START)
        assert ready is None or ready.places(records) is not None
        actions.resolve(records=records, cause="test", actor=STEWARD, at=START, ready=ready)
    groups: dict[int, set[str]] = {}
    for customer, kind, external in Member.objects.values_list("customer_id", "kind", "record__external_id"):
        groups.setdefault(customer, set()).add(f"{kind}/{external}")
    return evidence(), {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_prepared_batches_leave_the_same_evidence_and_customers(batch: int) -> None:
    world, found = World(), []
    for prepared in (True, False):
        with transaction.atomic():
            found.append(resolved(world, prepared=prepared, batch=batch))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0][1]) < 30  # pairs did meet


def test_a_record_that_came_another_way_is_not_taken_for_a_prepared_one() -> None:
    world = World()
    encoded = sources.encode(drafts(2))
    ready = actions.Preparer(world.source.id).prepare(encoded)
    _, records = sources.store_records(
        source_id=world.source.id, drafts=sources.encode(drafts(2)), actor=STEWARD, at=START
    )
    assert ready.places(records) is None


def test_what_was_ready_under_another_catalogue_or_model_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ready = actions.Preparer(world.source.id).prepare(sources.encode(drafts(2)))
    assert ready.holds(active_matchers())
    assert not ready.holds(dict(active_matchers()))
    other = {kind: dict(specs) for kind, specs in catalogue.all_kinds().items()}
    monkeypatch.setattr(catalogue, "all_kinds", lambda: other)
    assert not ready.holds(active_matchers())
