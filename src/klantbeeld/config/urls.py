"""Which address leads to which surface."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, include, path

# The surfaces, each with its own urls.py; the desk is the front page.
_SURFACES = {
    "api/": "klantbeeld.exchange.urls",
    "studio/": "klantbeeld.studio.urls",
    "demo/": "klantbeeld.demo.urls",
    "": "klantbeeld.desk.urls",
}


def ready(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve: 200 when the database answers, else 503. For load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "waiting for the database"}, status=503, headers={"Retry-After": "2"})
    return JsonResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})


handler500 = "klantbeeld.config.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("readyz", ready),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in _SURFACES.items()),
]
