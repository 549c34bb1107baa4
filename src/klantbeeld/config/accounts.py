"""How people get accounts: an administrator makes them; nobody signs up by himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up page of allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False
