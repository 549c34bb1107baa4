"""Journeys: a real browser, on the real product with a small demo world, as an employee works with it."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tests.faults.installation import Installation

from klantbeeld.demo.people import EMPLOYEES, DemoEmployee

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PERSONS = "200"
JOURNEYS = {
    "schema": 1,
    "code": "journeys",
    "label": {"nl": "<b>Reizen</b>", "en": "<b>Journeys</b>"},
    "company": {"code": "journeys", "name": "Journeys"},
    "owner": "Tests",
    "trust_rank": 10,
    "purpose": "service",
    "feeds": [
        {
            "name": "people",
            "form": {"type": "rows"},
            "records": [{"kind": "person", "external_id": "id", "attributes": {"family_name": "name"}}],
        }
    ],
}


@pytest.fixture(scope="session")
def house(run_folder: Path, worker_id: str) -> Iterator[Installation]:
    """The product, running with a demo world of 200 persons; one for each test worker that needs it."""
    house = Installation(run_folder / f"house-{worker_id}", KLANTBEELD_DEMO="false")
    house.up()
    loaded = house.run("demo", "load", "--size", PERSONS)
    assert loaded.returncode == 0, loaded.stderr
    yield house
    assert house.down() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's chromium, without a screen.

    No longer than a module: while it lives its event loop runs in this thread, where Django then refuses the database.
    """
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert program, "Chromium is not installed; `make test` says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


Deliver = Callable[..., str]


@pytest.fixture(scope="session")
def deliver(house: Installation) -> Deliver:
    """Delivers a record to a source called `journeys`, as a machine would; returns the customer that it is."""
    scopes = [f"--scope={scope}" for scope in ("sources:write", "sources:read", "records:write", "customers:read")]
    made = house.run("keys", "create", "journeys", *scopes, "--purpose=service")
    assert made.returncode == 0, made.stderr
    key = made.stdout.split()[-1]

    def ask(method: str, path: str, body: Any) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "X-Purpose": "service"}
        connection.request(method, f"/api/v1{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200, text
        found: dict[str, Any] = json.loads(text)
        return found

    ask("PUT", "/sources/journeys", JOURNEYS)

    def send(kind: str, external_id: str, attributes: dict[str, Any], **more: Any) -> str:
        body = {"kind": kind, "external_id": external_id, "attributes": attributes, **more}
        return str(ask("PUT", "/sources/journeys/record", body).get("customer") or "")

    return send


Enter = Callable[..., Page]


def press(page: Page, *keys: str) -> None:
    """Presses keys on a page that has loaded: before that its script does not hear them yet."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def log_in(page: Page, employee: DemoEmployee) -> None:
    """Logs in as an employee; when too many did from this address in a minute, once that minute is over."""
    until = time.monotonic() + 90
    while True:
        page.goto("/")
        page.fill("[name=login]", employee.email)
        page.fill("[name=password]", employee.password)
        with page.expect_navigation() as gone:
            page.press("[name=password]", "Enter")
        if gone.value.status != 429 or time.monotonic() > until:
            break
        page.wait_for_timeout(3_000)
    page.wait_for_selector("[data-find]")


@pytest.fixture
def enter(house: Installation, browser: Browser) -> Iterator[Enter]:
    """Opens the product as the employee of a role; fails when a page complains, in its console or of its policy.

    `expected` is a part of a complaint that the test itself brings about.
    """
    complaints: list[str] = []
    opened = []

    def open_as(
        role: str, *, width: int = 1440, height: int = 900, language: str = "nl-NL", expected: str = "\0"
    ) -> Page:
        employee = next(one for one in EMPLOYEES if one.role == role)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            base_url=f"http://127.0.0.1:{house.port}",
        )
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"alert: {dialog.message}"), dialog.dismiss()))

        def hear(line: ConsoleMessage) -> None:
            if line.type in ("error", "warning") and expected not in line.text:
                complaints.append(line.text)

        log_in(page, employee)
        page.on("console", hear)
        return page

    yield open_as
    for context in opened:
        context.close()
    assert complaints == []
