"""Tables that are made to hurt: one value for all, nothing at all, endless texts, every script; and chains and kin."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from klantbeeld.engines.matching import Field, Kind, Model, Schema, quality, resolve
from klantbeeld.engines.matching.blocking import CAPS, lay_block, shared_keys
from klantbeeld.engines.matching.columns import encode
from klantbeeld.engines.matching.fields import FieldType
from klantbeeld.engines.matching.keys import KeyTable, signed, templates_for
from klantbeeld.engines.matching.keys.working import WorkingKeys
from klantbeeld.engines.matching.thresholds import may_be_kin

PERSON = Schema.of({"first": "given_name", "last": "family_name", "born": "birth_date", "mail": "email"})
ENDS = ("huis", "veld", "berg", "stra", "man", "ink", "horst", "beek", "dam", "oord", "wijk", "broek")


def _name(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvw") + rng.choice("aeiou") for _ in range(2)) + rng.choice(ENDS)


def _people(count: int, seed: int = 1) -> list[dict[str, str | None]]:
    """Two records a person."""
    rng = random.Random(seed)
    rows: list[dict[str, str | None]] = []
    for i in range(count):
        born = f"{rng.randrange(1940, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        one: dict[str, str | None] = {"first": _name(rng), "last": _name(rng), "born": born, "mail": f"{i}@x.nl"}
        rows += [one, dict(one, mail=None)]
    return rows


def test_one_mailbox_for_all_joins_nobody_and_makes_no_pairs_of_all() -> None:
    rows = [dict(row, mail="info@shop.nl") for row in _people(1_500)]
    found = resolve(pa.Table.from_pylist(rows), PERSON)
    truth = [i // 2 for i in range(len(rows))]
    assert quality(found.customer_id, truth).precision >= 0.999
    assert quality(found.suggested_id, truth).f1 >= 0.99
    assert found.report["candidate_pairs"] < 100 * len(rows)


def test_table_without_doubles_merges_nearly_nobody() -> None:
    """Without matches to learn from, what is learned may not become a reason to merge."""
    rng = random.Random(3)
    rows = [
        {**row, "mail": "info@shop.nl", "first": rng.choice(ENDS), "born": row["born"]} for row in _people(2_000)[::2]
    ]
    found = resolve(pa.Table.from_pylist(rows), PERSON)
    assert len(np.unique(found.customer_id)) >= 0.99 * len(rows)


def test_all_fields_empty_leaves_everybody_alone() -> None:
    table = pa.table({name: pa.array([None] * 1_000, pa.string()) for name in ("first", "last", "born", "mail")})
    found = resolve(table, PERSON)
    assert (found.customer_id == np.arange(1_000)).all()
    assert found.report["candidate_pairs"] < 1_000  # every one held against the first at most


def test_texts_of_a_megabyte_cost_no_more_than_names() -> None:
    rows = _people(200)
    rows[0]["first"], rows[1]["last"], rows[2]["mail"] = "x" * 2**20, "ж" * 2**20, "a" * 2**20 + "@x.nl"
    found = resolve(pa.Table.from_pylist(rows), PERSON)
    assert max(len(text) for values in found.features(0).values() if isinstance(text := values, str)) <= 256
    assert quality(found.customer_id[4:], [i // 2 for i in range(4, len(rows))]).f1 >= 0.99


def test_every_script_finds_its_double() -> None:
    names = [
        *("Ελένη", "Васильев", "محمد", "שרה", "王", "田中", "김", "สมชาย", "अनिता", "தமிழ்", "გიორგი", "Արամ", "ខ្មែរ"),
        *("Đặng", "Łukasz", "ʻOkina", "𝕁𝕒𝕟", "🙂", "\u200fي", "Jan\u0301"),
    ]
    rows = [{"first": n, "last": m, "born": f"1980-01-{i + 1:02d}"} for i, n in enumerate(names) for m in (n, n[::-1])]
    schema = Schema.of({"first": "given_name", "last": "family_name", "born": "birth_date"})
    found = resolve(pa.Table.from_pylist([row for row in rows * 8 for _ in range(2)]), schema)
    assert (found.customer_id[0::2] == found.customer_id[1::2]).mean() >= 0.9


@pytest.mark.parametrize("size", [CAPS[0] + 1, 5_000])
def test_block_above_the_largest_cap_is_generic_and_makes_no_pairs(size: int) -> None:
    keys = np.concatenate([np.full(size, 7, np.uint64), np.array([9, 9, 0], np.uint64)])[:, None]
    block = lay_block("email", keys, budget=1e9)
    assert (block.pairs, block.generic.tolist(), block.values.tolist()) == (1, [7], [9, 9])
    assert keys[block.holders[0], 0] == 7


def test_keys_that_differ_in_low_bits_only_are_not_shared() -> None:
    keys = np.array([[2**40], [2**40 + 1], [2**40 + 1], [2**40 + 2], [0]], np.uint64)
    values, records = shared_keys(keys)
    assert (values.tolist(), records.tolist()) == ([2**40 + 1, 2**40 + 1], [1, 2])


def test_stand_ins_group_records_as_keys_do_and_give_the_keys_back() -> None:
    rows = [
        {"org": "Bakker BV", "first": "Jan Piet", "last": "Müller-Smit", "born": "1980-02-03", "adr": "Dorpsstraat 1"},
        {"org": "De Bakker", "first": "Müller", "last": "Jan", "born": "1980-03-02", "adr": "Dorpsstr. 1"},
        {"org": None, "first": "Jan", "last": "Smidt", "born": "1980-02-03", "adr": "Kerkweg 2 1234AB Utrecht"},
        {"org": "Bakker", "first": None, "last": None, "born": None, "adr": "Kerkweg 2, 1234 AB Utrecht"},
    ]
    meanings = {"org": "organisation_name", "first": "given_name", "last": "family_name", "born": "birth_date"}
    schema = Schema.of({**meanings, "adr": "address"}, kind=Kind.MIXED)
    encoded = encode(pa.Table.from_pylist(rows), schema)
    working, table = WorkingKeys(encoded), KeyTable(encoded, b"secret")
    for template in templates_for(list(encoded.atoms)):
        quick, keys = working.keys(template), table.keys(template)
        groups = [{frozenset(np.flatnonzero((t == v).any(axis=1)).tolist()) for v in set(t.ravel().tolist()) - {0}}
                  for t in (quick, keys)]  # fmt: skip
        assert groups[0] == groups[1], template
        for row in range(len(rows)):
            for value in set(quick[row].tolist()) - {0}:
                found = working.true_keys(template, np.array([value], np.uint64), np.array([row]), b"secret")
                assert found
                assert found <= {signed(k) for k in keys[row].tolist()}, template


def test_sample_of_keys_chooses_as_the_whole_table_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from klantbeeld.engines.matching import selection

    table = pa.Table.from_pylist(_people(2_000))
    truth = [i // 2 for i in range(4_000)]
    whole = resolve(table, PERSON)
    monkeypatch.setattr(selection, "ENOUGH", 1_000)
    sampled = resolve(table, PERSON)
    assert quality(sampled.suggested_id, truth).f1 >= quality(whole.suggested_id, truth).f1 - 0.003
    assert quality(sampled.customer_id, truth).precision >= 0.999


def test_branches_of_a_chain_stay_apart_though_they_share_name_and_website() -> None:
    rng = random.Random(4)
    rows, truth = [], []
    for number in range(500):
        name = f"{_name(rng).title()} {rng.choice(('Bakkerij', 'Techniek', 'Advies'))}"
        for branch in range(rng.choice((1, 1, 4))):
            place = {"street": f"{_name(rng)}straat {rng.randrange(1, 99)}", "city": _name(rng)}
            for _ in range(2):
                site = f"www.{name.replace(' ', '-').lower()}.nl" if rng.random() < 0.5 else None
                rows.append({"name": name, **place, "site": site})
                truth.append(f"{number}-{branch}")
    meanings = {"name": "organisation_name", "street": "street", "city": "city", "site": "website"}
    found = resolve(pa.Table.from_pylist(rows), Schema.of(meanings, kind=Kind.ORGANISATION))
    assert quality(found.customer_id, truth).precision >= 0.99
    assert quality(found.suggested_id, truth).f1 >= 0.95


def test_two_given_names_may_be_kin_unless_something_of_their_own_agrees() -> None:
    fields = {"first": "given_name", "mail": "email", "born": "birth_date", "town": "city", "job": "category"}
    schema = Schema.of({**fields, "pass": Field("", FieldType.IDENTIFIER)})
    comparisons = Model.default(replace(schema, kind=Kind.PERSON)).comparisons
    place = {c.name: f for f, c in enumerate(comparisons)}

    def kin(**levels: str) -> bool:
        pattern = np.zeros((1, len(comparisons)), np.uint8)
        for name, level in levels.items():
            f = place[{"town": "categories:town", "job": "categories:job", "number": "ids:pass"}.get(name, name)]
            pattern[0, f] = comparisons[f].levels.index(level)
        return bool(may_be_kin(pattern, comparisons, schema)[0])

    assert kin(given="different", email="same_rare")
    assert kin(given="different", email="same_rare", town="same_rare", birth="different")
    assert not kin(given="same_rare", email="same_rare")
    assert not kin(given="different", birth="same_rare")
    assert not kin(given="different", number="typo")
    assert not kin(given="different", job="same_rare")
