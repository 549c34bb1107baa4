"""Addresses of the exchange; included under /api/."""

from __future__ import annotations

from django.urls import path, re_path

from klantbeeld.exchange.rest.api import make_api, not_found

api = make_api()

urlpatterns = [
    path("v1/", api.urls),
    re_path(r"^(?P<path>.*)$", not_found),
]
