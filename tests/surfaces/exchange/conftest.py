from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from klantbeeld.foundation import actions
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.rules.scopes import SCOPES
from klantbeeld.sources import actions as sources

SYSTEM = Actor.system("test")
PURPOSES = ("service", "contract", "marketing", "stewardship", "integration")


def declaration(code: str = "crm", company: str = "acme") -> dict[str, Any]:
    """The smallest declaration of a source that records are delivered to."""
    return {
        "schema": 1,
        "code": code,
        "label": {"nl": code.upper(), "en": code.upper()},
        "company": {"code": company, "name": company.title()},
        "owner": "Sales",
        "trust_rank": 10,
        "purpose": "service",
        "feeds": [
            {
                "name": "people",
                "form": {"type": "rows"},
                "records": [
                    {"kind": "person", "external_id": "id", "attributes": {"family_name": "name"}},
                ],
            }
        ],
    }


@dataclass
class Api:
    """A client of the API with a key, which states a purpose."""

    key: str
    purpose: str = "service"

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        extra = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if self.key:
            extra.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.key}")
        if self.purpose:
            extra.setdefault("HTTP_X_PURPOSE", self.purpose)
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        response: HttpResponse = Client().generic(
            method, f"/api/v1{path}", data, content_type="application/json", **extra
        )
        return response

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self("PUT", path, body, **headers)

    def person(self, external_id: str, source: str = "crm", **attributes: Any) -> str:
        """Deliver a person; returns its customer."""
        body = {"kind": "person", "external_id": external_id, "attributes": attributes}
        response = self.put(f"/sources/{source}/record", body)
        assert response.status_code == 200, response.content
        return str(response.json()["customer"])


MakeKey = Callable[..., Api]


@pytest.fixture
def make_key(db: None) -> MakeKey:
    """Makes a client with a key of these scopes; all of them when none are named."""

    def make(*scopes: str, purposes: Iterable[str] = PURPOSES, **more: Any) -> Api:
        _, text = actions.create_key(name="test", scopes=scopes or SCOPES, purposes=purposes, actor=SYSTEM, **more)
        return Api(text)

    return make


@pytest.fixture
def crm(db: None) -> None:
    """A source called crm."""
    sources.declare(declaration=declaration(), actor=SYSTEM)


@pytest.fixture
def api(make_key: MakeKey, crm: None) -> Api:
    """A client that may do everything, and a source called crm."""
    return make_key()


def problem(response: HttpResponse) -> tuple[int, str]:
    """Status and code of an answer that is a problem, having checked its form."""
    body = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert body["status"] == response.status_code
    assert body["request_id"] == response["X-Request-Id"]
    assert body["type"] == f"urn:klantbeeld:problem:{body['code']}"
    assert body["detail"]
    return response.status_code, body["code"]


ANNA = {
    "given_name": "Anna",
    "initials": "A.M.",
    "family_name": "Jansen",
    "birth_date": "1980-05-17",
    "email": [{"value": "anna.jansen@example.nl"}],
    "phone": [{"value": "06-12345678"}],
    "address": [
        {"value": {"street": "Hofweg", "house_number": "12", "postcode": "2511 AA", "city": "Den Haag"}},
    ],
    "iban": [{"value": "NL91ABNA0417164300"}],
}
BRAM = {
    "given_name": "Bram",
    "family_name": "Visser",
    "birth_date": "1964-11-02",
    "email": [{"value": "bram@visser.example"}],
    "address": [{"value": {"street": "Dijk", "house_number": "3", "postcode": "9001 XX", "city": "Grou"}}],
}
