"""The demo in the database: everything imported, nothing refused but the citizen numbers, scored against the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantbeeld.demo.declarations import KEY_VARIABLE, SERVICE_VARIABLE, declaration_for
from klantbeeld.demo.load import Loaded, find_loaded, load
from klantbeeld.demo.measure import measure
from klantbeeld.demo.people import EMPLOYEES
from klantbeeld.demo.service.server import DemoServer
from klantbeeld.demo.systems import CODES, build_system, build_systems
from klantbeeld.demo.truth import truth_of
from klantbeeld.demo.world import build_world
from klantbeeld.flows.imports import import_source
from klantbeeld.foundation import queries as foundation
from klantbeeld.foundation.access import Actor
from klantbeeld.sources import queries as sources
from klantbeeld.sources.actions import declare

ADMIN = Actor.system("test")


@pytest.mark.django_db(transaction=True)
def test_load_imports_every_row_and_is_scored(tmp_path: Path) -> None:
    said: list[str] = []
    logins = load(said.append, size=200, seed=3, folder=tmp_path)
    assert [(email, password) for _, email, password in logins] == [(one.email, one.password) for one in EMPLOYEES]
    assert {user.email for user in foundation.list_users(actor=ADMIN) if user.is_demo} == {
        one.email for one in EMPLOYEES
    }
    runs = sources.list_runs(actor=ADMIN, limit=100)
    assert {(run.source, run.state) for run in runs} == {(code, "done") for code in CODES}
    assert {run.feed for run in runs if run.refused} == set()
    refused = sources.list_quarantine(actor=ADMIN, purpose="stewardship", source_code="archive")
    assert [(one.column, one.reason, one.count, one.value) for one in refused] == [("SOFINR", "bsn.refused", 40, "")]
    found = find_loaded(tmp_path)
    assert found == Loaded(200, 3)
    score = measure(found).customers
    assert score.records == len(truth_of(build_systems(build_world(200, 3))))
    assert score.missing == 0
    assert score.quality.precision > 0.8
    assert score.quality.recall > 0.5
    before = len(said)
    again = load(said.append, size=200, seed=3, folder=tmp_path)
    assert again == logins
    assert all(run.created == run.changed == 0 for run in sources.list_runs(actor=ADMIN, limit=100)[: len(runs)])
    assert len(said) > before
    assert measure(found).customers == score


@pytest.mark.django_db(transaction=True)
def test_what_changes_in_the_service_comes_in_at_the_next_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world(200, seed=3)
    with DemoServer(world, key="sleutel", faults=0.2) as server:
        monkeypatch.setenv(SERVICE_VARIABLE, server.address)
        monkeypatch.setenv(KEY_VARIABLE, "sleutel")
        declare(declaration=declaration_for("crm", tmp_path), actor=ADMIN)
        first = import_source(source_code="crm", actor=ADMIN)
        contacts = build_system(world, "crm").feed("contacts").count
        assert [(run.feed, run.state) for run in first] == [("accounts", "done"), ("contacts", "done")]
        assert (first[1].rows, first[1].created) == (contacts, contacts)
        changed = set(server.shelves["crm", "contacts"].change(15))
        accounts, again = import_source(source_code="crm", actor=ADMIN)
    assert (accounts.rows, again.state, again.rows, again.created) == (0, "done", len(changed), 0)
    assert again.changed + again.gone + again.unchanged == len(changed)
    assert again.changed > 5
