"""A model learned from records, that reads later records in the same way."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.domain.identity.toy import START

from klantbeeld.identity.adapters import engine
from klantbeeld.identity.adapters.engine import EngineMatcher
from klantbeeld.identity.adapters.training import FEWEST, learn
from klantbeeld.sources.contracts import Identifier, Kind, State, StoredRecord

pytestmark = pytest.mark.django_db
SECRET = b"secret of the tests"


def people(count: int, seed: int = 1) -> list[StoredRecord]:
    """Persons of whom every second has two records, one with a typo; some have two phones and a loyalty number."""
    chance, records = random.Random(seed), []
    given = ["Jan", "Piet", "Els", "Anna", "Kees", "Marie", "Joost", "Sanne", "Daan", "Fleur"]
    family = ["Bakker", "Smit", "Visser", "Mulder", "Bos", "Vos", "Kramer", "Prins", "Kuiper", "Postma", "Dekker"]
    while len(records) < count:
        number = chance.randrange(10**8)
        says: dict[str, Any] = {
            "given_name": chance.choice(given),
            "family_name": chance.choice(family),
            "birth_date": f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "phone": [{"value": f"06{number:08}"}, {"value": f"020{number % 10**7:07}"}][: chance.randint(1, 2)],
            "address": [{"value": {"postcode": f"{number % 9000 + 1000}AB", "house_number": str(number % 90 + 1)}}],
        }
        numbers = (Identifier("loyalty", f"L{number}"),) if chance.random() < 0.3 else ()
        for _ in range(chance.randint(1, 2)):
            records.append(
                StoredRecord(
                    len(records) + 1, UUID(int=1), chance.randint(1, 2), Kind.PERSON, str(len(records)), State.LIVE,
                    dict(says), numbers, (), START, START,
                )
            )  # fmt: skip
            says["family_name"] = says["family_name"] + "s"
    return records


def test_a_learned_model_makes_the_usual_keys_and_is_read_back_the_same() -> None:
    records = people(FEWEST + 500)
    model = learn(Kind.PERSON, records, SECRET, 0.99, None)
    assert model.records == len(records)
    assert "ids.loyalty" in model.templates
    assert set(model.templates) <= {*engine.USUAL_TEMPLATES, *(f"ids.{scheme}" for scheme in engine.SCHEMES)}
    matcher = EngineMatcher(Kind.PERSON, type(model).from_dict(model.to_dict()), SECRET)
    made = matcher.prepare([records[0]])
    assert made.features[0]["phones"] == ["+31" + one["value"][1:] for one in records[0].attributes["phone"]]


def test_few_records_keep_the_default_model() -> None:
    assert learn(Kind.PERSON, people(20), SECRET, 0.99, None) == engine.default_model(Kind.PERSON)


def test_the_plain_and_the_compiled_way_give_the_same_keys_levels_and_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    records = people(120)
    matcher = EngineMatcher(Kind.PERSON, engine.default_model(Kind.PERSON), SECRET)
    answers = []
    for few in (0, 10_000):
        monkeypatch.setattr(engine, "FEW", few)
        made = matcher.prepare(records)
        keys = sorted(set(zip(made.row.tolist(), made.key.tolist(), made.type.tolist(), strict=True)))
        left, right = np.triu_indices(len(records), 1)
        scored = matcher.score(made.features, left, right)
        strong = np.flatnonzero(scored.weight >= matcher.floor)
        links = [(int(left[i]), int(right[i]), float(scored.weight[i]), 0.0, b"") for i in strong]
        stable = [record.external_id for record in records]
        grouped = matcher.group(stable, made.features, links, [(0, 119), (3, 50)], [(0, 1), (7, 8)])
        answers.append((keys, scored.weight.tolist(), scored.levels.tolist(), as_sets(grouped.customer)))
        answers[-1] += (as_sets(grouped.suggested),)
    assert answers[0] == answers[1]
    assert len(answers[0][3]) < len(records)


def as_sets(labels: Any) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for record, label in enumerate(labels):
        groups.setdefault(label, set()).add(record)
    return {frozenset(group) for group in groups.values()}
