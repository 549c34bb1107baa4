"""The page of the lifecycle: figures that lead to customers, the policy in sentences, tried and put in force."""

from __future__ import annotations

import copy
import json

import pytest
from tests.domain.lifecycle.town import JAN, bring, order, person, town
from tests.surfaces.studio.conftest import Sit

from klantbeeld.lifecycle.models import Policy
from klantbeeld.lifecycle.rules.starter import STARTER

pytestmark = pytest.mark.django_db
PAGE = "/studio/lifecycle/"


def test_page_shows_counts_flow_and_policy_in_the_readers_language(sit: Sit) -> None:
    town()
    bring("crm", person("1", **JAN), person("2", given_name="Els", family_name="Smit", email="els@s.nl"))
    bring("crm", order("o1", "1", on=0))
    page = sit("analyst").text(PAGE)
    assert f'<a href="{PAGE}noord/?state=customer">1</a>' in page
    assert f'<a href="{PAGE}noord/?state=lead">1</a>' in page
    assert "Naam bekend is ja en e-mailadres, telefoonnummer of adres bekend is ja." in page
    assert "Oud-klant" in page
    assert "Former customer" in sit("analyst", language="en").text(PAGE)
    assert "Smit" in sit("analyst").text(f"{PAGE}noord/", state="lead")
    administrator = sit("administrator").text(PAGE)
    assert "noord/?state" not in administrator, "who may not find customers is not led to them"


def test_a_policy_is_tried_and_put_in_force_by_who_may(sit: Sit) -> None:
    town()
    bring("crm", person("1", **JAN))
    document = copy.deepcopy(STARTER)
    document["states"][2]["when"] = "has_address"
    said = {"company": "noord", "policy": json.dumps(document), "based_on": "0", "do": "simulate"}
    analyst, administrator = sit("analyst").client, sit("administrator").client
    tried = analyst.post(f"{PAGE}try", said).content.decode()
    assert '<td>Lead</td><td>Suspect</td><td class="number">1</td>' in tried
    assert "Laten gelden" not in tried
    assert analyst.post(f"{PAGE}try", {**said, "do": "activate"}).status_code == 403
    assert "Laten gelden" in administrator.post(f"{PAGE}try", said).content.decode()
    assert administrator.post(f"{PAGE}try", {**said, "do": "activate"}).status_code == 302
    assert Policy.objects.get(company__code="noord", active=True).document == document
    wrong = analyst.post(f"{PAGE}try", {**said, "policy": "{"})
    assert wrong.status_code == 400
