"""What a person sees when something broke: what it means for him, in his language, and never the details."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from psycopg_pool import PoolTimeout

from klantbeeld.config.failures import server_error


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (OperationalError("host db.internal"), 503, "Even niet beschikbaar"),
        (PoolTimeout("host db.internal"), 503, "Even niet beschikbaar"),
        (KeyError("jansen@voorbeeld.example"), 500, "Er ging bij ons iets mis"),
    ],
)
def test_broken_page_tells_what_it_means_and_no_details(error: Exception, status: int, text: str) -> None:
    request = RequestFactory().get("/")
    try:
        raise error
    except type(error):
        response = server_error(request)
    page = response.content.decode()
    assert response.status_code == status
    assert text in page
    assert "db.internal" not in page
    assert "voorbeeld.example" not in page
    assert response.get("Retry-After") == ("5" if status == 503 else None)


def test_health_answers_without_a_database(client: Client) -> None:
    """No `db` here: any query would fail this test."""
    assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.django_db
def test_ready_answers_with_a_database(client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.django_db
def test_sign_up_is_closed(client: Client) -> None:
    response = client.get(reverse("account_signup"))
    assert "password1" not in response.content.decode()
