"""The API itself: every resource under /api/v1."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from klantbeeld.exchange import problem
from klantbeeld.exchange.rest import openapi
from klantbeeld.exchange.rest.body import StrictParser
from klantbeeld.exchange.rest.door import with_request_id

DESCRIPTION = """
One trusted record of every customer, with its reasons. Every request carries a key and, where it touches personal data,
the purpose for which it is made. Problems are `application/problem+json` (RFC 9457). Customer ids never die: an id that
was merged away answers with the customer that it went up in. Numbers, names and e-mail addresses travel in bodies,
never in addresses.
""".strip()


class Api(NinjaAPI):
    """ninja with our document."""

    def get_openapi_schema(self, *args: Any, **more: Any) -> Any:
        """The document as it is served and committed (docs/openapi.json)."""
        return openapi.complete(super().get_openapi_schema(*args, **more), self)


def make_api() -> Api:
    """The API with all its resources."""
    from klantbeeld.exchange.rest.resources import ROUTERS

    api = Api(
        title="klantbeeld",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        urls_namespace="api-v1",
        parser=StrictParser(),
    )
    api.add_decorator(with_request_id, mode="view")
    problem.install(api)
    for tag, router in ROUTERS:
        api.add_router("", router, tags=[tag])
    return api


def not_found(request: HttpRequest, path: str) -> HttpResponse:
    """An address that the API does not have."""
    return with_request_id(lambda _: problem.problem(404, "missing", "There is nothing at this address."))(request)
