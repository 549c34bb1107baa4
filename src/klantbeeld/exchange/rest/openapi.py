"""The OpenAPI 3.1 document: what ninja derives from the code, and what holds for every operation."""

from __future__ import annotations

import json
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from klantbeeld.exchange.problem import MEDIA_TYPE, TITLES, Problem
from klantbeeld.exchange.rest.door import PURPOSE_HEADER, needs_purpose
from klantbeeld.foundation.rules.scopes import SCOPES

#: What any operation behind the door may answer.
EVERYWHERE = (400, 401, 403, 422, 429, 503)
#: What operations that take a body may answer as well.
WITH_BODY = (413,)
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_HEADERS: dict[str, dict[str, Any]] = {
    "Purpose": {
        "in": "header",
        "name": PURPOSE_HEADER,
        "required": True,
        "description": "Why this customer's data is needed: a code of the register of purposes that the key may state.",
        "schema": {"type": "string", "examples": ["service"], "minLength": 1, "maxLength": 60},
    },
    "RequestId": {
        "in": "header",
        "name": "X-Request-Id",
        "required": False,
        "description": "Your own id of this request; it comes back in the answer and stands in the audit log.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,36}$"},
    },
    "Language": {
        "in": "header",
        "name": "Accept-Language",
        "required": False,
        "description": "In which language problems are told: nl or en (the default). Labels come in both.",
        "schema": {"type": "string", "examples": ["nl"], "maxLength": 200},
    },
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "description": "A new key for each act: a request that is repeated with it has one effect, and gets the first"
        " answer again (for seven days).",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": False,
        "description": "The ETag of the version that you saw; 412 when another one is in force.",
        "schema": {"type": "string", "pattern": '^"v[0-9]{1,9}"$'},
    },
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "description": "The ETag of the version that you have; 304 when it is still in force.",
        "schema": {"type": "string", "pattern": '^"v[0-9]{1,9}"$'},
    },
}


def document_text(api: NinjaAPI) -> str:
    """The document as it is committed in docs/openapi.json."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def complete(schema: OpenAPISchema, api: NinjaAPI) -> dict[str, Any]:
    """Add key and scopes, shared headers and problems to the document."""
    document: dict[str, Any] = dict(schema)
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_problem_schemas())
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["parameters"] = _HEADERS
    components["responses"] = {_name(status): _response(status) for status in sorted(TITLES) if status != 500}
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A machine's key, `kb_live_...`. Each operation names the scope that the key needs: "
            + "; ".join(f"`{code}` {label['en'][0].lower()}{label['en'][1:]}" for code, label in SCOPES.items()),
        }
    }
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete_operation(method, operation)
    return document


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    scopes = operation.pop("x-scopes", [])
    own = operation.pop("x-problems", [])
    parameters = operation.setdefault("parameters", [])
    if not any(parameter.get("name") == "X-Request-Id" for parameter in parameters):
        parameters.append(_header("RequestId"))
    if scopes:
        parameters.append(_header("Language"))
    statuses = set(own)
    if scopes:
        operation["security"] = [{"key": scopes}]
        statuses |= set(EVERYWHERE)
        if any(map(needs_purpose, scopes)):
            parameters.append(_header("Purpose"))
    if "requestBody" in operation:
        statuses |= set(WITH_BODY)
        operation["requestBody"]["required"] = True
    if operation.pop("x-idempotent", method in ("post", "put") and 409 in own):
        parameters.append(_header("IdempotencyKey"))
    if 412 in own:
        parameters.append(_header("IfMatch"))
    responses = {str(status): response for status, response in operation["responses"].items()}
    if "304" in responses:
        parameters.append(_header("IfNoneMatch"))
    for status in statuses:
        responses[str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    operation["responses"] = dict(sorted(responses.items()))


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _name(status: int) -> str:
    return f"Problem{status}"


def _response(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return response


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    inner = schema.pop("$defs", {})
    return {"Problem": schema, **inner}
