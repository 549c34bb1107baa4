"""The demo in the database: everything imported, nothing refused but the citizen numbers, scored against the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantbeeld.demo.load import Loaded, find_loaded, load
from klantbeeld.demo.measure import measure
from klantbeeld.demo.people import EMPLOYEES
from klantbeeld.demo.systems import CODES, build_systems
from klantbeeld.demo.truth import truth_of
from klantbeeld.demo.world import build_world
from klantbeeld.foundation import queries as foundation
from klantbeeld.foundation.access import Actor
from klantbeeld.sources import queries as sources

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
    refused = sources.list_quarantine(actor=ADMIN, source_code="archive")
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
