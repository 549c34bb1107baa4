"""A steward works the review queue with the keyboard only: merges, refuses, puts off, takes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.faults.installation import Installation
from tests.journeys.conftest import Enter, press


def title(page: Page) -> str:
    return page.locator("[data-review]").get_attribute("data-review") or ""


def waiting(house: Installation) -> int:
    return int(house.psql("SELECT count(*) FROM stewardship_review WHERE state = 1"))


def move_on(page: Page, key: str) -> str:
    """Presses a key that leads to another review; gives the address of that one."""
    was = title(page)
    press(page, key)
    expect(page.locator("[data-review]")).not_to_have_attribute("data-review", was)
    return title(page)


def test_steward_decides_with_the_keyboard_and_takes_back(enter: Enter, house: Installation) -> None:
    before = waiting(house)
    assert before >= 4, "the demo world has doubtful matches"
    page = enter("steward")
    press(page, "g", "r")
    expect(page.locator("h1")).to_have_text("Beoordelen")
    press(page, "j")
    press(page, "Enter")
    expect(page.locator("[data-review]")).to_be_visible()
    first = title(page)
    second = move_on(page, "m")
    last = page.locator("#last .notice.good")
    expect(last).to_contain_text("Samengevoegd")
    assert waiting(house) == before - 1
    third = move_on(page, "r")
    expect(last).to_contain_text("Verschillende klanten")
    assert waiting(house) == before - 2
    move_on(page, "s")
    expect(last).to_contain_text("Uitgesteld")
    assert waiting(house) == before - 3
    assert len({first, second, third, title(page)}) == 4
    assert page.url.endswith(title(page))

    # What was refused is taken back from its own page, with its date.
    page.goto("/studio/reviews/?state=refused")
    page.locator("[data-row] a").first.click()
    undo = page.locator("[data-undo] button")
    expect(undo).to_contain_text("Ongedaan maken wat op")
    undo.click()
    expect(last).to_contain_text("Teruggedraaid")
    assert waiting(house) == before - 2


def test_last_decision_is_taken_back_with_one_key(enter: Enter, house: Installation) -> None:
    page = enter("steward", language="en-GB")
    page.goto("/studio/reviews/")
    page.get_by_role("link", name="Start").click()
    expect(page.locator("[data-review]")).to_be_visible()
    before = waiting(house)
    move_on(page, "m")
    last = page.locator("#last .notice.good")
    expect(last).to_contain_text("Merged")
    assert waiting(house) == before - 1
    press(page, "u")
    expect(last).to_contain_text("Taken back")
    assert waiting(house) == before
    there = title(page)
    move_on(page, "j")
    assert move_on(page, "k") == there
    press(page, "?")
    expect(page.locator("#review-keys")).to_be_visible()
    press(page, "Escape")
    press(page, "c")
    page.keyboard.type("called her mother")
    press(page, "Enter")
    expect(page.locator(".stream")).to_contain_text("called her mother")


def test_two_stewards_at_once_do_not_overwrite_each_other(enter: Enter) -> None:
    page = enter("steward", expected="409")
    page.goto("/studio/reviews/")
    page.get_by_role("link", name="Beginnen").click()
    expect(page.locator("[data-review]")).to_be_visible()
    mine = title(page)
    other = page.context.new_page()
    other.goto(mine)
    move_on(other, "s")
    expect(other.locator("#last .notice.good")).to_contain_text("Uitgesteld")
    move_on(page, "m")
    expect(page.locator("#last .notice.good, #last .notice.bad")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_review_fits_the_screen_and_every_deed_is_in_reach(enter: Enter, width: int) -> None:
    page = enter("steward", width=width)
    page.goto("/studio/reviews/")
    page.get_by_role("link", name="Beginnen").click()
    expect(page.locator("[data-review]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Samenvoegen", "Verschillend", "Uitstellen"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_in_viewport()
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 24
