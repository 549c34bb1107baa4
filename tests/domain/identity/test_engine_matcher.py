"""The engine behind the port: real attributes in, customers out."""

from __future__ import annotations

from typing import Any

import pytest
from tests.domain.identity.toy import START, World

from klantbeeld.identity.actions.models import active_matchers, digest_of
from klantbeeld.identity.models import MatchModel
from klantbeeld.sources.contracts import Identifier, Kind, State, StoredRecord

pytestmark = pytest.mark.django_db


def jan(**more: Any) -> dict[str, Any]:
    return {
        "given_name": "Jan",
        "name_prefix": "de",
        "family_name": "Vries",
        "birth_date": "1980-03-12",
        "gender": "m",
        "address": [
            {"value": {"street": "Oudegracht", "house_number": "12", "postcode": "3511 AB", "city": "Utrecht"}}
        ],
        "email": [{"value": "jan.devries@voorbeeld.nl"}],
        "phone": [{"value": "06-12345678", "role": "mobile"}],
    } | more


def stored(world: World, name: str, attributes: dict[str, Any], *numbers: Identifier, kind: Kind = Kind.PERSON) -> Any:
    from klantbeeld.sources.models import Record

    record = world.records.get(name) or Record.objects.create(
        source=world.source, kind=kind, external_id=name, state="live", first_received_at=START
    )
    world.records[name] = record
    return StoredRecord(
        record.id, record.uuid, world.source.id, kind, name, State.LIVE, attributes, numbers, (), START, START
    )


def resolve(*records: StoredRecord) -> Any:
    from tests.domain.identity.toy import STEWARD

    from klantbeeld.identity import actions

    return actions.resolve(records=records, cause="test", actor=STEWARD, at=START)


def test_the_same_person_written_differently_is_one_customer() -> None:
    world = World()
    resolve(
        stored(world, "crm-1", jan()),
        stored(world, "shop-1", jan(given_name="J.", family_name="de Vries", name_prefix="", birth_date=None)),
        stored(world, "shop-2", jan(given_name="Els", birth_date="1982-07-01", gender="f", email=None, phone=None)),
    )
    assert world.partition() == {frozenset({"crm-1", "shop-1"}), frozenset({"shop-2"})}


def test_organisations_and_persons_do_not_meet() -> None:
    world = World()
    address = [{"value": {"street": "Kade", "house_number": "1", "postcode": "1011AB", "city": "Amsterdam"}}]
    resolve(
        stored(world, "o1", {"name": "Bakkerij De Vries B.V.", "kvk": "12345678"}, kind=Kind.ORGANISATION),
        stored(world, "o2", {"name": "Bakkerij de Vries", "kvk": "12345678", "address": address},
               kind=Kind.ORGANISATION),
        stored(world, "p1", {"family_name": "Vries", "address": address}),
    )  # fmt: skip
    assert world.partition() == {frozenset({"o1", "o2"}), frozenset({"p1"})}


def test_the_default_model_is_stored_once_and_read_back_the_same() -> None:
    first = active_matchers()
    assert MatchModel.objects.get(active=True).digest == digest_of(
        {kind: first[Kind[kind.upper()]].model.to_dict() for kind in ("person", "organisation")}
    )
    assert active_matchers() is first
