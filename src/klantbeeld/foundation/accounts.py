"""How employees get in through allauth: accounts are made for them, and demo accounts work on this machine only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _

from klantbeeld.foundation.login import may_log_in
from klantbeeld.foundation.models import User


class EmployeeAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up, and checks every way of logging in, passkeys included."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an administrator makes accounts."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Stops whoever proved to be somebody that may not log in from here."""
        if not may_log_in(user, request):
            raise ImmediateHttpResponse(HttpResponseForbidden(_("This account works on its own machine only.")))
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response
