"""What was refused holds personal data: it is shown for a purpose, as far as that may see it, and written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import ProgrammingError
from tests.domain.sources.conftest import NOON, make_source

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine, Company
from klantbeeld.kit.errors import Refused
from klantbeeld.sources import queries
from klantbeeld.sources.models import Quarantine, Run, Source
from klantbeeld.sources.rules.bsn import MASK

ROLES = ("steward",)
STEWARD = Actor.user(id=1, name="S", roles=ROLES)
ADMINISTRATOR = Actor.user(id=2, name="A", roles=("administrator",))
DECLARATION: dict[str, Any] = {
    "schema": 1,
    "code": "crm",
    "label": {"nl": "CRM", "en": "CRM"},
    "company": "noord",
    "owner": "Beheer",
    "trust_rank": 5,
    "purpose": "service",
    "feeds": [
        {
            "name": "people",
            "form": {"type": "csv"},
            "records": [
                {
                    "kind": "person",
                    "external_id": "nr",
                    "attributes": {
                        "family_name": "naam",
                        "iban": [{"column": "rekening", "from": "sinds"}],
                        "address": {"fields": {"line": {"template": "{straat} {huisnr}"}}},
                    },
                    "identifiers": [{"scheme": "iban", "value": "rekening2"}, {"scheme": "loyalty", "value": "pas"}],
                },
            ],
        }
    ],
}
COLUMNS = ("naam", "rekening", "sinds", "straat, huisnr", "rekening2", "pas", "nr", "weg", "")


def machine(*purposes: str, scopes: Iterable[str] = (), company: int | None = None) -> Actor:
    scopes = {"sources:read", "records:read", *scopes}
    return Actor("key", 7, "k", scopes=frozenset(scopes), purposes=frozenset(purposes), company=company)


@pytest.fixture
def refused(db: None) -> Source:
    source = make_source("crm", declaration=DECLARATION)
    run = Run.objects.create(source=source, feed="people", declaration_version=1, started_by="x", started_at=NOON)
    for position, column in enumerate(COLUMNS, start=1):
        Quarantine.objects.create(
            source=source, run=run, position=position, column=column, value=f"secret {column}", reason="x",
            message={"nl": "x", "en": "x"}, raw={"naam": "Jansen"}, at=NOON,
        )  # fmt: skip
    return source


def shown(actor: Actor, purpose: str) -> dict[str, str]:
    return {row.column: row.value for row in queries.list_quarantine(actor=actor, purpose=purpose, source_code="crm")}


def test_values_need_a_purpose(refused: Source) -> None:
    for purpose in ("", "marketing", "nothing"):
        with pytest.raises(Refused):
            queries.list_quarantine(actor=STEWARD, purpose=purpose)
    assert not AuditLine.objects.filter(action="records.quarantine").exists()


def test_values_are_masked_where_the_purpose_may_not_see_the_attribute(refused: Source) -> None:
    marketing = shown(machine("marketing"), "marketing")
    hidden = {"rekening", "sinds", "rekening2", "weg", ""}
    assert {column for column, value in marketing.items() if value == MASK} == hidden
    assert marketing["naam"] == "secret naam"
    assert marketing["straat, huisnr"] == "secret straat, huisnr"
    sensitive = machine("service", scopes=["customers:sensitive"])
    assert MASK not in shown(sensitive, "service").values()
    assert shown(machine("service"), "service")["rekening"] == MASK, "sensitive attributes need their scope"


def test_rows_as_they_came_are_given_only_where_nothing_is_hidden(refused: Source) -> None:
    def raw(actor: Actor) -> set[bool]:
        return {row.raw is not None for row in queries.list_quarantine(actor=actor, purpose="service")}

    assert raw(machine("service", scopes=["customers:sensitive"])) == {True}
    assert raw(machine("service")) == {False}


def test_who_may_not_read_records_sees_reasons_and_no_values_and_is_not_written_down(refused: Source) -> None:
    rows = queries.list_quarantine(actor=ADMINISTRATOR)
    assert {row.value for row in rows} == {MASK}
    assert {row.raw for row in rows} == {None}
    assert not AuditLine.objects.filter(action="records.quarantine").exists()


def test_who_sees_values_is_written_down_with_what_was_shown(refused: Source) -> None:
    rows = queries.list_quarantine(actor=STEWARD, purpose="stewardship", limit=2)
    line = AuditLine.objects.get(action="records.quarantine")
    assert (line.actor, line.action, line.purpose) == ("user:1", "records.quarantine", "stewardship")
    assert (line.subject_kind, line.subject_id) == ("source", refused.id)
    assert line.detail == {"refusals": [row.id for row in rows]}


def test_without_its_audit_line_nothing_is_shown(refused: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(**_: Any) -> None:
        raise ProgrammingError("permission denied")

    monkeypatch.setattr("klantbeeld.foundation.audit.write", write)
    with pytest.raises(ProgrammingError):
        queries.list_quarantine(actor=STEWARD, purpose="stewardship")


def test_key_of_another_company_sees_nothing_of_it(refused: Source) -> None:
    other = Company.objects.create(code="zuid", name="Zuid")
    for company, seen in ((other.pk, 0), (refused.company_id, len(COLUMNS))):
        actor = machine("service", company=company)
        assert len(queries.list_quarantine(actor=actor, purpose="service")) == seen
        assert sum(queries.count_quarantine("crm", actor=actor).values()) == seen
