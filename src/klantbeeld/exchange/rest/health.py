"""Is it up?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from klantbeeld import __version__
from klantbeeld.exchange.problem import problem

router = Router()


class Health(Schema):
    """The state of the API."""

    status: str
    version: str


@router.get("/health", response=Health, operation_id="get_health", auth=None, openapi_extra={"x-problems": [503]})
def get_health(request: HttpRequest) -> dict[str, str] | HttpResponse:
    """Ok when the API and its database answer; needs no key."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problem(503, "unavailable", "The database does not answer.", retry_after=5)
    return {"status": "ok", "version": __version__}
