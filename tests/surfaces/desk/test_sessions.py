"""One's own sessions: seen, and ended from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from klantbeeld.foundation import actions
from klantbeeld.foundation.access import Actor

PASSWORD = "een-lang-wachtwoord"


def logged_in(browser: str) -> Client:
    """A browser in which An has logged in."""
    client = Client(headers={"user-agent": browser, "accept-language": "nl"})
    answer = client.post("/account/login/", {"login": "an@example.nl", "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


@pytest.mark.django_db
def test_session_elsewhere_is_listed_and_ended() -> None:
    actions.create_user(
        email="an@example.nl", name="An", password=PASSWORD, roles=["agent"], actor=Actor.system("test")
    )
    here, there = logged_in("Browser Hier"), logged_in("Browser Daar")
    page = here.get("/account/sessions/").content.decode()
    listed = re.findall(r"<td[^>]*>(Browser \w+)", page)
    assert sorted(listed) == ["Browser Daar", "Browser Hier"]
    assert page.count("deze</span>") == 1
    assert "De andere sessie beëindigen" in page
    assert here.post("/account/sessions/").status_code == 302
    assert there.get("/").headers["Location"].startswith("/account/login/")
    assert here.get("/").status_code == 200
    assert "U bent alleen hier ingelogd." in here.get("/account/sessions/").content.decode()
