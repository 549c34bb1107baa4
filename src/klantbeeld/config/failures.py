"""The page when something broke: 503 while the database is away (it is being started again), else 500."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

_RETRY_SECONDS = 5
# Built on the page frame that asks the database nothing.
_PAGE = """{% extends "ui/document.html" %}{% block title %}{{ title }}{% endblock %}{% block body %}
<main class="panel" role="alert"><h1>{{ title }}</h1><p>{{ text }}</p></main>{% endblock %}"""


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: called while the error is being handled; what broke is in the log, not on the page."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        title, status = _("Not available for a moment"), 503
        text = _("The database does not answer now. Nothing was stored by your last action. Try again in a moment.")
    else:
        title, status = _("Something broke on our side"), 500
        text = _("What happened is written in the log of the server. Go back and try again.")
    page = engines["django"].from_string(_PAGE).render({"title": title, "text": text}, request)
    response = HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
    if status == 503:
        response["Retry-After"] = str(_RETRY_SECONDS)
    return response
