"""Checks a declaration against the published schema and against what the schema cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path as File
from typing import Any, Protocol
from zoneinfo import ZoneInfo, available_timezones

from croniter import croniter  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from klantbeeld.sources.declaration.document import Document
from klantbeeld.sources.declaration.problems import Path, Problem
from klantbeeld.sources.declaration.wording import words_for
from klantbeeld.sources.rules.bsn import is_named

SCHEMA_FILE = File(__file__).with_name("schema.json")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
PARTIES = ("person", "organisation")


class AttributeSpec(Protocol):
    """What of an attribute of the catalogue matters for mapping."""

    @property
    def type(self) -> str: ...
    @property
    def many(self) -> bool: ...
    @property
    def choices(self) -> Any: ...


Catalogue = Mapping[str, Mapping[str, AttributeSpec]]
"""Kind (`person`) -> attribute code -> what it is."""


@cache
def validator() -> Draft202012Validator:
    """The validator of the published schema."""
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def check_document(document: Document, catalogue: Catalogue | None = None) -> list[Problem]:
    """Every problem of a declaration; an empty list means that it can be used.

    Without a catalogue the attributes are not checked. What the schema refuses is told first, alone: the other checks
    need its shape.
    """
    problems = [_problem(document, error) for error in _leaves(validator().iter_errors(document.value))]
    if problems:
        return problems
    return list(_Meaning(document, catalogue).problems())


def _leaves(errors: Any) -> Iterator[ValidationError]:
    """The errors that tell something: of a choice between forms, those of the form that was meant."""
    for error in errors:
        if error.validator in ("oneOf", "anyOf") and error.context:
            unknown = _unknown_form(error)
            if unknown is not None:
                yield unknown
            else:
                yield from _leaves(_meant(error))
        else:
            yield error


def _unknown_form(error: ValidationError) -> ValidationError | None:
    """A choice by a key such as `type`, of which the value names none of the forms: one error with all of them."""
    wrong = [one for one in error.context if one.validator == "const" and len(one.path) == 1]
    branches = {int(one.schema_path[0]) for one in error.context}
    if len(branches) < 2 or len(wrong) != len(branches):
        return None
    return ValidationError(
        "unknown form",
        validator="enum",
        validator_value=[one.validator_value for one in wrong],
        instance=wrong[0].instance,
        path=list(wrong[0].path),
        parent=error,
    )


def _meant(error: ValidationError) -> list[ValidationError]:
    """The errors of the branch that fits best: the right type, the right `type: csv`, the fewest errors.

    The paths of inner errors are relative to the choice.
    """
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)

    def misfit(branch: list[ValidationError]) -> tuple[int, int, int]:
        wrong_type = sum(1 for one in branch if one.validator == "type" and not one.path)
        wrong_const = sum(1 for one in branch if one.validator == "const" and len(one.path) == 1)
        missing = sum(1 for one in branch if one.validator == "required" and not one.path)
        return (wrong_type + wrong_const, missing, len(branch))

    return min(branches.values(), key=misfit)


def _problem(document: Document, error: ValidationError) -> Problem:
    path: Path = tuple(error.absolute_path)
    key, nl, en = words_for(error)
    return document.problem((*path, *key), nl, en)


class _Meaning:
    """What a schema cannot hold: names that must be unique, known, or fit each other."""

    def __init__(self, document: Document, catalogue: Catalogue | None) -> None:
        self._document = document
        self._catalogue = catalogue

    def problems(self) -> Iterator[Problem]:
        value = self._document.value
        problem = self._document.problem
        zone = value.get("timezone", "Europe/Amsterdam")
        if zone not in available_timezones():
            yield problem(("timezone",), f"onbekende tijdzone '{zone}'", f"unknown time zone '{zone}'")
        if value.get("schedule") and not croniter.is_valid(value["schedule"]):
            yield problem(
                ("schedule",),
                "verwacht: cron-tekst van vijf delen, bijvoorbeeld '15 6 * * *' (elke dag om 06:15)",
                "expected: cron text of five parts, such as '15 6 * * *' (every day at 06:15)",
            )
        names: set[str] = set()
        for number, feed in enumerate(value["feeds"]):
            path: Path = ("feeds", number)
            if feed["name"] in names:
                name = feed["name"]
                yield problem((*path, "name"), f"'{name}' bestaat al", f"there is already a feed '{name}'")
            names.add(feed["name"])
            yield from self._form(feed["form"], (*path, "form"))
            for place, record in enumerate(feed["records"]):
                yield from self._record(record, (*path, "records", place))

    def _form(self, form: dict[str, Any], path: Path) -> Iterator[Problem]:
        """What belongs together in a form, and what excludes each other."""
        problem = self._document.problem
        places = [key for key in ("path", "folder", "sftp") if key in form]
        if len(places) > 1:
            both = " en ".join(f"`{key}`" for key in places)
            yield problem(
                (*path, places[1]), f"hoogstens één van {both}", f"at most one of {both.replace(' en ', ' and ')}"
            )
        if "sftp" in form and ("password" in form["sftp"]) == ("key" in form["sftp"]):
            yield problem(
                (*path, "sftp"), "verwacht: precies één van password, key", "expected: exactly one of password, key"
            )
        if form["type"] == "sql":
            yield from self._sql(form, path)

    def _sql(self, form: dict[str, Any], path: Path) -> Iterator[Problem]:
        problem = self._document.problem
        if ("table" in form) == ("query" in form):
            yield problem(path, "verwacht: precies één van table, query", "expected: exactly one of table, query")
        wanted = ("path",) if form["database"] == "sqlite" else ("host", "name", "user")
        for key in ("path", "host", "name", "user"):
            if (key in form) != (key in wanted):
                known = ", ".join(wanted)
                yield problem(
                    (*path, key),
                    f"bij {form['database']} horen: {known}",
                    f"{form['database']} goes with: {known}",
                )

    def _record(self, record: dict[str, Any], path: Path) -> Iterator[Problem]:
        kind = record["kind"]
        kinds = [kind] if isinstance(kind, str) else list(dict.fromkeys((kind.get("map") or {}).values()))
        known = self._known(kinds)
        if known is not None:
            for code, spec in record.get("attributes", {}).items():
                yield from self._attribute(code, spec, known, kinds, (*path, "attributes", code))
        yield from self._conditions(record, path)
        for number, identifier in enumerate(record.get("identifiers", ())):
            if is_named(identifier["scheme"]):
                yield self._document.problem(
                    (*path, "identifiers", number, "scheme"),
                    "burgerservicenummers worden niet bewaard: daarvoor is geen wettelijke grond",
                    "citizen service numbers are not kept: there is no legal ground for it",
                )
        for number, role in enumerate(record.get("roles", ())):
            place = (*path, "roles", number)
            if "holder" not in role and "target" not in role:
                yield self._document.problem(
                    place, "verwacht: `holder` of `target`, of allebei", "expected: `holder` or `target`, or both"
                )
            elif "holder" not in role and not set(kinds) & set(PARTIES):
                yield self._document.problem(
                    place,
                    f"`holder` ontbreekt, en een record van soort {', '.join(kinds)} kan geen rol hebben",
                    f"`holder` is absent, and a record of kind {', '.join(kinds)} cannot hold a role",
                )

    def _conditions(self, value: Any, path: Path) -> Iterator[Problem]:
        """The expressions of all conditions in a record."""
        from klantbeeld.sources.rules.mapping.expressions import problems_of

        if isinstance(value, dict):
            if "expression" in value and isinstance(value.get("columns"), dict):
                for one in problems_of(value):
                    where = (*path, "expression")
                    yield self._document.problem(where, one.message("nl"), one.message("en"))
                return
            for key, inner in value.items():
                yield from self._conditions(inner, (*path, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from self._conditions(inner, (*path, number))

    def _known(self, kinds: list[str]) -> dict[str, AttributeSpec] | None:
        if self._catalogue is None:
            return None
        known: dict[str, AttributeSpec] = {}
        for kind in kinds:
            known.update(self._catalogue.get(kind, {}))
        return known

    def _attribute(
        self, code: str, spec: Any, known: dict[str, AttributeSpec], kinds: list[str], path: Path
    ) -> Iterator[Problem]:
        found = known.get(code)
        if found is None:
            close = get_close_matches(code, known, n=1)
            yield self._document.problem(
                path,
                f"onbekend kenmerk van {' of '.join(kinds)}" + (f"; bedoelt u `{close[0]}`?" if close else ""),
                f"unknown attribute of {' or '.join(kinds)}" + (f"; did you mean `{close[0]}`?" if close else ""),
            )
        elif isinstance(spec, list) and not found.many:
            yield self._document.problem(path, "dit kenmerk heeft één waarde", "this attribute has one value")
        elif isinstance(spec, dict) and "fields" in spec and "each" not in spec and found.type != "address":
            yield self._document.problem(path, "`fields` hoort bij een adres", "`fields` belongs to an address")


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a checked declaration."""
    return ZoneInfo(name)
