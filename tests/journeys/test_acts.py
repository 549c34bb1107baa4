"""An employee corrects a value in place, with the keyboard; and puts a form away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import Deliver, Enter, press


@pytest.mark.parametrize("width", [1440, 390])
def test_value_is_corrected_in_place_with_the_keyboard(enter: Enter, deliver: Deliver, width: int) -> None:
    said = {"given_name": f"Ans{width}", "family_name": "Verbeterd", "birth_date": "1961-02-03"}
    customer = deliver("person", f"corrected-{width}", said)
    page = enter("agent", width=width)
    page.goto(f"/customers/{customer}/")
    edit = page.get_by_role("link", name="Roepnaam corrigeren")
    edit.focus()
    press(page, "Enter")
    form = page.get_by_role("form", name="Roepnaam corrigeren")
    value = form.get_by_label("Roepnaam", exact=True)
    expect(value).to_be_focused()
    press(page, "Escape")
    expect(form).to_have_count(0)
    expect(edit).to_be_focused()
    press(page, "Enter")
    expect(value).to_be_focused()
    value.fill("Antje")
    form.get_by_label("Hoe weet u dit?").fill("aan de telefoon")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page, "Enter")
    expect(page.get_by_text("Bewaard: Roepnaam.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Antje Verbeterd")
    expect(page.locator(".verified")).to_contain_text("bevestigd")


def test_form_tells_what_is_wrong_and_keeps_what_was_filled_in(enter: Enter, deliver: Deliver) -> None:
    customer = deliver("person", "wrong", {"given_name": "Bo", "family_name": "Fout", "birth_date": "1961-02-03"})
    page = enter("agent", expected="422")
    page.goto(f"/customers/{customer}/values/birth_date/correct")
    page.goto(f"/customers/{customer}/")
    page.get_by_role("link", name="Geboortedatum corrigeren").click()
    form = page.get_by_role("form", name="Geboortedatum corrigeren")
    form.get_by_label("Geboortedatum", exact=True).fill("gisteren")
    form.get_by_label("Hoe weet u dit?").fill("gehoord")
    form.get_by_role("button", name="Opslaan").click()
    expect(form.get_by_role("alert")).to_contain_text("Vul een datum in")
    expect(form.get_by_label("Geboortedatum", exact=True)).to_have_value("gisteren")
    form.get_by_role("link", name="Annuleren").click()
    expect(form).to_have_count(0)
