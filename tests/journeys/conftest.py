"""Journeys: a real browser, on the real product with a small demo world, as an employee works with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.faults.installation import Installation

from klantbeeld.demo.people import EMPLOYEES

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


@pytest.fixture(scope="session")
def house(run_folder: Path, worker_id: str) -> Iterator[Installation]:
    """The product, running with a demo world of 200 persons; one for each test worker that needs it."""
    house = Installation(run_folder / f"house-{worker_id}", KLANTBEELD_DEMO="false")
    house.up()
    loaded = house.run("demo", "load", "--size", PERSONS)
    assert loaded.returncode == 0, loaded.stderr
    yield house
    assert house.down() == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's chromium, without a screen."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert program, "Chromium is not installed; `make test` says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(house: Installation, browser: Browser) -> Iterator[Enter]:
    """Opens the product as the employee of a role; fails when a page complains, in its console or of its policy."""
    complaints: list[str] = []
    opened = []

    def open_as(role: str, *, width: int = 1440, height: int = 900, language: str = "nl-NL") -> Page:
        employee = next(one for one in EMPLOYEES if one.role == role)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            base_url=f"http://127.0.0.1:{house.port}",
        )
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.goto("/")
        page.fill("[name=login]", employee.email)
        page.fill("[name=password]", employee.password)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[data-find]")
        return page

    yield open_as
    for context in opened:
        context.close()
    assert complaints == []
