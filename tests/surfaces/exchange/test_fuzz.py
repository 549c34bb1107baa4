"""Schemathesis asks everything that the document allows, and much that it does not.

No answer is a mistake of ours, and none has a status, a media type or a body that the document does not describe.
KLANTBEELD_FUZZ_EXAMPLES sets how many requests each operation gets.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from tests.surfaces.exchange.conftest import ANNA, BRAM, Api, declaration

from klantbeeld.exchange.urls import api as served

EXAMPLES = int(os.environ.get("KLANTBEELD_FUZZ_EXAMPLES", "8"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
RULES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = sorted(
    (path, method)
    for path, operations in served.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in operations
)


@pytest.fixture(scope="module")
def document() -> Any:
    """The document as it is served."""
    # A test before this one may have left the connection open, which may not be touched outside a test.
    with one_connection():
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@contextmanager
def one_connection() -> Iterator[None]:
    """A request leaves the test's connection, with its transaction, open: as Django's own test client does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def known(api: Api) -> dict[str, str]:
    """Values of path parameters that lead to something."""
    anna = api.person("1", **ANNA)
    others = [api.person("2", **BRAM), api.person("3", given_name="Carla", family_name="Smit")]
    merge = api.post("/customers/merge", {"customers": others, "reason": "one"}).json()["merge"]
    row = {"kind": "person", "external_id": "5", "attributes": {}}
    job = api.post("/sources/crm/records", {"records": [row]}).json()["id"]
    assert api.put("/sources/shop", declaration("shop")).status_code == 200
    return {
        "customer": anna,
        "merge": merge,
        "job": job,
        "source": "crm",
        "record": api.post("/sources/crm/record/get", {"kind": "person", "external_id": "1"}).json()["id"],
        "attribute": "family_name",
    }


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda value: value.removeprefix("/api/v1"))
def test_operation_keeps_to_the_document(
    document: Any, api: Api, known: dict[str, str], path: str, method: str
) -> None:
    operation = document[path][method.upper()]
    answered: set[int] = set()

    def ask(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = {**(case.path_parameters or {}), **_known(path, known)}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {api.key}", "X-Purpose": "service"}
        here = transaction.savepoint()
        with one_connection():
            response = case.call()
        transaction.savepoint_rollback(here)
        answered.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    for mode in GenerationMode:
        RULES(given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())(ask))()
    assert answered
    assert not answered & {401, 403}, "the key may do everything, so that what is asked for is reached"


def _known(path: str, known: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}
