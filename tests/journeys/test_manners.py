"""What makes the desk a place to work in all day: the keyboard, every state, every width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect
from tests.faults.installation import Installation
from tests.journeys.conftest import Deliver, Enter, press

HOSTILE = (
    """"><script>alert(1)</script><img src=x onerror=alert(2)>'};alert(3)//{{7*7}}<style>*{display:none}</style>"""
)
ARABIC = "عبد الرحمن بن عوف"
PLACES = """() => [...document.querySelectorAll("h1, .panel > header, .panel > summary, .panel li, .panel dd")]
  .filter(e => !e.closest(".late")).map(e => { const r = e.getBoundingClientRect();
    return [e.textContent.trim().slice(0, 40), r.x, r.y, r.width, r.height]; })"""


def address(street: str, city: str) -> dict[str, object]:
    """An address as a record states it."""
    return {"value": {"street": street, "house_number": "1", "postcode": "1234 AB", "city": city}}


# --- the keyboard


def test_command_menu_finds_pages_customers_and_actions(enter: Enter, house: Installation) -> None:
    page = enter("steward")
    page.locator("[data-row] a").first.click()
    name = page.locator("h1").inner_text()
    press(page, "Control+k")
    menu = page.get_by_role("dialog", name="Ga naar")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("combobox")).to_be_focused()
    expect(menu.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.type("bronn")
    expect(menu.get_by_role("option")).to_have_count(1)
    active = menu.get_by_role("combobox").get_attribute("aria-activedescendant")
    assert active == menu.get_by_role("option").get_attribute("id")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
    press(page, "Control+k")
    page.keyboard.type("niets heet zo")
    expect(menu.get_by_text("Niets heet zo.")).to_be_visible()
    press(page, "Escape")
    expect(menu).to_be_hidden()


def test_list_is_walked_with_j_and_k_and_left_with_escape(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    page.goto("/customers/")
    press(page, "j", "j", "k")
    link = page.locator("[data-row] a").first
    expect(link).to_be_focused()
    assert link.evaluate("it => getComputedStyle(it).outlineStyle") == "solid", "the focus can be seen"
    press(page, "Enter")
    page.wait_for_url("**/customers/cus_*/")
    page.locator(".why header a").click()
    page.wait_for_url("**/why")
    press(page, "Escape")
    page.wait_for_url("**/customers/cus_*/")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Sneltoetsen")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="Sneltoetsen")).to_be_hidden()


def test_everything_on_the_customer_page_is_reached_by_tab_and_shows_it(enter: Enter, house: Installation) -> None:
    page = enter("steward")
    page.goto("/customers/?several=1")
    page.locator("[data-row] a").first.click()
    page.wait_for_selector("#duplicates .late > :not(.waiting)")
    wanted = page.evaluate(REACHABLE)
    reached, unseen = set(), []
    page.evaluate("document.activeElement.blur()")
    for _ in range(wanted + 5):
        press(page, "Tab")
        here = page.evaluate(FOCUSED)
        if here is None or here["place"] in reached:
            break
        reached.add(here["place"])
        if not here["seen"]:
            unseen.append(here["text"])
    assert unseen == []
    assert len(reached) >= wanted


REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, summary, select")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.type !== "hidden").length"""
FOCUSED = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  const all = [...document.querySelectorAll("*")]; const s = getComputedStyle(e);
  const arc = e.closest("svg") && e.querySelector(".edge");
  const seen = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)
    || (arc && parseFloat(getComputedStyle(arc).strokeWidth) >= 5) || !!e.closest(".skip");
  return {place: all.indexOf(e), seen, text: e.outerHTML.slice(0, 120)}; }"""


# --- every state


@pytest.fixture
def hostile(deliver: Deliver) -> str:
    """A customer whose every field tries to run as a script, and whose name is right to left and 300 letters long."""
    names = {"given_name": HOSTILE, "family_name": (ARABIC + " " + HOSTILE + "x" * 300)[:300], "salutation": HOSTILE}
    contact = {
        "email": [{"value": '"><script>alert(4)</script>@example.nl', "role": HOSTILE[:30]}],
        "phone": [{"value": "0612345678", "role": "<b>mobile"}],
        "address": [address(HOSTILE, HOSTILE[:60])],
    }
    numbers = [{"scheme": "loyalty", "value": "<img src=x onerror=alert(5)>"}]
    customer = deliver("person", "hostile", {**names, **contact}, identifiers=numbers)
    deliver("person", "hostile-2", {**names, **contact}, identifiers=numbers)
    held = [{"role": "customer", "holder": {"kind": "person", "external_id": "hostile"}}]
    thing = {"title": HOSTILE, "number": HOSTILE[:60], "type": "<i>order", "state": "<u>state"}
    deliver("contract", "hostile-c", thing, roles=held)
    deliver("activity", "hostile-a", {**thing, "at": "2026-01-01T10:00:00Z"}, roles=held)
    return customer


@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_and_endless_text_is_only_text(enter: Enter, hostile: str, width: int) -> None:
    page = enter("steward", width=width, height=844)
    for path in ("", "why", "timeline", "duplicates", "history"):
        page.goto(f"/customers/{hostile}/{path}")
        shown = page.locator("main").inner_text()
        assert path in ("duplicates", "history") or "onerror" in shown, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("main script, main img, main style").count() == 0
    page.goto("/customers/?order=changed")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # `enter` fails when a dialog opened, or the console or the content security policy had something to say.


def test_busy_customer_of_48_records_and_60_events_stays_readable(enter: Enter, deliver: Deliver) -> None:
    card = [{"scheme": "loyalty", "value": "2799999999990"}]
    said = {"given_name": "Wilhelmina", "family_name": "Zestigrecords", "birth_date": "1950-02-03"}
    customers = {deliver("person", f"busy-{number}", said, identifiers=card) for number in range(48)}
    for number in range(60):
        deliver(
            "activity",
            f"busy-{number}",
            {"type": "order", "title": f"Zaak {number}", "at": f"2025-{1 + number % 12:02}-01T10:00:00Z"},
            roles=[{"role": "customer", "holder": {"kind": "person", "external_id": "busy-0"}}],
        )
    assert len(customers) == 1
    page = enter("steward")
    page.goto(f"/customers/{customers.pop()}/")
    expect(page.locator(".why .picture .node")).to_have_count(8)
    expect(page.get_by_role("link", name="nog 40 records")).to_be_visible()
    expect(page.locator("#timeline .count")).to_have_text("60")
    expect(page.locator(".timeline > li[data-type]")).to_have_count(25)
    page.get_by_role("link", name="Ouder").click()
    expect(page.locator(".timeline > li[data-type]")).to_have_count(60)
    page.get_by_role("link", name="nog 40 records").click()
    expect(page.locator(".picture .node")).to_have_count(48)


def test_part_that_does_not_arrive_says_so_and_can_be_tried_again(enter: Enter, house: Installation) -> None:
    page = enter("steward", expected="503")
    failing = True

    def sometimes(route: Route) -> None:
        if failing:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/duplicates", sometimes)
    page.locator("[data-row] a").first.click()
    part = page.locator("#duplicates")
    expect(part.get_by_text("Dit onderdeel is niet aangekomen.")).to_be_visible()
    failing = False
    part.get_by_role("button", name="Opnieuw proberen").click()
    expect(part.get_by_text("Dit onderdeel is niet aangekomen.")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_late_parts_arrive(enter: Enter, house: Installation, width: int) -> None:
    page = enter("steward", width=width)
    page.goto("/customers/?several=1")
    held: list[Route] = []
    page.route("**/duplicates", lambda route: held.append(route))
    page.locator("[data-row] a").first.click()
    page.wait_for_url("**/customers/cus_*/")
    page.evaluate("document.fonts.ready")
    before = page.evaluate(PLACES)
    held[0].continue_()
    page.wait_for_selector("#duplicates .late > :not(.waiting)")
    assert page.evaluate(PLACES) == before
    assert len(before) > 10


# --- language, width, paper, purpose


def test_phone_reaches_everything_through_the_bar_below(enter: Enter, house: Installation) -> None:
    page = enter("agent", width=390, height=844)
    for path in ("/", "/customers/", "/account/2fa/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.get_by_role("button", name="Meer").click()
    menu = page.get_by_role("dialog", name="Ga naar")
    expect(menu.get_by_role("option", name="Uitloggen")).to_be_visible()
    menu.get_by_role("option", name="English").click()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("option", name="Log out")).to_be_visible()


def test_purpose_is_seen_and_another_of_ones_own_can_be_chosen(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    chosen = page.locator(".rail .purpose")
    expect(chosen).to_contain_text("Klanten helpen met hun vraag")
    chosen.locator("summary").click()
    chosen.get_by_role("button", name="Overeenkomsten uitvoeren").click()
    expect(page.locator(".rail .purpose summary")).to_contain_text("Overeenkomsten uitvoeren")


def test_account_pages_stand_in_our_frame_and_need_the_password_again(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    page.locator(".rail .self").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".rail")).to_be_visible()
    page.goto("/account/2fa/totp/activate/")
    expect(page.locator(".rail")).to_be_visible()
    expect(page.locator("button.main").first).to_be_visible()


def test_manifest_and_icons_are_there(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    manifest = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "")
    assert manifest.ok
    for icon in manifest.json()["icons"]:
        found = page.request.get(f"/static/ui/{icon['src']}")
        assert found.ok, icon
        assert found.headers["content-type"].startswith(icon["type"])


def test_paper_has_the_customer_and_not_the_frame(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    page.locator("[data-row] a").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
