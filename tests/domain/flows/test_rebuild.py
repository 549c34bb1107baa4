"""Rebuild: the same customers under the same ids; and a change of model that is previewed before it is activated."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.domain.flows.house import PURPOSE, STEWARD, address, customer, deliver, events, person, picture, source

from klantbeeld.flows.correct import correct
from klantbeeld.flows.merge import keep_apart, merge, unmerge
from klantbeeld.flows.rebuild import preview, rebuild
from klantbeeld.identity import actions as identity
from klantbeeld.identity.actions.models import keep_model, parameters_of
from klantbeeld.identity.models import LedgerEntry, Link, MatchInput, MatchKey, MatchModel

pytestmark = pytest.mark.django_db
DOOR = {"actor": STEWARD, "purpose": PURPOSE}
JAN = {"given_name": "Jan", "family_name": "Bakker", "birth_date": "1980-01-01"}


def derived() -> dict[str, Any]:
    return picture() | {
        "links": sorted(Link.objects.values_list("left_id", "right_id", "weight", "household")),
        "keys": sorted(MatchKey.objects.values_list("key", "type", "record_id")),
        "inputs": sorted((row.record_id, row.stable, bytes(row.features)) for row in MatchInput.objects.all()),
        "ledger": LedgerEntry.objects.count(),
        "events": len(events()),
    }


def wipe() -> None:
    with connection.cursor() as cursor:
        for table in ("identity_matchkey", "identity_link", "identity_matchinput", "identity_member"):
            cursor.execute(f"DELETE FROM {table}")


def eventful_house() -> None:
    """Merges, splits, corrections, moves and tombstones, one after the other."""
    source("crm")
    source("shop", rank=1)
    deliver("crm", person("a", email="jan@b.nl", **JAN), person("b", given_name="Els", family_name="Smit"))
    deliver("shop", person("c", email="jan@b.nl", **JAN), person("d", given_name="Piet", family_name="Bos"))
    deliver("shop", person("e", given_name="Els", family_name="Smit", address=address("3511AB", "4")))
    first = merge(customers=[customer("crm", "a").uuid, customer("crm", "b").uuid], **DOOR)
    merge(customers=[customer("shop", "d").uuid, customer("shop", "e").uuid], **DOOR)
    deliver("crm", person("f", given_name="Els", family_name="Smit", address=address("3511AB", "4")))
    unmerge(merge_uuid=first.merge_uuid, **DOOR)
    correct(customer=customer("shop", "d").uuid, attribute="given_name", value="Pieter", **DOOR)
    keep_apart(customers=[customer("crm", "a").uuid, customer("crm", "b").uuid], **DOOR)
    deliver("shop", person("c", given_name="Kees", family_name="Mol", day=2), person("g", gone=True))
    deliver("crm", person("f", day=3, gone=True))


def test_rebuild_of_wiped_tables_brings_the_same_customers_under_the_same_ids() -> None:
    eventful_house()
    before = derived()
    wipe()
    rebuilt = rebuild(actor=STEWARD)
    assert derived() == before
    assert (rebuilt.effect.merging, rebuilt.effect.splitting, rebuilt.profiles_changed) == (0, 0, 0)


def test_rebuild_of_an_untouched_house_changes_nothing() -> None:
    eventful_house()
    before = derived()
    rebuild(actor=STEWARD)
    assert derived() == before


def stricter_model() -> int:
    """The active model with a threshold that nothing reaches."""
    active = MatchModel.objects.get(active=True).number
    parameters = parameters_of(active)
    from klantbeeld.engines.matching import Model

    for kind in parameters:
        model = Model.from_dict(parameters[kind]).with_thresholds(customer=500.0)
        parameters[kind] = model.to_dict()
    return keep_model(parameters, trained_on=0)


def test_a_model_is_previewed_before_it_is_activated() -> None:
    eventful_house()
    deliver("crm", person("h", email="jan@b.nl", **JAN))
    whole = customer("crm", "a")
    assert customer("crm", "h") == whole
    before, model = derived(), stricter_model()
    effect = preview(actor=STEWARD, model=model)
    assert (effect.merging, effect.splitting) == (0, 1)
    assert derived() == before
    rebuilt = rebuild(actor=STEWARD, model=model)
    assert rebuilt.effect == effect
    assert MatchModel.objects.get(active=True).number == model
    assert customer("crm", "a") == whole
    assert customer("crm", "h") != whole
    assert ("customer.split", whole.id) in events(before["events"])


def test_too_few_records_teach_nothing_that_the_default_model_does_not_know() -> None:
    eventful_house()
    active = MatchModel.objects.get(active=True).number
    assert identity.train() == active
    assert MatchModel.objects.count() == 1
