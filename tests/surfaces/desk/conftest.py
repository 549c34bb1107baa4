"""The desk without a browser: customers delivered over the API, pages asked for as an employee."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.surfaces.exchange.conftest import Api, api, crm, make_key

from klantbeeld.foundation.models import User

__all__ = ["Api", "api", "crm", "make_key"]


class Desk:
    """An employee at the desk."""

    def __init__(self, role: str, language: str = "nl") -> None:
        self.client = Client(headers={"accept-language": language})
        user, _ = User.objects.get_or_create(
            email=f"{role}@example.nl", defaults={"name": f"Een {role}", "roles": [role]}
        )
        self.client.force_login(user)

    def get(self, path: str, *, part: bool = False, **query: str) -> HttpResponse:
        """A page, or as a part of one."""
        headers = {"hx-request": "true"} if part else {}
        answer: HttpResponse = self.client.get(path, query, headers=headers)
        return answer

    def text(self, path: str, *, part: bool = False, **query: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path, part=part, **query)
        assert answer.status_code == 200, answer.content
        return answer.content.decode()


Sit = Callable[..., Desk]


@pytest.fixture
def sit(db: None) -> Sit:
    """Sits down at the desk as the employee of a role."""
    return Desk
