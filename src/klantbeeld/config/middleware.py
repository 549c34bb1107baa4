"""What every web and intake process answers itself, before sessions, database and views."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from klantbeeld import __version__

_SAFE = {"GET", "HEAD", "OPTIONS"}
Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers /healthz without touching anything else, so it answers while the database is down."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok", "version": __version__}, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


class LowDiskMiddleware:
    """Refuses writes with 503 and Retry-After while the supervisor sees too little room on the disk.

    A full disk can take PostgreSQL down for good; reading goes on.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.flag = os.fspath(settings.HOME.low_disk_flag)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE and os.path.exists(self.flag):
            problem = {
                "type": "about:blank",
                "title": "Too little room on the disk",
                "status": 503,
                "detail": "The disk of the database is almost full, so nothing is stored now. Try again later.",
                "code": "unavailable",
            }
            return JsonResponse(
                problem, status=503, content_type="application/problem+json", headers={"Retry-After": "60"}
            )
        return self.get_response(request)
