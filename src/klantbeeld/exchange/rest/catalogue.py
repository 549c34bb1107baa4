"""What can be known of whom, and why data may be used: the words in which the other resources speak."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from klantbeeld.consent import queries as consent
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.shapes import Text
from klantbeeld.foundation import catalogue

router = Router()


class Choice(Schema):
    """One of the values of an attribute that has a fixed set."""

    code: str
    label: Text


class Attribute(Schema):
    """One thing that can be known."""

    kind: str
    code: str
    label: Text
    type: str
    many: bool = Field(description="Several values, each with a role and a period.")
    choices: list[Choice]
    sensitivity: str
    purposes: list[str] = Field(description="Purposes that may see it; empty: every purpose.")
    survivorship: list[str] = Field(description="The rule by which a value wins, the weightiest criterion first.")


class Purpose(Schema):
    """Why data may be used, with its legal basis (GDPR, article 6)."""

    code: str
    label: Text
    basis: str
    basis_label: Text
    reads_profiles: bool = Field(description="May a request state it to read customers?")


@router.get("/attributes", response=list[Attribute], operation_id="list_attributes", **door("sources:read"))
def list_attributes(request: HttpRequest) -> list[dict[str, Any]]:
    """The attribute catalogue: standard attributes and those that the company added."""
    return [
        {
            "kind": spec.kind,
            "code": spec.code,
            "label": spec.label,
            "type": spec.type,
            "many": spec.many,
            "choices": [{"code": code, "label": label} for code, label in spec.choices],
            "sensitivity": spec.sensitivity,
            "purposes": list(spec.purposes),
            "survivorship": list(spec.survivorship),
        }
        for specs in catalogue.all_kinds().values()
        for spec in specs.values()
    ]


@router.get("/purposes", response=list[Purpose], operation_id="list_purposes", **door("sources:read"))
def list_purposes(request: HttpRequest) -> list[dict[str, Any]]:
    """The register of purposes."""
    return [
        {
            "code": row.code,
            "label": row.label,
            "basis": row.basis,
            "basis_label": row.basis_label,
            "reads_profiles": row.reads_profiles,
        }
        for row in consent.list_purposes(actor=grant_of(request).actor)
    ]
