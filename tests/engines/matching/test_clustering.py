"""Partitions: batch equals online, order does not matter, decisions hold, nothing chains."""

from __future__ import annotations

import random
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantbeeld.engines.matching import (
    Decision,
    Link,
    Model,
    Resolution,
    Schema,
    cluster,
    households,
    normalise_record,
    resolve,
    score_pairs,
)
from klantbeeld.engines.matching.clustering import Weighed


def links_among(keys: list[str], features: list[dict[str, object]], model: Model) -> list[tuple[str, str, Link]]:
    found = []
    for i in range(len(keys)):
        scored = score_pairs(features[i], features[i + 1 :], model)
        found += [(keys[i], keys[j], link) for j, link in enumerate(scored, start=i + 1)]
    return found


def test_online_clusters_equal_batch_component_by_component(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    names = table_and_truth[0].column("key").to_pylist()
    by_group: dict[int, list[int]] = {}
    parent = list(range(len(names)))

    def find(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    links = [x for x in resolved.links.to_pylist() if x["weight"] >= resolved.model.thresholds.suggested]
    for link in links:
        parent[find(link["left"])] = find(link["right"])
    for row in range(len(names)):
        by_group.setdefault(find(row), []).append(row)
    mine: dict[int, list[Weighed]] = {}
    for link in links:
        mine.setdefault(find(link["left"]), []).append((names[link["left"]], names[link["right"]], link["weight"]))
    components = [(root, rows) for root, rows in by_group.items() if len(rows) > 2]
    assert len(components) > 50
    for root, rows in components:
        partition = cluster(
            [names[r] for r in rows], [resolved.features(r) for r in rows], mine[root], (), resolved.model
        )
        for labels, ids in ((partition.customer, resolved.customer_id), (partition.suggested, resolved.suggested_id)):
            online = {frozenset(r for r in rows if labels[names[r]] == g) for g in labels.values()}
            batch = {frozenset(r for r in rows if ids[r] == g) for g in set(ids[rows].tolist())}
            assert online == batch


def test_batch_does_not_depend_on_the_order_of_rows(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    table, _ = table_and_truth
    order = np.random.default_rng(5).permutation(table.num_rows)
    again = resolve(table.take(pa.array(order)), people.SCHEMA)
    assert again.model.version == resolved.model.version
    for first, second in ((resolved.customer_id, again.customer_id), (resolved.suggested_id, again.suggested_id)):
        assert _groups(first) == _groups(second, order)


def test_a_frozen_model_gives_the_same_partition(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    frozen = Model.from_dict(resolved.model.to_dict())
    again = resolve(table_and_truth[0], people.SCHEMA, model=frozen)
    assert np.array_equal(again.customer_id, resolved.customer_id)
    assert np.array_equal(again.suggested_id, resolved.suggested_id)


def _groups(labels: np.ndarray, order: np.ndarray | None = None) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for row, label in enumerate(labels.tolist()):
        found.setdefault(label, set()).add(row if order is None else int(order[row]))
    return {frozenset(g) for g in found.values()}


SCHEMA = Schema.of(
    {"first": "given_name", "last": "family_name", "born": "birth_date", "mail": "email", "phone": "phone"}
)
MODEL = Model.default(SCHEMA)


def _record(rng: random.Random) -> dict[str, str | None]:
    return {
        "first": rng.choice(["Jan", "Johannes", "Anna", "Anne", None]),
        "last": rng.choice(["de Vries", "Bakker", "Bakkers", None]),
        "born": rng.choice(["1980-02-03", "1980-02-04", "1955-07-08", None]),
        "mail": rng.choice(["jan@klein.nl", "thuis@klein.nl", "anna@groot.nl", None]),
        "phone": rng.choice(["0612345678", "0687654321", "0201234567", None]),
    }


@given(seed=st.integers(0, 10**6), size=st.integers(2, 9), decisions=st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_online_partition_is_a_function_of_records_and_decisions(seed: int, size: int, decisions: int) -> None:
    rng = random.Random(seed)
    keys = [f"k{i}" for i in range(size)]
    features = [normalise_record(_record(rng), SCHEMA) for _ in keys]
    links = links_among(keys, features, MODEL)
    made = [Decision(*rng.sample(keys, 2), together=rng.random() < 0.5) for _ in range(decisions)]
    first = cluster(keys, features, links, made, MODEL)
    order = rng.sample(range(size), size)
    turned = [(b, a, link) for a, b, link in rng.sample(links, len(links))]
    second = cluster([keys[i] for i in order], [features[i] for i in order], turned, rng.sample(made, len(made)), MODEL)
    assert first == second
    for decision in made:
        if not decision.together:
            assert first.suggested[decision.left] != first.suggested[decision.right]
    for group in first.groups():
        assert len({first.suggested[key] for key in group}) == 1, "customer must refine suggested"


def test_decisions_win_over_evidence(
    people: ModuleType, table_and_truth: tuple[pa.Table, list[int]], resolved: Resolution
) -> None:
    table, _ = table_and_truth
    names = table.column("key").to_pylist()
    joined = next(
        x for x in resolved.links.to_pylist() if resolved.customer_id[x["left"]] == resolved.customer_id[x["right"]]
    )
    a, b = joined["left"], joined["right"]
    c, d = 0, int(np.flatnonzero(resolved.suggested_id != resolved.suggested_id[0])[0])
    decided = [(names[a], names[b], False), (names[c], names[d], True)]
    again = resolve(table, people.SCHEMA, decisions=decided, model=resolved.model)
    assert again.suggested_id[a] != again.suggested_id[b]
    assert again.customer_id[c] == again.customer_id[d]
    assert resolved.suggested_id[c] != resolved.suggested_id[d]


def test_a_shared_mailbox_does_not_chain_a_family() -> None:
    members = ["Jan", "Anna", "Kees", "Sophie"]
    keys = [f"{m}{i}" for m in members for i in range(2)]
    born = {"Jan": "1950-01-02", "Anna": "1952-03-04", "Kees": "1980-05-06", "Sophie": "1983-07-08"}
    features = [
        normalise_record(
            {"first": m, "last": "Bakker", "born": born[m], "mail": "familie@bakker.nl", "phone": "0201234567"}, SCHEMA
        )
        for m in members
        for _ in range(2)
    ]
    links = links_among(keys, features, MODEL)
    partition = cluster(keys, features, links, (), MODEL)
    assert partition.groups() == [(f"{m}0", f"{m}1") for m in sorted(members)]
    assert partition.groups(suggested=True) == partition.groups()
    assert len(set(households(partition.customer, links).values())) == 1


def test_repeated_record_key_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        cluster(["a", "a"], [{}, {}], (), (), MODEL)
    table = pa.table({"key": ["a", "a"], "first": ["Jan", "Jan"]})
    with pytest.raises(ValueError, match="'key' is the record key"):
        resolve(table, Schema.of({"first": "given_name"}, record_key="key"))


KIN = Schema.of(
    {"first": "given_name", "last": "family_name", "born": "birth_date", "street": "street", "code": "postcode"}
)


def _john(born: str | None, first: str = "John") -> dict[str, str | None]:
    return {"first": first, "last": "Smith", "born": born, "street": "Dorpsstraat 12", "code": "1234 AB"}


def test_a_record_that_fits_father_and_son_joins_neither() -> None:
    rows = [_john("1950-10-10"), _john("1985-03-17"), _john(None)]
    both = resolve(pa.Table.from_pylist(rows), KIN)
    assert len(set(both.suggested_id.tolist())) == 3
    keys, features = ["a", "b", "c"], [normalise_record(row, KIN) for row in rows]
    links = links_among(keys, features, both.model)
    assert min(link.weight for a, b, link in links if b == "c") > both.model.thresholds.suggested
    assert cluster(keys, features, links, (), both.model).groups(suggested=True) == [("a",), ("b",), ("c",)]


def test_a_record_without_a_rival_joins() -> None:
    alone = resolve(pa.Table.from_pylist([_john("1950-10-10"), _john(None)]), KIN)
    assert alone.suggested_id.tolist() == [0, 0]
    other = resolve(pa.Table.from_pylist([_john("1950-10-10"), _john("1985-03-17", "Mary"), _john(None)]), KIN)
    assert other.suggested_id.tolist() == [0, 1, 0]
