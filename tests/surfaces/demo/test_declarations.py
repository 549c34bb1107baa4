"""The declarations of the demo fit what its systems give: every row maps, and only the citizen numbers are refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from klantbeeld.demo.declarations import declaration_text
from klantbeeld.demo.delivery import deliver
from klantbeeld.demo.files import FILE_SYSTEMS
from klantbeeld.demo.service.server import APIS
from klantbeeld.demo.service.store import Shelf
from klantbeeld.demo.systems import CODES, System, build_system
from klantbeeld.demo.truth import truth_of
from klantbeeld.demo.world import World, build_world
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.foundation.rules.starter import STARTER
from klantbeeld.sources.adapters.opening import open_feed
from klantbeeld.sources.contracts import Draft, Kind, Refusal
from klantbeeld.sources.declaration import Declaration, Feed, read_declaration
from klantbeeld.sources.rules.mapping import Mapper, Row

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, AttributeSpec]]:
    kinds: dict[str, dict[str, AttributeSpec]] = defaultdict(dict)
    for spec in STARTER:
        kinds[spec.kind][spec.code] = spec
    return kinds


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(1500, seed=11)


@pytest.fixture(scope="module")
def systems(world: World) -> dict[str, System]:
    return {code: build_system(world, code) for code in CODES}


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("files")
    deliver(world, found)
    return found


def at_path(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return None if row == "" else row


def map_file(feed: Feed, path: Path, catalogue: Any) -> tuple[list[Draft], list[Refusal], list[str]]:
    form = feed.form | {"path": str(path)}
    given: Any = open_feed(replace(feed, form=form), catalogue)
    drafts, refusals = [], []
    for chunk in given.chunks(None, lambda: 1000):
        refusals += chunk.refusals
        for row in chunk.rows:
            made, refused = given.mapper.map(row, AT)
            drafts += made
            refusals += refused
    return drafts, refusals, given.refused_columns


def map_service(feed: Feed, system: System, world: World, catalogue: Any) -> tuple[list[Draft], list[Refusal]]:
    shelf = Shelf(world, system.feed(feed.name), lambda: 0, APIS[system.code].missing)
    mapper = Mapper(feed, None, catalogue)
    drafts, refusals = [], []
    for number, row in enumerate(shelf.by_cursor("", 10**6).rows, start=1):
        lists = {path: [[at_path(i, n) for n in names] for i in row[path]] for path, names in mapper.lists.items()}
        made, refused = mapper.map(Row(number, [at_path(row, name) for name in mapper.columns], row, lists), AT)
        drafts += made
        refusals += refused
    return drafts, refusals


@pytest.fixture(scope="module")
def drafts(systems: dict[str, System], folder: Path, world: World, catalogue: Any) -> dict[str, list[Draft]]:
    found: dict[str, list[Draft]] = defaultdict(list)
    for code, system in systems.items():
        declaration = declared(code, catalogue)
        assert [feed.name for feed in declaration.feeds] == [feed.name for feed in system.feeds]
        for feed in declaration.feeds:
            if code in FILE_SYSTEMS:
                made, refusals, columns = map_file(feed, folder / feed.form["path"], catalogue)
                assert columns == (["SOFINR"] if code == "archive" else [])
            else:
                made, refusals = map_service(feed, system, world, catalogue)
            assert refusals == []
            found[code] += made
    return found


def declared(code: str, catalogue: Any) -> Declaration:
    return read_declaration(declaration_text(code), catalogue)


def test_every_record_of_the_truth_is_mapped_once(drafts: dict[str, list[Draft]], systems: dict[str, System]) -> None:
    truth = truth_of(tuple(systems.values()))
    parties = [(code, draft) for code, made in drafts.items() for draft in made if draft.kind.is_party]
    mapped = Counter((code, draft.external_id) for code, draft in parties)
    assert set(mapped) == set(truth)
    assert set(mapped.values()) == {1}
    kinds = {(code, draft.external_id): draft.kind for code, draft in parties}
    letter = {Kind.PERSON: "P", Kind.ORGANISATION: "O"}
    assert all(entity[0] == letter[kinds[key]] for key, entity in truth.items())


def test_roles_point_to_records_that_are_there(drafts: dict[str, list[Draft]]) -> None:
    there = {(code, draft.kind, draft.external_id) for code, made in drafts.items() for draft in made}
    roles = Counter()
    for code, made in drafts.items():
        for role in (role for draft in made for role in draft.roles):
            roles[code, role.role] += 1
            for end in (role.holder, role.target):
                assert (end.source or code, end.kind, end.external_id) in there
            if role.from_date and role.to_date:
                assert role.from_date <= role.to_date
    for expected in (
        ("policies", "policyholder"), ("policies", "insured"), ("policies", "payer"), ("policies", "tenant"),
        ("policies", "occupant"), ("crm", "employee"), ("crm", "parent"), ("crm", "authorised_representative"),
        ("shop", "customer"), ("shop", "receiver"), ("partner", "receiver"), ("pos", "customer"), ("calls", "caller"),
    ):  # fmt: skip
        assert roles[expected] > 1, expected


def test_no_citizen_number_reaches_a_draft(drafts: dict[str, list[Draft]]) -> None:
    assert drafts["archive"]
    for draft in drafts["archive"]:
        assert {one.scheme for one in draft.identifiers} == {"customer_number"}
        assert "SOFINR" not in draft.raw


def test_receipts_are_one_activity_with_lines_that_add_up(drafts: dict[str, list[Draft]]) -> None:
    receipts = [draft for draft in drafts["pos"] if draft.kind == Kind.ACTIVITY]
    assert len({draft.external_id for draft in receipts}) == len(receipts)
    assert any(len(draft.attributes["lines"]) > 1 for draft in receipts)
    for draft in receipts:
        lines = draft.attributes["lines"]
        assert abs(float(draft.attributes["amount"]) - sum(float(line["amount"]) for line in lines)) < 0.005
        assert abs(float(draft.attributes["cost"]) - sum(float(line["cost"]) for line in lines)) < 0.005


def test_attributes_are_of_the_catalogue_and_well_filled(drafts: dict[str, list[Draft]]) -> None:
    filled: Counter[tuple[str, str]] = Counter()
    persons: Counter[str] = Counter()
    for code, made in drafts.items():
        for draft in made:
            if draft.kind == Kind.PERSON:
                persons[code] += 1
                filled.update((code, attribute) for attribute in draft.attributes)
    assert filled["policies", "birth_date"] / persons["policies"] > 0.95
    assert 0.4 < filled["policies", "iban"] / persons["policies"] < 0.8
    assert filled["partner", "full_name"] == persons["partner"]
    assert filled["shop", "email"] / persons["shop"] > 0.95
    assert filled["policies", "name_use"] > 20
    assert filled["crm", "deceased_date"] > 0
