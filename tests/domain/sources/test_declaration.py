"""Declarations: read from YAML, JSON and objects; every error with its line, key and what was expected."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.domain.sources.conftest import ACTOR, make_source

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import AuditLine, Company, OutboxEvent
from klantbeeld.kit.errors import Conflict, Refused
from klantbeeld.sources import actions, queries
from klantbeeld.sources.declaration import DeclarationError, read_declaration
from klantbeeld.sources.models import Source

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = re.search(
    r"```yaml\n(.*?)```", (ROOT / "docs/how-to/connect-a-source.md").read_text(encoding="utf-8"), re.DOTALL
).group(1)  # type: ignore[union-attr]
SMALL = """schema: 1
code: shop
label: {nl: Winkel, en: Shop}
company: {code: noord, name: Noord B.V.}
owner: Verkoop
trust_rank: 3
purpose: service
feeds:
  - name: customers
    form: {type: csv}
    records:
      - kind: person
        external_id: nr
        attributes: {family_name: naam}
"""


def sentences(text: Any, language: str = "en", catalogue: Any = None) -> list[str]:
    with pytest.raises(DeclarationError) as caught:
        read_declaration(text, catalogue)
    return caught.value.sentences(language)


def test_published_schema_is_a_schema_of_2020_12_and_accepts_the_documented_example() -> None:
    schema = json.loads((ROOT / "docs/schema/source.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    declared = read_declaration(EXAMPLE)
    assert [(feed.name, feed.type) for feed in declared.feeds] == [("policies", "csv"), ("claims", "rest")]
    assert Draft202012Validator(schema).is_valid(declared.document)


def test_same_declaration_as_yaml_json_and_object_is_the_same() -> None:
    declared = read_declaration(EXAMPLE)
    assert read_declaration(json.dumps(declared.document)) == declared
    assert read_declaration(declared.document) == declared


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("trust_rank: 3", "trust_rank: high", "line 6, trust_rank: expected: a whole number; found 'high'"),
        ("owner: Verkoop\n", "", "line 1, owner: is missing"),
        ("owner:", "ownr:", "line 5, ownr: unknown key; did you mean `owner`?"),
        (
            "kind: person",
            "kind: persoon",
            "line 12, feeds[0].records[0].kind: found 'persoon'; expected: person or organisation or contract or"
            " object or activity; did you mean `person`?",
        ),
        (
            "{type: csv}",
            "{type: csv, delimiter: ';;'}",
            "line 10, feeds[0].form.delimiter: found ';;'; expected: one sign, or tab",
        ),
        (
            "{type: csv}",
            "{type: rest, url: 'https://x.example', pagination: {type: curser}}",
            "line 10, feeds[0].form.pagination.type: found 'curser'; expected: cursor or page or offset or next or link"
            " or none; did you mean `cursor`?",
        ),
        (
            "external_id: nr",
            "external_id: {column: nr, constant: 1}",
            "line 13, feeds[0].records[0].external_id: expected: exactly one of column, columns, template, constant",
        ),
        ("code: shop", "code: Shop 1", "line 2, code: found 'Shop 1'; expected: a code: small letters"),
        ("schema: 1", "schema: 2", "line 1, schema: found '2'; expected: 1"),
        ("purpose: service", "purpose: service\ncode: twice", "line 8, code: `code` is written twice"),
        ("purpose: service", "purpose: service\nschedule: often", "line 8, schedule: expected: cron text"),
        ("purpose: service", "purpose: service\ntimezone: Europe/Utrecht", "line 8, timezone: unknown time zone"),
        ("{family_name: naam}", "{family_name: &a naam, x: *a}", "anchors and aliases are not allowed"),
        ("feeds:", "feeds: [", "this is not YAML or JSON"),
    ],
)
def test_error_names_line_key_and_expectation(old: str, new: str, expected: str) -> None:
    assert any(expected in sentence for sentence in sentences(SMALL.replace(old, new, 1)))


def test_all_errors_are_told_at_once_in_the_order_of_the_text_and_in_dutch() -> None:
    bad = (
        SMALL.replace("owner:", "ownr:").replace("trust_rank: 3", "trust_rank: 0").replace("name: customers", "nam: c")
    )
    found = sentences(bad, "nl")
    assert found == [
        "regel 1, owner: ontbreekt",
        "regel 5, ownr: onbekende sleutel; bedoelt u `owner`?",
        "regel 6, trust_rank: minstens 1",
        "regel 9, feeds[0].nam: onbekende sleutel; bedoelt u `name`?",
        "regel 9, feeds[0].name: ontbreekt",
    ]


def test_secret_that_is_written_out_is_refused_without_being_shown() -> None:
    headers = "{type: rest, url: 'https://x.example', pagination: {type: none}, headers: {K: {secret: hunter2}}}"
    found = sentences(SMALL.replace("{type: csv}", headers))
    assert "env:NAME or file:/path" in found[0]
    assert "hunter2" not in found[0]


def test_unknown_attribute_gets_a_suggestion_from_the_catalogue() -> None:
    name = SimpleNamespace(type="text", many=False, choices=())
    found = sentences(SMALL.replace("family_name:", "famly_name:"), catalogue={"person": {"family_name": name}})
    assert found == [
        "line 14, feeds[0].records[0].attributes.famly_name: unknown attribute of person; did you mean `family_name`?"
    ]


def test_identifier_scheme_of_citizen_service_numbers_is_refused() -> None:
    bad = SMALL + "        identifiers: [{scheme: bsn, value: nr}]\n"
    assert "citizen service numbers" in sentences(bad)[0]


@pytest.mark.parametrize("text", ["", "[]", "1", "a: b: c", "\x00", "{" * 2000, "? {a: b}\n: c", "- " * 500])
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    assert sentences(text)


def test_plain_words_that_yaml_1_1_would_change_stay_text() -> None:
    declared = read_declaration(SMALL.replace("{family_name: naam}", "{family_name: {constant: no}}"))
    assert declared.feeds[0].records[0]["attributes"]["family_name"]["constant"] == "no"


def test_declare_makes_company_audit_line_and_event_and_versions_changes(db: None) -> None:
    row = actions.declare(declaration=SMALL, actor=ACTOR)
    assert (row.code, row.company, row.declaration_version, row.feeds) == ("shop", "noord", 1, ("customers",))
    assert Company.objects.get().name == "Noord B.V."
    again = actions.declare(declaration=SMALL, actor=ACTOR)
    assert again.declaration_version == 1
    changed = actions.declare(declaration=SMALL.replace("trust_rank: 3", "trust_rank: 2"), actor=ACTOR)
    assert (changed.declaration_version, changed.trust_rank) == (2, 2)
    assert list(AuditLine.objects.filter(subject_kind="source").order_by("id").values_list("action", flat=True)) == [
        "sources.declared",
        "sources.redeclared",
    ]
    assert list(OutboxEvent.objects.filter(subject_kind="source").order_by("id").values_list("type", flat=True)) == [
        "source.declared",
        "source.redeclared",
    ]
    assert queries.get_declaration("shop", actor=ACTOR)["trust_rank"] == 2


def test_declare_company_that_does_not_exist_asks_for_its_name(db: None) -> None:
    with pytest.raises(DeclarationError, match="there is no 'zuid' yet"):
        actions.declare(declaration=SMALL.replace("{code: noord, name: Noord B.V.}", "zuid"), actor=ACTOR)
    assert Source.objects.count() == 0


def test_declare_without_scope_or_over_a_builtin_source_is_refused(db: None) -> None:
    with pytest.raises(Refused):
        actions.declare(declaration=SMALL, actor=Actor("user", 1, "Iemand"))
    make_source("shop", builtin=True)
    with pytest.raises(Conflict):
        actions.declare(declaration=SMALL, actor=ACTOR)
