"""From a declaration and a real file of each form to golden records: the same customers, whatever the form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engines.files.books import write_book

from klantbeeld.flows.imports import import_source
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid
from klantbeeld.profiles.models import Profile
from klantbeeld.sources import actions, queries
from klantbeeld.sources.models import Quarantine, Record, RecordVersion, Run

ACTOR = Actor.system("test")
HEAD = """
schema: 1
code: crm
label: {nl: Klanten, en: Customers}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 2
purpose: service
feeds:
  - name: customers
    form: FORM
    values: {decimal: ",", dates: [dd-mm-yyyy]}
    records:
"""
TABLE = """
      - kind: person
        external_id: nr
        attributes:
          given_name: voornaam
          family_name: achternaam
          birth_date: geboren
          email: e.mail
          address: {fields: {postcode: pc, house_number: huisnr}}
        identifiers: [{scheme: customer_number, value: nr}]
      - kind: contract
        when: {column: premie, empty: false}
        external_id: {template: "P{nr}"}
        attributes: {type: {constant: policy}, number: nr, amount: {column: premie, as: money}}
        roles: [{role: policyholder, holder: {kind: person, external_id: nr}}]
"""
TREE = TABLE.replace("e.mail", "contact.mail")
VCARD = """
      - kind: person
        external_id: uid
        attributes:
          given_name: given_name
          family_name: family_name
          birth_date: {column: birth_date, dates: [iso]}
          email: email_home
          address: {fields: {postcode: address_home.postcode, house_number: address_home.extended}}
        identifiers: [{scheme: customer_number, value: uid}]
"""
PEOPLE: list[dict[str, Any]] = [
    {"nr": 1001, "voornaam": "Zoë", "achternaam": "De Vries", "geboren": date(1980, 12, 31), "mail": "zoe@example.nl",
     "pc": "2511 AA", "huisnr": 12, "premie": 12.5},
    {"nr": 1002, "voornaam": "Jan", "achternaam": "Bakker", "geboren": None, "mail": None,
     "pc": "2611 BB", "huisnr": 3, "premie": None},
]  # fmt: skip
COLUMNS = ["nr", "voornaam", "achternaam", "geboren", "e.mail", "pc", "huisnr", "premie"]


def rows() -> list[list[Any]]:
    return [[one.get(name if name != "e.mail" else "mail") for name in COLUMNS] for one in PEOPLE]


def tree(one: dict[str, Any]) -> dict[str, Any]:
    born = one["geboren"].strftime("%d-%m-%Y") if one["geboren"] else None
    return {**{k: v for k, v in one.items() if k != "mail"}, "geboren": born, "contact": {"mail": one["mail"]}}


def as_xlsx(path: Path) -> None:
    serial = ("raw", '<c r="REF" s="1"><v>29586</v></c>')
    cells = [[serial if isinstance(cell, date) else cell for cell in row] for row in rows()]
    write_book(path, {"Klanten": [["Klanten per vandaag"], COLUMNS, *cells]})


def as_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows()]), path)


def as_xml(path: Path) -> None:
    def element(one: dict[str, Any]) -> str:
        body = "".join(f"<{k}>{v}</{k}>" for k, v in one.items() if k not in ("nr", "contact") and v is not None)
        mail = f"<mail>{one['contact']['mail']}</mail>" if one["contact"]["mail"] else ""
        return f"<klant nr='{one['nr']}'>{body.replace('12.5', '12,50')}<contact>{mail}</contact></klant>"

    body = "".join(element(tree(one)) for one in PEOPLE)
    path.write_bytes(f"<?xml version='1.0' encoding='utf-16'?><uit><klanten>{body}</klanten></uit>".encode("utf-16"))


def as_vcard(path: Path) -> None:
    cards = []
    for one in PEOPLE:
        born = f"BDAY:{one['geboren']:%Y%m%d}\n" if one["geboren"] else ""
        mail = f"EMAIL;TYPE=home:{one['mail']}\n" if one["mail"] else ""
        cards.append(
            f"BEGIN:VCARD\nVERSION:4.0\nUID:{one['nr']}\nN:{one['achternaam']};{one['voornaam']};;;\n{born}{mail}"
            f"ADR;TYPE=home:;{one['huisnr']};;;;{one['pc']};\nEND:VCARD\n"
        )
    path.write_text("".join(cards), encoding="utf-8")


def as_tsv(path: Path) -> None:
    def text(cell: Any) -> str:
        if isinstance(cell, date):
            return cell.strftime("%d-%m-%Y")
        return "" if cell is None else str(cell).replace("12.5", "12,5")

    lines = ["\t".join(COLUMNS), *("\t".join(map(text, row)) for row in rows())]
    path.write_bytes("\n".join(lines).encode("cp1252"))


def as_json(path: Path) -> None:
    path.write_text(json.dumps({"total": 2, "data": {"items": [tree(one) for one in PEOPLE]}}), encoding="utf-8")


def as_ndjson(path: Path) -> None:
    path.write_text("\n".join(json.dumps(tree(one)) for one in PEOPLE), encoding="utf-8")


FORMS: dict[str, tuple[str, str, Callable[[Path], None], str]] = {
    "tsv": ("{type: csv}", TABLE, as_tsv, "TSV, Windows-1252"),
    "xlsx": ("{type: xlsx}", TABLE, as_xlsx, "Excel, Klanten"),
    "parquet": ("{type: parquet}", TABLE, as_parquet, "Parquet"),
    "json": ("{type: json, records_at: data.items}", TREE, as_json, "JSON, UTF-8, data.items"),
    "ndjson": ("{type: ndjson}", TREE, as_ndjson, "NDJSON, UTF-8"),
    "xml": ("{type: xml, records_at: uit.klanten.klant}", TREE.replace(": nr", ": '@nr'").replace("{nr}", "{@nr}")
            .replace("value: nr", "value: '@nr'"), as_xml, "XML, uit.klanten.klant"),
    "vcard": ("{type: vcard}", VCARD, as_vcard, "vCard, UTF-8"),
}  # fmt: skip


def declare(form: str, records: str) -> None:
    actions.declare(declaration=HEAD.replace("FORM", form) + records, actor=ACTOR)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_customers_come_out_of_every_form(db: None, tmp_path: Path, form: str) -> None:
    declared, records, write, label = FORMS[form]
    declare(declared, records)
    path = tmp_path / "klanten.bin"  # the name of a file is not believed
    write(path)
    (run,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (run.state, run.rows, run.refused, list(Quarantine.objects.all())) == ("done", 2, 0, [])
    assert run.input_name == f"klanten.bin ({label})"
    assert list(Profile.objects.order_by("sort_name").values_list("name", flat=True)) == ["Jan Bakker", "Zoë de Vries"]
    record = Record.objects.get(kind=1, external_id="1001")
    data = RecordVersion.objects.get(id=record.version_id).data
    assert data["attributes"]["birth_date"] == "1980-12-31"
    assert data["attributes"]["email"] == [{"value": "zoe@example.nl"}]
    assert data["attributes"]["address"] == [{"value": {"postcode": "2511 AA", "house_number": "12"}}]
    if form != "vcard":
        policy = Record.objects.get(kind=3)
        assert policy.external_id == "P1001"
        amount = RecordVersion.objects.get(id=policy.version_id).data["attributes"]["amount"]
        assert float(amount) == 12.5
    (again,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (again.created, again.changed, again.unchanged) == (0, 0, run.created)


def test_a_workbook_without_a_declared_column_says_which(db: None, tmp_path: Path) -> None:
    declare("{type: xlsx}", TABLE)
    columns = [name.replace("geboren", "geb") for name in COLUMNS]
    write_book(tmp_path / "a.xlsx", {"S": [columns]})
    with pytest.raises(Invalid, match=r"'geboren' \(did you mean 'geb'\?\)"):
        import_source(source_code="crm", actor=ACTOR, path=tmp_path / "a.xlsx")


def test_cells_with_errors_go_to_quarantine_and_the_rest_of_the_row_goes_on(db: None, tmp_path: Path) -> None:
    declare("{type: xlsx}", TABLE)
    error, formula = ("raw", '<c r="REF" t="e"><v>#DIV/0!</v></c>'), ("raw", '<c r="REF"><f>1</f></c>')
    row = [1, error, "x" * 30_000, None, formula, "2511 AA", 1, None]
    write_book(tmp_path / "a.xlsx", {"S": [COLUMNS, row, [2, "Jan", "Bakker", None, None, None, None, None]]})
    (run,) = import_source(source_code="crm", actor=ACTOR, path=tmp_path / "a.xlsx")
    assert (run.state, run.rows, run.refused, run.created) == ("done", 2, 1, 2)
    found = Quarantine.objects.order_by("reason", "column").values_list("position", "column", "reason", "value")
    assert [(*one[:3], one[3][:5]) for one in found] == [
        (2, "e.mail", "cell.error", "="),
        (2, "voornaam", "cell.error", "#DIV/"),
        (2, "achternaam", "text.too_long", "xxxxx"),
    ]


def test_bsns_in_records_are_stored_nowhere_and_counted(db: None, tmp_path: Path) -> None:
    declare("{type: ndjson}", TREE)
    people = [{**tree(one), "persoon": {"bsn": "111222333"}, "noot": "bsn 111222333"} for one in PEOPLE]
    path = tmp_path / "a"
    path.write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    import_source(source_code="crm", actor=ACTOR, path=path)
    assert dict(Quarantine.objects.values_list("column", "count")) == {"persoon.bsn": 2, "noot": 2}
    assert "111222333" not in json.dumps(list(RecordVersion.objects.values_list("data", "raw")))


def test_a_broken_document_fails_the_run_and_keeps_what_was_whole(db: None, tmp_path: Path) -> None:
    declare("{type: ndjson}", TREE)
    path = tmp_path / "a"
    good = [json.dumps({**tree(PEOPLE[0]), "nr": number}) for number in range(100)]
    broken = '{"nr": 100, "voornaam": "breekt'
    path.write_text("\n".join([*good, broken, json.dumps({"nr": 101, "voornaam": "X"})]))
    (run,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (run.state, run.rows, run.refused) == ("done", 102, 1)
    assert Quarantine.objects.get().position == 101


def test_a_file_of_nothing_but_refused_rows_pauses_in_bounded_memory(db: None, tmp_path: Path) -> None:
    declare("{type: ndjson}", TREE)
    path = tmp_path / "a"
    path.write_text("[1]\n" * 9_000)
    (run,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (run.state, run.rows, run.refused) == ("paused", 2_000, 2_000)
    assert Run.objects.get().position == 2_000


def test_rows_refused_between_good_ones_are_counted_once_each(db: None, tmp_path: Path) -> None:
    declare("{type: ndjson}", TREE)
    path = tmp_path / "a"
    good = [json.dumps({**tree(PEOPLE[0]), "nr": number, "premie": None}) for number in range(12_000)]
    path.write_text("\n".join(good[:11_000] + ["[]"] * 2_500 + good[11_000:]))
    inputs = []
    _, declaration, _ = queries.load_declaration("crm")
    given = queries.open_input(declaration.feeds[0], path=path)
    for chunk in given.chunks(None, lambda: 700):
        inputs.append((len(chunk.rows), len(chunk.refusals), chunk.read, chunk.cursor["record"]))
    assert (sum(one[0] for one in inputs), sum(one[1] for one in inputs), sum(one[2] for one in inputs)) == (
        12_000, 2_500, 14_500,
    )  # fmt: skip
    assert inputs[-1][3] == 14_500
    later = [len(chunk.rows) for chunk in given.chunks({"record": 14_499}, lambda: 700)]
    assert later == [1]


CONTRACT = "    contract: {vanished: pause, new: tell}\n    records:\n"


def test_columns_that_changed_are_told_with_the_run_and_pause_when_declared(db: None, tmp_path: Path) -> None:
    records = "      - {kind: person, external_id: nr, attributes: {family_name: naam}}\n"
    head = HEAD.replace("FORM", "{type: csv}")
    actions.declare(declaration=head.replace("    records:\n", CONTRACT) + records, actor=ACTOR)
    path = tmp_path / "a.csv"
    rows = "".join(f"{n};Naam {n};x\n" for n in range(150))
    path.write_text(f"nr;naam;oud\n{rows}")
    (first,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (first.state, first.drift) == ("done", ())
    path.write_text(f"nr;naam;oud;nieuw\n{rows}".replace(";x", ";x;"))
    (second,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (second.state, [one["message"]["en"] for one in second.drift]) == ("done", ["column 'nieuw' is new"])
    path.write_text(f"nr;naam;nieuw\n{rows}".replace("Naam", "Anders").replace(";x", ";"))
    (third,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (third.state, third.rows, third.changed) == ("paused", 0, 0)
    assert third.problem == "The input is not what it was: column 'oud' has vanished."
    assert [(one["kind"], one["column"], one["verdict"]) for one in third.drift] == [("vanished", "oud", "pause")]
    actions.resume_source(source_code="crm", actor=ACTOR)
    actions.declare(declaration=head + records, actor=ACTOR)
    (fourth,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (fourth.state, fourth.changed) == ("done", 150)


def test_a_record_is_gone_when_an_expression_says_so(db: None, tmp_path: Path) -> None:
    gone = (
        "        gone:\n          expression: status == 'vervallen' || ends < today && amount == 0.0\n"
        "          columns:\n            status: Status\n            ends: {column: Eind datum, as: date}\n"
        "            amount: {column: saldo, as: money}\n"
    )
    records = f"      - kind: person\n        external_id: nr\n{gone}        attributes: {{family_name: naam}}\n"
    declare("{type: csv}", records)
    path = tmp_path / "a.csv"
    path.write_text(
        "nr;naam;Status;Eind datum;saldo\n1;A;vervallen;;\n2;B;actief;01-01-2020;0,00\n3;C;actief;01-01-2020;1,50\n"
        "4;D;actief;;0\n5;E;;31-12-2199;0\n6;F;;onleesbaar;0\n"
    )
    (run,) = import_source(source_code="crm", actor=ACTOR, path=path)
    assert (run.state, run.rows, run.refused) == ("done", 6, 0)
    assert sorted(Record.objects.filter(state="gone").values_list("external_id", flat=True)) == ["1", "2"]


def test_an_expression_that_is_wrong_is_told_at_its_place(db: None) -> None:
    gone = "        gone: {expression: 'stat == 1', columns: {status: Status}}\n"
    with pytest.raises(Invalid, match=r"records\[0\].gone.expression: There is no attribute `stat`"):
        declare("{type: csv}", "      - kind: person\n        external_id: nr\n" + gone)


DATES = {
    "31-12-1980": "1980-12-31", "1-2-1980": None, "1980-12-31": "1980-12-31", "19801231": "1980-12-31",
    "00-05-1980": "1980-05", "00-00-1980": "1980", "29-02-1980": "1980-02-29",
    "31/12/1980": None, "12/31/1980": None, "31.12.1980": None, "31 december 1980": None, "Dec 31, 1980": None,
    "1980年12月31日": None, "١٩٨٠-١٢-٣١": "1980-12-31", "１９８０-12-31": "1980-12-31", "55-12-31": None,
    "31-12-80": None,
    "29-02-1981": None, "31-04-1980": None, "32-01-1980": None, "01-13-1980": None, "00-00-0000": None,
    "0000-00-00": None, "31-12-9999": None, "1980-W53-3": None, "29586": None, "-31-12-1980": None, "NaN": None,
    "1980-12-31T25:00": "1980-12-31", "1980-12-31 10:00": "1980-12-31",
}  # fmt: skip


def test_dates_of_every_culture_are_read_as_declared_or_refused(db: None, tmp_path: Path) -> None:
    record = "      - {kind: person, external_id: nr, attributes: {family_name: naam, birth_date: geboren}}\n"
    actions.declare(
        declaration=HEAD.replace("FORM", "{type: csv, delimiter: ';'}").replace("[dd-mm-yyyy]", "[dd-mm-yyyy, iso]")
        + record,
        actor=ACTOR,
    )
    path = tmp_path / "a.csv"
    path.write_text("nr;naam;geboren\n" + "".join(f"{n};Naam {n};{text}\n" for n, text in enumerate(DATES)))
    _, declaration, _ = queries.load_declaration("crm")
    given = queries.open_input(declaration.feeds[0], path=path)
    found: dict[str, Any] = {}
    for chunk in given.chunks(None, lambda: 100):
        for row in chunk.rows:
            (draft,), refused = given.mapper.map(row, datetime(2026, 1, 1, tzinfo=UTC))
            text = list(DATES)[int(draft.external_id)]
            found[text] = draft.attributes.get("birth_date")
            assert (found[text] is None) == bool(refused)  # what is not read is in quarantine
            assert all((one.column, one.value) == ("geboren", text) for one in refused)
    assert found == DATES
