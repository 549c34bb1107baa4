"""Problems as answers (RFC 9457). This is the one place where a kind of error gets its HTTP status."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from klantbeeld.exchange import wording
from klantbeeld.foundation import audit
from klantbeeld.kit.errors import Conflict, Invalid, KlantbeeldError, Missing, Refused, Unavailable
from klantbeeld.sources.declaration import DeclarationError

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[KlantbeeldError], int] = {
    Missing: 404,
    Conflict: 409,
    Refused: 403,
    Invalid: 422,
    Unavailable: 503,
}
#: Codes whose status is more exact than that of their kind.
STATUS_OF_CODE: Mapping[str, int] = {"precondition.failed": 412, "body.malformed": 400, "too_many": 429}
#: Codes of layers below that tell callers the same thing.
SAME_CODE: Mapping[str, str] = {"identity.no_customer": "customer.missing"}

TITLES: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "Say who you are",
    403: "Not allowed",
    404: "Not found",
    405: "This address does not take this method",
    409: "In conflict with the present state",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Send JSON",
    422: "The request says something that cannot be",
    429: "Too many requests",
    500: "Our mistake",
    503: "Not available now",
}

_logger = logging.getLogger(__name__)


class Fault(Schema):
    """One thing in the request that is wrong."""

    pointer: str = Field(description="Where: a JSON Pointer (RFC 6901) into the body, or `#query/limit`.")
    message: str


class Problem(Schema):
    """What went wrong, for people and machines (RFC 9457)."""

    type: str = Field(description="A name for this kind of problem: `urn:klantbeeld:problem:` and the code.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, where, and what to do.")
    code: str = Field(description="Stable and machine-readable, such as `access.purpose_missing`.")
    request_id: str = Field(description="Name this when you ask for help.")
    errors: list[Fault] = []


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    retry_after: Any = None,
    where: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """An answer that is a problem, in the reader's language; `where` are the places that the error names."""
    told, language = wording.detail(code, detail, where or {})
    body: dict[str, Any] = {
        "type": f"urn:klantbeeld:problem:{code}",
        "title": wording.title(status, TITLES),
        "status": status,
        "detail": told,
        "code": code,
        "request_id": audit.request_id(),
        "errors": errors or [],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    response["Content-Language"] = language
    response["Vary"] = "Accept-Language"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="klantbeeld"'
    if status in (429, 503):
        response["Retry-After"] = str(retry_after or 1)
    elif retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def problem_of(error: KlantbeeldError) -> HttpResponse:
    """One of our own errors as an answer."""
    code = SAME_CODE.get(error.code, error.code)
    status = STATUS_OF_CODE.get(code) or next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)), 500
    )
    errors, where = error.where.get("errors"), error.where
    if isinstance(error, DeclarationError):
        errors, where = _of_declaration(error)
    elif code == "bsn.refused":
        errors = [{**one, "message": wording.record_fault("bsn", one["message"])} for one in errors or []]
    return problem(
        status,
        code,
        error.message,
        errors=errors if isinstance(errors, list) else None,
        retry_after=where.get("retry_after"),
        where=where,
    )


def _of_declaration(error: DeclarationError) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The problems of a declaration as faults, and all of them as one text, in the language of the request."""
    language = wording.in_language()
    faults = [
        {
            "pointer": "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in one.path),
            "message": one.message["nl" if language == "nl" else "en"],
        }
        for one in error.problems
    ]
    return faults, {"told": "\n".join(error.sentences(language))}


def install(api: NinjaAPI) -> None:
    """Let every error that leaves an operation of `api` become a problem."""
    handlers: list[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]]] = [
        (KlantbeeldError, lambda _, error: problem_of(error)),
        (ValidationError, _malformed),
        (AuthenticationError, _unknown),
        (HttpError, _http_error),
        (RequestDataTooBig, _too_large),
        (OperationalError, _database_away),
        (InterfaceError, _database_away),
        (Exception, _our_mistake),
    ]
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def _malformed(_: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = []
    for fault in error.errors:
        source, *place = fault.get("loc", ("body",))
        # ninja names the parameter of the view function first; callers know only what they sent.
        steps = place[1:] if source == "body" else place
        text = "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in steps)
        pointer = f"/{text}" if source == "body" and steps else f"#{source}/{text}" if source != "body" else ""
        faults.append({"pointer": pointer, "message": _message(fault)})
    first = f"{faults[0]['pointer'] or 'body'}: {faults[0]['message']}" if faults else "The request is not valid."
    return problem(422, "request.malformed", first, errors=faults)


def _message(fault: Mapping[str, Any]) -> str:
    english = str(fault.get("msg", "not valid"))
    return wording.fault(str(fault.get("type", "")), english, fault.get("ctx") or {})


def _unknown(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    detail = "Send `Authorization: Bearer kb_live_...` with a key that is in force."
    return problem(401, "access.unknown", detail)


def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, KlantbeeldError):
        return problem_of(error.__cause__)
    return problem(error.status_code, "body.malformed" if error.status_code == 400 else "http", error.message)


def _too_large(_: HttpRequest, __: RequestDataTooBig) -> HttpResponse:
    return problem(413, "body.too_large", "The body is too large; send it in parts.")


def _database_away(_: HttpRequest, error: DatabaseError) -> HttpResponse:
    _logger.warning("A request met a database that could not serve it: %s", type(error.__cause__ or error).__name__)
    return problem(503, "unavailable", "The database cannot serve this now; try again.", retry_after=1)


def _our_mistake(request: HttpRequest, error: Exception) -> HttpResponse:
    # Never the text of the error in the answer, and never the body in the log: either may hold personal data.
    _logger.error(
        "%s %s failed", request.method, request.resolver_match and request.resolver_match.route, exc_info=error
    )
    return problem(500, "internal", "Something went wrong on our side; it has been logged.")


def refuse(message: str, code: str, **where: Any) -> Invalid:
    """An Invalid with its place, for the conversions of this package."""
    return Invalid(message, code=code, **where)
