"""Importing a file: rows in, customers out; refusals, BSNs, pauses, and going on after a kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantbeeld.flows import imports
from klantbeeld.flows.imports import Progress, import_source
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Conflict, Invalid, Refused
from klantbeeld.sources import actions, queries
from klantbeeld.sources.contracts import Kind
from klantbeeld.sources.models import Quarantine, Record, RecordVersion, Run, Source

ACTOR = Actor.system("test")
DECLARATION = """
schema: 1
code: crm
label: {nl: Klantenbestand, en: Customer file}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: {type: csv, delimiter: ";", encoding: windows-1252}
    values: {decimal: ",", dates: [dd-mm-yyyy], empty: ["NULL"]}
    records:
      - kind: person
        external_id: nr
        attributes:
          given_name: voornaam
          family_name: achternaam
          birth_date: geboren
          gender: {column: sexe, map: {M: m, V: f}, otherwise: null}
          email: email
        identifiers:
          - {scheme: customer_number, value: nr}
      - kind: contract
        when: {column: polis, empty: false}
        external_id: polis
        attributes:
          type: {constant: policy}
          number: polis
          amount: {column: premie, as: money}
        roles:
          - {role: policyholder, holder: {kind: person, external_id: nr}}
"""
HEADER = "nr;voornaam;achternaam;geboren;sexe;email;polis;premie"


def write(folder: Path, *rows: str, header: str = HEADER, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([header, *rows, ""]).encode("cp1252"))
    return path


def person(number: int, **values: str) -> str:
    cells = {
        "voornaam": f"Zoë{number}",
        "achternaam": "De Vries",
        "geboren": "31-12-1980",
        "sexe": "V",
        "email": f"zoe{number}@example.com",
        "polis": "",
        "premie": "",
        **values,
    }
    return ";".join([str(number), *cells.values()])


@pytest.fixture
def crm(db: None) -> Source:
    actions.declare(declaration=DECLARATION, actor=ACTOR)
    return Source.objects.get(code="crm")


def run(path: Path, **options: Any) -> Any:
    (row,) = import_source(source_code="crm", actor=ACTOR, path=path, **options)
    return row


def test_import_rows_become_records_with_their_roles(crm: Source, tmp_path: Path) -> None:
    done = run(write(tmp_path, person(1, polis="P-7", premie="1.234,50"), person(2)))
    assert (done.state, done.rows, done.created, done.refused, done.share) == ("done", 2, 3, 0, 1.0)
    ids = queries.find_record_ids([(crm.id, Kind.PERSON, "1"), (crm.id, Kind.CONTRACT, "P-7")])
    someone, contract = queries.load_records(list(ids.values()))
    assert someone.attributes == {
        "given_name": "Zoë1",
        "family_name": "De Vries",
        "birth_date": "1980-12-31",
        "gender": "f",
        "email": [{"value": "zoe1@example.com"}],
    }
    assert contract.attributes == {"type": "policy", "number": "P-7", "amount": "1234.50"}
    assert (contract.roles[0].role, contract.roles[0].holder.external_id) == ("policyholder", "1")


def test_import_same_file_again_changes_nothing(crm: Source, tmp_path: Path) -> None:
    path = write(tmp_path, person(1), person(2))
    run(path)
    again = run(path)
    assert (again.state, again.rows, again.created, again.changed, again.unchanged) == ("done", 2, 0, 0, 2)
    assert RecordVersion.objects.count() == 2


def test_import_refuses_what_cannot_be_read_with_position_column_and_reason(crm: Source, tmp_path: Path) -> None:
    rows = [person(number) for number in range(1, 31)]
    rows[3] = "4;te;weinig"
    rows[7] = person(8, geboren="31-02-1980")
    rows[9] = person(10).replace("10;", ";", 1)
    done = run(write(tmp_path, *rows))
    assert (done.state, done.rows, done.refused, done.created) == ("done", 30, 3, 28)
    found = {(one.position, one.column, one.reason): one for one in Quarantine.objects.all()}
    assert set(found) == {
        (5, "geboren", "row.too_few"),
        (9, "geboren", "date.impossible"),
        (11, "nr", "external_id.missing"),
    }
    bad = found[9, "geboren", "date.impossible"]
    assert (bad.value, bad.message["en"], bad.raw["achternaam"]) == ("31-02-1980", "there is no such day", "De Vries")
    ids = queries.find_record_ids([(crm.id, Kind.PERSON, "8")])
    assert "birth_date" not in queries.load_records(list(ids.values()))[0].attributes


def test_import_bsn_column_is_stored_nowhere_and_counted(crm: Source, tmp_path: Path) -> None:
    numbers = ["123456782", "111222333", "999990019", "100000009"]
    path = write(
        tmp_path,
        *(f"{person(n)};{number}" for n, number in enumerate(numbers, start=1)),
        "5;te;weinig;123456782",
        header=HEADER + ";burgerservicenr",
    )
    done = run(path)
    assert (done.state, done.created, done.refused) == ("done", 4, 1)
    counted = Quarantine.objects.get(reason="bsn.refused")
    assert (counted.column, counted.count, counted.value, counted.raw) == ("burgerservicenr", 4, "", None)
    with connection.cursor() as cursor:
        for table in ("sources_recordversion", "sources_quarantine", "sources_record", "sources_run"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text = cursor.fetchone()[0]
            assert not any(number in text for number in numbers)


def test_import_mostly_refused_pauses_run_and_source(crm: Source, tmp_path: Path) -> None:
    path = write(tmp_path, *(person(n, geboren="1980/01/01") for n in range(1, 11)))
    done = run(path)
    assert done.state == "paused"
    crm.refresh_from_db()
    assert crm.paused_reason.startswith("10 of 10 rows were refused")
    with pytest.raises(Conflict, match="is paused"):
        run(path)
    actions.resume_source(source_code="crm", actor=ACTOR)
    assert run(write(tmp_path, person(1))).state == "done"


def test_import_file_without_declared_column_says_which(crm: Source, tmp_path: Path) -> None:
    path = write(tmp_path, person(1), header=HEADER.replace("achternaam", "achternam"))
    with pytest.raises(Invalid, match=r"'achternaam' \(did you mean 'achternam'\?\)"):
        run(path)
    assert Run.objects.count() == 0


class Killed(Exception):  # noqa: N818
    pass


@pytest.mark.parametrize("after", [1, 3, 5])
def test_import_that_stopped_goes_on_after_its_last_batch(
    crm: Source, tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SMALLEST", 10)
    monkeypatch.setattr(imports.Pace, "__init__", lambda self: setattr(self, "size", 10))
    monkeypatch.setattr(imports.Pace, "learn", lambda self, rows, seconds: None)
    rows = [person(n) for n in range(1, 61)]
    rows[14], rows[33] = "15;te;weinig", "34;te;weinig"
    path = write(tmp_path, *rows)
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == after:
            raise Killed

    with pytest.raises(Killed):
        run(path, progress=stop)
    half = Run.objects.get()
    assert (half.state, half.rows) == ("running", seen[-1].rows)
    done = run(path)
    assert Run.objects.count() == 1
    assert (done.state, done.rows, done.created, done.unchanged, done.refused) == ("done", 60, 58, 0, 2)
    assert Record.objects.count() == 58


def test_import_after_a_dead_run_over_another_file_starts_anew(crm: Source, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        raise Killed

    with pytest.raises(Killed):
        run(write(tmp_path, person(1)), progress=stop)
    done = run(write(tmp_path, person(1), person(2)))
    assert [one.state for one in Run.objects.order_by("id")] == ["failed", "done"]
    assert (done.created, done.unchanged) == (1, 1)


SIMPLE = """
schema: 1
code: simple
label: {nl: Kaarten, en: Cards}
company: {code: noord, name: Noord B.V.}
owner: Winkel
trust_rank: 3
purpose: service
feeds:
  - name: cards
    form: {type: csv, delimiter: ";", encoding: utf-8}
    values: {dates: [iso]}
    records:
      - kind: person
        when: {column: soort, equals: p}
        external_id: nr
        source_at: op
        attributes: {family_name: naam, birth_date: geboren}
"""
CARD = st.tuples(
    st.sampled_from(["p", "p", "p", "x"]),  # x carries no record
    st.sampled_from(["1", "2", "3", ""]),  # without a number the record is refused
    st.sampled_from(["", "2026-01-01", "2026-01-02", "31", "2999-01-01"]),  # the last two refuse the record
    st.sampled_from(["Bos", "Smit"]),
    st.sampled_from(["", "1980-01-01", "1980-02-31"]),  # the last refuses the value
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cards=st.lists(CARD, min_size=1, max_size=30), size=st.integers(1, 8))
def test_import_counts_every_row_once(db: None, tmp_path: Path, cards: list[tuple[str, ...]], size: int) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("\n".join(["soort;nr;op;naam;geboren", *(";".join(card) for card in cards)]) + "\n")
    before = imports.Pace.__init__.__defaults__
    imports.Pace.__init__.__defaults__ = (size,)
    try:
        with transaction.atomic():
            actions.declare(declaration=SIMPLE, actor=ACTOR)
            (done,) = import_source(source_code="simple", actor=ACTOR, path=path)
            versions = RecordVersion.objects.count()
            transaction.set_rollback(True)
    finally:
        imports.Pace.__init__.__defaults__ = before
    if done.state == "done":
        assert done.rows == len(cards)
    stored = done.created + done.changed + done.late + done.superseded + done.gone
    assert done.rows == stored + done.unchanged + done.skipped + done.refused - done.partial
    assert versions == stored


def test_import_row_from_the_far_future_is_refused(crm: Source, tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    rows = [f"p;{number};2026-01-01;Bos;" for number in range(9)]
    path.write_text("\n".join(["soort;nr;op;naam;geboren", *rows, "p;9;2999-01-01;Bos;"]) + "\n")
    actions.declare(declaration=SIMPLE, actor=ACTOR)
    (done,) = import_source(source_code="simple", actor=ACTOR, path=path)
    assert (done.created, done.refused, done.partial) == (9, 1, 0)
    assert [(one.position, one.reason) for one in Quarantine.objects.all()] == [(11, "moment.future")]


def test_import_without_scope_is_refused(crm: Source, tmp_path: Path) -> None:
    someone = Actor("user", 1, "Iemand", ("service",))
    with pytest.raises(Refused):
        import_source(source_code="crm", actor=someone, path=write(tmp_path, person(1)))
    assert Run.objects.count() == 0


def test_import_puts_what_the_mapping_made_a_bsn_in_quarantine_and_goes_on(db: None, tmp_path: Path) -> None:
    text = DECLARATION.replace("given_name: voornaam", 'given_name: {template: "BSN {voornaam}"}')
    actions.declare(declaration=text, actor=ACTOR)
    done = run(write(tmp_path, person(1), person(2, voornaam="123456782"), person(3)))
    assert (done.state, done.rows, done.created, done.refused) == ("done", 3, 2, 1)
    kept = Quarantine.objects.get()
    assert (kept.reason, kept.position, kept.column, kept.value, kept.raw) == (
        "bsn.refused",
        3,
        "/attributes/given_name",
        "",
        None,
    )
    assert "123456782" not in str(list(RecordVersion.objects.values_list("data", "raw")))
