"""Another process reads ahead: what it gives is what would be made here, and without it the import goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from django.db import connection, transaction

from klantbeeld.flows import beside, imports
from klantbeeld.flows.batches import Batch, batch_of, batches
from klantbeeld.flows.beside import Order, Reader
from klantbeeld.foundation.access import Actor
from klantbeeld.identity.actions import Preparer
from klantbeeld.profiles import actions as profiles
from klantbeeld.sources import actions, queries
from klantbeeld.sources.declaration import Feed
from klantbeeld.sources.models import Source

ACTOR = Actor.system("test")
ROWS, SIZE = 300, 40
DECLARATION = """
schema: 1
code: crm
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: {type: csv, delimiter: ";", encoding: utf-8}
    values: {dates: [iso]}
    records:
      - kind: {column: soort, map: {p: person, o: organisation}}
        external_id: nr
        source_at: op
        gone: {column: weg, equals: j}
        attributes: {given_name: voornaam, family_name: naam, birth_date: geboren, phone: [tel, mobiel], email: email}
        identifiers: [{scheme: loyalty, value: pas}]
      - kind: contract
        when: {column: polis, empty: false}
        external_id: polis
        attributes: {type: {constant: policy}, number: polis}
        roles: [{role: policyholder, holder: {kind: person, external_id: nr}, from: geboren}]
"""


class Opening(NamedTuple):
    feed: Feed
    path: Path


def write(folder: Path) -> Path:
    """Every third row is a person who was there before; some rows and values cannot be read, some are tombstones."""
    lines = ["nr;op;weg;soort;voornaam;naam;geboren;tel;mobiel;email;pas;polis;bsn"]
    for number in range(ROWS):
        who = number - number % 3
        born = f"19{who % 80 + 10}-0{who % 9 + 1}-1{who % 9}"
        gone, kind, policy = "j" if number % 50 == 7 else "", "po"[number % 20 == 3], f"P{number}" * (number % 5 == 0)
        name, phone = f'Zoë \\ {who};van \'t "Hof" Null{who}', f"06-{10_000_000 + who};06 {10_000_000 + who}"
        cells = [number % 250, f"2026-01-{1 + number % 28:02d}", gone, kind, name, born, phone]
        cells += [f"z{who}@example.com", 7_000_000 + who, policy, "123456782"]
        lines.append(";".join(map(str, cells)))
    for bad in (40, 200, 280):
        lines[bad] = f"{bad};te;weinig"
    lines[150] = lines[150].replace("19", "-19")
    path = folder / "customers.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def opening(db: None, tmp_path: Path) -> Opening:
    actions.declare(declaration=DECLARATION, actor=ACTOR)
    _, declaration, _ = queries.load_declaration("crm")
    return Opening(declaration.feeds[0], write(tmp_path))


@pytest.fixture
def preparer(opening: Opening) -> Preparer:
    return Preparer(Source.objects.get(code="crm").id)


@pytest.fixture
def start(preparer: Preparer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts readers, which could not reach a database if they wanted to, and ends them."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    started: list[Reader] = []

    def reader(opening: Opening) -> Reader:
        started.append(Reader(Order(*opening, preparer.recipe)))
        return started[-1]

    yield reader
    for one in started:
        one.close()


def plain(batch: Batch) -> list[Any]:
    ready = batch.prepared.ready
    assert ready is not None
    keys = np.stack((ready.keys.key, ready.keys.type, ready.keys.record)).tolist()
    said = [ready.matchers, ready.kinds, ready.of_id, list(ready.packed), keys]
    return [
        batch.prepared.drafts,
        batch.prepared.alone,
        *said,
        batch.refusals,
        batch.seen,
        batch.rows,
        batch.cursor,
        batch.share,
    ]


def stored() -> list[Any]:
    """Everything that an import leaves, without ids and moments."""
    questions = (
        "SELECT array_agg(r.external_id ORDER BY r.external_id) FROM identity_member m"
        " JOIN sources_record r ON r.id = m.record_id GROUP BY m.customer_id ORDER BY 1",
        "SELECT r.kind, r.external_id, r.state, v.digest FROM sources_record r JOIN sources_recordversion v"
        " ON v.id = r.version_id ORDER BY 1, 2",
        "SELECT stable, features, keys FROM identity_matchinput ORDER BY 1",
        "SELECT name, sort_name, city, postcode, birth_date, records, tokens, version,"
        " regexp_replace(golden::text, '\"record\": \\d+', '', 'g') FROM profiles_profile ORDER BY 1, 2, 3, 5, 9",
        "SELECT token FROM profiles_nametoken ORDER BY 1",
        "SELECT role, count(*) FROM interactions_role GROUP BY 1",
        "SELECT type, count(*) FROM foundation_outboxevent GROUP BY 1 ORDER BY 1",
        'SELECT position, "column", reason, count FROM sources_quarantine ORDER BY 1, 2',
        "SELECT state, rows, created, changed, unchanged, late, superseded, gone, skipped, refused, partial"
        " FROM sources_run",
    )
    found = []
    with connection.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
            found.append([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor])
    return found


def imported(path: Path) -> list[Any]:
    with transaction.atomic():
        profiles.forget_words()
        (run,) = imports.import_source(source_code="crm", actor=ACTOR, path=path)
        assert run.state == "done"
        left = stored()
        transaction.set_rollback(True)
    return left


def test_reader_makes_the_very_batches_that_would_be_made_here(
    opening: Opening, preparer: Preparer, start: Any
) -> None:
    given = queries.reopen(*opening)
    here = [plain(batch) for batch in batches(given, None, lambda: SIZE, preparer)]
    assert len(here) == ROWS // SIZE + 1
    there = [plain(batch_of(frame, preparer)) for frame in start(opening).frames(None, lambda: SIZE)]
    assert there == here


def test_reader_begins_after_the_cursor(opening: Opening, preparer: Preparer, start: Any) -> None:
    given = queries.reopen(*opening)
    first, *rest = batches(given, None, lambda: SIZE, preparer)
    frames = start(opening).frames(first.cursor, lambda: SIZE)
    assert [frame.cursor for frame in frames] == [one.cursor for one in rest]


def test_reader_that_cannot_says_so_at_the_end(opening: Opening, start: Any, caplog: Any) -> None:
    missing = Opening(opening.feed, opening.path.with_name("other.csv"))
    assert list(start(missing).frames(None, lambda: SIZE)) == [None]
    assert "gave up" in caplog.text


def test_reader_that_dies_is_noticed_after_what_it_gave(opening: Opening, start: Any, caplog: Any) -> None:
    reader = start(opening)
    frames = reader.frames(None, lambda: SIZE)
    assert next(frames).rows.good == SIZE
    os.kill(reader._process.pid, signal.SIGKILL)
    *_, last = frames
    assert last is None
    assert "goes on alone" in caplog.text


@pytest.mark.parametrize("frames", [0, 2])
def test_reader_ends_by_itself_when_whoever_asked_is_gone(opening: Opening, start: Any, frames: int) -> None:
    reader = start(opening)
    given = reader.frames(None, lambda: SIZE)
    assert [next(given).rows.good for _ in range(frames)] == [SIZE] * frames
    reader._connection.close()
    assert reader._process.wait(60) == 0


@pytest.mark.parametrize("fate", ["lives", "dies", "never starts"])
def test_import_with_a_reader_leaves_what_one_without_leaves(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    path = opening.path
    monkeypatch.setattr(imports.Pace.__init__, "__defaults__", (SIZE,))
    monkeypatch.setattr(imports, "LARGEST", SIZE)
    monkeypatch.setattr(imports, "SMALLEST", SIZE)
    alone = imported(path)
    handed: list[int] = []

    def wait(reader: Reader) -> bool:
        """Ready when asked for the first time, whatever the machine does; then its fate."""
        handed.append(reader._process.pid)
        if fate == "never starts":
            os.kill(reader._process.pid, signal.SIGKILL)
        ready = reader._connection.poll(60)
        if fate == "dies":
            os.kill(reader._process.pid, signal.SIGKILL)
        return ready

    monkeypatch.setattr(beside, "FEWEST", 1)
    monkeypatch.setattr(Reader, "is_ready", property(wait))
    assert imported(path) == alone
    assert len(handed) == 1


def test_golden_records_by_copy_are_those_by_statement(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "MANY", 10**9)
    by_statement = imported(opening.path)
    monkeypatch.setattr(profiles, "MANY", 0)
    assert imported(opening.path) == by_statement
