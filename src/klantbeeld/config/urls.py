"""Which address leads to which surface."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# The surfaces, each with its own urls.py; the desk is the front page.
_SURFACES = {
    "api/": "klantbeeld.exchange.urls",
    "studio/": "klantbeeld.studio.urls",
    "": "klantbeeld.desk.urls",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in _SURFACES.items() if find_spec(module)),
]
